"""Markdown (CommonMark), for forums such as Reddit."""

from __future__ import annotations

import re

from bot.rendering.document import Block, BlockKind, Line, cite, document
from bot.replies.model import Reply

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#|~&^])")
_MARKER = re.compile(r"^(\d*)([-+.=])")
"""What makes a list or a rule of a line that begins with it (brackets are escaped anyway)."""


def render_markdown(reply: Reply) -> str:
    """The whole reply as Markdown."""
    return "\n\n".join(_block(block) for block in document(reply))


def escape(text: str) -> str:
    """Text in which nothing is read as Markdown."""
    return _MARKER.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text))


def _block(block: Block) -> str:
    heading = escape(block.heading or "")
    match block.kind:
        case BlockKind.ALERT:
            return "\n>\n".join([f"> **{heading}**", *(f"> {_sentence(x)}" for x in block.lines)])
        case BlockKind.TITLE:
            return f"## {heading}"
        case BlockKind.CERTAINTY | BlockKind.REMINDER:
            return " ".join([f"**{heading}:**", *map(_sentence, block.lines)])
        case BlockKind.DETAILS | BlockKind.CAVEATS:
            return "\n".join([f"**{heading}**\n", *(f"- {_sentence(x)}" for x in block.lines)])
        case BlockKind.OPTIONS:
            return "\n".join(f"{n}. {escape(x.text)}" for n, x in enumerate(block.lines, start=1))
        case BlockKind.SOURCES:
            return "\n".join([f"**{heading}**\n", *map(_source, block.lines)])
        case BlockKind.FOOTER:
            return "\n".join(f"*{escape(line.text)}*" for line in block.lines)
        case _:
            return "\n".join(map(_sentence, block.lines))


def _sentence(line: Line) -> str:
    return escape(line.text + cite(line.citations))


def _source(line: Line) -> str:
    text = escape(line.text)
    # Angle brackets keep addresses with parentheses whole.
    link = f" [link](<{line.link}>)" if line.link else ""
    return f"- \\[{line.citations[0]}\\] {text}{link}"
