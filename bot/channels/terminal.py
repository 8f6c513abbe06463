"""Chat in a terminal, and replies drawn with Rich."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.style import Style
from rich.text import Text

from bot.engine import Engine
from bot.rendering.document import Block, BlockKind, Line, cite, document
from bot.replies import Choice, Question, Reply

GREETING = (
    "Ask about low-dose naltrexone (LDN) in your own words. "
    "A number opens a topic from the list; Ctrl-D or “quit” ends."
)
FAREWELL = "Take care."
QUIT = {"quit", "exit", ":q", "bye"}


def chat_on_standard_streams(engine: Engine) -> None:
    """Chat with whoever is at the terminal, or with the lines that are piped in."""
    console = Console(highlight=False)
    interactive = sys.stdin.isatty() and console.is_terminal
    try:
        chat(engine, console, sys.stdin, interactive=interactive)
    except KeyboardInterrupt:
        console.print()
    if interactive:
        console.print(FAREWELL)


def print_reply(console: Console, reply: Reply) -> None:
    """Draw a reply: in colour in a terminal, as plain text when piped."""
    console.print(Group(*_renderables(reply)))


def chat(engine: Engine, console: Console, lines: TextIO, *, interactive: bool) -> None:
    """Answer line by line until the input ends.

    ``interactive`` shows a prompt and a greeting; without it the input is read as it comes.
    """
    if interactive:
        console.print(GREETING)
    choices: tuple[Choice, ...] = ()
    previous: str | None = None
    for line in _lines(console, lines, interactive=interactive):
        text = line.strip()
        if text.casefold() in QUIT:
            break
        if not text:
            continue
        if choices and text.isdecimal():
            reply = _opened(engine, text, choices)
            if reply is None:
                console.print(f"There is no number {text[:9]} in the list.")
                continue
        else:
            reply = engine.reply(Question(text, previous_topic=previous))
        print_reply(console, reply)
        choices = reply.options or _related(reply)
        if choices and interactive:
            _print_choices(console, reply, choices)
        previous = reply.topics[0] if reply.topics else previous


def _lines(console: Console, lines: TextIO, *, interactive: bool) -> Iterator[str]:
    if not interactive:
        yield from lines
        return
    while True:
        try:
            yield console.input("\n[bold]You:[/bold] ")
        except EOFError:
            console.print()
            return


def _opened(engine: Engine, text: str, choices: tuple[Choice, ...]) -> Reply | None:
    numbered = {str(number): choice for number, choice in enumerate(choices, start=1)}
    return engine.open(numbered[text].topic_id) if text in numbered else None


def _related(reply: Reply) -> tuple[Choice, ...]:
    return tuple(dict.fromkeys(choice for answer in reply.answers for choice in answer.related))


def _print_choices(console: Console, reply: Reply, choices: tuple[Choice, ...]) -> None:
    if reply.options:
        return  # they stand in the reply itself, numbered
    listed = "  ".join(f"[bold]{n}[/bold] {escape(c.title)}" for n, c in enumerate(choices, 1))
    console.print(f"[dim]More:[/dim] {listed}")


def _renderables(reply: Reply) -> Iterator[RenderableType]:
    for position, block in enumerate(document(reply)):
        if position:
            yield Text()
        yield _block(block)


def _block(block: Block) -> RenderableType:
    match block.kind:
        case BlockKind.ALERT:
            style = "bold red" if block.urgent else "yellow"
            return Panel(_joined(block), title=escape(block.heading or ""), border_style=style)
        case BlockKind.TITLE:
            return Rule(escape(block.heading or ""), align="left", style="cyan")
        case BlockKind.CERTAINTY | BlockKind.REMINDER:
            return Text.assemble(
                (f"{block.heading}: ", "bold"), Text(" ").join(map(_sentence, block.lines))
            )
        case BlockKind.DETAILS | BlockKind.CAVEATS:
            bullets = [Padding(Text("• ") + _sentence(x), (0, 0, 0, 2)) for x in block.lines]
            return Group(Text(block.heading or "", style="bold"), *bullets)
        case BlockKind.OPTIONS:
            numbered = enumerate(block.lines, start=1)
            return Group(*(Text(f"  {n}  {line.text}") for n, line in numbered))
        case BlockKind.SOURCES:
            return Group(Text(block.heading or "", style="bold"), *map(_source, block.lines))
        case BlockKind.FOOTER:
            return Text("\n").join(Text(line.text, style="dim") for line in block.lines)
        case _:
            return _joined(block)


def _joined(block: Block) -> Text:
    return Text("\n").join(map(_sentence, block.lines))


def _sentence(line: Line) -> Text:
    return Text.assemble(line.text, (cite(line.citations), "dim"))


def _source(line: Line) -> RenderableType:
    entry = Text(f"[{line.citations[0]}] {line.text}")
    if line.link:
        entry.append(" ").append(line.link, style=Style(color="blue", link=line.link))
    return Padding(entry, (0, 0, 0, 2))
