"""``ldn-bot ask``: one question, or a file of them."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import typer

from bot.cli import start
from bot.engine import Engine
from bot.rendering import (
    render_bbcode,
    render_html,
    render_json,
    render_markdown,
    render_telegram,
    render_text,
)
from bot.replies import Question, Reply

EXIT_BAD_LINES = 1

_RENDER: dict[str, Callable[[Reply], str]] = {
    "text": render_text,
    "markdown": render_markdown,
    "bbcode": render_bbcode,
    "html": render_html,
    "telegram": lambda reply: "\n\n".join(render_telegram(reply)),
}


class BadLineError(Exception):
    """A line of a batch that holds no question."""

    def __init__(self, reason: str, question_id: str | int | None = None) -> None:
        super().__init__(reason)
        self.question_id = question_id


def answer(text: str, form: str | None) -> None:
    """Print the answer to one question; ``None`` is colour in a terminal and text elsewhere."""
    engine, question = start.engine(start.settings()), Question(text)
    if form is None and sys.stdout.isatty():
        from rich.console import Console

        from bot.channels.terminal import print_reply

        print_reply(Console(), engine.reply(question))
    elif form == "json":
        _write_line(_answered(engine, None, question))
    else:
        typer.echo(_RENDER[form or "text"](engine.reply(question)))


def answer_batch(path: Path) -> int:
    """Answer JSON Lines as they come; the exit code says whether a line was bad."""
    lines = _lines(path)
    engine = start.engine(start.settings())
    code = 0
    for number, line in enumerate(lines, start=1):
        try:
            result = _answered(engine, *read_line(line))
        except BadLineError as error:
            code = EXIT_BAD_LINES
            result = {"id": error.question_id, "error": f"line {number}: {error}"}
        _write_line(result)
    return code


def _lines(path: Path) -> Iterator[bytes]:
    if str(path) == "-":
        return iter(sys.stdin.buffer)
    try:
        return _lines_of(path.open("rb"))
    except OSError as error:
        start.fail(f"{path}: {error.strerror}")


def _lines_of(file: BinaryIO) -> Iterator[bytes]:
    with file:
        yield from file


def read_line(line: bytes) -> tuple[str | int | None, Question]:
    """The id and the question of a line of a batch.

    Raises:
        BadLineError: it holds none.
    """
    if not line.strip():
        raise BadLineError("is blank")
    try:
        data = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadLineError(f"is not UTF-8 (byte {error.start + 1})") from None
    except (ValueError, RecursionError) as error:
        raise BadLineError(f"is not JSON: {error}") from None
    if not isinstance(data, dict):
        raise BadLineError("must be an object with 'text'")
    question_id, text, context = data.get("id"), data.get("text"), data.get("context")
    if isinstance(question_id, bool) or not isinstance(question_id, str | int | None):
        raise BadLineError("'id' must be a string or a whole number")
    if not isinstance(text, str):
        raise BadLineError("'text' must be a string", question_id)
    if context is None:
        context = []
    if not isinstance(context, list) or not all(isinstance(entry, str) for entry in context):
        raise BadLineError("'context' must be a list of strings", question_id)
    return question_id, Question(text, tuple(context))


def _answered(engine: Engine, question_id: str | int | None, question: Question) -> dict[str, Any]:
    start = time.perf_counter()
    reply = engine.reply(question)
    elapsed = (time.perf_counter() - start) * 1000
    return {"id": question_id, **render_json(reply), "ms": round(elapsed, 2)}


def _write_line(data: dict[str, Any]) -> None:
    """Write one line of JSON as UTF-8, whatever the terminal's encoding."""
    line = json.dumps(data, ensure_ascii=False)
    # Half a character (a lone surrogate) is written with a backslash, as JSON spells it.
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()
