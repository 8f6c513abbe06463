"""Outcome plots and forest plots on a canvas."""

from __future__ import annotations

from bot.knowledge.schema import Direction
from bot.pictures.canvas import Canvas
from bot.pictures.drawing_panels import draw_panel
from bot.pictures.figures import DIRECTIONS
from bot.pictures.model import ForestPlot, OutcomePlot, Result, StudyRows
from bot.pictures.style import BODY, HEADING, LEADING, MARGIN, SHAPES, SMALL, TITLE, WIDTH
from bot.pictures.words import closing, left_out

_INNER = WIDTH - 2 * MARGIN
_TEXT = 690
_LANES = {
    Direction.FAVOURS_LDN: 792.0,
    Direction.NO_DIFFERENCE: 897.0,
    Direction.MIXED: 897.0,
    Direction.FAVOURS_COMPARATOR: 1002.0,
}
_LANE_WIDTH = 134
_LANE_HEAD = 23
_GAP = 11


def draw_outcome_plot(canvas: Canvas, plot: OutcomePlot) -> float:
    """Draw it and return the y of its lower edge."""
    y = _title(canvas, plot.title)
    y = canvas.paragraph(
        MARGIN,
        y,
        _INNER,
        f"{len(plot.studies)} controlled studies at low dose, against {plot.comparison}. "
        "Main results, one by one; nothing is pooled.",
        size=BODY,
        color=canvas.palette.faint,
    )
    top = y + _GAP
    y = _lane_heads(canvas, top)
    for index, rows in enumerate(plot.studies):
        y = _study(canvas, rows, y, shaded=index % 2 == 0)
    y += _GAP
    for panel in plot.panels:
        y = draw_panel(canvas, panel, y)
    y = _legend(canvas, y)
    return _foot(canvas, plot.left_out, closing(plot), y)


def draw_forest_plot(canvas: Canvas, plot: ForestPlot) -> float:
    """Draw it and return the y of its lower edge."""
    y = _title(canvas, plot.title)
    y = canvas.paragraph(MARGIN, y, _INNER, _intro(plot), size=BODY, color=canvas.palette.faint)
    y += _GAP
    for panel in plot.panels:
        y = draw_panel(canvas, panel, y)
    return _foot(canvas, plot.left_out, closing(plot), y)


def _intro(plot: ForestPlot) -> str:
    return f"{plot.remark} Squares are estimates, lines their intervals as reported."


def _title(canvas: Canvas, title: str) -> float:
    return 6 + canvas.paragraph(MARGIN, MARGIN - 6, _INNER, title, size=TITLE, bold=True)


def _lane_heads(canvas: Canvas, y: float) -> float:
    """The head of the middle lane needs more room: it stands above the other two."""
    bottom = y
    for direction in (
        Direction.NO_DIFFERENCE,
        Direction.FAVOURS_LDN,
        Direction.FAVOURS_COMPARATOR,
    ):
        middle = direction is Direction.NO_DIFFERENCE
        bottom = canvas.paragraph(
            _LANES[direction],
            y,
            WIDTH if middle else _LANE_WIDTH,
            DIRECTIONS[direction],
            size=_LANE_HEAD,
            color=canvas.palette.results[direction],
            bold=True,
            align="center",
        )
        y += _LANE_HEAD * LEADING if middle else 0
    return bottom + 8


def _study(canvas: Canvas, rows: StudyRows, y: float, *, shaded: bool) -> float:
    top = y
    y += _GAP
    canvas.text(MARGIN, y, rows.study_id, size=HEADING, bold=True)
    beside = MARGIN + canvas.width_of(rows.study_id, HEADING, bold=True) + 18
    if beside + canvas.width_of(rows.about, SMALL) > WIDTH - MARGIN:
        beside, y = MARGIN, y + HEADING * LEADING
    canvas.text(beside, y + 4, rows.about, size=SMALL, color=canvas.palette.faint)
    y += HEADING * LEADING
    y = canvas.paragraph(MARGIN, y, _INNER, rows.treatment, size=SMALL, color=canvas.palette.faint)
    for result in rows.results:
        y = _result(canvas, result, y + 6)
    y += _GAP
    if shaded:
        canvas.band(top, y - top)
    return y


def _result(canvas: Canvas, result: Result, y: float) -> float:
    top = y
    y = canvas.paragraph(MARGIN, y, _TEXT, result.measure, size=BODY)
    y = canvas.paragraph(MARGIN, y, _TEXT, result.figures, size=SMALL, color=canvas.palette.faint)
    middle = (top + y) / 2
    for x in sorted(set(_LANES.values())):
        canvas.line([x, x], [top, y], color=canvas.palette.line, dashed=True)
    canvas.marker(
        _LANES[result.direction],
        middle,
        SHAPES[result.direction],
        size=34 if result.direction is not Direction.MIXED else 28,
        color=canvas.palette.results[result.direction],
    )
    if result.direction is Direction.MIXED:
        x = _LANES[result.direction] + 26
        canvas.text(x, middle - 15, "mixed", size=23)
    return y


def _legend(canvas: Canvas, y: float) -> float:
    return canvas.paragraph(
        MARGIN,
        y,
        _INNER,
        "Marks show the direction of a result, not its size. (x to y): interval as reported. "
        "n: people randomised, unless stated otherwise. Where no outcome is marked as main, all "
        "that were compared are shown.",
        size=SMALL,
        color=canvas.palette.faint,
    )


def _foot(canvas: Canvas, without: tuple[tuple[str, str], ...], date: str, y: float) -> float:
    if without:
        y = canvas.paragraph(
            MARGIN, y, _INNER, left_out(without), size=SMALL, color=canvas.palette.faint
        )
    y = canvas.paragraph(MARGIN, y, _INNER, f"{date} Information, not medical advice.", size=SMALL)
    return y + MARGIN - 10
