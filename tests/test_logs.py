"""No token in any line, whatever it comes in with; and lines that machines can read."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
import structlog

from bot.logs import HIDDEN, configure_logging, redact

TOKEN = "123456789:AAF-abc_DEFghijklmnopqrstuvwxyz01234"
SECRET = "not-shaped-like-a-token"
FORMS: list[Literal["console", "json"]] = ["console", "json"]


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    """Logging, uncaught errors and structlog as they were."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logging.root.manager.loggerDict}
    hooks = sys.excepthook, threading.excepthook
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in list(logging.root.manager.loggerDict):
        logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))
    sys.excepthook, threading.excepthook = hooks
    structlog.reset_defaults()


def started(form: Literal["console", "json"] = "json", level: str = "INFO") -> io.StringIO:
    stream = io.StringIO()
    configure_logging(level, form, [SECRET], stream)
    return stream


def failing(error: BaseException, cause: BaseException | None = None) -> None:
    raise error from cause


def failing_without_cause(error: BaseException) -> None:
    raise error


def in_message() -> None:
    logging.getLogger("x").warning(f"calling {TOKEN} and {SECRET}")


def in_arguments() -> None:
    logging.getLogger("x").warning("calling %s and %r", TOKEN, {"key": SECRET})


def in_address() -> None:
    url = f"https://api.telegram.org/bot{TOKEN}/getMe?x={SECRET}"
    logging.getLogger("x").warning(url)


def in_escaped_address() -> None:
    token = TOKEN.replace(":", "%3A")
    logging.getLogger("x").warning(f"/bot{token}/getMe {SECRET}")


def in_event() -> None:
    structlog.get_logger("x").warning("calling", url=TOKEN, more=[SECRET], error=ValueError(TOKEN))


def in_traceback() -> None:
    try:
        failing(ValueError(f"{TOKEN} {SECRET}"))
    except ValueError:
        logging.getLogger("x").exception("failed")


def in_chained_traceback() -> None:
    try:
        failing(RuntimeError("outer"), KeyError(f"{TOKEN} {SECRET}"))
    except RuntimeError:
        structlog.get_logger("x").exception("failed")


def in_context_of_traceback() -> None:
    try:
        try:
            failing(KeyError(f"{TOKEN} {SECRET}"))
        except KeyError:
            failing_without_cause(RuntimeError("outer"))
    except RuntimeError:
        logging.getLogger("x").exception("failed")


def in_group() -> None:
    try:
        failing(ExceptionGroup("all", [ValueError(TOKEN), ValueError(SECRET)]))
    except ExceptionGroup:
        logging.getLogger("x").exception("failed")


def uncaught() -> None:
    try:
        failing(ValueError(f"{TOKEN} {SECRET}"))
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)


def uncaught_in_thread() -> None:
    thread = threading.Thread(target=failing, args=(ValueError(f"{TOKEN} {SECRET}"),))
    thread.start()
    thread.join()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "write",
    [
        in_message,
        in_arguments,
        in_address,
        in_escaped_address,
        in_event,
        in_traceback,
        in_chained_traceback,
        in_context_of_traceback,
        in_group,
        uncaught,
        uncaught_in_thread,
    ],
)
def test_no_token_in_any_line(form: Literal["console", "json"], write: Callable[[], None]) -> None:
    stream = started(form)

    write()

    text = stream.getvalue()
    assert text.count(HIDDEN) >= 2
    assert "AAF-abc" not in text
    assert SECRET not in text


@pytest.mark.parametrize(
    "text",
    [
        "at 12:30 on 2026-11-22",
        "sources 12345:67890",
        "12345: a-long-word-behind-a-colon",
    ],
)
def test_other_text_stays(text: str) -> None:
    assert redact(text, [""]) == text


def test_every_occurrence_goes() -> None:
    assert redact(f"{TOKEN} {TOKEN} x{SECRET}x", [SECRET]) == f"{HIDDEN} {HIDDEN} x{HIDDEN}x"


def parsed(stream: io.StringIO) -> dict[str, Any]:
    lines = stream.getvalue().splitlines()
    assert len(lines) == 1, lines
    data: dict[str, Any] = json.loads(lines[0])
    return data


@pytest.mark.parametrize("write", [in_traceback, in_chained_traceback, uncaught])
def test_json_line_is_one_line_also_with_a_traceback(write: Callable[[], None]) -> None:
    stream = started()

    write()

    data = parsed(stream)
    assert data["timestamp"].endswith("Z")
    assert "Traceback (most recent call last)" in data["exception"]
    assert "Error" in data["exception"]


def test_json_line_of_a_library() -> None:
    stream = started()

    logging.getLogger("library").error("broken %s", "pipe")

    data = parsed(stream)
    assert (data["event"], data["level"], data["logger"]) == ("broken pipe", "error", "library")


def test_json_line_of_an_event() -> None:
    stream = started()

    structlog.get_logger("bot.x").info("started", topics=3)

    data = parsed(stream)
    assert (data["event"], data["level"], data["logger"]) == ("started", "info", "bot.x")
    assert data["topics"] == 3


def test_console_line_has_no_colour_outside_a_terminal() -> None:
    stream = started("console")

    structlog.get_logger("bot.x").info("started", topics=3)
    in_chained_traceback()

    text = stream.getvalue()
    assert "started" in text
    assert "topics=3" in text
    assert "Traceback (most recent call last)" in text
    assert "\x1b" not in text


def test_uncaught_error_is_told_with_its_traceback() -> None:
    stream = started("console")

    uncaught()

    assert "uncaught error" in stream.getvalue()
    assert "in failing" in stream.getvalue()


def test_interruption_by_the_user_is_no_error() -> None:
    stream = started()

    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)

    assert stream.getvalue() == ""


@pytest.mark.parametrize(("level", "lines"), [("DEBUG", 2), ("INFO", 1), ("WARNING", 0)])
def test_level(level: str, lines: int) -> None:
    stream = started(level=level)

    structlog.get_logger("bot.x").debug("a")
    structlog.get_logger("bot.x").info("b")

    assert len(stream.getvalue().splitlines()) == lines


@pytest.mark.parametrize(
    "name",
    [
        *("httpx", "httpcore.connection", "telegram.request", "asyncio"),
        *("matplotlib.font_manager", "PIL.PngImagePlugin"),
    ],
)
def test_chatter_of_libraries_is_left_out_also_when_debugging(name: str) -> None:
    stream = started(level="DEBUG")

    logging.getLogger(name).info("GET /bot/getUpdates")
    logging.getLogger(name).debug("message text")
    logging.getLogger(name).warning("slow")

    assert parsed(stream)["event"] == "slow"


def test_errors_that_our_handlers_tell_are_not_told_twice() -> None:
    stream = started(level="DEBUG")

    logging.getLogger("telegram.ext").error("Network Retry Loop")

    assert stream.getvalue() == ""
