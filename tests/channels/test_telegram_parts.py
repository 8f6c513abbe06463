"""Parts of the Telegram channel that need no server."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import BadRequest, NetworkError, TimedOut

from bot.channels.telegram import sending
from bot.channels.telegram.buttons import MAX_LABEL, decode, encode, topic_buttons
from bot.channels.telegram.heartbeat import FILE_NAME, Heartbeat, seconds_since_contact
from bot.channels.telegram.sending import with_retries
from bot.replies import Choice

slugs = st.from_regex(r"[a-z0-9]{1,20}(-[a-z0-9]{1,10}){0,2}", fullmatch=True)


@given(slugs)
def test_what_a_button_opens_survives_the_round_trip(slug: str) -> None:
    topic_id = f"condition.{slug}"
    data = encode(topic_id)
    assert 0 < len(data.encode()) <= 64
    assert decode(data) == topic_id


@given(st.one_of(st.none(), st.text()))
def test_any_data_can_be_read(data: str | None) -> None:
    topic_id = decode(data)
    assert topic_id is None or data == f"1:{topic_id}"


def test_an_id_too_long_for_a_button_is_an_error() -> None:
    assert encode("a" * 62)
    with pytest.raises(ValueError, match="too long for a button"):
        encode("é" * 32)


def test_labels_are_short() -> None:
    found = topic_buttons(Choice(f"condition.c{number}", "long " * 40) for number in range(3))
    assert found is not None
    for (button,) in found.inline_keyboard:
        assert len(button.text) == MAX_LABEL
        assert button.text.endswith("…")
    assert topic_buttons(()) is None


def test_the_heartbeat_tells_the_last_contact(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "here"
    heartbeat = Heartbeat(folder)
    assert seconds_since_contact(folder) is None
    heartbeat.beat()
    age = seconds_since_contact(folder)
    assert age is not None
    assert age < 60
    long_ago = time.time() - 1000
    os.utime(folder / FILE_NAME, (long_ago, long_ago))
    heartbeat.beat()  # too soon after the last one to be written down
    age = seconds_since_contact(folder)
    assert age is not None
    assert age >= 1000
    heartbeat.stop()
    heartbeat.stop()
    assert seconds_since_contact(folder) is None


def test_a_heartbeat_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    heartbeat = Heartbeat(folder)
    folder.rmdir()
    heartbeat.beat()
    heartbeat.stop()
    assert seconds_since_contact(folder) is None


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "LONGEST_WAIT", 0.0)


class Line:
    """A connection that fails in the given way until it doesn't."""

    def __init__(self, error: Exception, failures: int) -> None:
        self.error = error
        self.failures = failures
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        if self.calls <= self.failures:
            raise self.error
        return "sent"


@pytest.mark.usefixtures("impatient")
async def test_a_broken_line_is_tried_again_but_not_for_ever() -> None:
    line = Line(NetworkError("gone"), failures=5)
    assert await with_retries(line) == "sent"
    assert line.calls == 6
    line = Line(NetworkError("gone"), failures=9)
    with pytest.raises(NetworkError):
        await with_retries(line)
    assert line.calls == sending.ATTEMPTS


@pytest.mark.parametrize("error", [TimedOut(), BadRequest("no"), RuntimeError("no")])
async def test_what_may_have_arrived_or_never_will_is_not_sent_again(error: Exception) -> None:
    line = Line(error, failures=1)
    with pytest.raises(type(error)):
        await with_retries(line)
    assert line.calls == 1
