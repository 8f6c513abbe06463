"""From a topic to its picture."""

from __future__ import annotations

import hashlib

from bot.knowledge import KnowledgeBase
from bot.pictures.model import Picture, Plot
from bot.pictures.plots import plot_of
from bot.pictures.style import DARK, LIGHT, STYLE, WIDTH
from bot.pictures.words import alternative, caption


def picture(knowledge: KnowledgeBase, topic_id: str, *, dark: bool = False) -> Picture | None:
    """Draw the picture of a topic.

    Args:
        knowledge: the knowledge base.
        topic_id: a present or former topic id; any text is allowed.
        dark: light letters on dark ground instead of dark ones on light ground.

    Returns:
        The picture, or ``None`` where the records don't support one (see
        :func:`bot.pictures.plots.plot_of`). The same knowledge gives the same bytes with the same
        release of matplotlib. Takes about a second; raises nothing of its own. May be called
        from several threads.
    """
    plot = plot_of(knowledge, topic_id)
    if plot is None:
        return None
    png, height = _draw(plot, dark)
    return Picture(
        png=png,
        alt=alternative(plot),
        caption=caption(plot),
        width=WIDTH,
        height=height,
        key=_key(plot, dark),
    )


def picture_key(knowledge: KnowledgeBase, topic_id: str, *, dark: bool = False) -> str | None:
    """The key that :func:`picture` would give, without drawing; ``None`` if there is no picture."""
    plot = plot_of(knowledge, topic_id)
    return None if plot is None else _key(plot, dark)


def picture_topics(knowledge: KnowledgeBase) -> tuple[str, ...]:
    """The ids of all topics that have a picture, in the order of the knowledge."""
    return tuple(t for t in knowledge.topics if plot_of(knowledge, t) is not None)


def _key(plot: Plot, dark: bool) -> str:
    content = f"{STYLE} {'dark' if dark else 'light'} {plot!r}"
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def _draw(plot: Plot, dark: bool) -> tuple[bytes, int]:
    # Matplotlib takes most of a second to import: only who draws pays for it.
    from bot.pictures.drawing import draw

    return draw(plot, DARK if dark else LIGHT)
