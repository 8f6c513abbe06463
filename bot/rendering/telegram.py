"""Telegram's HTML: messages that the server can't refuse.

Limits are those of the Bot API: 4096 characters after parsing, counted in UTF-16 units, and 100
entities a message. A long reply becomes several messages, divided between blocks, else between
lines, and inside a line only if the line is longer than :data:`LONGEST_LINE`.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape, unescape
from typing import NamedTuple

from bot.rendering.document import Block, BlockKind, Line, cite, document
from bot.replies.brief import shortened
from bot.replies.fitting import fitted
from bot.replies.model import Reply

MAX_UNITS = 4096
MAX_ENTITIES = 90
"""Below the server's 100, so that entities it finds by itself (addresses) fit as well."""

MAX_BYTES = 32_000
"""Of a message before parsing; the server takes 32,768."""

LONGEST_LINE = 3000
"""In UTF-16 units; leaves room for the heading of the block."""

BRIEF_POINTS = 2

_CLIPPED_TO = (600, 300, 150, 75, 40, 20)
"""Letters of a line, tried in turn, where a short message is too long even without any points."""

_TAG = re.compile(r"<[^>]*>")


def render_telegram(reply: Reply) -> tuple[str, ...]:
    """The reply as one or more messages in Telegram's HTML, each within the limits."""
    pieces = [piece for block in document(reply) for piece in _pieces(block)]
    # The line at the end says nothing by itself: it takes what stands before it along.
    if len(pieces) > 1 and _fits(end := "\n\n".join(pieces[-2:])):
        pieces[-2:] = [end]
    return packed(pieces)


class OneMessage(NamedTuple):
    """A message in Telegram's HTML, and whether it holds the whole reply."""

    html: str
    whole: bool


def render_in_one_message(reply: Reply) -> OneMessage:
    """The reply as a single message: what doesn't fit of its details is left out.

    Details are left out by whole sentences, as :func:`bot.replies.fitting.fitted` does. Only if it
    is too long without any of them, its lines are clipped.
    """
    kept = fitted(reply, lambda form: _fits(_joined(document(form))))
    html = _joined(document(kept))
    return OneMessage(html, kept is reply) if _fits(html) else OneMessage(_cut(kept), whole=False)


def packed(pieces: Iterable[str]) -> tuple[str, ...]:
    """Pieces of HTML, each within the limits, as few messages with an empty line between them."""
    messages: list[str] = []
    for piece in pieces:
        if messages and _fits(joined := f"{messages[-1]}\n\n{piece}"):
            messages[-1] = joined
        else:
            messages.append(piece)
    return tuple(messages)


def render_telegram_brief(reply: Reply, points: int = BRIEF_POINTS) -> str:
    """The reply as one short message in Telegram's HTML, for chats where many people read along.

    What must be known stays: notices, short answers, how sure they are, reminders, sources. There
    are ``points`` points at most, or fewer so that all fits; none where there are several answers.
    An emergency is nothing but what to do and whom to call.
    """
    return render_in_one_message(shortened(reply, points)).html


def plain_text(html: str) -> str:
    """The visible text of a rendered message."""
    return unescape(_TAG.sub("", html))  # every other ">" is escaped


def utf16_units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _joined(blocks: Iterable[Block]) -> str:
    """All blocks in one piece, within the limits or not."""
    return "\n\n".join(_framed(block, *_styled(block)) for block in blocks)


def _cut(reply: Reply) -> str:
    """A message of a reply that doesn't fit, with its lines clipped as much as is needed."""
    blocks = document(reply)
    for letters in _CLIPPED_TO:
        message = _joined(_clipped(block, letters) for block in blocks)
        if _fits(message):
            return message
    return render_telegram(reply)[0]


def _clipped(block: Block, letters: int) -> Block:
    lines = (
        replace(
            line,
            text=_clip(line.text, letters),
            brief=line.brief and _clip(line.brief, letters),
            citations=line.citations[:3],
        )
        for line in block.lines
    )
    return replace(
        block, lines=tuple(lines), heading=block.heading and _clip(block.heading, letters)
    )


def _clip(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[:letters].rsplit(' ', 1)[0]} …"


def _fits(html: str) -> bool:
    return (
        utf16_units(plain_text(html)) <= MAX_UNITS
        and html.count("</") <= MAX_ENTITIES
        and len(html.encode()) <= MAX_BYTES
    )


def _pieces(block: Block) -> Iterator[str]:
    """The block, in parts with the heading repeated if it is too long for a message."""
    head, lines = _styled(block)
    group: list[str] = []
    for line in lines:
        if group and not _fits(_framed(block, head, [*group, line])):
            yield _framed(block, head, group)
            group = []
        group.append(line)
    yield _framed(block, head, group)


def _framed(block: Block, head: str, lines: list[str]) -> str:
    body = "\n".join(part for part in (head, *lines) if part)
    match block.kind:
        case BlockKind.DETAILS | BlockKind.SOURCES:
            return f"<blockquote expandable>{body}</blockquote>"
        case BlockKind.ALERT:
            return f"<blockquote>{body}</blockquote>"
        case _:
            return body


def _styled(block: Block) -> tuple[str, list[str]]:
    """The heading and the lines of a block as HTML."""
    heading = f"<b>{_escaped(block.heading or '')}</b>"
    lines = [part for line in block.lines for part in _sentences(line)]
    match block.kind:
        case BlockKind.ALERT:
            return f"{'🚨' if block.urgent else '⚠️'} {heading}", lines
        case BlockKind.TITLE:
            return "", [f"<b>{_escaped(part)}</b>" for part in _divided(block.heading or "")]
        case BlockKind.CERTAINTY | BlockKind.REMINDER:
            sign = "⚠️ " if block.kind is BlockKind.REMINDER else ""
            label = f"{sign}<b>{_escaped(block.heading or '')}:</b>"
            return "", [" ".join([label, *lines[:1]]), *lines[1:]]
        case BlockKind.DETAILS | BlockKind.CAVEATS:
            return heading, [f"• {line}" for line in lines]
        case BlockKind.OPTIONS:
            return "", [f"• {line}" for line in lines]
        case BlockKind.SOURCES:
            return heading, [part for line in block.lines for part in _source(line)]
        case BlockKind.FOOTER:
            return "", [f"<i>{line}</i>" for line in lines]
        case _:
            return "", lines


def _sentences(line: Line) -> list[str]:
    return [_escaped(part) for part in _divided(line.text + cite(line.citations))]


def _source(line: Line) -> list[str]:
    number = f"[{line.citations[0]}]"
    if line.link:
        number = f'<a href="{escape(line.link)}">{number}</a>'
    return [f"{number} {_escaped(part)}" for part in _divided(line.brief or line.text)]


def _divided(text: str) -> list[str]:
    """The text as it is or, if it is too long for a message, in parts divided between words."""
    if utf16_units(text) <= LONGEST_LINE:
        return [text]
    # Half the limit in characters is within it in UTF-16 units, whatever the characters are.
    return textwrap.wrap(text, LONGEST_LINE // 2, break_on_hyphens=False)


def _escaped(text: str) -> str:
    return escape(text, quote=False)
