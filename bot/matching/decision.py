"""Decides what a question leads to: an answer, a choice, or an honest "I don't know"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import Topic
from bot.language import Part, Understanding
from bot.language.text import words
from bot.matching.confidence import confidence, facts_of
from bot.matching.context import Context, ContextReader
from bot.matching.index import TopicIndex
from bot.matching.scoring import Candidate, Scorer

ANSWER_FROM = 0.15
"""Probability of being right from which the best topic is answered."""

SURE_FROM = 0.80
"""Below this probability an answer comes with the next topics to choose from."""

IN_SCOPE_FROM = 0.50
"""Probability of being answerable at all from which topics are at least offered."""

NEAR_FROM = 0.20
"""Probability of being answerable from which a refusal names the nearest topics."""

INTRODUCTION = "about.what-is-ldn"
"""Topic for a message that names LDN and nothing else ("what is ldn?")."""

MOST_TOPICS = 4
MOST_OPTIONS = 5
MOST_ALTERNATIVES = 3

OFFER_WITHIN = 0.40
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
        vocabulary = knowledge.vocabulary
        self._pointers = frozenset(word for p in vocabulary.words.pointers for word in words(p))
        self._context = ContextReader(vocabulary.words, vocabulary.entities)

    def match(self, message: Understanding, previous: Topic | None = None) -> Decision:
        """Decide on a message; ``previous`` is the topic talked about before, if any."""
        context = self.context(message, previous)
        whole = self._decide(message.whole, context)
        questions = [part for part in message.parts if part.question and len(part.tokens) > 1]
        if len(message.parts) > 1 and questions:
            whole = self._by_question(message.whole, whole, questions, context)
        return self._with_other_subjects(whole, message.whole)

    def context(self, message: Understanding, previous: Topic | None) -> Context:
        """What the message takes over from the topic before it."""
        content = len(self._index.content(message.whole.tokens))
        return self._context.of_follow_up(message.whole, content, previous)

    def assess(self, part: Part, context: Context) -> tuple[list[Candidate], dict[str, float]]:
        """The candidates for a part and the facts that confidence rests on (none without them)."""
        candidates = self._scorer.candidates(part, extra=context.entity_ids)
        if not candidates:
            return [], {}
        return candidates, facts_of(part, candidates, self._index, self._pointers, context)

    def _by_question(
        self, message: Part, whole: Decision, questions: Sequence[Part], context: Context
    ) -> Decision:
        """Join the answers to each question of a message; the whole decides where they don't."""
        single = [
            self._decide(part, self._context.of_part(part, message, context)) for part in questions
        ]
        answered = [one for one in single if one.outcome is Outcome.ANSWER]
        if not answered:
            return whole
        topics = [topic for one in answered for topic in one.topics]
        if whole.outcome is Outcome.ANSWER and len(answered) == 1:
            sure = answered[0].confidence >= whole.confidence
            topics = [*topics, *whole.topics] if sure else [*whole.topics, *topics]
        return replace(
            whole,
            outcome=Outcome.ANSWER,
            topics=self._topics(topic.id for topic in topics),
            confidence=max(one.confidence for one in (*answered, whole)),
            because=f"{whole.because}; each question of the message was matched on its own",
        )

    def _with_other_subjects(self, decision: Decision, part: Part) -> Decision:
        """Add topics for entities that the best topic leaves out ("nausea and headache").

        The topics then stand in the order in which the message names their subjects.
        """
        if decision.outcome is not Outcome.ANSWER or len(decision.topics) > 1:
            return decision
        first = decision.topics[0]
        places: dict[str, int] = {}
        for position, entity_id in enumerate(part.entity_ids):
            wider = self._with_broader(entity_id)
            if wider & set(first.subjects):
                places.setdefault(first.id, position)
                continue
            for candidate in decision.candidates:
                topic = candidate.topic
                if topic.kind == first.kind and set(topic.subjects[:1]) & wider:
                    places.setdefault(topic.id, position)
                    break
        if not places.keys() - {first.id}:
            return decision
        places.setdefault(first.id, 0)
        ordered = sorted(places, key=lambda topic_id: places[topic_id])
        return replace(
            decision,
            topics=self._topics(ordered),
            because=f"{decision.because}; several subjects were named",
        )

    def _topics(self, topic_ids: Iterable[str]) -> tuple[Topic, ...]:
        unique = tuple(dict.fromkeys(topic_ids))[:MOST_TOPICS]
        return tuple(self._knowledge.topics[topic_id] for topic_id in unique)

    def _with_broader(self, entity_id: str) -> set[str]:
        entities = self._knowledge.vocabulary.entities
        found: set[str] = set()
        frontier = [entity_id]
        while frontier:
            current = frontier.pop()
            if current not in found:
                found.add(current)
                frontier += entities[current].broader
        return found

    def _decide(self, part: Part, context: Context) -> Decision:
        candidates, facts = self.assess(part, context)
        uncovered = self._uncovered(part)
        introduction = self._knowledge.topic(INTRODUCTION)
        if introduction and part.names_ldn and not self._index.content(part.tokens):
            return Decision(
                Outcome.ANSWER, (introduction,), confidence=1.0, because="nothing but LDN is named"
            )
        if not candidates:
            return Decision(
                Outcome.DECLINE, uncovered=uncovered, because="no topic shares a word with it"
            )
        sure = confidence(facts)
        near = _near(candidates)
        because = f"answerable {sure.scope:.2f}, right {sure.right:.2f}"
        shown = tuple(candidates[:10])
        if sure.scope < IN_SCOPE_FROM:
            options = near[:MOST_ALTERNATIVES] if sure.scope >= NEAR_FROM else ()
            return Decision(Outcome.DECLINE, (), options, sure.right, uncovered, shown, because)
        if sure.right < ANSWER_FROM and not (facts["alone"] and facts["names_ldn"]):
            return Decision(Outcome.CLARIFY, (), near, sure.right, uncovered, shown, because)
        others = () if sure.right >= SURE_FROM else near[1 : 1 + MOST_ALTERNATIVES]
        return Decision(Outcome.ANSWER, near[:1], others, sure.right, uncovered, shown, because)

    def _uncovered(self, part: Part) -> tuple[str, ...]:
        """Names of entities asked about that no topic covers."""
        return tuple(
            dict.fromkeys(
                mention.entity.name for mention in part.mentions if not mention.entity.covered
            )
        )


def _near(candidates: Sequence[Candidate]) -> tuple[Topic, ...]:
    floor = OFFER_WITHIN * candidates[0].score
    near = [candidate.topic for candidate in candidates if candidate.score >= floor]
    return tuple(near[:MOST_OPTIONS])
