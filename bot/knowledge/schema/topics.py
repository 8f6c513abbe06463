"""Topics: one answer each."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Literal

from pydantic import field_validator, model_validator

from bot.knowledge.schema.base import (
    Record,
    Slug,
    Slugs,
    Text,
    Texts,
    TopicId,
    TopicIds,
    within_short_answer,
)
from bot.knowledge.schema.claims import Claim, PopularClaim


class CertaintyLevel(StrEnum):
    """How sure a statement is. The first four are for effects of LDN (in the sense of GRADE)."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very-low"
    NO_STUDIES = "no-studies"
    ESTABLISHED = "established"
    PROBABLE = "probable"
    DISPUTED = "disputed"
    HYPOTHESIS = "hypothesis"
    UNKNOWN = "unknown"


class Certainty(Record):
    """How sure an answer is and why, as judged by the curators of this project."""

    level: Literal["established", "probable", "disputed", "hypothesis", "unknown"]
    reason: Text


class Rating(Record):
    """A certainty rating published by a review (for example GRADE), quoted with its source."""

    rating: Literal["high", "moderate", "low", "very low"]
    outcome: Text
    source: Slug


class Severity(StrEnum):
    """How bad an interaction is if it happens."""

    CONTRAINDICATED = "contraindicated"
    SERIOUS = "serious"
    MODERATE = "moderate"
    MINOR = "minor"
    NONE_FOUND = "none-found"
    UNKNOWN = "unknown"


class Reliability(StrEnum):
    """How sure we are about an interaction."""

    LABEL = "label"
    STUDY = "study"
    INFERRED = "inferred"
    THEORETICAL = "theoretical"
    UNKNOWN = "unknown"


class Interaction(Record):
    """The two judgements on an interaction; what they mean stands on the enums."""

    severity: Severity
    reliability: Reliability


class Topic(Record):
    """One answer. ``subjects`` are vocabulary ids that the answer is about.

    ``intents`` narrows the questions that the topic answers; without it the kind's usual intents
    hold. Conditions get their certainty computed from ``studies`` (and ``ratings`` quoted beside
    it); every other kind states ``certainty`` with its reason.
    """

    id: TopicId
    title: Text
    aliases: TopicIds = ()
    reviewed: dt.date
    subjects: Slugs = ()
    intents: Slugs = ()
    phrasings: Texts = ()
    short: Claim
    points: tuple[Claim, ...] = ()
    caveats: tuple[Claim, ...] = ()
    certainty: Certainty | None = None
    ratings: tuple[Rating, ...] = ()
    interaction: Interaction | None = None
    studies: Slugs = ()
    popular_claims: tuple[PopularClaim, ...] = ()
    related: TopicIds = ()

    @property
    def kind(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]

    @field_validator("short")
    @classmethod
    def _brief(cls, value: Claim) -> Claim:
        within_short_answer(value.text)
        return value

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Topic:
        if self.kind == "condition" and self.certainty is not None:
            raise ValueError(
                "the certainty of a condition is computed from its studies; quote a published "
                "rating under 'ratings'"
            )
        if self.kind not in {"condition", "study", "about"} and self.certainty is None:
            raise ValueError("'certainty' is missing (level and reason)")
        if (self.kind == "interaction") != (self.interaction is not None):
            raise ValueError("'interaction' (severity, reliability) belongs to interaction topics")
        return self

    @property
    def is_word(self) -> bool:
        """True for topics that explain a word of the glossary."""
        return self.id.startswith("about.word-")

    @property
    def is_about_bot(self) -> bool:
        """True for topics on the bot itself, which are small talk and need no opioid warning."""
        return self.id.startswith("about.bot") or self.id in {"about.privacy", "about.sources"}

    def claims(self) -> tuple[Claim, ...]:
        """Every claim of the topic, in reading order."""
        return (self.short, *self.points, *self.caveats)
