"""From the receipt of an update to its answer, on a real database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from telegram import Bot, Update
from telegram.error import NetworkError

from bot.channels.telegram import queue as queue_module
from bot.channels.telegram.queue import DurableQueue, FairProcessor
from bot.storage import Inbox, Received, StorageError
from bot.storage.database import Database
from tests.bot_api import TOKEN

ANNA, BEN = 5_000_000_001, 5_000_000_002


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    await database.start()
    yield database
    await database.close()


@pytest.fixture
def inbox(database: Database) -> Inbox:
    return Inbox(database)


@pytest.fixture
def bot() -> Bot:
    return Bot(TOKEN)


def message(update_id: int, chat_id: int = ANNA, text: str = "does ldn help fibro?") -> Update:
    person = {"id": chat_id, "type": "private", "first_name": "A", "is_bot": False}
    content = {"message_id": update_id, "date": 1, "chat": person, "from": person, "text": text}
    return Update.de_json({"update_id": update_id, "message": content}, None)


def typed(update_id: int, user_id: int) -> Update:
    """An inline query, which belongs to no chat."""
    person = {"id": user_id, "first_name": "A", "is_bot": False}
    content = {"id": str(update_id), "from": person, "query": "fibro", "offset": ""}
    return Update.de_json({"update_id": update_id, "inline_query": content}, None)


def held(queue: DurableQueue) -> list[object]:
    return [queue.get_nowait() for _ in range(queue.qsize())]


async def waiting(inbox: Inbox) -> list[int]:
    return [received.update_id for received in await inbox.waiting()]


async def test_an_update_is_kept_until_it_is_answered(inbox: Inbox, bot: Bot) -> None:
    queue = DurableQueue(inbox)
    first, second = message(1), message(2, text='a "quoted"\nline 🙂')
    for update in (first, second):
        await queue.put(update)
    assert held(queue) == [first, second]
    await queue.answered(first)

    after_a_crash = DurableQueue(inbox)
    assert await after_a_crash.recover(bot) == 1
    (recovered,) = held(after_a_crash)
    assert isinstance(recovered, Update)
    assert recovered.to_dict() == second.to_dict()
    await after_a_crash.answered(recovered)
    assert await DurableQueue(inbox).recover(bot) == 0


async def test_an_update_delivered_again_is_taken_once(inbox: Inbox, bot: Bot) -> None:
    queue = DurableQueue(inbox)
    await asyncio.gather(*(queue.put(message(1)) for _ in range(5)))
    assert held(queue) == [message(1)]
    await queue.answered(message(1))
    await queue.put(message(1))
    assert held(queue) == []

    await queue.put(message(2))
    after_a_crash = DurableQueue(inbox)
    assert await after_a_crash.recover(bot) == 1
    await after_a_crash.put(message(1))
    await after_a_crash.put(message(2))
    assert held(after_a_crash) == [message(2)]


def poll(*updates: Update) -> bytes:
    """Telegram's answer to ``getUpdates``."""
    return json.dumps({"ok": True, "result": [update.to_dict() for update in updates]}).encode()


async def test_what_a_poll_brings_is_kept_at_once(inbox: Inbox, bot: Bot) -> None:
    queue = DurableQueue(inbox)
    await queue.keep(poll(message(1), message(2)))
    await queue.keep(poll(message(1), message(2)))  # the library could not read the first answer
    assert await waiting(inbox) == [1, 2]
    assert held(queue) == []
    await queue.put(message(1))
    assert held(queue) == [message(1)]
    await queue.answered(message(1))
    await queue.keep(poll(message(1), message(2), message(3)))
    for number in (1, 2, 3):
        await queue.put(message(number))
    assert held(queue) == [message(2), message(3)]
    await queue.keep(poll(message(2)))
    await queue.put(message(2))
    assert held(queue) == []

    after_a_crash = DurableQueue(inbox)
    assert await after_a_crash.recover(bot) == 2
    assert held(after_a_crash) == [message(2), message(3)]


@pytest.mark.parametrize(
    "answer", [b'{"ok":true,"result":[]}', b'{"ok":true,"res', b'{"ok":false}', b"[]", b"\xff"]
)
async def test_an_answer_without_updates_keeps_nothing(inbox: Inbox, answer: bytes) -> None:
    await DurableQueue(inbox).keep(answer)
    assert await waiting(inbox) == []


async def test_what_is_no_update_passes_by(inbox: Inbox) -> None:
    queue, signal = DurableQueue(inbox), object()
    await queue.put(signal)
    assert held(queue) == [signal]
    assert await waiting(inbox) == []


async def test_an_update_that_cannot_be_kept_is_fetched_again(database_url: str) -> None:
    database = Database(database_url)  # still without tables
    queue = DurableQueue(Inbox(database))
    with pytest.raises(NetworkError):
        await queue.keep(poll(message(1)))
    with pytest.raises(NetworkError):
        await queue.put(message(1))
    assert held(queue) == []
    await database.start()
    await queue.put(message(1))
    assert held(queue) == [message(1)]
    assert await waiting(Inbox(database)) == [1]
    await database.close()


class BreakingInbox(Inbox):
    """The database does what it is asked, but the connection breaks before it can say so."""

    def __init__(self, database: Database, breaks: int) -> None:
        super().__init__(database)
        self.breaks = breaks

    def _break(self) -> None:
        self.breaks -= 1
        if self.breaks >= 0:
            raise StorageError("ConnectionDoesNotExistError")

    async def add(self, *received: Received) -> set[int]:
        waiting = await super().add(*received)
        self._break()
        return waiting

    async def answered(self, update_id: int) -> None:
        await super().answered(update_id)
        self._break()


async def test_an_update_that_was_kept_unknowingly_is_taken(database: Database) -> None:
    queue = DurableQueue(BreakingInbox(database, breaks=1))
    with pytest.raises(NetworkError):
        await queue.put(message(1))
    await queue.put(message(1))
    assert held(queue) == [message(1)]


class Desk:
    """Puts updates through the queue and the processor, as the library does it.

    Each one is begun when its turn comes and finished when the test says so.
    """

    def __init__(self, inbox: Inbox, places: int = 8) -> None:
        self.inbox = inbox
        self.open = True
        self.begun: list[int] = []
        self.finished: list[int] = []
        self._queue = DurableQueue(inbox)
        self._processor = FairProcessor(self._queue, lambda: self.open, places)
        self._gates: dict[int, asyncio.Event] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._news = asyncio.Condition()

    async def receive(self, *updates: Update) -> None:
        for update in updates:
            await self._queue.put(update)
            self._gates[update.update_id] = asyncio.Event()
            taken = self._queue.get_nowait()
            answer = self._processor.process_update(taken, self._answer(update.update_id))
            self._tasks.append(asyncio.create_task(answer))

    async def _answer(self, update_id: int) -> None:
        async with self._news:
            self.begun.append(update_id)
            self._news.notify_all()
        await self._gates[update_id].wait()
        async with self._news:
            self.finished.append(update_id)
            self._news.notify_all()

    def let(self, *update_ids: int) -> None:
        for update_id in update_ids:
            self._gates[update_id].set()

    async def until_begun(self, *update_ids: int) -> None:
        async with asyncio.timeout(10), self._news:
            await self._news.wait_for(lambda: set(self.begun) >= set(update_ids))

    async def until_done(self) -> None:
        async with asyncio.timeout(30):
            await asyncio.gather(*self._tasks)


async def test_order_in_a_chat_is_kept_and_chats_do_not_wait(inbox: Inbox) -> None:
    desk = Desk(inbox)
    await desk.receive(message(1), message(2), message(3), message(4, BEN), typed(5, BEN))
    await desk.until_begun(1, 4, 5)
    assert set(desk.begun) == {1, 4, 5}
    desk.let(2, 3, 4)
    await desk.until_begun(1, 4, 5)
    assert 2 not in desk.begun
    desk.let(1, 5)
    await desk.until_done()
    assert [number for number in desk.finished if number in {1, 2, 3}] == [1, 2, 3]
    assert await waiting(inbox) == []


async def test_a_flooding_person_takes_one_place(inbox: Inbox) -> None:
    desk = Desk(inbox, places=2)
    flood = range(1, 101)
    await desk.receive(*(message(number) for number in flood), message(101, BEN))
    await desk.until_begun(1, 101)
    assert sorted(desk.begun) == [1, 101]
    desk.let(*flood, 101)
    await desk.until_done()
    assert [number for number in desk.finished if number <= 100] == list(flood)


async def test_only_so_many_chats_at_once(inbox: Inbox) -> None:
    desk = Desk(inbox, places=2)
    await desk.receive(*(message(number, ANNA + number) for number in range(1, 6)))
    await desk.until_begun(1, 2)
    assert sorted(desk.begun) == [1, 2]
    desk.let(1)
    await desk.until_begun(1, 2, 3)
    assert sorted(desk.begun) == [1, 2, 3]
    desk.let(2, 3, 4, 5)
    await desk.until_done()
    assert await waiting(inbox) == []


async def test_what_is_not_begun_at_the_end_stays_for_the_next_start(inbox: Inbox) -> None:
    desk = Desk(inbox)
    await desk.receive(message(1), message(2), message(3, BEN), message(4, BEN))
    await desk.until_begun(1, 3)
    desk.open = False
    desk.let(1, 3)
    await desk.until_done()
    assert sorted(desk.finished) == [1, 3]
    assert await waiting(inbox) == [2, 4]


async def test_an_answer_is_noted_although_the_connection_breaks(database: Database) -> None:
    inbox = BreakingInbox(database, breaks=0)
    desk = Desk(inbox)
    await desk.receive(message(1))
    inbox.breaks = 2
    desk.let(1)
    await desk.until_done()
    assert await waiting(inbox) == []


async def test_the_next_update_comes_although_an_answer_cannot_be_noted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "NOTE_SECONDS", 0.0)
    inbox = BreakingInbox(database, breaks=0)
    desk = Desk(inbox)
    await desk.receive(message(1), message(2))
    inbox.breaks = 1
    desk.let(1, 2)
    await desk.until_done()
    assert desk.finished == [1, 2]


async def test_an_update_that_was_cut_off_is_not_noted_as_answered(inbox: Inbox) -> None:
    queue = DurableQueue(inbox)
    processor = FairProcessor(queue, lambda: True)
    begun = asyncio.Event()

    async def never() -> None:
        begun.set()
        await asyncio.Event().wait()

    await queue.put(message(1))
    task = asyncio.create_task(processor.process_update(message(1), never()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await waiting(inbox) == [1]
