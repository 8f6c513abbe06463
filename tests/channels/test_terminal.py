"""The chat in a terminal, with lines that are piped in."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from bot.channels.terminal import chat
from bot.engine import Engine
from bot.replies import Question
from tests.rendering.examples import SIGNS


def chatted(engine: Engine, *lines: str) -> str:
    """What a chat of these lines prints."""
    out = io.StringIO()
    console = Console(file=out, width=100, highlight=False)
    chat(engine, console, io.StringIO("".join(f"{line}\n" for line in lines)), interactive=False)
    return out.getvalue()


def test_every_line_is_answered(small_engine: Engine) -> None:
    shown = chatted(small_engine, "does ldn help fibro?", "", "ldn with tramadol?")
    assert shown.index("One randomised trial found") < shown.index("No. Tramadol is an opioid")
    assert shown.index("Do not combine LDN") < shown.index("No. Tramadol is an opioid")
    assert "https://doi.org/10.1000/ldn.2020%281%29%3C7::aid%3E3" in shown.replace("\n", "")


def test_an_emergency_is_first(small_engine: Engine) -> None:
    shown = chatted(small_engine, "i have chest pain now")
    assert shown.index("Call your emergency number now") < shown.index("Sources")
    assert "Get help now" in shown.splitlines()[0]


def test_a_number_opens_a_topic(small_engine: Engine, vague_question: str) -> None:
    second = small_engine.reply(Question(vague_question)).options[1]
    opened = small_engine.open(second.topic_id)
    assert opened is not None
    shown = chatted(small_engine, vague_question, "2")
    assert "".join(opened.answers[0].short.text.split()) in "".join(shown.split())


def test_quit_ends_it(small_engine: Engine) -> None:
    assert chatted(small_engine, "quit", "does ldn help fibro?") == ""


@pytest.mark.parametrize("text", [SIGNS, "[bold]x[/bold] [/]", "\x1b[31mred", "ldn " * 3000])
def test_anything_can_be_typed(small_engine: Engine, text: str) -> None:
    assert chatted(small_engine, text)
    assert "\x1b" not in chatted(small_engine, text)
