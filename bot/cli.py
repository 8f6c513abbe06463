"""The command ``ldn-bot``."""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, BinaryIO, NoReturn

import typer
from rich.console import Console
from rich.table import Table

import bot
from bot.channels.terminal import chat as terminal_chat
from bot.channels.terminal import print_reply
from bot.engine import Engine
from bot.knowledge import Gravity, KnowledgeError, Problem, default_directory, load
from bot.knowledge.editorial import review
from bot.knowledge.loading import load_with_origins
from bot.logs import configure_logging
from bot.matching import WEIGHTS
from bot.rendering import (
    render_bbcode,
    render_html,
    render_json,
    render_markdown,
    render_telegram,
    render_text,
)
from bot.replies import Question, Reply
from bot.settings import Settings, SettingsError, load_settings

CONNECT_TELEGRAM = (
    "No Telegram token is set, so this is the chat in the terminal. To connect Telegram, get a "
    "token from @BotFather and start with LDN_TELEGRAM_TOKEN=<token>."
)

EXIT_BAD_LINES = 1
EXIT_BAD_INPUT = 2

app = typer.Typer(
    name="ldn-bot",
    help="Sourced answers to questions on low-dose naltrexone (LDN). Information, not medical "
    "advice.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Form(StrEnum):
    """Forms in which ``ask`` can print a reply."""

    TEXT = "text"
    MARKDOWN = "markdown"
    BBCODE = "bbcode"
    HTML = "html"
    TELEGRAM = "telegram"
    JSON = "json"


def main() -> None:
    """Run the command line (console script ``ldn-bot``)."""
    app()


def _version(value: bool) -> None:
    if value:
        typer.echo(f"ldn-bot {bot.__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version and exit.", callback=_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Options that stand before the command."""


@app.command()
def chat() -> None:
    """Ask in the terminal, question by question."""
    _chat(_engine(_settings()))


@app.command()
def ask(
    question: Annotated[
        str | None, typer.Argument(help="The question. Leave it out with --batch.")
    ] = None,
    form: Annotated[
        Form | None,
        typer.Option("--format", "-f", help="Form of the answer (default: as fits the output)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    batch: Annotated[
        Path | None,
        typer.Option(
            help="Answer a file of JSON Lines ({'id', 'text', 'context'}); - is standard input. "
            "Writes one JSON line for each.",
            exists=False,
            allow_dash=True,
        ),
    ] = None,
) -> None:
    """Answer one question, or a file of questions."""
    if (question is None) == (batch is None):
        _fail("give either a question or --batch FILE")
    if batch is not None:
        if form not in {None, Form.JSON}:
            _fail("--batch writes JSON")
        raise typer.Exit(_batch(batch))
    assert question is not None  # noqa: S101 - one of the two is given
    engine = _engine(_settings())
    chosen = Form.JSON if as_json else form
    if chosen is None and sys.stdout.isatty():
        print_reply(Console(), engine.reply(Question(question)))
        return
    if chosen is Form.JSON:
        typer.echo(_line(_answered(engine, None, Question(question))))
        return
    typer.echo(_rendered(engine.reply(Question(question)), chosen or Form.TEXT))


@app.command()
def explain(
    question: Annotated[str, typer.Argument(help="The question.")],
    after: Annotated[
        list[str] | None,
        typer.Option("--after", help="An earlier question of the same chat (may be repeated)."),
    ] = None,
) -> None:
    """Show how a question is understood and why it gets its answer."""
    engine = _engine(_settings())
    message, findings, decision = engine.explain(Question(question, tuple(after or ())))
    console = Console()
    part = message.whole
    rows = {
        "words": " ".join(part.tokens),
        "language": message.language,
        "entities": ", ".join(mention.entity.id for mention in part.mentions) or "none",
        "intents": ", ".join(f"{k} {v:.2f}" for k, v in part.intents.items()) or "none",
        "opioids": ", ".join(f"{m.opioid.id} ({m.level})" for m in findings.opioids) or "none",
        "emergency": findings.emergency.id if findings.emergency else "none",
        "personal decision": "yes" if findings.refer else "no",
        "unknown medicines": ", ".join(findings.unknown_medicines) or "none",
        "not covered": ", ".join(decision.uncovered) or "none",
        "decision": f"{decision.outcome} (confidence {decision.confidence:.2f})",
        "because": decision.because,
    }
    facts = Table(show_header=False, box=None)
    for name, value in rows.items():
        facts.add_row(name, value)
    console.print(facts)
    table = Table("topic", "score", *WEIGHTS, "nearest phrasing")
    for candidate in decision.candidates:
        table.add_row(
            candidate.topic.id,
            f"{candidate.score:.2f}",
            *(f"{candidate.signals[name]:.2f}" for name in WEIGHTS),
            candidate.nearest,
        )
    console.print(table)


@app.command()
def check(
    directory: Annotated[
        Path | None, typer.Argument(help="Knowledge folder (default: the one in use).")
    ] = None,
) -> None:
    """Check the knowledge: form, references, editorial rules. Exit code 2 on errors."""
    directory = directory or _settings().knowledge_dir or default_directory()
    try:
        loaded = load_with_origins(directory)
    except KnowledgeError as error:
        _print_problems(error.problems)
        raise typer.Exit(EXIT_BAD_INPUT) from None
    problems = review(loaded, dt.datetime.now(dt.UTC).date())
    _print_problems(problems)
    base = loaded.base
    claims = sum(len(topic.claims()) for topic in base.topics.values())
    typer.echo(
        f"{len(base.topics)} topics, {claims} claims, {len(base.studies)} studies, "
        f"{len(base.sources)} sources; version {base.version}"
    )
    if any(problem.gravity is Gravity.ERROR for problem in problems):
        raise typer.Exit(EXIT_BAD_INPUT)


@app.command()
def run() -> None:
    """Start the bot: in Telegram if a token is set, else in this terminal."""
    settings = _settings()
    try:
        token = settings.token()
    except SettingsError as error:
        _fail(str(error))
    if token is None:
        typer.echo(CONNECT_TELEGRAM)
        _chat(_engine(settings))
        return
    configure_logging(settings.log_level, settings.log_format, [token])
    # Imported here: the library takes half a second, which `ask` need not wait for.
    from bot.channels.telegram import run_telegram

    raise typer.Exit(run_telegram(settings, token, lambda: load(_directory(settings))))


@app.command()
def health() -> None:
    """Exit with 0 if the running bot has reached Telegram lately, else with 1."""
    from bot.channels.telegram.heartbeat import seconds_since_contact

    age = seconds_since_contact(_settings().data_dir)
    if age is None:
        typer.echo("no running bot has reached Telegram")
        raise typer.Exit(1)
    typer.echo(f"last contact with Telegram {age:.0f} s ago")
    if age > 90:
        raise typer.Exit(1)


# ---- helpers


def _fail(message: str) -> NoReturn:
    typer.echo(f"ldn-bot: {message}", err=True)
    raise typer.Exit(EXIT_BAD_INPUT)


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        _fail(str(error))


def _directory(settings: Settings) -> Path:
    return settings.knowledge_dir or default_directory()


def _engine(settings: Settings) -> Engine:
    try:
        return Engine(load(_directory(settings)))
    except KnowledgeError as error:
        _print_problems(error.problems)
        _fail("the knowledge can't be used; see the lines above")


def _print_problems(problems: tuple[Problem, ...] | list[Problem]) -> None:
    for problem in problems:
        typer.echo(str(problem), err=problem.gravity is Gravity.ERROR)


def _chat(engine: Engine) -> None:
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    try:
        terminal_chat(engine, Console(), sys.stdin, interactive=interactive)
    except KeyboardInterrupt:
        typer.echo()


def _rendered(reply: Reply, form: Form) -> str:
    match form:
        case Form.MARKDOWN:
            return render_markdown(reply)
        case Form.BBCODE:
            return render_bbcode(reply)
        case Form.HTML:
            return render_html(reply)
        case Form.TELEGRAM:
            return "\n\n".join(render_telegram(reply))
        case _:
            return render_text(reply)


def _line(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)


def _answered(engine: Engine, question_id: object, question: Question) -> dict[str, Any]:
    start = time.perf_counter()
    reply = engine.reply(question)
    elapsed = (time.perf_counter() - start) * 1000
    return {"id": question_id, **render_json(reply), "ms": round(elapsed, 2)}


def _batch(path: Path) -> int:
    """Answer JSON Lines; the exit code says whether a line was bad."""
    engine = _engine(_settings())
    bad = False
    for raw in _raw_lines(path):
        if not raw.strip():
            continue
        result = _batch_line(engine, raw)
        bad = bad or "error" in result
        sys.stdout.write(_line(result) + "\n")
        sys.stdout.flush()
    return EXIT_BAD_LINES if bad else 0


def _raw_lines(path: Path) -> Iterator[bytes]:
    if str(path) == "-":
        yield from sys.stdin.buffer
        return
    try:
        file: BinaryIO = path.open("rb")
    except OSError as error:
        _fail(f"{path}: {error.strerror}")
    with file:
        yield from file


def _batch_line(engine: Engine, raw: bytes) -> dict[str, Any]:
    try:
        data = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        return {"id": None, "error": f"is no JSON line: {error}"}
    if not isinstance(data, dict):
        return {"id": None, "error": "must be an object with 'text'"}
    question_id = data.get("id")
    text = data.get("text")
    context = data.get("context") or []
    if not isinstance(text, str):
        return {"id": question_id, "error": "'text' must be a string"}
    if not isinstance(context, list) or not all(isinstance(entry, str) for entry in context):
        return {"id": question_id, "error": "'context' must be a list of strings"}
    return _answered(engine, question_id, Question(text, tuple(context)))
