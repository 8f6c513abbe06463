"""One panel of a forest plot on a canvas."""

from __future__ import annotations

import math
from collections.abc import Callable

from bot.pictures.canvas import Canvas
from bot.pictures.figures import number
from bot.pictures.model import Panel, Point
from bot.pictures.style import BODY, HEADING, LEADING, MARGIN, SMALL, WIDTH

_LEFT, _RIGHT = 500.0, WIDTH - MARGIN - 30.0
_NULL = (_LEFT + _RIGHT) / 2
_HALF = (_RIGHT - _LEFT) / 2
_TEXT = _LEFT - MARGIN - 40
_STEPS = (1, 2, 2.5, 5, 10)
_RATIO_TICKS = ((0.5, 2), (0.2, 0.5, 2, 5), (0.1, 0.2, 0.5, 2, 5, 10), (0.01, 0.1, 10, 100))
_GAP = 14


def draw_panel(canvas: Canvas, panel: Panel, y: float) -> float:
    """Draw a panel with its top at ``y`` and return where the next thing may start."""
    inner = WIDTH - 2 * MARGIN
    y = canvas.paragraph(MARGIN, y, inner, panel.title, size=HEADING, bold=True) + 4
    ticks = _ticks(panel)
    place = _scale(panel, max(ticks))
    y = _sides(canvas, panel, y)
    top = y
    for point in panel.points:
        y = _point(canvas, point, place, y)
    canvas.line([_NULL, _NULL], [top, y], color=canvas.palette.ink, width=2)
    y = _axis(canvas, ticks, place, y)
    return y + 2 * _GAP


def _ticks(panel: Panel) -> list[float]:
    """Round numbers as far on both sides of 'no difference' as the furthest end needs."""
    ends = [
        end
        for point in panel.points
        for end in (point.value, point.low, point.high)
        if end is not None
    ]
    if panel.logarithmic:
        furthest = max(max(end, 1 / end) for end in ends)
        outer = next((t for t in _RATIO_TICKS if t[-1] >= furthest), _RATIO_TICKS[-1])
        return sorted([*outer, 1.0])
    furthest = max(abs(end - panel.null) for end in ends) / 2 or 1.0
    power = 10.0 ** math.floor(math.log10(furthest))
    step = next(s * power for s in _STEPS if s * power >= furthest * 0.999)
    return [round(panel.null + i * step, 10) for i in range(-2, 3)]


def _scale(panel: Panel, last: float) -> Callable[[float], float]:
    """Where a value stands; 'no difference' is in the middle of every panel."""

    def place(value: float) -> float:
        if panel.logarithmic:
            part = math.log(value) / math.log(last)
        else:
            part = (value - panel.null) / (last - panel.null)
        return _NULL + max(-1.05, min(1.05, -part if panel.downwards else part)) * _HALF

    return place


def _sides(canvas: Canvas, panel: Panel, y: float) -> float:
    """The words above the axis: what lies left and right of 'no difference'."""
    ends = [
        canvas.paragraph(
            _NULL + sign * _HALF / 2, y, _HALF + 14, words, size=SMALL - 2, align="center"
        )
        for sign, words in ((-1, f"← {panel.left}"), (1, f"{panel.right} →"))
    ]
    return max(ends) + 2


def _point(canvas: Canvas, point: Point, place: Callable[[float], float], y: float) -> float:
    top = y
    y += 6
    canvas.text(MARGIN, y, point.study_id, size=BODY, bold=True)
    beside = MARGIN + canvas.width_of(point.study_id, BODY, bold=True) + 16
    if beside + canvas.width_of(point.year, SMALL) > _LEFT - 10:
        beside, y = MARGIN, y + BODY * LEADING
    canvas.text(beside, y + 2, point.year, size=SMALL, color=canvas.palette.faint)
    y += BODY * LEADING
    y = canvas.paragraph(MARGIN, y, _TEXT, point.measure, size=SMALL)
    middle = max(top + 54, (top + y) / 2 + 14)
    color = canvas.palette.ink
    if point.low is not None and point.high is not None:
        ends = [place(point.low), place(point.high)]
        canvas.line(ends, [middle, middle], color=color, width=4)
        for x in ends:
            canvas.line([x, x], [middle - 9, middle + 9], color=color, width=4)
    bare = point.low is None or point.high is None
    size = 19
    if point.low is not None and point.high is not None:
        # A short interval must not vanish behind its point.
        size = 19 if abs(place(point.high) - place(point.low)) > 60 else 10
    canvas.marker(
        place(point.value), middle, "D" if bare else "s", size=size, color=color, hollow=bare
    )
    width = canvas.width_of(point.figures, SMALL)
    x = min(max(place(point.value), _LEFT - 20 + width / 2), WIDTH - MARGIN - width / 2)
    canvas.text(x, middle - 50, point.figures, size=SMALL, align="center", clear=True)
    return max(y, middle + 18)


def _axis(canvas: Canvas, ticks: list[float], place: Callable[[float], float], y: float) -> float:
    y += 6
    canvas.line([_LEFT, _RIGHT], [y, y], color=canvas.palette.faint)
    for tick in ticks:
        x = place(tick)
        canvas.line([x, x], [y, y + 9], color=canvas.palette.faint)
        canvas.text(x, y + 10, number(tick), size=SMALL, color=canvas.palette.faint, align="center")
    return y + 12 + SMALL * LEADING
