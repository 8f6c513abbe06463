"""From what is drawn to the picture's bytes."""

from __future__ import annotations

import math

from bot.pictures.canvas import Canvas
from bot.pictures.drawing_map import draw_map
from bot.pictures.drawing_plots import draw_forest_plot, draw_outcome_plot
from bot.pictures.model import EvidenceMap, ForestPlot, OutcomePlot, Plot
from bot.pictures.style import Palette


def draw(plot: Plot, palette: Palette) -> tuple[bytes, int]:
    """Draw a plot.

    Returns:
        The PNG and its height in pixels.
    """
    canvas = Canvas(palette)
    height = math.ceil(_bottom(canvas, plot))
    return canvas.png(height), height


def _bottom(canvas: Canvas, plot: Plot) -> float:
    match plot:
        case OutcomePlot():
            return draw_outcome_plot(canvas, plot)
        case ForestPlot():
            return draw_forest_plot(canvas, plot)
        case EvidenceMap():
            return draw_map(canvas, plot)
