"""``ldn-bot chat`` and ``ldn-bot run`` without a token: piped and in a terminal."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.cli.app import CONNECT_TELEGRAM
from bot.engine import Engine
from bot.replies import Question
from tests.cli.processes import PROMPT, Cli, Inside, Terminal

FIBRO = "does ldn help fibromyalgia"
DREAMS = "vivid dreams on ldn"


def test_piped_lines_are_answered_plainly(cli: Cli) -> None:
    done = cli.run("chat", stdin=f"{FIBRO}\n\n{DREAMS}\nquit\ntramadol\n")

    assert (done.returncode, done.stderr) == (0, "")
    assert "One randomised trial found a small benefit" in done.stdout
    assert "Vivid dreams are a known side effect" in done.stdout
    assert "Tramadol is an opioid" not in done.stdout
    assert PROMPT not in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize("word", ["quit", "exit", "QUIT", ":q", " bye "])
def test_words_that_end(inside: Inside, word: str) -> None:
    done = inside("chat", stdin=f"{word}\n{FIBRO}\n")

    assert (done.exit_code, done.stdout) == (0, "")


def test_odd_lines(cli: Cli) -> None:
    lines = [b"\xff\xfe", b"9" * 5000, b"0", b"-1", "٣".encode(), b"[/b] :pill: [bold", b"\x00"]

    done = cli.run("chat", stdin=b"\n".join(lines))

    assert (done.returncode, done.stderr) == (0, "")


def first_choice(engine: Engine, text: str) -> str:
    """The short answer of the topic that the number 1 opens after ``text``."""
    reply = engine.reply(Question(text))
    choices = reply.options or reply.answers[0].related
    opened = engine.open(choices[0].topic_id)
    assert opened
    return opened.answers[0].short.text


def test_number_opens_a_topic_also_when_piped(inside: Inside, small_engine: Engine) -> None:
    done = inside("chat", stdin=f"{DREAMS}\n1\n")

    assert first_choice(small_engine, DREAMS) in " ".join(done.stdout.split())


def test_number_that_is_not_in_the_list(inside: Inside) -> None:
    done = inside("chat", stdin=f"{DREAMS}\n77\n")

    assert "There is no number 77 in the list." in done.stdout


def test_follow_up_leans_on_the_last_answer(inside: Inside) -> None:
    alone = inside("chat", stdin="and what did the studies say\n")
    after = inside("chat", stdin=f"{FIBRO}\nand what did the studies say\n")

    assert after.stdout.partition("and what")[0] != alone.stdout
    assert after.exit_code == 0


def test_in_a_terminal(cli: Cli, small_engine: Engine) -> None:
    with cli.terminal("chat") as terminal:
        assert "A number opens a topic from the list" in terminal.until(PROMPT)
        terminal.type(f"{DREAMS}\n")
        answer = terminal.until(PROMPT)
        assert "Vivid dreams are a known side effect" in answer
        terminal.type("1\n")
        opened = " ".join(terminal.until(PROMPT).split())
        assert first_choice(small_engine, DREAMS) in opened.replace("\x1b[0m", "")
        terminal.type("quit\n")

        assert terminal.ended() == 0

    assert terminal.shown.rstrip().endswith("Take care.")
    assert "Traceback" not in terminal.shown


def end_of_input(terminal: Terminal) -> None:
    terminal.type("\x04")


@pytest.mark.parametrize("leave", [end_of_input, Terminal.interrupt])
@pytest.mark.parametrize("command", ["chat", "run"])
def test_leaving_the_chat(cli: Cli, command: str, leave: Callable[[Terminal], None]) -> None:
    with cli.terminal(command) as terminal:
        greeting = terminal.until(PROMPT)
        leave(terminal)

        assert terminal.ended() == 0

    assert ("LDN_TELEGRAM_TOKEN=<token>" in " ".join(greeting.split())) is (command == "run")
    assert terminal.shown.rstrip().endswith("Take care.")
    assert "Traceback" not in terminal.shown
    assert "Aborted" not in terminal.shown


def test_run_without_a_token_tells_how_to_connect_in_one_line(cli: Cli) -> None:
    done = cli.run("run", stdin=f"{FIBRO}\n")

    first, _, rest = done.stdout.partition("\n")
    assert done.returncode == 0
    assert first == CONNECT_TELEGRAM
    assert "One randomised trial found" in rest


def test_run_with_an_empty_token_and_no_input(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LDN_TELEGRAM_TOKEN", " ")

    done = inside("run")

    assert (done.exit_code, done.output) == (0, f"{CONNECT_TELEGRAM}\n")


def test_chat_in_the_terminal_without_colour(cli: Cli) -> None:
    with cli.terminal("chat", settings={"NO_COLOR": "1"}) as terminal:
        terminal.until(PROMPT)
        terminal.type("can i take ldn with tramadol\n")
        answer = terminal.until(PROMPT)
        terminal.type("\x04")
        terminal.ended()

    assert "Tramadol is an opioid" in answer
    assert "\x1b[36m" not in answer
    assert "\x1b[1;31m" not in answer
