"""Studies as structured records."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator, model_validator

from bot.knowledge.schema.base import (
    Record,
    Slug,
    Slugs,
    Text,
    Texts,
    TopicIds,
    within_short_answer,
)
from bot.knowledge.schema.claims import Claim, Direction, PopularClaim

P_VALUE = r"^[<>=]?(0?\.\d+|0|1|1\.0+)$"


class Design(StrEnum):
    """Study designs, in the field's usual terms."""

    PARALLEL_RCT = "parallel-rct"
    CROSSOVER_RCT = "crossover-rct"
    FACTORIAL_RCT = "factorial-rct"
    PLACEBO_CONTROLLED_NOT_RANDOMISED = "placebo-controlled-not-randomised"
    CONTROLLED_NOT_RANDOMISED = "controlled-not-randomised"
    SINGLE_ARM_TRIAL = "single-arm-trial"
    COHORT = "cohort"
    REGISTER_STUDY = "register-study"
    CHART_REVIEW = "chart-review"
    CASE_SERIES = "case-series"
    CASE_REPORT = "case-report"
    SURVEY = "survey"
    META_ANALYSIS = "meta-analysis"
    SYSTEMATIC_REVIEW = "systematic-review"
    NARRATIVE_REVIEW = "narrative-review"
    LABORATORY = "laboratory"
    PHARMACOLOGY = "pharmacology"
    UNKNOWN = "unknown"

    @property
    def randomised(self) -> bool:
        """True if people were assigned by chance."""
        return self in {Design.PARALLEL_RCT, Design.CROSSOVER_RCT, Design.FACTORIAL_RCT}

    @property
    def review(self) -> bool:
        """True for reviews, which must not be counted beside the trials they contain."""
        return self in {
            Design.META_ANALYSIS,
            Design.SYSTEMATIC_REVIEW,
            Design.NARRATIVE_REVIEW,
        }


class DoseClass(StrEnum):
    """Whether a study says anything about low-dose naltrexone."""

    LOW = "low"
    STANDARD = "standard"
    ULTRA_LOW = "ultra-low"
    MIXED = "mixed"
    TOPICAL = "topical"
    OTHER_DRUG = "other-drug"
    NOT_REPORTED = "not-reported"


class Status(StrEnum):
    """Where a study stands."""

    COMPLETED = "completed"
    RECRUITING = "recruiting"
    PLANNED = "planned"
    TERMINATED = "terminated"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"
    NOT_FOUND = "not-found"


class Comparator(StrEnum):
    """What LDN was compared with."""

    PLACEBO = "placebo"
    ACTIVE = "active"
    USUAL_CARE = "usual-care"
    HEALTHY_PEOPLE = "healthy-people"
    VARIES = "varies"
    UNKNOWN = "unknown"
    NONE = "none"


class Metric(StrEnum):
    """What kind of number an estimate is."""

    MEAN_DIFFERENCE = "mean-difference"
    MEDIAN_DIFFERENCE = "median-difference"
    STANDARDISED_MEAN_DIFFERENCE = "standardised-mean-difference"
    RISK_RATIO = "risk-ratio"
    INCIDENCE_RATE_RATIO = "incidence-rate-ratio"
    HAZARD_RATIO = "hazard-ratio"
    ODDS_RATIO = "odds-ratio"
    PERCENTAGE_POINT_DIFFERENCE = "percentage-point-difference"
    NUMBER_NEEDED_TO_TREAT = "number-needed-to-treat"
    WITHIN_GROUP_CHANGE = "within-group-change"
    PROPORTION = "proportion"
    OTHER = "other"

    @property
    def null_value(self) -> float | None:
        """The value that means 'no difference': 0 for differences, 1 for ratios, else none."""
        if self in {
            Metric.MEAN_DIFFERENCE,
            Metric.MEDIAN_DIFFERENCE,
            Metric.STANDARDISED_MEAN_DIFFERENCE,
            Metric.PERCENTAGE_POINT_DIFFERENCE,
        }:
            return 0.0
        if self in {
            Metric.RISK_RATIO,
            Metric.INCIDENCE_RATE_RATIO,
            Metric.HAZARD_RATIO,
            Metric.ODDS_RATIO,
        }:
            return 1.0
        return None


class Better(StrEnum):
    """Which values of an estimate speak for LDN.

    It is a matter of the estimate, not of the measure: pain is better when it is lower, but trials
    subtract in both orders, and some report the fall.
    """

    LOWER = "lower"
    HIGHER = "higher"
    UNKNOWN = "unknown"
    """What was read doesn't say."""


class Estimate(Record):
    """A number with its interval. ``derived`` marks our own arithmetic from published figures.

    ``better`` is for differences and ratios of a comparison: on which side of 'no difference' they
    speak for LDN.
    """

    metric: Metric
    value: float | None = None
    interval: tuple[float, float] | None = None
    p: Annotated[str, StringConstraints(pattern=P_VALUE)] | None = None
    unit: Text | None = None
    ldn: float | None = None
    comparator: float | None = None
    better: Better | None = None
    derived: bool = False
    note: Text | None = None

    @field_validator("interval")
    @classmethod
    def _ordered(cls, value: tuple[float, float] | None) -> tuple[float, float] | None:
        if value is not None and value[0] > value[1]:
            raise ValueError("the lower limit stands first")
        return value


class Outcome(Record):
    """One result of a study. ``sources`` defaults to those of the study."""

    measure: Text
    primary: bool = False
    result: Text
    direction: Direction
    estimate: Estimate | None = None
    sources: Slugs = ()

    @model_validator(mode="after")
    def _says_what_is_better(self) -> Outcome:
        said = self.estimate.better if self.estimate else None
        if self._distance is None:
            if said is not None:
                raise ValueError("'better' belongs to a difference or a ratio with a comparison")
            return self
        follows = self._side_of_direction
        if said is None and follows is None:
            raise ValueError(
                "say which values speak for LDN: 'better: lower' or 'better: higher' in the "
                "estimate, or 'better: unknown' if the source doesn't tell"
            )
        if follows is not None and said not in {None, Better.UNKNOWN, follows}:
            raise ValueError(
                f"{self.direction.value!r} does not fit this value where {said} is better"
            )
        return self

    @property
    def better(self) -> Better | None:
        """Which values speak for LDN: as the estimate says, else as a clear direction shows.

        ``None`` where the value can't be compared with 'no difference', or nobody knows.
        """
        if self.estimate is None or self._distance is None:
            return None
        said = self.estimate.better or self._side_of_direction
        return None if said is Better.UNKNOWN else said

    @property
    def _distance(self) -> float | None:
        """How far the estimate is from 'no difference'; ``None`` if that has no meaning."""
        estimate = self.estimate
        if estimate is None or estimate.value is None or not self.direction.controlled:
            return None
        null = estimate.metric.null_value
        return None if null is None else estimate.value - null

    @property
    def _side_of_direction(self) -> Better | None:
        clear = {Direction.FAVOURS_LDN, Direction.FAVOURS_COMPARATOR}
        if not self._distance or self.direction not in clear:
            return None
        favours_ldn = self.direction is Direction.FAVOURS_LDN
        return Better.HIGHER if (self._distance > 0) == favours_ldn else Better.LOWER


class Participants(Record):
    """How many people, in the words of trial reports. Absent means: nobody read it."""

    planned: Annotated[int, Field(ge=1)] | None = None
    enrolled: Annotated[int, Field(ge=0)] | None = None
    randomised: Annotated[int, Field(ge=0)] | None = None
    analysed: Annotated[int, Field(ge=0)] | None = None

    @property
    def count(self) -> int | None:
        """People who took part: randomised, else enrolled, else analysed; never planned."""
        for value in (self.randomised, self.enrolled, self.analysed):
            if value is not None:
                return value
        return None


class Study(Record):
    """A study as a structured record. The topic ``study.<id>`` is composed from it.

    ``conditions`` are ids of vocabulary entries, ``names`` are what people call the study,
    ``points`` hold what the outcomes can't say (for example what a popular article gets wrong),
    ``overlaps`` names studies with the same people, so that nobody is counted twice.
    """

    id: Slug
    title: Text
    names: Texts = ()
    aliases: TopicIds = ()
    reviewed: dt.date
    sources: Annotated[Slugs, Field(min_length=1)]
    conditions: Slugs = ()
    design: Design
    design_note: Text
    dose_class: DoseClass
    dose: Text | None = None
    comparator: Comparator
    comparator_note: Text | None = None
    country: Text | None = None
    participants: Participants = Participants()
    population: Text | None = None
    duration: Text | None = None
    status: Status
    status_note: Text | None = None
    overlaps: Slugs = ()
    short: Text
    outcomes: tuple[Outcome, ...] = ()
    adverse_events: Claim | None = None
    limitations: Texts = ()
    points: tuple[Claim, ...] = ()
    popular_claims: tuple[PopularClaim, ...] = ()
    related: TopicIds = ()
    phrasings: Texts = ()

    @field_validator("short")
    @classmethod
    def _brief(cls, value: str) -> str:
        return within_short_answer(value)

    @property
    def topic_id(self) -> str:
        """The id of the topic composed from this record."""
        return f"study.{self.id}"

    @property
    def primary_outcomes(self) -> tuple[Outcome, ...]:
        """The primary outcomes, or all outcomes where none is marked as primary."""
        return tuple(o for o in self.outcomes if o.primary) or self.outcomes
