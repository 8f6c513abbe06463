"""Claims: single statements with their sources."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from bot.knowledge.schema.base import Record, Slug, Slugs, Text


class Direction(StrEnum):
    """What an outcome says about LDN."""

    FAVOURS_LDN = "favours-ldn"
    FAVOURS_COMPARATOR = "favours-comparator"
    NO_DIFFERENCE = "no-difference"
    MIXED = "mixed"
    UNCONTROLLED_IMPROVEMENT = "uncontrolled-improvement"
    UNCONTROLLED_NO_IMPROVEMENT = "uncontrolled-no-improvement"
    NOT_REPORTED = "not-reported"

    @property
    def controlled(self) -> bool:
        """True for results against a comparator."""
        return self in {
            Direction.FAVOURS_LDN,
            Direction.FAVOURS_COMPARATOR,
            Direction.NO_DIFFERENCE,
            Direction.MIXED,
        }


class Claim(Record):
    """One statement with the sources it rests on.

    ``findings`` names the direction that the claim asserts for single studies; the editorial check
    compares it with the study's own outcomes.
    """

    text: Text
    sources: Annotated[Slugs, Field(min_length=1)]
    findings: dict[Slug, Direction] = Field(default_factory=dict)


class PopularClaim(Record):
    """A claim that circulates, with our verdict and what the primary source says."""

    claim: Text
    verdict: Literal["agrees", "differs", "contradicted", "unverifiable", "opinion"]
    finding: Text
    sources: Annotated[Slugs, Field(min_length=1)]
