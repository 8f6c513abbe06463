"""The map of the evidence on a canvas."""

from __future__ import annotations

from bot.knowledge.schema import Direction
from bot.pictures.canvas import Canvas
from bot.pictures.model import Bubble, EvidenceMap
from bot.pictures.style import BODY, LEADING, MARGIN, SMALL, TITLE, WIDTH
from bot.pictures.words import RESULTS, closing, hardly_studied

_INNER = WIDTH - 2 * MARGIN
_NAMES = 316
_COLUMNS = (398.0, 576.0, 754.0, 932.0)
_COLUMN_WIDTH = 172
_ROW = 46.0
_SIZES = (
    (200, 21.0, "200 or more"),
    (50, 17.0, "50 to 199"),
    (10, 12.5, "10 to 49"),
    (0, 8.0, "under 10"),
)


def draw_map(canvas: Canvas, plot: EvidenceMap) -> float:
    """Draw it and return the y of its lower edge."""
    y = canvas.paragraph(
        MARGIN, MARGIN - 6, _INNER, "LDN: who was studied, and how", size=TITLE, bold=True
    )
    y = canvas.paragraph(
        MARGIN,
        y + 6,
        _INNER,
        "Low-dose studies with a result on record. Only the first column can show an effect of "
        "LDN. Beside each disc: people (studies).",
        size=BODY,
        color=canvas.palette.faint,
    )
    y = _legend(canvas, y + 14)
    y = _heads(canvas, plot, y + 16)
    for index, row in enumerate(plot.rows):
        y = _row(canvas, row.condition, row.bubbles, y, shaded=index % 2 == 0)
    y = canvas.paragraph(
        MARGIN,
        y + 14,
        _INNER,
        f"{hardly_studied(plot)} Studies are those of each condition's answer; one may stand in "
        f"several rows. Discs are divided by number of studies. {closing(plot)} Information, not "
        "medical advice.",
        size=SMALL,
        color=canvas.palette.faint,
    )
    return y + MARGIN - 10


def _heads(canvas: Canvas, plot: EvidenceMap, y: float) -> float:
    bottom = y
    for x, kind in zip(_COLUMNS, plot.kinds, strict=True):
        end = canvas.paragraph(x - 26, y, _COLUMN_WIDTH, kind, size=SMALL - 4, bold=True)
        bottom = max(bottom, end)
    return bottom + 8


def _row(
    canvas: Canvas,
    condition: str,
    bubbles: tuple[Bubble | None, ...],
    y: float,
    *,
    shaded: bool,
) -> float:
    lines = canvas.wrap(condition, _NAMES, SMALL)
    height = max(_ROW, len(lines) * SMALL * LEADING + 8)
    if shaded:
        canvas.band(y, height)
    middle = y + height / 2
    line_y = middle - len(lines) * SMALL * LEADING / 2
    for line in lines:
        canvas.text(MARGIN, line_y, line, size=SMALL)
        line_y += SMALL * LEADING
    for x, bubble in zip(_COLUMNS, bubbles, strict=True):
        if bubble is not None:
            _bubble(canvas, bubble, x, middle)
    return y + height


def _bubble(canvas: Canvas, bubble: Bubble, x: float, y: float) -> None:
    radius = _radius(bubble.people)
    done = 0
    for direction, count in bubble.results:
        turn = (done / bubble.studies, (done + count) / bubble.studies)
        _part(canvas, direction, x, y, radius, turn)
        done += count
    people = f"{bubble.people:,}" if bubble.people else "?"
    if bubble.people and bubble.uncounted:
        people += "+"
    label = f"{people} ({bubble.studies})"
    canvas.text(x + radius + 8, y - SMALL * LEADING / 2, label, size=SMALL)


def _part(
    canvas: Canvas,
    direction: Direction,
    x: float,
    y: float,
    radius: float,
    turn: tuple[float, float],
) -> None:
    color = canvas.palette.results[direction]
    if not direction.controlled:
        canvas.wedge(x, y, radius, turn, color, hollow=True)
    else:
        canvas.wedge(x, y, radius, turn, color, hatched=direction is Direction.MIXED)


def _radius(people: int) -> float:
    return next(radius for least, radius, _ in _SIZES if people >= least)


def _legend(canvas: Canvas, y: float) -> float:
    x = float(MARGIN)
    for direction, words in RESULTS.items():
        width = 44 + canvas.width_of(words, SMALL) + 26
        if x + width > WIDTH:
            x, y = float(MARGIN), y + SMALL * LEADING + 8
        _part(canvas, direction, x + 17, y + SMALL * LEADING / 2, 15, (0, 1))
        canvas.text(x + 44, y, words, size=SMALL)
        x += width
    y += SMALL * LEADING + 12
    x = float(MARGIN)
    canvas.text(x, y, "People:", size=SMALL)
    x += canvas.width_of("People:", SMALL) + 20
    for _, radius, words in reversed(_SIZES):
        canvas.ring(x + radius, y + SMALL * LEADING / 2, radius, color=canvas.palette.faint)
        canvas.text(x + 2 * radius + 10, y, words, size=SMALL)
        x += 2 * radius + 10 + canvas.width_of(words, SMALL) + 26
    return y + SMALL * LEADING + 8
