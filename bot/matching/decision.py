"""Decides what a question leads to: an answer, a choice, or an honest "I don't know"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import EntityKind, Topic
from bot.language import Part, Understanding
from bot.language.text import words
from bot.matching.confidence import Confidence, confidence, facts_of
from bot.matching.context import Context, ContextReader
from bot.matching.index import TopicIndex
from bot.matching.phrasing_space import PhrasingSpace, SentenceVectors, sentence_of
from bot.matching.scoring import Candidate, Scorer, Similarities

ANSWER_FROM = 0.15
"""Probability of being right from which the best topic is answered."""

SURE_FROM = 0.9
"""Below this probability an answer comes with the next topics to choose from."""

IN_SCOPE_FROM = 0.45
"""Probability of being answerable at all from which topics are at least offered."""

NEAR_FROM = 0.10
"""Probability of being answerable from which a refusal names the nearest topics."""

INTRODUCTION = "about.what-is-ldn"
"""Topic for a message that names LDN and nothing else ("what is ldn?")."""

NAMES = {EntityKind.CONDITION, EntityKind.MEDICINE, EntityKind.SYMPTOM, EntityKind.STUDY}
"""Kinds of entities whose name alone asks for them; "how expensive is Paris" does not."""

MOST_QUESTIONS = 6
"""Questions of one message that are matched on their own; an answer has four topics at most."""

MOST_TOPICS = 4
MOST_OPTIONS = 5
MOST_ALTERNATIVES = 3

OFFER_FROM = 0.01
"""Share among all candidates that a topic needs to be offered."""

BESIDE_FROM = 0.10
"""The same for a question of a message that has an answer to another one, and for a follow-up."""

MOST_SEGMENTS = 3
NEAR_THE_WHOLE = 8
CLEAR_PIECE = 0.5
"""Share among its candidates that a topic needs to be that of a piece of a message."""

CLEAR = 0.97
"""Probability from which the first look is enough."""


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
    """Finds the topics for an understood message.

    The first look rests on words, entities and the vectors of words. Where that leaves doubt and
    there is a sentence model, a second look takes the meaning of the whole sentence into account.
    """

    def __init__(
        self,
        knowledge: KnowledgeBase,
        tokens: Callable[[str], tuple[str, ...]],
        model: SentenceVectors | None = None,
    ) -> None:
        """``tokens`` gives the words of a phrasing as they would be read in a question."""
        self.tokens = tokens
        self.index = TopicIndex(knowledge)
        self.space = PhrasingSpace(knowledge, self.index, tokens, model)
        self._scorer = Scorer(knowledge, self.index, self.space.phrasings)
        self._knowledge = knowledge
        vocabulary = knowledge.vocabulary
        self._pointers = frozenset(word for p in vocabulary.words.pointers for word in words(p))
        self._joins = frozenset(w for j in vocabulary.words.conjunctions for w in words(j))
        self._context = ContextReader(vocabulary.words)

    def match(self, message: Understanding, previous: Topic | None = None) -> Decision:
        """Decide on a message; ``previous`` is the topic talked about before, if any."""
        context = self.context(message, previous)
        whole = self._decide(message.whole, context)
        questions = [part for part in message.parts if part.question and len(part.tokens) > 1]
        questions = questions[:MOST_QUESTIONS]
        if len(questions) > 1:
            whole = self._by_question(message.whole, whole, questions, context)
        if self._is_a_name(message.whole) and len(message.whole.entity_ids) > 1:
            return self._by_name(whole, message.whole)
        whole = self._with_other_subjects(whole, message.whole)
        return self._by_segment(whole, message.whole, context)

    def context(self, message: Understanding, previous: Topic | None) -> Context:
        """What the message takes over from the topic before it."""
        content = len(self.index.content(message.whole.tokens))
        return self._context.of_follow_up(message.whole, content, previous)

    def assess(
        self, part: Part, context: Context, *, second_look: bool
    ) -> tuple[list[Candidate], dict[str, float]]:
        """The candidates for a part and the facts that confidence rests on (none without them).

        With ``second_look`` and a sentence model the meaning of the whole sentence counts as well.
        """
        space = self.space
        part = self._with_carried(part, context)
        looks = {"word": Similarities(space.by_words, space.of_words([part.tokens])[0])}
        if second_look and space.model and space.by_sentence:
            vector = space.model.embed([sentence_of(part.tokens)])[0]
            looks["sentence"] = Similarities(space.by_sentence, vector)
        candidates = self._scorer.candidates(part, looks, extra=context.entity_ids)
        if not candidates:
            return [], {}
        return candidates, facts_of(part, candidates, self.index, self._pointers, context, looks)

    def _with_carried(self, part: Part, context: Context) -> Part:
        """The part with the names of what it takes over ("and the studies?" ... fibromyalgia)."""
        entities = self._knowledge.vocabulary.entities
        names = [w for e in context.entity_ids for w in words(entities[e].name)]
        new = tuple(word for word in dict.fromkeys(names) if word not in part.tokens)
        return replace(part, tokens=(*part.tokens, *new)) if new else part

    def nearest_phrasing(self, part: Part, topic: Topic) -> str:
        """The phrasing of ``topic`` whose words are nearest to those of ``part``."""
        return self.space.nearest(part.tokens, topic.id)

    def _by_question(
        self, message: Part, whole: Decision, questions: Sequence[Part], context: Context
    ) -> Decision:
        """Join the answers to each question of a message; the whole decides where they don't.

        A question beside others need not show by itself that it belongs here.
        """
        known = whole.outcome is Outcome.ANSWER
        single = [
            self._decide(part, self._context.of_part(part, message, context), beside=known)
            for part in questions
        ]
        answered = [one for one in single if one.outcome is Outcome.ANSWER]
        if not answered:
            return whole
        topics = [topic for one in answered for topic in one.topics]
        if known and len(answered) == 1:
            sure = answered[0].confidence >= whole.confidence
            topics = [*topics, *whole.topics] if sure else [*whole.topics, *topics]
        return replace(
            whole,
            outcome=Outcome.ANSWER,
            topics=self._topics(topic.id for topic in topics),
            confidence=max(one.confidence for one in (*answered, whole)),
            because=f"{whole.because}; each question of the message was matched on its own",
        )

    def _by_name(self, whole: Decision, part: Part) -> Decision:
        """The topics of all names in a message that is nothing but names ("crohn tramadol")."""
        best = [
            next((c.topic.id for c in whole.candidates if c.topic.subjects[:1] == (name,)), None)
            for name in part.entity_ids
        ]
        found = [topic_id for topic_id in best if topic_id]
        if len(found) < len(best):
            return whole
        because = f"{whole.because}; every name has a topic of its own"
        topics = self._topics(found)
        return replace(whole, outcome=Outcome.ANSWER, topics=topics, because=because)

    def _by_segment(self, whole: Decision, part: Part, context: Context) -> Decision:
        """Add the topics of the pieces that "and" joins ("no sleep and feeling queasy").

        A piece counts if it clearly leads to a topic that came into question for the whole.
        """
        if whole.outcome is not Outcome.ANSWER or len(whole.topics) > 1:
            return whole
        segments = [
            tuple(group)
            for joins, group in groupby(part.tokens, lambda word: word in self._joins)
            if not joins
        ]
        if not 1 < len(segments) <= MOST_SEGMENTS:
            return whole
        near = {candidate.topic.id for candidate in whole.candidates[:NEAR_THE_WHOLE]}
        found = [whole.topics[0].id]
        for segment in segments:
            piece = replace(part, typed=segment, tokens=segment)
            candidates, _ = self.assess(piece, context, second_look=False)
            if candidates and candidates[0].share >= CLEAR_PIECE and candidates[0].topic.id in near:
                found.append(candidates[0].topic.id)
        if len(dict.fromkeys(found)) == 1:
            return whole
        because = f"{whole.because}; pieces of the message lead to topics of their own"
        return replace(whole, topics=self._topics(found), because=because)

    def _with_other_subjects(self, decision: Decision, part: Part) -> Decision:
        """Add topics for entities that the best topic leaves out ("nausea and headache")."""
        if decision.outcome is not Outcome.ANSWER or len(decision.topics) > 1:
            return decision
        first = decision.topics[0]
        found = [first.id]
        for entity_id in part.entity_ids:
            wider = self._with_broader(entity_id)
            if wider & set(first.subjects):
                continue
            for candidate in decision.candidates:
                topic = candidate.topic
                if topic.kind == first.kind and set(topic.subjects[:1]) & wider:
                    found.append(topic.id)
                    break
        if len(found) == 1:
            return decision
        return replace(
            decision,
            topics=self._topics(found),
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

    def _decide(self, part: Part, context: Context, *, beside: bool = False) -> Decision:
        """Decide on a part.

        ``beside`` one that has an answer, or as a follow-up to one, it need not fit in so clearly.
        """
        candidates, facts = self.assess(part, context, second_look=False)
        if facts and self.space.model and not _is_sure(confidence(facts)):
            candidates, facts = self.assess(part, context, second_look=True)
        uncovered = self._uncovered(part)
        introduction = self._knowledge.topic(INTRODUCTION)
        bare = part.names_ldn and not self.index.content(part.tokens) and not context.entity_ids
        if introduction and bare:
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
        named = facts["names_ldn"] and facts["alone"] and not facts["uncovered"]
        in_scope_from = BESIDE_FROM if beside or context.follow_up else IN_SCOPE_FROM
        if self._is_a_name(part):
            in_scope_from = 0.0  # who asks this bot just "aspirin" means it with LDN
        if sure.scope < in_scope_from and not (named and sure.right >= SURE_FROM):
            options = near[:MOST_ALTERNATIVES] if sure.scope >= NEAR_FROM else ()
            return Decision(Outcome.DECLINE, (), options, sure.right, uncovered, shown, because)
        if sure.right < ANSWER_FROM and not (facts["alone"] and facts["names_ldn"]):
            return Decision(Outcome.CLARIFY, (), near, sure.right, uncovered, shown, because)
        others = () if sure.right >= SURE_FROM else near[1 : 1 + MOST_ALTERNATIVES]
        return Decision(Outcome.ANSWER, near[:1], others, sure.right, uncovered, shown, because)

    def _is_a_name(self, part: Part) -> bool:
        """Whether a part is nothing but names that topics cover ("fibro", "wine and aspirin")."""
        named = {
            token
            for mention in part.mentions
            if mention.entity.kind in NAMES
            for token in part.tokens[mention.start : mention.end]
        }
        rest = self.index.content([token for token in part.tokens if token not in named])
        return bool(named) and not rest and not self._uncovered(part)

    def _uncovered(self, part: Part) -> tuple[str, ...]:
        """Names of entities asked about that no topic covers."""
        return tuple(
            dict.fromkeys(
                mention.entity.name for mention in part.mentions if not mention.entity.covered
            )
        )


def _is_sure(sure: Confidence) -> bool:
    """Whether a second look would hardly change the decision."""
    return (sure.scope >= CLEAR and sure.right >= CLEAR) or sure.scope <= 1 - CLEAR


def _near(candidates: Sequence[Candidate]) -> tuple[Topic, ...]:
    near = [one.topic for one in candidates[:MOST_OPTIONS] if one.share >= OFFER_FROM]
    return tuple(near or [candidates[0].topic])
