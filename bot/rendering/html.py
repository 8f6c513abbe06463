"""An HTML fragment for web pages: semantic tags, no styling."""

from __future__ import annotations

from html import escape

from bot.rendering.document import Block, BlockKind, Line, cite, document
from bot.replies.model import Reply


def render_html(reply: Reply) -> str:
    """The whole reply as one ``<article>``."""
    body = "\n".join(_block(block) for block in document(reply))
    return f'<article lang="en" class="reply reply-{reply.kind}">\n{body}\n</article>'


def _block(block: Block) -> str:
    heading = escape(block.heading or "")
    match block.kind:
        case BlockKind.ALERT:
            role = "alert" if block.urgent else "note"
            return (
                f'<section class="alert" role="{role}"><h2>{heading}</h2>{_texts(block)}</section>'
            )
        case BlockKind.TITLE:
            return f"<h2>{heading}</h2>"
        case BlockKind.CERTAINTY | BlockKind.REMINDER:
            inner = " ".join(map(_sentence, block.lines))
            return f'<p class="{block.kind}"><strong>{heading}:</strong> {inner}</p>'
        case BlockKind.DETAILS | BlockKind.CAVEATS:
            return f"<h3>{heading}</h3>\n{_items('ul', [_sentence(x) for x in block.lines])}"
        case BlockKind.OPTIONS:
            return _items("ol", [escape(line.text) for line in block.lines])
        case BlockKind.SOURCES:
            return f"<h3>{heading}</h3>\n{_items('ol', [_source(line) for line in block.lines])}"
        case BlockKind.FOOTER:
            return f"<footer>{_texts(block)}</footer>"
        case _:
            return _texts(block)


def _texts(block: Block) -> str:
    return "".join(f"<p>{_sentence(line)}</p>" for line in block.lines)


def _items(tag: str, items: list[str]) -> str:
    return f"<{tag}>\n" + "\n".join(f"<li>{item}</li>" for item in items) + f"\n</{tag}>"


def _sentence(line: Line) -> str:
    return escape(line.text + cite(line.citations))


def _source(line: Line) -> str:
    text = escape(line.text)
    return f'{text} <a href="{escape(line.link)}" rel="noopener">link</a>' if line.link else text
