"""Commands and options. What a command does is imported when it runs, so that help is instant."""

from __future__ import annotations

import io
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import bot

CONNECT_TELEGRAM = (
    "No Telegram token is set, so this is the chat in the terminal. To connect Telegram, get a "
    "token from @BotFather and start with LDN_TELEGRAM_TOKEN=<token>."
)

HEALTHY_SECONDS = 90

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
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # A character that the terminal or a file can't hold is shown as "?", not as a traceback.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    app(prog_name="ldn-bot")


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
    from bot.channels.terminal import chat_on_standard_streams
    from bot.cli import start

    chat_on_standard_streams(start.engine(start.settings()))


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
    from bot.cli import asking, start

    if (question is None) == (batch is None):
        start.fail("give either a question or --batch FILE")
    if as_json and form not in {None, Form.JSON}:
        start.fail("--json and --format contradict each other")
    if batch is not None:
        if form not in {None, Form.JSON}:
            start.fail("--batch writes JSON")
        raise typer.Exit(asking.answer_batch(batch))
    assert question is not None  # noqa: S101 - one of the two is given
    asking.answer(question, "json" if as_json else form)


@app.command()
def explain(
    question: Annotated[str, typer.Argument(help="The question.")],
    after: Annotated[
        list[str] | None,
        typer.Option("--after", help="An earlier question of the same chat (may be repeated)."),
    ] = None,
) -> None:
    """Show how a question is understood and why it gets its answer."""
    from bot.cli.inspecting import explain_question

    explain_question(question, tuple(after or ()))


@app.command()
def check(
    directory: Annotated[
        Path | None, typer.Argument(help="Knowledge folder (default: the one in use).")
    ] = None,
) -> None:
    """Check the knowledge: form, references, editorial rules. Exit code 2 on errors."""
    from bot.cli.inspecting import check_knowledge

    raise typer.Exit(check_knowledge(directory))


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="Labelled questions, one JSON object a line.")],
    split: Annotated[str | None, typer.Option(help="Only this part of the file.")] = None,
    wrong: Annotated[bool, typer.Option("--wrong", help="List what went wrong.")] = False,
    baselines: Annotated[
        bool, typer.Option("--baselines", help="Compare with simple ways to find a topic.")
    ] = False,
) -> None:
    """Measure how often the bot does the right thing with labelled questions."""
    from bot.cli.evaluating import evaluate_file

    evaluate_file(file, split, wrong=wrong, baselines=baselines)


@app.command()
def gaps(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    delete_texts: Annotated[
        bool, typer.Option("--delete-texts", help="Delete the texts after they were printed.")
    ] = False,
) -> None:
    """List what was asked and not answered, and what people think of the answers.

    Texts are those that their writers agreed to leave; all else is counted only.
    """
    from bot.cli.gaps import show_gaps

    show_gaps(as_json=as_json, delete=delete_texts)


@app.command()
def run() -> None:
    """Start the bot: in Telegram if a token is set, else in this terminal."""
    from bot.cli import start

    settings = start.settings()
    token = start.token(settings)
    if token is None:
        typer.echo(CONNECT_TELEGRAM)
        chat()
        return
    from bot.channels.telegram import run_telegram
    from bot.engine import Engine
    from bot.knowledge import load
    from bot.logs import configure_logging

    configure_logging(settings.log_level, settings.log_format, [token])
    directory = start.knowledge_directory(settings)
    model = start.sentence_model()
    raise typer.Exit(run_telegram(settings, token, lambda: Engine(load(directory), model)))


@app.command()
def health() -> None:
    """Exit with 0 if the running bot has reached Telegram lately, else with 1."""
    from bot.channels.telegram.heartbeat import seconds_since_contact
    from bot.cli import start

    age = seconds_since_contact(start.settings().data_dir)
    if age is None:
        typer.echo("no running bot has reached Telegram")
        raise typer.Exit(1)
    typer.echo(f"last contact with Telegram {age:.0f} s ago")
    if age > HEALTHY_SECONDS:
        raise typer.Exit(1)


class Export(StrEnum):
    """Forms in which ``export`` can write the knowledge."""

    JSON = "json"
    SCHEMA = "json-schema"
    CSL = "csl"
    RIS = "ris"
    BIBTEX = "bibtex"
    CSV = "csv"


@app.command()
def export(
    form: Annotated[
        Export,
        typer.Argument(
            help="json: everything; json-schema: its description; csl, ris, bibtex: the "
            "bibliography; csv: the studies, one row for each outcome."
        ),
    ],
) -> None:
    """Write the knowledge to standard output, for other programs."""
    from bot.cli.exporting import export_knowledge

    export_knowledge(form)


@app.command()
def picture(
    topic: Annotated[str, typer.Argument(help="Topic id, such as condition.fibromyalgia.")],
    out: Annotated[Path, typer.Option(help="PNG file to write.", dir_okay=False)],
    dark: Annotated[bool, typer.Option("--dark", help="Light letters on dark ground.")] = False,
) -> None:
    """Draw the evidence on a topic and print what the picture shows. Exit code 1 if none fits."""
    from bot.cli.picturing import write_picture

    raise typer.Exit(write_picture(topic, out, dark=dark))


@app.command()
def claims() -> None:
    """List popular claims on LDN with the verdict and what the source says."""
    from bot.cli.exporting import list_claims

    list_claims()
