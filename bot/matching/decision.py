"""Decides what a question leads to: an answer, a choice, or an honest "I don't know"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from bot.knowledge import KnowledgeBase
from bot.knowledge.made_entities import LDN
from bot.knowledge.schema import EntityKind, Topic
from bot.language import Part, Understanding
from bot.language.entities import Mention
from bot.language.text import words
from bot.matching.confidence import confidence, facts_of, facts_of_further, is_asked_too
from bot.matching.context import Context, ContextReader
from bot.matching.index import TopicIndex
from bot.matching.phrasing_space import PhrasingSpace, SentenceVectors
from bot.matching.readings import follow_up_of, place_of, sentence_of
from bot.matching.scoring import Candidate, Scorer, Similarities
from bot.matching.vectors import Vector, unit

ANSWER_FROM = 0.35
"""Probability of being right from which the best topic is answered."""

SURE_FROM = 0.95
"""Below this probability an answer comes with the next topics to choose from."""

IN_SCOPE_FROM = 0.55
"""Probability of being answerable at all from which topics are at least offered."""

NAMED_IN_SCOPE_FROM = 0.20
"""The same for a message that names LDN beside a thing that topics cover, and nothing else.

Among the tuning questions 2 of 11 such messages have no answer here, and none of 461 with an answer
lies below.
"""

FOLLOW_UP_IN_SCOPE_FROM = 0.2
"""The same for a follow-up, which leaves more unsaid."""

GUESSED_IN_SCOPE_FROM = 0.70
"""The same for a message that only by its sense may be a follow-up ("small abilify instead").

Of 661 follow-ups 11 more lead to the right topic; of 533 messages on other things, put behind
questions drawn by chance, 25 more get an answer.
"""

NEAR_FROM = 0.10
"""Probability of being answerable from which a refusal names the nearest topics."""

INTRODUCTION = "about.what-is-ldn"
"""Topic for a message that names LDN and nothing else ("what is ldn?")."""

NAMES = {EntityKind.CONDITION, EntityKind.MEDICINE, EntityKind.SYMPTOM, EntityKind.STUDY}
"""Kinds of entities whose name alone asks for them; "how expensive is Paris" does not."""

ONE_WORD = 1
"""Up to so many words with meaning, a follow-up is read by itself too."""

MOST_PIECES = 4
"""Pieces of one message that are looked at on their own; an answer has four topics at most."""

LISTED = 30
"""Candidates that a decision keeps, to tell how near a further topic came."""

MOST_TOPICS = 4
MOST_OPTIONS = 5
MOST_ALTERNATIVES = 3

OFFER_FROM = 0.01
"""Share among all candidates that a topic needs to be offered."""

ADD_FROM = 0.25
"""Probability of being asked about as well from which a further topic is answered."""

OF_A_PIECE = 2
"""So many of the best topics of a piece come into question as further ones."""


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

    That rests on words, entities and the vectors of words and, where there is a sentence model, on
    the meaning of the whole sentence.
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
        self._alarming = {emergency.topic for emergency in vocabulary.emergencies.emergencies}

    def match(self, message: Understanding, previous: Topic | None = None) -> Decision:
        """Decide on a message; ``previous`` is the topic talked about before, if any."""
        context = self.context(message, previous)
        whole = self._decide(message.whole, context)
        if self._is_a_name(message.whole) and len(message.whole.entity_ids) > 1:
            return self._by_name(whole, message.whole)
        found = whole
        if whole.outcome is not Outcome.ANSWER:
            found = self._by_question(message, whole, context)
        if found.outcome is Outcome.DECLINE and previous and not context.follows:
            guess = Context(about_ldn=True, follows=previous, guessed=True)
            follow_up = self._decide(message.whole, guess)
            return follow_up if follow_up.outcome is Outcome.ANSWER else found
        if found.outcome is Outcome.ANSWER and whole.candidates:
            return self._with_further(found, message, whole.candidates, context)
        return found

    def context(self, message: Understanding, previous: Topic | None) -> Context:
        """What the message takes over from the topic before it."""
        content = len(self.index.content(message.whole.tokens))
        return self._context.of_follow_up(message.whole, content, previous)

    def assess(
        self, part: Part, context: Context, amid: Part | None = None
    ) -> tuple[list[Candidate], dict[str, float]]:
        """The candidates for a part and the facts that confidence rests on (none without them).

        ``amid`` is the message that a piece belongs to; both are read at once.
        """
        looks = self._looks(part, context, amid or part)
        candidates = self._candidates(part, context, looks)
        if not candidates:
            return [], {}
        return candidates, facts_of(part, candidates, self.index, self._pointers, context, looks)

    def _looks(self, part: Part, context: Context, amid: Part) -> dict[str, Similarities]:
        """The vectors that are compared.

        A follow-up is read behind the title of the topic that it follows: by the model only so, as
        it was trained, by its words also by itself. What is left of "at what dose?" without a topic
        is read by itself as well: other topics than a study have no details of that kind.
        """
        space = self.space
        title = self.tokens(context.follows.title) if context.follows else ()
        readings = [part.tokens, (*title, *part.tokens)] if title else [part.tokens]
        looks = {"word": Similarities(space.by_words, _middle(space.of_words(readings)))}
        if space.model and space.by_sentence:
            vectors = []
            if context.follows:
                vectors.append(space.model.read(follow_up_of(title, part.tokens)).vector)
            brief = len(self.index.content(part.tokens)) <= ONE_WORD
            if not context.follows or (brief and context.follows.kind != "study"):
                vectors.append(self._meaning(space.model, part, amid))
            looks["sentence"] = Similarities(space.by_sentence, _middle(np.array(vectors)))
        return looks

    def _candidates(
        self, part: Part, context: Context, looks: Mapping[str, Similarities]
    ) -> list[Candidate]:
        return self._scorer.candidates(
            part, looks, extra=context.entity_ids, follows=context.follows
        )

    @staticmethod
    def _meaning(model: SentenceVectors, part: Part, amid: Part) -> Vector:
        """The vector of a part of a message."""
        reading = model.read(sentence_of(amid.tokens))
        if part is amid:
            return reading.vector
        piece = reading.piece(*place_of(amid.tokens, part.start, part.start + len(part.tokens)))
        return model.read(sentence_of(part.tokens)).vector if piece is None else piece

    def nearest_phrasing(self, part: Part, topic: Topic) -> str:
        """The phrasing of ``topic`` whose words are nearest to those of ``part``."""
        return self.space.nearest(part.tokens, topic.id)

    def _by_question(self, message: Understanding, whole: Decision, context: Context) -> Decision:
        """The answers to single questions of a message that has none as a whole."""
        if len(message.parts) < 2:
            return whole
        # A question on something that no topic covers has no answer in its other words.
        named = not self._uncovered(message.whole)
        questions = [
            part
            for part in message.parts
            if part.question and len(part.tokens) > 1 and (named or part.entity_ids)
        ]
        single = [
            self._decide(part, self._context.of_part(part, message.whole, context), message.whole)
            for part in questions[:MOST_PIECES]
        ]
        answered = [one for one in single if one.outcome is Outcome.ANSWER]
        if not answered:
            return whole
        return replace(
            max(answered, key=lambda one: one.confidence),
            topics=self._topics(topic.id for one in answered for topic in one.topics),
            because=f"{whole.because}; each question of the message was matched on its own",
        )

    def _pieces(self, message: Understanding) -> list[Part]:
        """What sentences and words like "and" divide a message into, if into several pieces."""
        pieces = []
        for part in message.parts:
            start = 0
            for at, word in enumerate((*part.tokens, None)):
                if word is not None and word not in self._joins and at not in part.borders:
                    continue
                if self.index.content(part.tokens[start:at]):
                    pieces.append(part.piece(start, at))
                start = at + (word in self._joins)
        return pieces[:MOST_PIECES] if len(pieces) > 1 else []

    def further(
        self, message: Understanding, whole: Sequence[Candidate], context: Context
    ) -> list[tuple[Topic, dict[str, float]]]:
        """Topics that pieces of a message may be about, with the facts that tell if they are.

        ``whole`` are the candidates of the whole message, best first.
        """
        pieces = self._pieces(message)
        several = self._several(message.whole) if pieces else 0.0
        own = Context(context.about_ldn or message.whole.names_ldn, context.follows)
        found = []
        for piece in pieces:
            candidates = self._candidates(piece, own, self._looks(piece, own, message.whole))
            for one in candidates[:OF_A_PIECE]:
                if one.topic.id in self._alarming and not one.signals["subject"]:
                    continue  # nobody named it, and a page on suicide that comes along frightens
                facts = facts_of_further(piece, one, candidates, whole, self.index, several)
                found.append((one.topic, facts))
        return found

    def _several(self, message: Part) -> float:
        """How far a message lies in the direction of those that ask several things."""
        model = self.space.model
        if model is None:
            return 0.0
        vector = model.read(sentence_of(message.tokens)).vector
        return float(vector @ model.learned.several)

    def _with_further(
        self,
        found: Decision,
        message: Understanding,
        whole: Sequence[Candidate],
        context: Context,
    ) -> Decision:
        """Add the topics that pieces of the message are about ("no sleep and feeling queasy")."""
        likely: dict[str, float] = {}
        for topic, facts in self.further(message, whole, context):
            if topic not in found.topics:
                likely[topic.id] = max(likely.get(topic.id, 0.0), is_asked_too(facts))
        further = sorted((t for t in likely if likely[t] >= ADD_FROM), key=lambda t: -likely[t])
        if not further:
            return found
        because = f"{found.because}; pieces of the message lead to topics of their own"
        topics = self._topics((*(topic.id for topic in found.topics), *further))
        return replace(found, topics=topics, because=because)

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

    def _topics(self, topic_ids: Iterable[str]) -> tuple[Topic, ...]:
        unique = tuple(dict.fromkeys(topic_ids))[:MOST_TOPICS]
        return tuple(self._knowledge.topics[topic_id] for topic_id in unique)

    def _decide(self, part: Part, context: Context, amid: Part | None = None) -> Decision:
        candidates, facts = self.assess(part, context, amid)
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
        shown = tuple(candidates[:LISTED])
        named = facts["names_ldn"] and facts["alone"] and not facts["uncovered"]
        if sure.scope < self._in_scope_from(part, context) and not (
            named and sure.right >= SURE_FROM
        ):
            options = near[:MOST_ALTERNATIVES] if sure.scope >= NEAR_FROM else ()
            return Decision(Outcome.DECLINE, (), options, sure.right, uncovered, shown, because)
        if sure.right < ANSWER_FROM and not (facts["alone"] and facts["names_ldn"]):
            return Decision(Outcome.CLARIFY, (), near, sure.right, uncovered, shown, because)
        others = () if sure.right >= SURE_FROM else near[1 : 1 + MOST_ALTERNATIVES]
        return Decision(Outcome.ANSWER, near[:1], others, sure.right, uncovered, shown, because)

    def _in_scope_from(self, part: Part, context: Context) -> float:
        """Probability of being answerable from which a part gets an answer."""
        if self._is_a_name(part):
            return 0.0  # who asks this bot just "aspirin" means it with LDN
        covered = any(m.entity.covered and m.entity.kind in NAMES for m in _others(part))
        if part.names_ldn and covered and not self._uncovered(part):
            return NAMED_IN_SCOPE_FROM
        if context.guessed:
            return GUESSED_IN_SCOPE_FROM
        return FOLLOW_UP_IN_SCOPE_FROM if context.follows else IN_SCOPE_FROM

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


def _others(part: Part) -> list[Mention]:
    """What a part names beside LDN."""
    return [mention for mention in part.mentions if mention.entity.id != LDN]


def _near(candidates: Sequence[Candidate]) -> tuple[Topic, ...]:
    near = [one.topic for one in candidates[:MOST_OPTIONS] if one.share >= OFFER_FROM]
    return tuple(near or [candidates[0].topic])


def _middle(vectors: Vector) -> Vector:
    """The mean direction of a few vectors."""
    return vectors[0] if len(vectors) == 1 else unit(vectors.mean(axis=0))
