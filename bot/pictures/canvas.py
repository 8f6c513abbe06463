"""A sheet in pixels, with the origin at the top left, on which lines of text find their place."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Rectangle, Wedge
from matplotlib.text import Text

from bot.pictures.style import LEADING, WIDTH, Palette

_DPI = 100
_POINTS = 72 / _DPI
_SPACE = 0.32
_TOGETHER = re.compile(
    r" (?=[=<>] \d)|(?<= [=<>]) (?=\d)|(?<=\d) (?=to −?[\d.]+\))|(?<=\d to) (?=−?[\d.]+\))"
)
"""Spaces at which no line ends: in 'p = 0.3' and '(−0.9 to 0.2)'."""
_DRAWING = threading.Lock()
"""Matplotlib keeps fonts and glyphs in caches that threads must not share at the same time."""

Align = Literal["left", "center", "right"]


@cache
def font(size: float, bold: bool) -> FontProperties:
    """DejaVu Sans, the font inside matplotlib, so that every computer draws the same."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FontProperties(
        fname=str(Path(mpl.get_data_path()) / "fonts" / "ttf" / name), size=size * _POINTS
    )


class Canvas:
    """Collects what is drawn; the height is known only at the end."""

    def __init__(self, palette: Palette) -> None:
        self.palette = palette
        self._figure = Figure(dpi=_DPI, facecolor=palette.paper)
        FigureCanvasAgg(self._figure)
        self._renderer = RendererAgg(1, 1, _DPI)  # type: ignore[no-untyped-call]
        self._axes = self._figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self._axes.set_axis_off()
        self._widths: dict[tuple[str, float, bool], float] = {}

    def width_of(self, text: str, size: float, bold: bool = False) -> float:
        """Width of a line of text in pixels, as the sum of its words."""
        words = [self._word(word, size, bold) for word in text.split(" ")]
        return sum(words) + (len(words) - 1) * size * _SPACE

    def _word(self, word: str, size: float, bold: bool) -> float:
        key = (word, size, bold)
        if key not in self._widths:
            with _DRAWING:
                measured = self._renderer.get_text_width_height_descent(  # type: ignore[no-untyped-call]
                    word, font(size, bold), False
                )
            self._widths[key] = float(measured[0])
        return self._widths[key]

    def wrap(self, text: str, width: float, size: float, bold: bool = False) -> list[str]:
        """Lines of ``text`` that fit into ``width``. A single long word stays whole."""
        lines: list[str] = []
        for word in _TOGETHER.sub("\u00a0", text).split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width_of(longer, size, bold) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float,
        color: str | None = None,
        bold: bool = False,
        align: Align = "left",
        clear: bool = False,
    ) -> None:
        """One line of text; ``y`` is the top of the line. ``clear`` wipes what lies behind it."""
        self._axes.add_artist(
            Text(
                x,
                y + size * LEADING * 0.76,
                text,
                color=color or self.palette.ink,
                fontproperties=font(size, bold),
                horizontalalignment=align,
                verticalalignment="baseline",
                parse_math=False,
                bbox={"facecolor": self.palette.paper, "edgecolor": "none", "pad": 1.5}
                if clear
                else None,
            )
        )

    def paragraph(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        *,
        size: float,
        color: str | None = None,
        bold: bool = False,
        align: Align = "left",
    ) -> float:
        """Text in as many lines as it needs; returns where the next line may start."""
        for line in self.wrap(text, width, size, bold):
            self.text(x, y, line, size=size, color=color, bold=bold, align=align)
            y += size * LEADING
        return y

    def line(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        *,
        color: str,
        width: float = 2,
        dashed: bool = False,
    ) -> None:
        """A line through points."""
        self._axes.add_artist(
            Line2D(
                xs,
                ys,
                color=color,
                linewidth=width * _POINTS,
                linestyle=(0, (4, 4)) if dashed else "-",
                solid_capstyle="butt",
            )
        )

    def marker(
        self, x: float, y: float, shape: str, *, size: float, color: str, hollow: bool = False
    ) -> None:
        """A marker of matplotlib's set."""
        self._axes.add_artist(
            Line2D(
                [x],
                [y],
                linestyle="none",
                marker=shape,
                markersize=size * _POINTS,
                markeredgewidth=3.5 * _POINTS,
                markeredgecolor=color,
                markerfacecolor=self.palette.paper if hollow else color,
            )
        )

    def band(self, y: float, height: float) -> None:
        """A strip over the whole width behind everything else."""
        self._axes.add_artist(
            Rectangle((0, y), WIDTH, height, color=self.palette.band, linewidth=0, zorder=-1)
        )

    def wedge(
        self,
        x: float,
        y: float,
        radius: float,
        turn: tuple[float, float],
        color: str,
        *,
        hollow: bool = False,
        hatched: bool = False,
    ) -> None:
        """A part of a disc; ``turn`` has start and end in parts of a whole turn from the top."""
        start, end = (-90 + 360 * part for part in turn)
        self._axes.add_artist(
            Wedge(
                (x, y),
                radius,
                start,
                end,
                facecolor="none" if hollow else color,
                edgecolor=self.palette.paper if hatched else color if hollow else "none",
                hatch="///" if hatched else None,
                linewidth=3 * _POINTS if hollow else 0,
            )
        )

    def ring(self, x: float, y: float, radius: float, *, color: str) -> None:
        """A circle."""
        self._axes.add_artist(
            Circle((x, y), radius, fill=False, edgecolor=color, linewidth=2.5 * _POINTS)
        )

    def png(self, height: int) -> bytes:
        """The finished picture; the same bytes for the same content."""
        with _DRAWING:
            self._figure.set_size_inches(WIDTH / _DPI, height / _DPI)
            self._axes.set_xlim(0, WIDTH)
            self._axes.set_ylim(height, 0)
            target = io.BytesIO()
            self._figure.savefig(
                target,
                format="png",
                dpi=_DPI,
                facecolor=self.palette.paper,
                metadata={"Software": None},
            )
        return target.getvalue()
