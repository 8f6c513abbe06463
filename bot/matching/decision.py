"""Decides what a question leads to: an answer, a choice, or an honest "I don't know"."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.knowledge import KnowledgeBase
from bot.knowledge.made_entities import LDN
from bot.knowledge.schema import EntityKind, Topic
from bot.language import Part, Understanding
from bot.matching.index import TopicIndex
from bot.matching.scoring import Candidate, Scorer

ANSWER_FROM = 0.50
"""Confidence from which the best topic is answered."""

CLARIFY_FROM = 0.22
"""Confidence from which topics are offered; below, the question is declined."""

MOST_TOPICS = 4
MOST_OPTIONS = 5

OFFER_WITHIN = 0.55
"""Share of the best score that a topic needs to be offered."""


class Outcome(StrEnum):
    """What a question leads to."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome, the topics answered or offered (best first), and the reasons.

    ``confidence`` (0 to 1) is that of the best topic; ``uncovered`` names what the question was
    about and the knowledge base does not cover; ``because`` is for ``ldn-bot explain``.
    """

    outcome: Outcome
    topics: tuple[Topic, ...] = ()
    options: tuple[Topic, ...] = ()
    confidence: float = 0.0
    uncovered: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    because: str = ""


class Matcher:
    """Finds the topics for an understood message."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._index = TopicIndex(knowledge)
        self._scorer = Scorer(knowledge, self._index)
        self._knowledge = knowledge
        words = knowledge.vocabulary.words
        self._pointers = frozenset(words.pointers)
        self._follow_ups = frozenset(words.follow_up_words)

    def match(self, message: Understanding, previous: Topic | None = None) -> Decision:
        """Decide on a message; ``previous`` is the topic talked about before, if any."""
        whole = self._decide(message.whole, previous)
        questions = [part for part in message.parts if part.question and len(part.tokens) > 1]
        if len(message.parts) == 1 or not questions:
            return self._with_second_subject(whole, message.whole)
        return self._by_question(whole, questions, previous)

    def _by_question(
        self, whole: Decision, questions: Sequence[Part], previous: Topic | None
    ) -> Decision:
        """Join the answers to each question of a message; the whole decides where they don't."""
        single = [self._decide(part, previous) for part in questions]
        answered = [one for one in single if one.outcome is Outcome.ANSWER]
        topics = list(dict.fromkeys(topic.id for one in answered for topic in one.topics))
        if whole.outcome is Outcome.ANSWER and len(answered) < 2:
            topics = list(dict.fromkeys([whole.topics[0].id, *topics]))
        if not topics:
            return whole
        chosen = tuple(self._knowledge.topics[topic_id] for topic_id in topics[:MOST_TOPICS])
        confidence = max(one.confidence for one in (*answered, whole))
        return Decision(
            Outcome.ANSWER,
            chosen,
            confidence=confidence,
            candidates=whole.candidates,
            because="each question of the message was matched on its own",
        )

    def _with_second_subject(self, decision: Decision, part: Part) -> Decision:
        """Add a topic for an entity that the best topic leaves out ("nausea and headache")."""
        if decision.outcome is not Outcome.ANSWER:
            return decision
        first = decision.topics[0]
        left = [entity_id for entity_id in part.entity_ids if not self._covers(first, entity_id)]
        added: list[Topic] = []
        for entity_id in left:
            for candidate in decision.candidates:
                topic = candidate.topic
                is_primary = topic.subjects[:1] == (entity_id,)
                if topic.kind == first.kind and is_primary and topic not in added:
                    added.append(topic)
                    break
        if not added:
            return decision
        topics = (first, *added)[:MOST_TOPICS]
        return Decision(
            decision.outcome,
            topics,
            confidence=decision.confidence,
            candidates=decision.candidates,
            because=f"{decision.because}; a second subject was named",
        )

    def _covers(self, topic: Topic, entity_id: str) -> bool:
        entities = self._scorer.entities
        frontier = [entity_id]
        while frontier:
            current = frontier.pop()
            if current in topic.subjects:
                return True
            frontier += entities[current].broader
        return False

    def _decide(self, part: Part, previous: Topic | None) -> Decision:
        extra = self._taken_over(part, previous)
        candidates = self._scorer.candidates(part, extra=extra)
        uncovered = self._uncovered(part)
        if not candidates:
            return Decision(
                Outcome.DECLINE, uncovered=uncovered, because="no topic shares a word with it"
            )
        relevance = self._relevance(part, bool(extra))
        confidence = _confidence(candidates) * relevance
        if uncovered:
            confidence *= 0.35
        options = _near(candidates)
        if confidence >= ANSWER_FROM:
            return Decision(
                Outcome.ANSWER,
                (candidates[0].topic,),
                confidence=confidence,
                candidates=tuple(candidates[:10]),
                because=f"confidence {confidence:.2f} of at least {ANSWER_FROM}",
            )
        if confidence >= CLARIFY_FROM:
            return Decision(
                Outcome.CLARIFY,
                options=options,
                confidence=confidence,
                uncovered=uncovered,
                candidates=tuple(candidates[:10]),
                because=f"confidence {confidence:.2f} is below {ANSWER_FROM}",
            )
        near = options[:3] if relevance > 0.8 and candidates[0].score > 0.3 else ()
        return Decision(
            Outcome.DECLINE,
            options=near,
            confidence=confidence,
            uncovered=uncovered,
            candidates=tuple(candidates[:10]),
            because=f"confidence {confidence:.2f} is below {CLARIFY_FROM}",
        )

    def _taken_over(self, part: Part, previous: Topic | None) -> tuple[str, ...]:
        """Subjects of the previous topic that an elliptic follow-up still is about."""
        if previous is None or not previous.subjects:
            return ()
        elliptic = len(self._index.content(part.tokens)) <= 4 or bool(
            self._follow_ups & set(part.tokens[:2])
        )
        kinds = {mention.entity.kind for mention in part.mentions if mention.entity.id != LDN}
        if not elliptic:
            return ()
        entities = self._scorer.entities
        main = previous.subjects[0]
        return () if main in entities and entities[main].kind in kinds else (main,)

    def _relevance(self, part: Part, follow_up: bool) -> float:
        """How far the message can be about LDN at all (0 to 1).

        A message that doesn't name LDN may still mean it ("awake all night"), unless it asks about
        another medicine in its own right or is mostly made of words that no topic knows.
        """
        known = self._index.known_share(part.tokens)
        if part.names_ldn:
            return 0.55 + 0.45 * min(1.0, known / 0.6)
        points = bool(self._pointers & set(part.tokens))
        kinds = {mention.entity.kind for mention in part.mentions}
        value = math.pow(min(1.0, known / 0.8), 1.5)
        if EntityKind.MEDICINE in kinds and not points and not follow_up:
            value *= 0.6
        return value

    def _uncovered(self, part: Part) -> tuple[str, ...]:
        """Names of entities asked about that no topic covers."""
        return tuple(
            dict.fromkeys(
                mention.entity.name for mention in part.mentions if not mention.entity.covered
            )
        )


def _confidence(candidates: Sequence[Candidate]) -> float:
    """Probability-like value from the best score and its lead over the next topic."""
    best = candidates[0].score
    lead = best - candidates[1].score if len(candidates) > 1 else best
    return 1.0 / (1.0 + math.exp(-(9.0 * (best - 0.42) + 8.0 * (lead - 0.04))))


def _near(candidates: Sequence[Candidate]) -> tuple[Topic, ...]:
    floor = OFFER_WITHIN * candidates[0].score
    near = [candidate.topic for candidate in candidates if candidate.score >= floor]
    return tuple(near[:MOST_OPTIONS])
