"""Colours and sizes. Directions differ in shape as well as in colour."""

from __future__ import annotations

from dataclasses import dataclass

from bot.knowledge.schema import Direction

STYLE = "1"
"""Change it when the look of pictures changes: it is part of their keys."""

WIDTH = 1080
MARGIN = 40
TITLE, HEADING, BODY, SMALL = 44, 31, 28, 26
"""Heights of letters in pixels; a phone shows the picture at about a third of its size."""

LEADING = 1.27


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one mode, from the set of Okabe and Ito, which colour-blind people can tell."""

    paper: str
    ink: str
    faint: str
    line: str
    band: str
    results: dict[Direction, str]


LIGHT = Palette(
    paper="#ffffff",
    ink="#16191d",
    faint="#4d5661",
    line="#b9c1ca",
    band="#f1f4f7",
    results={
        Direction.FAVOURS_LDN: "#0072b2",
        Direction.FAVOURS_COMPARATOR: "#d55e00",
        Direction.NO_DIFFERENCE: "#6f7883",
        Direction.MIXED: "#b0508a",
        Direction.UNCONTROLLED_IMPROVEMENT: "#0072b2",
        Direction.UNCONTROLLED_NO_IMPROVEMENT: "#6f7883",
    },
)

DARK = Palette(
    paper="#12181f",
    ink="#eef2f6",
    faint="#aab4bf",
    line="#4a5561",
    band="#1c242d",
    results={
        Direction.FAVOURS_LDN: "#56b4e9",
        Direction.FAVOURS_COMPARATOR: "#f0913e",
        Direction.NO_DIFFERENCE: "#98a3ae",
        Direction.MIXED: "#e08fc0",
        Direction.UNCONTROLLED_IMPROVEMENT: "#56b4e9",
        Direction.UNCONTROLLED_NO_IMPROVEMENT: "#98a3ae",
    },
)

SHAPES = {
    Direction.FAVOURS_LDN: "<",
    Direction.FAVOURS_COMPARATOR: ">",
    Direction.NO_DIFFERENCE: "o",
    Direction.MIXED: "D",
}
