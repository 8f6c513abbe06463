"""Plain text, for pipes, files and channels without formatting."""

from __future__ import annotations

from bot.rendering.document import Block, BlockKind, Line, cite, document
from bot.replies.model import Reply


def render_text(reply: Reply) -> str:
    """The whole reply as plain text, sources with their addresses included."""
    return "\n\n".join(_block(block) for block in document(reply))


def _block(block: Block) -> str:
    match block.kind:
        case BlockKind.ALERT:
            return "\n".join([f"!! {block.heading}", *map(_sentence, block.lines)])
        case BlockKind.TITLE:
            return f"{block.heading}\n{'=' * len(block.heading or '')}"
        case BlockKind.CERTAINTY:
            return " ".join([f"{block.heading}:", *map(_sentence, block.lines)])
        case BlockKind.DETAILS | BlockKind.CAVEATS:
            return "\n".join([f"{block.heading}:", *(f"- {_sentence(x)}" for x in block.lines)])
        case BlockKind.OPTIONS:
            return "\n".join(f"{n}. {line.text}" for n, line in enumerate(block.lines, start=1))
        case BlockKind.SOURCES:
            return "\n".join([f"{block.heading}:", *map(_source, block.lines)])
        case BlockKind.REMINDER:
            return " ".join([f"{block.heading}:", *map(_sentence, block.lines)])
        case _:
            return "\n".join(map(_sentence, block.lines))


def _sentence(line: Line) -> str:
    return line.text + cite(line.citations)


def _source(line: Line) -> str:
    link = f" {line.link}" if line.link else ""
    return f"[{line.citations[0]}] {line.text}{link}"
