"""Scores topics for a question from several independent signals, each between 0 and 1."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest

import numpy as np

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import EntityKind, Topic
from bot.language.text import words
from bot.language.understanding import Part
from bot.matching.index import TopicIndex
from bot.matching.similarity import TopicSimilarity
from bot.matching.vectors import Vector

WEIGHTS_WITHOUT_MODEL = {
    "lexical": 5.09,
    "word_topic": 5.68,
    "word_phrasing": 5.85,
    "subject": 0.28,
    "overview": 0.57,
    "medicine": 0.26,
    "intent": 0.71,
    "followed_study": 3.08,
}
"""How much each signal counts without a sentence model, fitted by ``bench/calibrate.py``."""

WEIGHTS = {
    "lexical": 2.92,
    "word_topic": 2.22,
    "word_phrasing": 2.62,
    "sentence_topic": 6.18,
    "sentence_phrasing": 4.95,
    "subject": 0.09,
    "overview": 0.19,
    "medicine": 0.18,
    "intent": 0.44,
    "followed_study": 1.9,
}
"""The same where the sentence model has read the question."""

KIND_OF_ENTITY = {
    EntityKind.CONDITION: "condition",
    EntityKind.MEDICINE: "interaction",
    EntityKind.SYMPTOM: "side-effect",
    EntityKind.STUDY: "study",
    EntityKind.PLACE: "access",
}
"""The kind of topic usually meant when only an entity is named."""

OWN = {EntityKind.CONDITION, EntityKind.MEDICINE, EntityKind.STUDY}
"""Kinds of entities that give a follow-up a subject of its own."""

SECONDARY = 0.55
"""Weight of a subject that is not the topic's first."""

BROADER = 0.75
"""Weight kept at each step from an entity to one that contains it."""

MOST_LOOKED_AT = 10
"""Topics scored beside those whose entities are named, from each kind of similarity."""

NAMED = 0.5
"""From this weight on a topic's subject counts as named in the question."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A topic, its weighted sum of signals (``score``) and its share among all candidates (0 to 1).

    ``signals`` are the single values.
    """

    topic: Topic
    score: float
    share: float
    signals: Mapping[str, float]


@dataclass(frozen=True)
class Similarities:
    """What the vector of a question says: a value for each topic (by number), and beyond them."""

    compared: TopicSimilarity
    vector: Vector

    @cached_property
    def topics(self) -> Vector:
        """See :meth:`TopicSimilarity.topics`."""
        return self.compared.topics(self.vector)

    @cached_property
    def elsewhere(self) -> float:
        """See :meth:`TopicSimilarity.elsewhere`."""
        return self.compared.elsewhere(self.vector)

    @cached_property
    def leaning(self) -> float:
        """See :meth:`TopicSimilarity.leaning`."""
        return self.compared.leaning(self.vector)


class Scorer:
    """Scores the topics that share a word, an entity or a meaning with a question."""

    def __init__(
        self, knowledge: KnowledgeBase, index: TopicIndex, phrasings: Sequence[tuple[str, str]]
    ) -> None:
        """``phrasings`` are pairs of topic id and text, by topic, in the order of the vectors."""
        self._index = index
        self._topics = knowledge.topics
        self._ids = list(dict.fromkeys(topic_id for topic_id, _ in phrasings))
        self._numbers = {topic_id: number for number, topic_id in enumerate(self._ids)}
        self.entities = knowledge.vocabulary.entities
        self._intents = knowledge.vocabulary.intents
        self._overviews = {topic for topic in knowledge.topics if topic.endswith(".overview")}

    def candidates(
        self,
        part: Part,
        looks: Mapping[str, Similarities],
        *,
        extra: Sequence[str] = (),
        follows: Topic | None = None,
    ) -> list[Candidate]:
        """Topics for ``part``, best first.

        ``looks`` are the vectors of its words and, with a model, of the whole sentence;
        ``extra`` are entity ids taken over from the context; ``follows`` is the topic before.
        """
        lexical = self._index.bm25(with_full_names(part))
        mentioned = self._mentioned((*part.entity_ids, *extra))
        pool = self._pool(lexical, mentioned, looks.values())
        ids = sorted(pool | {follows.id} if follows else pool)
        if not ids:
            return []
        numbers = [self._numbers[topic_id] for topic_id in ids]
        similar = {
            name: (look.topics[numbers].tolist(), look.compared.phrasings(look.vector, numbers))
            for name, look in looks.items()
        }
        asks_on = follows is not None and not any(m.entity.kind in OWN for m in part.mentions)
        weights = WEIGHTS if "sentence" in looks else WEIGHTS_WITHOUT_MODEL
        found: list[tuple[Topic, float, dict[str, float]]] = []
        for place, topic_id in enumerate(ids):
            topic = self._topics[topic_id]
            subject = self._subject(topic, mentioned)
            signals = {
                "lexical": lexical.get(topic_id, 0.0),
                "subject": subject,
                "intent": self._intent(topic, part),
                "medicine": float(topic.kind == "interaction" and subject >= NAMED),
                "overview": self._overview(topic, part, bool(mentioned)),
                # "was it blinded", "did they sleep better": details of the study before.
                "followed_study": float(asks_on and topic is follows and topic.kind == "study"),
            }
            for name, (of_topics, of_phrasings) in similar.items():
                signals[f"{name}_topic"] = of_topics[place]
                signals[f"{name}_phrasing"] = of_phrasings[place]
            score = sum(weight * signals[name] for name, weight in weights.items())
            found.append((topic, score, signals))
        top = max(score for _, score, _ in found)
        total = sum(math.exp(score - top) for _, score, _ in found)
        result = [
            Candidate(topic, score, math.exp(score - top) / total, signals)
            for topic, score, signals in found
        ]
        result.sort(key=lambda candidate: (-candidate.score, candidate.topic.id))
        return result

    def _pool(
        self,
        lexical: Mapping[str, float],
        mentioned: Mapping[str, object],
        looks: Iterable[Similarities],
    ) -> set[str]:
        """Ids of the topics worth scoring."""
        pool = set(nlargest(MOST_LOOKED_AT, sorted(lexical), key=lambda t: lexical[t]))
        pool |= self._overviews
        for entity_id in mentioned:
            pool.update(self._index.by_entity.get(entity_id, ()))
        for look in looks:
            most = np.argsort(-look.topics)[:MOST_LOOKED_AT]
            pool.update(self._ids[number] for number in most.tolist())
        return pool

    def _mentioned(self, entity_ids: Sequence[str]) -> dict[str, dict[str, float]]:
        """For every entity that a mention stands for: the mention it came from and its weight.

        A brand's class stands for the class's own broader class at a discount.
        """
        result: dict[str, dict[str, float]] = {}
        for origin in dict.fromkeys(entity_ids):
            frontier = {origin: 1.0}
            while frontier:
                entity_id, weight = frontier.popitem()
                known = result.setdefault(entity_id, {})
                if known.get(origin, 0.0) >= weight:
                    continue
                known[origin] = weight
                for broader in self.entities[entity_id].broader:
                    frontier[broader] = weight * BROADER
        return result

    def _subject(self, topic: Topic, mentioned: Mapping[str, Mapping[str, float]]) -> float:
        """How central what the question names is to the topic."""
        return max(
            (
                weight if position == 0 else weight * SECONDARY
                for position, subject in enumerate(topic.subjects)
                for weight in mentioned.get(subject, {}).values()
            ),
            default=0.0,
        )

    def _intent(self, topic: Topic, part: Part) -> float:
        """Whether the topic is of the kind that answers what the person wants to know."""
        if part.intents:
            return max(
                weight if self._answers(topic, intent) else 0.0
                for intent, weight in part.intents.items()
            )
        kinds = {KIND_OF_ENTITY.get(mention.entity.kind) for mention in part.mentions}
        return 0.6 if topic.kind in kinds else 0.0

    def _overview(self, topic: Topic, part: Part, names_something: bool) -> float:
        """1 for the overview of a kind that is asked about without naming anything in it."""
        if names_something or not topic.id.endswith(".overview"):
            return 0.0
        return max(
            (weight for intent, weight in part.intents.items() if self._answers(topic, intent)),
            default=0.0,
        )

    def _answers(self, topic: Topic, intent_id: str) -> bool:
        if topic.intents:
            return intent_id in topic.intents
        return topic.kind in self._intents[intent_id].kinds


def with_full_names(part: Part) -> tuple[str, ...]:
    """The words of a question, and for short forms, brands and slips the name they stand for."""
    names = {
        word: None
        for mention in part.mentions
        if mention.entity.kind is not EntityKind.STUDY
        for word in words(mention.entity.name)
    }
    return (*part.tokens, *(word for word in names if word not in part.tokens))
