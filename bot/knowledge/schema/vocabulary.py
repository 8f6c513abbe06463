"""Vocabulary: what questions are about and the words that show it."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from bot.knowledge.schema.base import (
    Language,
    Record,
    Slug,
    Slugs,
    Term,
    Terms,
    Text,
    TopicId,
    TopicKind,
)


class AmbiguousTerm(Record):
    """A term that also means something else.

    It counts only if one of ``with_words`` stands in the message, or ``without_words`` is given and
    none of them does.
    """

    term: Term
    with_words: Terms = ()
    without_words: Terms = ()

    @model_validator(mode="after")
    def _needs_context(self) -> AmbiguousTerm:
        if not self.with_words and not self.without_words:
            raise ValueError("give 'with_words' or 'without_words'")
        return self


class Member(Record):
    """A medicine in a class, with its generic spellings and brand names."""

    name: Term
    brands: Terms = ()
    other_names: Terms = ()


class EntityKind(StrEnum):
    """What an entity is. Entities of kind ``study`` are made from the study records."""

    CONDITION = "condition"
    STUDY = "study"
    SYMPTOM = "symptom"
    MEDICINE = "medicine"
    SITUATION = "situation"
    PLACE = "place"
    CONCEPT = "concept"


class Entity(Record):
    """Something that questions are about: a condition, symptom, medicine class, place, concept.

    ``covered: false`` marks what people ask about and the knowledge base does not answer, so that a
    question can be refused by name. ``broader`` are entity ids that contain this one.
    """

    id: Slug
    kind: EntityKind
    name: Text
    terms: Terms = ()
    ambiguous: tuple[AmbiguousTerm, ...] = ()
    members: tuple[Member, ...] = ()
    languages: dict[Language, Terms] = Field(default_factory=dict)
    broader: Slugs = ()
    covered: bool = True

    @property
    def member_names(self) -> Terms:
        """Generic and brand names of all members."""
        return tuple(
            name
            for member in self.members
            for name in (member.name, *member.brands, *member.other_names)
        )

    @property
    def names(self) -> Terms:
        """Every unambiguous English name and brand: terms, members with their brands."""
        return (self.name, *self.terms, *self.member_names)

    @property
    def foreign_names(self) -> Terms:
        """Names in other languages."""
        return tuple(term for terms in self.languages.values() for term in terms)


class EntityFile(Record):
    """Vocabulary of entities, for example ``vocabulary/conditions.yaml``."""

    reviewed: dt.date
    entities: Annotated[tuple[Entity, ...], Field(min_length=1)]


class Intent(Record):
    """What a person wants to know. ``cues`` are words and phrases that show it.

    ``kinds`` are the topic kinds that usually answer it.
    """

    id: Slug
    description: Text
    cues: Terms
    kinds: Annotated[tuple[TopicKind, ...], Field(min_length=1)]
    languages: dict[Language, Terms] = Field(default_factory=dict)


class IntentFile(Record):
    """``vocabulary/intents.yaml``."""

    reviewed: dt.date
    intents: Annotated[tuple[Intent, ...], Field(min_length=1)]


class SmallTalk(Record):
    """Small talk and questions on the bot itself, answered by an ``about`` topic.

    ``said`` is a short line instead of the topic's page, for messages that ask nothing ("thanks").
    With ``anywhere`` a phrase may also stand in a longer message on the bot ("thanks, that was
    kind"), if that asks nothing.
    """

    topic: TopicId
    phrases: Annotated[Terms, Field(min_length=1)]
    said: Text | None = None
    anywhere: bool = False


class SmallTalkFile(Record):
    """``vocabulary/smalltalk.yaml``. ``phrases`` match a whole message."""

    reviewed: dt.date
    smalltalk: Annotated[tuple[SmallTalk, ...], Field(min_length=1)]


class OffTopicFile(Record):
    """``vocabulary/off_topic.yaml``: questions that no topic answers, by group.

    A question that is more like one of these than like any topic's phrasings is refused.
    """

    reviewed: dt.date
    groups: Annotated[dict[Slug, Terms], Field(min_length=1)]

    @property
    def questions(self) -> tuple[str, ...]:
        """All questions."""
        return tuple(text for texts in self.groups.values() for text in texts)


class WordsFile(Record):
    """``vocabulary/words.yaml``: words that carry no topic, short forms, pairs to keep apart.

    - ``subject``: names of low-dose naltrexone itself
    - ``question_words`` open a question that has no question mark
    - ``joining_words``: a medicine often stands behind them ("with", "taking")
    - ``conjunctions`` join two questions or two subjects ("and", "plus")
    - ``pointers`` can stand for LDN ("it", "this")
    - ``follow_up_words`` open a question that leans on the one before
    - ``abbreviations`` are written out before matching
    - ``capitals`` are too, but only where they are typed in capitals ("ME")
    - ``confusable``: groups of words that are never spelled into one another
    - ``known``: ordinary words that spelling repair must leave alone
    """

    reviewed: dt.date
    subject: Terms
    stop_words: Terms
    question_words: Terms
    joining_words: Terms
    conjunctions: Terms
    pointers: Terms
    follow_up_words: Terms
    abbreviations: dict[Term, Term] = Field(default_factory=dict)
    capitals: dict[Term, Term] = Field(default_factory=dict)
    confusable: tuple[Terms, ...] = ()
    known: Terms = ()
