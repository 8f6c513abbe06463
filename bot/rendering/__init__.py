"""How a reply looks: one module per form, all drawn from the same layout."""

from bot.rendering.bbcode import render_bbcode
from bot.rendering.html import render_html
from bot.rendering.json import render_json
from bot.rendering.markdown import render_markdown
from bot.rendering.telegram import render_telegram
from bot.rendering.text import render_text

__all__ = [
    "render_bbcode",
    "render_html",
    "render_json",
    "render_markdown",
    "render_telegram",
    "render_text",
]
