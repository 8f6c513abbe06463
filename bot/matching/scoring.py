"""Scores topics for a question from several independent signals, each between 0 and 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import EntityKind, Topic
from bot.language.text import words
from bot.language.understanding import Part
from bot.matching.index import Similar, TopicIndex

_UNLIKE = Similar()

WEIGHTS = {
    "lexical": 0.281,
    "phrasing": 0.226,
    "overview": 0.141,
    "phrasings": 0.114,
    "subject": 0.095,
    "medicine": 0.054,
    "coverage": 0.051,
    "intent": 0.038,
}
"""How much each signal counts, fitted by ``bench/calibrate.py``; they add up to 1."""

KIND_OF_ENTITY = {
    EntityKind.CONDITION: "condition",
    EntityKind.MEDICINE: "interaction",
    EntityKind.SYMPTOM: "side-effect",
    EntityKind.STUDY: "study",
    EntityKind.PLACE: "access",
}
"""The kind of topic usually meant when only an entity is named."""

SECONDARY = 0.55
"""Weight of a subject that is not the topic's first."""

BROADER = 0.75
"""Weight kept at each step from an entity to one that contains it."""

MOST_LOOKED_AT = 60
"""Topics scored beside those whose entities are named: the ones that share most words."""

NAMED = 0.5
"""From this weight on a topic's subject counts as named in the question."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A topic with its score (0 to 1), the signals behind it and the phrasing that was nearest."""

    topic: Topic
    score: float
    signals: Mapping[str, float]
    nearest: str


class Scorer:
    """Scores all topics that share a word or an entity with a question."""

    def __init__(self, knowledge: KnowledgeBase, index: TopicIndex) -> None:
        self._index = index
        self._topics = knowledge.topics
        self.entities = knowledge.vocabulary.entities
        self._intents = knowledge.vocabulary.intents
        self._overviews = {topic for topic in knowledge.topics if topic.endswith(".overview")}

    def candidates(
        self, part: Part, *, extra: Sequence[str] = (), without: str | None = None
    ) -> list[Candidate]:
        """Topics for ``part``, best first.

        ``extra`` are entity ids taken over from the conversation; ``without`` is passed on to
        :meth:`TopicIndex.nearest_phrasing`.
        """
        tokens = _with_full_names(part)
        lexical = self._index.bm25(tokens)
        phrasings = self._index.nearest_phrasing(tokens, without)
        mentioned = self._mentioned((*part.entity_ids, *extra))
        pool = {*lexical, *phrasings}
        if len(pool) > MOST_LOOKED_AT:
            pool = set(
                nlargest(
                    MOST_LOOKED_AT,
                    sorted(pool),
                    key=lambda t: lexical.get(t, 0.0) + phrasings.get(t, _UNLIKE).best,
                )
            )
            pool |= self._overviews
        for entity_id in mentioned:
            pool.update(self._index.by_entity.get(entity_id, ()))
        found = []
        for topic_id in pool:
            topic = self._topics[topic_id]
            similar = phrasings.get(topic_id, _UNLIKE)
            coverage, subject = self._entity(topic, mentioned)
            signals = {
                "phrasing": similar.best,
                "phrasings": similar.next_best,
                "coverage": coverage,
                "subject": subject,
                "intent": self._intent(topic, part),
                "lexical": lexical.get(topic_id, 0.0),
                "medicine": float(topic.kind == "interaction" and subject >= NAMED),
                "overview": self._overview(topic, part, bool(mentioned)),
            }
            score = sum(WEIGHTS[name] * value for name, value in signals.items())
            found.append(Candidate(topic, score, signals, similar.text))
        found.sort(key=lambda candidate: (-candidate.score, candidate.topic.id))
        return found

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

    def _entity(
        self, topic: Topic, mentioned: Mapping[str, Mapping[str, float]]
    ) -> tuple[float, float]:
        """How much of what the question names the topic covers, and how central that is to it."""
        if not mentioned or not topic.subjects:
            return 0.0, 0.0
        origins = {origin for sources in mentioned.values() for origin in sources}
        covered: dict[str, float] = {}
        primary = 0.0
        for position, subject in enumerate(topic.subjects):
            for origin, weight in mentioned.get(subject, {}).items():
                strength = weight if position == 0 else weight * SECONDARY
                covered[origin] = max(covered.get(origin, 0.0), strength)
                primary = max(primary, strength)
        return sum(covered.values()) / len(origins), primary

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


def _with_full_names(part: Part) -> tuple[str, ...]:
    """The words of a question, and for short forms, brands and slips the name they stand for."""
    names = {
        word: None
        for mention in part.mentions
        if mention.entity.kind is not EntityKind.STUDY
        for word in words(mention.entity.name)
    }
    return (*part.tokens, *(word for word in names if word not in part.tokens))
