"""BBCode, for forums such as XenForo and phpBB."""

from __future__ import annotations

from bot.rendering.document import Block, BlockKind, Line, cite, document
from bot.replies.model import Reply

_ZERO_WIDTH = "\u200b"


def render_bbcode(reply: Reply) -> str:
    """The whole reply as BBCode."""
    return "\n\n".join(_block(block) for block in document(reply))


def escape(text: str) -> str:
    """Text in which no square bracket opens a tag (BBCode has no escape character)."""
    return text.replace("[", f"[{_ZERO_WIDTH}")


def _block(block: Block) -> str:
    heading = escape(block.heading or "")
    match block.kind:
        case BlockKind.ALERT:
            inner = "\n".join([f"[b]{heading}[/b]", *map(_sentence, block.lines)])
            return f"[quote]{inner}[/quote]"
        case BlockKind.TITLE:
            return f"[b]{heading}[/b]"
        case BlockKind.CERTAINTY | BlockKind.REMINDER:
            return " ".join([f"[b]{heading}:[/b]", *map(_sentence, block.lines)])
        case BlockKind.DETAILS | BlockKind.CAVEATS:
            return _list(heading, [_sentence(line) for line in block.lines])
        case BlockKind.OPTIONS:
            return "\n".join(f"{n}. {escape(x.text)}" for n, x in enumerate(block.lines, start=1))
        case BlockKind.SOURCES:
            return _list(heading, [_source(line) for line in block.lines])
        case BlockKind.FOOTER:
            return "\n".join(f"[i]{escape(line.text)}[/i]" for line in block.lines)
        case _:
            return "\n".join(map(_sentence, block.lines))


def _list(heading: str, items: list[str]) -> str:
    return "\n".join([f"[b]{heading}[/b]", "[list]", *(f"[*]{item}" for item in items), "[/list]"])


def _sentence(line: Line) -> str:
    numbers = cite(line.citations).replace("[", "(").replace("]", ")")
    return escape(line.text) + numbers


def _source(line: Line) -> str:
    text = f"({line.citations[0]}) {escape(line.text)}"
    return f"{text} [url={line.link}]link[/url]" if line.link else text
