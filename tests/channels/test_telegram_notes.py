"""Notes to watchers when sending fails in all the ways it can."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import cast

import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.channels.telegram import notes
from bot.channels.telegram.desk import Desk
from bot.channels.telegram.notes import Notes
from bot.engine import Engine
from bot.settings import Settings
from bot.storage import Storage

FIBRO = "condition.fibromyalgia"
ANNA, BEN, CLEO = 1, 2, 3


class Post:
    """Stands in for the bot: fails as planned, then sends."""

    def __init__(self) -> None:
        self.failures: list[TelegramError] = []
        self.sent: list[int] = []
        self.tried = asyncio.Event()

    async def send_message(self, chat_id: int, text: str, **_: object) -> None:
        self.tried.set()
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(chat_id)


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    """A storage in which three chats watch a topic, and a note waits for each."""
    storage = Storage(f"sqlite:///{tmp_path / 'notes.sqlite3'}")
    await storage.start()
    for chat_id in (ANNA, BEN, CLEO):
        await storage.watches.add(chat_id, FIBRO)
        await storage.watches.add(chat_id, "condition.long-covid")
    await storage.evidence.record({}, notes_on={FIBRO: "news"})
    yield storage
    await storage.close()


async def run(storage: Storage, engine: Engine, post: Post) -> None:
    """Send until nothing waits any more."""
    sender = Notes(cast(Bot, post), Desk(engine, storage, Settings()))
    sender.start()
    async with asyncio.timeout(20):
        while await storage.outbox.first():  # noqa: ASYNC110 - a database tells nobody
            await asyncio.sleep(0)
    await sender.stop()


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "FIRST_WAIT", 0)


async def test_each_watcher_gets_one(storage: Storage, small_engine: Engine) -> None:
    post = Post()
    await run(storage, small_engine, post)
    assert sorted(post.sent) == [ANNA, BEN, CLEO]


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
@pytest.mark.parametrize(
    "error",
    [lambda: NetworkError("away"), lambda: RetryAfter(0), TimedOut],
    ids=["net", "429", "time"],
)
async def test_what_passes_is_tried_again(
    storage: Storage, small_engine: Engine, error: Callable[[], TelegramError]
) -> None:
    post = Post()
    post.failures = [error(), error()]
    await run(storage, small_engine, post)
    assert sorted(post.sent) == [ANNA, BEN, CLEO]


async def test_a_note_that_is_never_confirmed_counts_as_sent(
    storage: Storage, small_engine: Engine
) -> None:
    post = Post()
    post.failures = [TimedOut()] * notes.MOST_TIMEOUTS
    await run(storage, small_engine, post)
    assert len(post.sent) == 2


async def test_a_note_that_is_refused_stops_no_other(
    storage: Storage, small_engine: Engine
) -> None:
    post = Post()
    post.failures = [BadRequest("Message is too long")]
    await run(storage, small_engine, post)
    assert len(post.sent) == 2
    assert len(await storage.watches.watchers(FIBRO)) == 3


@pytest.mark.parametrize(
    "error", [Forbidden("bot was blocked by the user"), BadRequest("Chat not found")]
)
async def test_who_cannot_be_reached_watches_nothing_any_longer(
    storage: Storage, small_engine: Engine, error: TelegramError
) -> None:
    post = Post()
    post.failures = [error]
    await run(storage, small_engine, post)
    (gone,) = {ANNA, BEN, CLEO} - set(post.sent)
    assert await storage.watches.of(gone) == []
    assert len(await storage.watches.watchers(FIBRO)) == 2


async def test_it_stops_while_telegram_is_away(
    storage: Storage, small_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notes, "FIRST_WAIT", 3600)
    post = Post()
    post.failures = [NetworkError("away")]
    sender = Notes(cast(Bot, post), Desk(small_engine, storage, Settings()))
    sender.start()
    await post.tried.wait()
    async with asyncio.timeout(5):
        await sender.stop()
    assert post.sent == []
    assert await storage.outbox.first() is not None


async def test_a_database_that_fails_is_waited_for(
    storage: Storage, small_engine: Engine, tmp_path: Path
) -> None:
    late = Storage(f"sqlite:///{tmp_path / 'late.sqlite3'}")  # has no tables yet
    post = Post()
    sender = Notes(cast(Bot, post), Desk(small_engine, late, Settings()))
    sender.start()
    await asyncio.sleep(0)
    await late.start()
    async with asyncio.timeout(20):
        while not await late.evidence.states():  # noqa: ASYNC110
            await asyncio.sleep(0)
    await sender.stop()
    await late.close()
