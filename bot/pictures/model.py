"""What a picture is, and what is drawn on it: plain data, chosen before anything is drawn."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.knowledge.schema import Direction


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture.

    ``alt`` says in words everything that the picture shows and names every study in it;
    ``caption`` is its short form (at most 1,024 characters, the limit of a Telegram caption).
    ``key`` stays the same as long as the picture does: something sent once can be found by it.
    """

    png: bytes
    alt: str
    caption: str
    width: int
    height: int
    key: str


@dataclass(frozen=True, slots=True)
class Result:
    """One outcome of a study: what was measured, what came out, and the figures in words."""

    measure: str
    direction: Direction
    figures: str


@dataclass(frozen=True, slots=True)
class StudyRows:
    """A study with the results of it that are drawn.

    ``about`` has year, number of people and design; ``treatment`` has dose and comparator.
    """

    study_id: str
    about: str
    treatment: str
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """An estimate on a scale. ``low`` and ``high`` are ``None`` where no interval is on record."""

    study_id: str
    year: str
    measure: str
    value: float
    low: float | None
    high: float | None
    figures: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Estimates that may share an axis.

    ``left`` and ``right`` say what the sides of ``null`` (no difference) mean. Better on LDN lies
    always on the left: where higher values are better, the axis runs ``downwards``.
    """

    title: str
    left: str
    right: str
    null: float
    downwards: bool
    logarithmic: bool
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class OutcomePlot:
    """What controlled studies of a condition found.

    ``comparison`` names what LDN was compared with, in one word where it is always the same.
    ``left_out`` are studies against a comparator that have no row, with the reason.
    """

    title: str
    comparison: str
    studies: tuple[StudyRows, ...]
    panels: tuple[Panel, ...]
    left_out: tuple[tuple[str, str], ...]
    reviewed: dt.date


@dataclass(frozen=True, slots=True)
class ForestPlot:
    """Estimates with their intervals, in one panel for each scale."""

    title: str
    remark: str
    panels: tuple[Panel, ...]
    left_out: tuple[tuple[str, str], ...]
    reviewed: dt.date


@dataclass(frozen=True, slots=True)
class Bubble:
    """The studies of one kind for one condition: results with their number of studies.

    ``people`` adds up those whose number is known, ``uncounted`` is the number of other studies.
    """

    results: tuple[tuple[Direction, int], ...]
    people: int
    uncounted: int
    study_ids: tuple[str, ...]

    @property
    def studies(self) -> int:
        """Number of studies."""
        return len(self.study_ids)


@dataclass(frozen=True, slots=True)
class MapRow:
    """A condition with a bubble, or none, for each kind of study."""

    condition: str
    bubbles: tuple[Bubble | None, ...]


@dataclass(frozen=True, slots=True)
class EvidenceMap:
    """Conditions against kinds of study.

    ``hardly_studied`` are conditions with nothing but reports on a handful of people: they are
    named below the map.
    """

    kinds: tuple[str, ...]
    rows: tuple[MapRow, ...]
    hardly_studied: tuple[MapRow, ...]
    reviewed: dt.date


Plot = OutcomePlot | ForestPlot | EvidenceMap
