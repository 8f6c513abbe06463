"""Safety vocabulary: opioids, emergencies, personal decisions."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from bot.knowledge.schema.base import Record, Slug, Slugs, Terms, Text, TopicId
from bot.knowledge.schema.claims import Claim


class WarningLevel(StrEnum):
    """Strength of the opioid warning, strongest first in :meth:`rank`."""

    FULL = "full"
    CAUTION = "caution"
    STANDARD = "standard"
    NONE = "none"

    @property
    def rank(self) -> int:
        """0 for none up to 3 for full."""
        return ("none", "standard", "caution", "full").index(self.value)


class Opioid(Record):
    """An opioid, or a substance that acts like one, with all names that give it away.

    ``ambiguous_brands`` are brands that are also a name or a place; they count beside a word of
    ``medicine_context``. ``ambiguous_slang`` are everyday words; they count beside a word of
    ``drug_use_context``. ``unconfirmed`` names serve detection only and are never shown.
    """

    id: Slug
    name: Text
    opioid_class: Literal[
        "full-agonist", "partial-agonist", "mixed", "opioid-like", "peripheral", "antagonist"
    ]
    warning: Literal["full", "caution", "none"]
    reason: Text
    topic: TopicId
    generic: Terms = ()
    brands: Terms = ()
    combinations: Terms = ()
    slang: Terms = ()
    misspellings: Terms = ()
    unconfirmed: Terms = ()
    ambiguous_brands: Terms = ()
    ambiguous_slang: Terms = ()
    languages: dict[str, Terms] = Field(default_factory=dict)
    sources: Slugs = ()

    @property
    def plain_names(self) -> Terms:
        """Every name that gives it away without context."""
        return (
            *self.generic,
            *self.brands,
            *self.combinations,
            *self.slang,
            *self.misspellings,
            *self.unconfirmed,
            *(term for terms in self.languages.values() for term in terms),
        )


class LookAlike(Record):
    """Words that must not trigger the opioid warning, and why."""

    terms: Annotated[Terms, Field(min_length=1)]
    reason: Text
    sources: Slugs = ()


class OpioidFile(Record):
    """``vocabulary/opioids.yaml``.

    A name right behind one of ``negations`` ("i don't take any ...") lowers the warning to caution.
    """

    reviewed: dt.date
    opioids: Annotated[tuple[Opioid, ...], Field(min_length=1)]
    look_alikes: tuple[LookAlike, ...]
    medicine_context: Terms
    drug_use_context: Terms
    negations: Terms


OPIOID_MENTION = "opioid-mention"
LDN_MENTION = "ldn-mention"
MADE_SETS = (OPIOID_MENTION, LDN_MENTION)
"""Sets of words that the program makes: any opioid, any name of low-dose naltrexone."""


class Rule(Record):
    """A detection rule: every set named in ``near`` has a word within ``window`` words.

    Sets are defined in the same file under ``words``, but for :data:`MADE_SETS`; a term may hold
    several words, and ``*`` at the end of a word stands for any ending. ``unless`` names sets that
    silence the rule when one of their words stands inside the window or at its edge.
    """

    id: Slug
    near: Annotated[Slugs, Field(min_length=1)]
    window: Annotated[int, Field(ge=1, le=40)] = 8
    unless: Slugs = ()


class Emergency(Record):
    """An emergency: what to say first and which rules recognise it.

    ``first_line`` is the first thing the person reads; ``topic`` holds the facts.
    """

    id: Slug
    topic: TopicId
    first_line: Claim
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]


class EmergencyFile(Record):
    """``vocabulary/emergencies.yaml``; emergencies stand in order of precedence."""

    reviewed: dt.date
    words: dict[Slug, Terms]
    emergencies: Annotated[tuple[Emergency, ...], Field(min_length=1)]


class DecisionFile(Record):
    """``vocabulary/decisions.yaml``: requests for a personal medical decision."""

    reviewed: dt.date
    words: dict[Slug, Terms]
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]
