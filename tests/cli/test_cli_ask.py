"""``ldn-bot ask`` with one question, and what all commands share."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib.metadata import entry_points

import pytest

import bot
from bot.cli import main
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
from tests.cli.processes import Cli, Inside

QUESTION = "does ldn help fibromyalgia"
COMMANDS = ("chat", "ask", "explain", "check", "run", "health")

FIELDS = {
    "id",
    "kind",
    "topics",
    "options",
    "opioid_warning",
    "unknown_medicines",
    "refer",
    "language",
    "confidence",
    "text",
    "sources",
    "knowledge_version",
    "ms",
}


def test_console_script() -> None:
    (script,) = entry_points(group="console_scripts", name="ldn-bot")

    assert script.load() is main


def test_version(inside: Inside) -> None:
    done = inside("--version")

    assert (done.exit_code, done.output) == (0, f"ldn-bot {bot.__version__}\n")


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_names_every_command(inside: Inside, option: str) -> None:
    done = inside(option)

    assert done.exit_code == 0
    assert all(command in done.output for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command(inside: Inside, command: str) -> None:
    done = inside(command, "--help")

    assert done.exit_code == 0
    assert f"Usage: ldn-bot {command}" in done.output


@pytest.mark.parametrize("arguments", [("nonsense",), ("ask", "x", "--nonsense"), ("explain",)])
def test_wrong_usage(inside: Inside, arguments: tuple[str, ...]) -> None:
    done = inside(*arguments)

    assert done.exit_code == 2
    assert "Usage: ldn-bot" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("ask",), "give either a question or --batch FILE"),
        (("ask", "x", "--batch", "y"), "give either a question or --batch FILE"),
        (("ask", "--batch", "y", "--format", "html"), "--batch writes JSON"),
        (("ask", "x", "--json", "--format", "html"), "--json and --format contradict each other"),
        (("ask", "--batch", "no-such-file"), "no-such-file: No such file or directory"),
        (("ask", "--batch", "."), ".: Is a directory"),
    ],
)
def test_contradictions_end_with_a_clear_line(
    inside: Inside, arguments: tuple[str, ...], reason: str
) -> None:
    done = inside(*arguments)

    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"ldn-bot: {reason}\n")


@pytest.mark.parametrize(
    ("form", "render"),
    [
        ("text", render_text),
        ("markdown", render_markdown),
        ("bbcode", render_bbcode),
        ("html", render_html),
        ("telegram", lambda reply: "\n\n".join(render_telegram(reply))),
    ],
)
def test_forms(
    inside: Inside, small_engine: Engine, form: str, render: Callable[[Reply], str]
) -> None:
    done = inside("ask", QUESTION, "--format", form)

    assert done.exit_code == 0
    assert done.stdout == render(small_engine.reply(Question(QUESTION))) + "\n"


def test_unknown_form(inside: Inside) -> None:
    done = inside("ask", QUESTION, "--format", "pdf")

    assert done.exit_code == 2
    assert "'markdown'" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", QUESTION, "--json"),
        ("ask", QUESTION, "--format", "json"),
        ("ask", QUESTION, "--json", "-f", "json"),
    ],
)
def test_json(inside: Inside, small_engine: Engine, arguments: tuple[str, ...]) -> None:
    done = inside(*arguments)

    data = json.loads(done.stdout)
    assert done.exit_code == 0
    assert done.stdout.count("\n") == 1
    assert set(data) == FIELDS
    assert data.pop("ms") > 0
    assert data.pop("id") is None
    assert data == render_json(small_engine.reply(Question(QUESTION)))
    assert set(data["sources"][0]) == {"id", "title", "year", "url", "doi", "level"}


@pytest.mark.parametrize("question", ["", " ", "?!", "\udcff ldn", "ldn " * 20_000, "[/b] :pill:"])
def test_odd_questions_get_an_answer(inside: Inside, question: str) -> None:
    done = inside("ask", question)

    assert done.exit_code == 0
    assert len(done.stdout) > 50


@pytest.mark.parametrize(
    "question", [QUESTION, "[/b] can i take dolcet with ldn [bold] :pill:", "", "tramadol?"]
)
def test_explain(inside: Inside, question: str) -> None:
    done = inside("explain", question)

    assert done.exit_code == 0
    assert re.search(r"^ decision +\w+ \(confidence 0\.\d\d\)", done.stdout, re.MULTILINE)
    assert "\x1b" not in done.stdout


def test_explain_shows_what_was_understood(inside: Inside) -> None:
    done = inside("explain", "is it safe with tramadol", "--after", QUESTION)

    assert re.search(r"^ opioids +tramadol \(full\)", done.stdout, re.MULTILINE)
    assert "interaction.tramadol" in done.stdout


def test_plain_text_in_a_pipe_and_nothing_written_beside(cli: Cli) -> None:
    done = cli.run("ask", QUESTION)

    assert done.returncode == 0
    assert "One randomised trial found a small benefit" in done.stdout
    assert "\x1b" not in done.stdout
    assert done.stderr == ""
    assert list(cli.folder.iterdir()) == []


def test_output_in_an_encoding_that_lacks_characters(cli: Cli) -> None:
    settings = {"PYTHONIOENCODING": "latin-1"}

    done = cli.run("ask", QUESTION, settings=settings)
    as_json = cli.run("ask", QUESTION, "--json", settings=settings)

    assert done.returncode == 0, done.stderr
    assert "?LDN works for everybody with fibromyalgia?" in done.stdout
    assert "“LDN works for everybody with fibromyalgia”" in json.loads(as_json.stdout)["text"]


def test_colour_in_a_terminal(cli: Cli) -> None:
    with cli.terminal("ask", QUESTION) as terminal:
        assert terminal.ended() == 0

    assert "\x1b[36m" in terminal.shown
    assert "\x1b]8;" in terminal.shown  # links can be clicked


def test_no_colour_on_request(cli: Cli) -> None:
    with cli.terminal("ask", QUESTION, settings={"NO_COLOR": "1"}) as terminal:
        assert terminal.ended() == 0

    assert "One randomised trial found" in terminal.shown
    assert not re.search(r"\x1b\[(?:[\d;]*;)?[349]\d[;m]", terminal.shown)


def test_reader_that_leaves_early(cli: Cli) -> None:
    process = cli.start("ask", QUESTION)
    assert process.stdout
    process.stdout.close()
    process.stdout = None

    _, errors = process.communicate()

    assert errors == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(cli: Cli, shell: str) -> None:
    done = cli.run(settings={"_LDN_BOT_COMPLETE": f"source_{shell}"})

    assert done.returncode == 0, done.stderr
    assert "ldn-bot" in done.stdout


def test_completion_completes(cli: Cli) -> None:
    done = cli.run(
        settings={
            "_LDN_BOT_COMPLETE": "complete_bash",
            "COMP_WORDS": "ldn-bot expl",
            "COMP_CWORD": "1",
        }
    )

    assert done.stdout.split() == ["explain"]


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"LDN_LOG_LEVEL": "foo"}, "LDN_LOG_LEVEL: must be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        (
            {"LDN_TELEGRAM_API_URL": "nonsense"},
            "LDN_TELEGRAM_API_URL: must be an address like https://api.telegram.org",
        ),
        (
            {"LDN_TELEGRAM_TOKEN": "12345:secret", "LDN_TELEGRAM_TOKEN_FILE": "secret-file"},
            "set LDN_TELEGRAM_TOKEN or LDN_TELEGRAM_TOKEN_FILE, not both",
        ),
        (
            {"LDN_TELEGRAM_TOKEN_FILE": "/secret/file"},
            "LDN_TELEGRAM_TOKEN_FILE: the file can't be read: No such file or directory",
        ),
        ({"LDN_TELEGRAM_TOKEN_FILE": "/dev/null"}, "LDN_TELEGRAM_TOKEN_FILE: the file is empty"),
    ],
)
def test_wrong_settings_end_the_start(
    inside: Inside, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], line: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    done = inside("run")

    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"ldn-bot: {line}\n")


def test_env_file_in_the_working_directory(cli: Cli) -> None:
    (cli.folder / ".env").write_text("LDN_LOG_LEVEL=foo\n")

    done = cli.run("ask", QUESTION)

    assert done.returncode == 2
    assert done.stderr.startswith("ldn-bot: LDN_LOG_LEVEL: must be")


def test_broken_knowledge_ends_the_start_with_every_problem(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LDN_KNOWLEDGE_DIR", "nowhere")

    done = inside("ask", QUESTION)

    assert done.exit_code == 2
    assert done.stderr == (
        "nowhere: error: is no folder\nldn-bot: the knowledge can't be used; see the lines above\n"
    )


def test_health_without_a_running_bot(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LDN_DATA_DIR", "data")

    done = inside("health")

    assert (done.exit_code, done.output) == (1, "no running bot has reached Telegram\n")
