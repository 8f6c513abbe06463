"""What commands need before they can work, and how they end when they can't get it."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import typer

from bot.engine import Engine
from bot.knowledge import Gravity, KnowledgeBase, KnowledgeError, Problem, default_directory, load
from bot.matching import SentenceVectors
from bot.settings import Settings, SettingsError, load_settings

EXIT_BAD_INPUT = 2


def fail(message: str) -> NoReturn:
    """End the command with a message and exit code 2."""
    for line in message.splitlines():
        typer.echo(f"ldn-bot: {line}", err=True)
    raise typer.Exit(EXIT_BAD_INPUT)


def settings() -> Settings:
    """The settings, or the end."""
    try:
        return load_settings()
    except SettingsError as error:
        fail(str(error))


def token(settings: Settings) -> str | None:
    """The Telegram token if one is set, or the end."""
    try:
        return settings.token()
    except SettingsError as error:
        fail(str(error))


def knowledge_directory(settings: Settings) -> Path:
    """The knowledge folder in use."""
    return settings.knowledge_dir or default_directory()


def engine(settings: Settings) -> Engine:
    """An engine on the knowledge in use, or the end."""
    # Nothing that is built here is garbage: without the collector it takes a quarter less time.
    gc.disable()
    try:
        return Engine(knowledge(settings), sentence_model())
    finally:
        gc.freeze()
        gc.enable()


def sentence_model() -> SentenceVectors | None:
    """The sentence model, or ``None`` and a line that says why it can't be used."""
    try:
        # Loaded only where questions are answered: it takes a third of a second.
        from bot.matching.sentence_model import ModelError, SentenceModel
    except ImportError as error:
        problem = f"{error.name} is not installed"
    else:
        try:
            return SentenceModel()
        except ModelError as error:
            problem = str(error)
    typer.echo(f"ldn-bot: matching goes by words alone: {problem}", err=True)
    return None


def knowledge(settings: Settings) -> KnowledgeBase:
    """The knowledge in use, or the end."""
    try:
        return load(knowledge_directory(settings))
    except KnowledgeError as error:
        print_problems(error.problems)
        fail("the knowledge can't be used; see the lines above")


def print_problems(problems: Iterable[Problem]) -> None:
    """Print one line for each: errors to standard error, warnings to standard output."""
    for problem in problems:
        typer.echo(str(problem), err=problem.gravity is Gravity.ERROR)
