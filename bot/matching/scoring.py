"""Scores topics for a question from several independent signals, each between 0 and 1."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import EntityKind, Intent, Topic
from bot.language.text import words
from bot.language.understanding import Part
from bot.matching.index import TopicIndex
from bot.matching.similarity import TopicSimilarity
from bot.matching.vectors import Vector

WEIGHTS_WITHOUT_MODEL = {
    "lexical": 4.18,
    "word_topic": 6.08,
    "word_phrasing": 5.85,
    "subject": 0.85,
    "overview": 0.35,
    "medicine": 0.16,
    "intent": 0.82,
    "followed_study": 2.05,
}
"""How much each signal counts without a sentence model, fitted by ``bench/calibrate.py``."""

WEIGHTS = {
    "lexical": 2.51,
    "word_topic": 2.46,
    "word_phrasing": 2.58,
    "sentence_topic": 6.14,
    "sentence_phrasing": 4.65,
    "subject": 0.47,
    "overview": 0.1,
    "medicine": 0.0,
    "intent": 0.47,
    "followed_study": 0.81,
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

SEEN = 0.3
"""How much less the topic scores that was answered just now: who asks on wants something else.

Studies have pages of their own for few of their details. Of 617 follow-ups that nothing was trained
on, 527 lead to the right topic with it; 523 without it, and with 0.75.
"""

MOST_LOOKED_AT = 10
"""Topics scored beside those whose entities are named, from each kind of similarity."""

KIND_OF_A_NAME = 0.6
"""Weight of a topic's kind where a name alone tells what is wanted."""

NAMED = 0.5
"""From this weight on a topic's subject counts as named in the question."""


Numbers = npt.NDArray[np.float64]


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
    """Scores the topics that share a word, an entity or a meaning with a question.

    Topics go by their numbers, as in the vectors.
    """

    def __init__(
        self, knowledge: KnowledgeBase, index: TopicIndex, phrasings: Sequence[tuple[str, str]]
    ) -> None:
        """``phrasings`` are pairs of topic id and text, by topic, in the order of the vectors."""
        self._index = index
        ids = dict.fromkeys(topic_id for topic_id, _ in phrasings)
        self._topics = [knowledge.topics[topic_id] for topic_id in ids]
        self._numbers = {topic_id: number for number, topic_id in enumerate(ids)}
        self.entities = knowledge.vocabulary.entities
        self._kinds = np.array([topic.kind for topic in self._topics])
        self._overviews = np.array([topic.id.endswith(".overview") for topic in self._topics])
        self._answering = {
            intent.id: np.array([_answers(topic, intent) for topic in self._topics])
            for intent in knowledge.vocabulary.intents.values()
        }
        self._on_subject: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, topic in enumerate(self._topics):
            for position, subject in enumerate(topic.subjects):
                weight = SECONDARY if position else 1.0
                self._on_subject[subject].append((number, weight))

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
        lexical = np.zeros(len(self._topics))
        for topic_id, score in self._index.bm25(with_full_names(part)).items():
            lexical[self._numbers[topic_id]] = score
        mentioned = self._mentioned((*part.entity_ids, *extra))
        pool = self._pool(lexical, mentioned, looks.values())
        if follows:
            pool.add(self._numbers[follows.id])
        if not pool:
            return []
        numbers = sorted(pool)
        subject = self._subjects(mentioned)
        intent = self._intent(part)
        signals = {
            "lexical": lexical[numbers],
            "subject": subject[numbers],
            "intent": intent[numbers],
            "medicine": ((self._kinds == "interaction") & (subject >= NAMED))[numbers] * 1.0,
            # The overview of a kind that is asked about without naming anything in it.
            "overview": (self._overviews * intent)[numbers]
            if part.intents and not mentioned
            else np.zeros(len(numbers)),
            "followed_study": self._followed_study(part, follows)[numbers],
        }
        for name, look in looks.items():
            signals[f"{name}_topic"] = look.topics[numbers]
            signals[f"{name}_phrasing"] = look.compared.phrasings(look.vector, numbers)
        weights = WEIGHTS if "sentence" in looks else WEIGHTS_WITHOUT_MODEL
        scores = sum((weight * signals[name] for name, weight in weights.items()), np.zeros(1))
        if follows and follows.kind != "study":
            scores[numbers.index(self._numbers[follows.id])] -= SEEN
        odds = np.exp(scores - scores.max())
        rows = zip(*(values.tolist() for values in signals.values()), strict=True)
        result = [
            Candidate(self._topics[number], score, share, dict(zip(signals, row, strict=True)))
            for number, score, share, row in zip(
                numbers, scores.tolist(), (odds / odds.sum()).tolist(), rows, strict=True
            )
        ]
        result.sort(key=lambda candidate: (-candidate.score, candidate.topic.id))
        return result

    def _pool(
        self,
        lexical: Numbers,
        mentioned: Iterable[str],
        looks: Iterable[Similarities],
    ) -> set[int]:
        """The topics worth scoring."""
        pool = set(np.flatnonzero(self._overviews).tolist())
        shared = np.flatnonzero(lexical)
        pool.update(shared[np.argsort(-lexical[shared])[:MOST_LOOKED_AT]].tolist())
        for entity_id in mentioned:
            pool.update(number for number, _ in self._on_subject.get(entity_id, ()))
        for look in looks:
            pool.update(np.argsort(-look.topics)[:MOST_LOOKED_AT].tolist())
        return pool

    def _mentioned(self, entity_ids: Sequence[str]) -> dict[str, float]:
        """For every entity that a mention stands for its weight.

        A brand's class stands for the class's own broader class at a discount.
        """
        result: dict[str, float] = {}
        frontier = dict.fromkeys(entity_ids, 1.0)
        while frontier:
            entity_id, weight = frontier.popitem()
            if result.get(entity_id, 0.0) >= weight:
                continue
            result[entity_id] = weight
            for broader in self.entities[entity_id].broader:
                frontier[broader] = max(frontier.get(broader, 0.0), weight * BROADER)
        return result

    def _subjects(self, mentioned: Mapping[str, float]) -> Numbers:
        """How central what the question names is to each topic."""
        result = np.zeros(len(self._topics))
        for entity_id, weight in mentioned.items():
            for number, share in self._on_subject.get(entity_id, ()):
                result[number] = max(result[number], weight * share)
        return result

    def _intent(self, part: Part) -> Numbers:
        """Whether each topic is of the kind that answers what the person wants to know."""
        result = np.zeros(len(self._topics))
        for intent_id, weight in part.intents.items():
            np.maximum(result, weight * self._answering[intent_id], out=result)
        if not part.intents:
            for kind in {KIND_OF_ENTITY.get(mention.entity.kind) for mention in part.mentions}:
                result[self._kinds == kind] = KIND_OF_A_NAME
        return result

    def _followed_study(self, part: Part, follows: Topic | None) -> Numbers:
        """1 for the study before: "was it blinded", "did they sleep better" ask on about it."""
        result = np.zeros(len(self._topics))
        own = any(mention.entity.kind in OWN for mention in part.mentions)
        if follows and follows.kind == "study" and not own:
            result[self._numbers[follows.id]] = 1.0
        return result


def _answers(topic: Topic, intent: Intent) -> bool:
    """Whether a topic is of the kind that answers an intent."""
    if topic.intents:
        return intent.id in topic.intents
    return topic.kind in intent.kinds


def with_full_names(part: Part) -> tuple[str, ...]:
    """The words of a question, and for short forms, brands and slips the name they stand for."""
    names = {
        word: None
        for mention in part.mentions
        if mention.entity.kind is not EntityKind.STUDY
        for word in words(mention.entity.name)
    }
    return (*part.tokens, *(word for word in names if word not in part.tokens))
