"""Telegram's HTML: messages that the server can't refuse.

Limits are those of the Bot API: 4096 characters after parsing, counted in UTF-16 units, and 100
entities a message. A long reply becomes several messages, divided between lines, never inside one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape

from bot.rendering.document import Block, BlockKind, Line, cite, document
from bot.replies.model import Reply

MAX_UNITS = 4096
MAX_ENTITIES = 90
"""Below the server's 100, so that entities it finds by itself (addresses) fit as well."""

_TAG = re.compile(r"<[^>]*>")

_ROOM = 3900
"""Units used for our own blocks; leaves room for a heading repeated after a division."""


def utf16_units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a block that is never divided: its HTML, visible length and entities."""

    html: str
    units: int
    entities: int


def render_telegram(reply: Reply) -> tuple[str, ...]:
    """The reply as one or more messages in Telegram's HTML, each within the limits."""
    messages: list[list[_Piece]] = [[]]
    for block in document(reply):
        for piece in _pieces(block):
            used = sum(p.units + 2 for p in messages[-1])
            marks = sum(p.entities for p in messages[-1])
            full = used + piece.units > MAX_UNITS or marks + piece.entities > MAX_ENTITIES
            if messages[-1] and full:
                messages.append([])
            messages[-1].append(piece)
    return tuple("\n\n".join(piece.html for piece in message) for message in messages if message)


def _pieces(block: Block) -> Iterator[_Piece]:
    """The block as pieces; one piece unless it is too long for a message."""
    head, lines = _styled(block)
    group: list[str] = []
    units = utf16_units(unescape(_visible(head)))
    used, entities = units, 2
    for line in lines:
        length = utf16_units(unescape(_visible(line))) + 1
        marks = line.count("<a ")
        if group and (used + length > _ROOM or entities + marks > MAX_ENTITIES):
            yield _piece(block, head, group, used, entities)
            group, used, entities = [], units, 2
        group.append(line)
        used += length
        entities += marks
    if group or head:
        yield _piece(block, head, group, used, entities)


def _piece(block: Block, head: str, lines: list[str], units: int, entities: int) -> _Piece:
    body = "\n".join(part for part in (head, *lines) if part)
    if block.kind in {BlockKind.DETAILS, BlockKind.SOURCES}:
        body = f"<blockquote expandable>{body}</blockquote>"
    elif block.kind is BlockKind.ALERT:
        body = f"<blockquote>{body}</blockquote>"
    return _Piece(body, units, entities)


def _styled(block: Block) -> tuple[str, list[str]]:
    """The heading and the lines of a block as HTML."""
    heading = escape(block.heading or "", quote=False)
    match block.kind:
        case BlockKind.ALERT:
            sign = "🚨" if block.urgent else "⚠️"
            return f"{sign} <b>{heading}</b>", [_sentence(line) for line in block.lines]
        case BlockKind.TITLE:
            return f"<b>{heading}</b>", []
        case BlockKind.CERTAINTY | BlockKind.REMINDER:
            lines = [_sentence(line) for line in block.lines]
            sign = "⚠️ " if block.kind is BlockKind.REMINDER else ""
            return "", [f"{sign}<b>{heading}:</b> {lines[0]}", *lines[1:]]
        case BlockKind.DETAILS | BlockKind.CAVEATS:
            return f"<b>{heading}</b>", [f"• {_sentence(line)}" for line in block.lines]
        case BlockKind.OPTIONS:
            return "", [f"• {_sentence(line)}" for line in block.lines]
        case BlockKind.SOURCES:
            return f"<b>{heading}</b>", [_source(line) for line in block.lines]
        case BlockKind.FOOTER:
            return "", [f"<i>{_sentence(line)}</i>" for line in block.lines]
        case _:
            return "", [_sentence(line) for line in block.lines]


def _sentence(line: Line) -> str:
    return escape(line.text + cite(line.citations), quote=False)


def _source(line: Line) -> str:
    number = f"[{line.citations[0]}]"
    if line.link:
        number = f'<a href="{escape(line.link)}">{number}</a>'
    return f"{number} {escape(line.brief or line.text, quote=False)}"


def _visible(html: str) -> str:
    """The text of our own HTML without its tags (in which every ``>`` is escaped)."""
    return _TAG.sub("", html)
