"""The way of an update from its receipt to its answer, so that none is lost and all get a turn.

python-telegram-bot confirms updates to Telegram as soon as they are in its queue, in memory. Here
the queue keeps each one in the inbox first: what was confirmed is stored, and what was answered is
noted. After a restart those without an answer come first.

An update is answered twice only if the process was killed between the sending of its answer and the
note of it. It is not noted before, for then it would be lost in the same moment.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Hashable
from typing import Any
from weakref import WeakValueDictionary

import structlog
from telegram import Bot, Update
from telegram.error import NetworkError
from telegram.ext import BaseUpdateProcessor
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_exponential

from bot.storage import Inbox, Received, StorageError

log = structlog.get_logger(__name__)

AT_ONCE = 64
"""Chats that are answered at the same time; most of that time is waiting for Telegram."""

UNLIMITED = 2**31
"""The library's own limit counts updates that wait for their turn: one person could use it up."""

NOTE_SECONDS = 60.0
LONGEST_WAIT = 5.0
"""How long, and with what pauses at most, it is tried to note an answer when the database fails."""


class DurableQueue(asyncio.Queue[object]):
    """A queue that keeps updates in the inbox before it takes them.

    Its :meth:`put` is awaited before Telegram gets its confirmation. What a poll brings is kept at
    once by :meth:`keep`: one write for each update would let others wait for somebody's flood.
    """

    def __init__(self, inbox: Inbox) -> None:
        super().__init__()
        self._inbox = inbox
        self._kept: dict[int, bool] = {}
        """Updates that are in the inbox and not yet here, and whether they wait for an answer."""
        self._taken: set[int] = set()
        self._one_writer = asyncio.Lock()

    async def keep(self, answer: bytes) -> None:
        """Keep all updates in Telegram's answer to ``getUpdates``.

        Raises:
            NetworkError: they could not be kept; the library will fetch them again.
        """
        try:
            updates = json.loads(answer)["result"]
            received = [Received(item["update_id"], json.dumps(item)) for item in updates]
        except (ValueError, LookupError, TypeError):
            return  # not an answer: the library finds that too, and fetches again
        if received:
            await self._keep(*received)

    async def put(self, item: object) -> None:
        """Keep and take an update, unless it was taken before.

        Raises:
            NetworkError: the update could not be kept; Telegram will deliver it again.
        """
        if not isinstance(item, Update):  # the library's signal to stop
            await super().put(item)
            return
        # In turn: of two deliveries of the same update, the second must find the first one taken.
        async with self._one_writer:
            if item.update_id not in self._kept:
                await self._keep(Received(item.update_id, item.to_json()))
            if self._kept.pop(item.update_id) and item.update_id not in self._taken:
                await self._take(item)

    async def _keep(self, *received: Received) -> None:
        try:
            waiting = await self._inbox.add(*received)
        except StorageError as error:
            log.error("updates could not be stored", error=str(error))
            raise NetworkError("updates could not be stored") from None
        self._kept.update({item.update_id: item.update_id in waiting for item in received})

    async def recover(self, bot: Bot) -> int:
        """Take what waits in the inbox since the last run. Returns how many updates that are."""
        waiting = await self._inbox.waiting()
        for received in waiting:
            update = Update.de_json(json.loads(received.body), bot)
            await self._take(update)
        return len(waiting)

    async def answered(self, update: Update) -> None:
        """Note that an update was answered.

        Raises:
            StorageError: the database failed for a long time.
        """
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(StorageError),
            stop=stop_after_delay(NOTE_SECONDS),
            wait=wait_exponential(multiplier=0.1, max=LONGEST_WAIT),
            reraise=True,
        ):
            with attempt:
                await self._inbox.answered(update.update_id)
        self._taken.discard(update.update_id)

    async def _take(self, update: Update) -> None:
        self._taken.add(update.update_id)
        await super().put(update)


class FairProcessor(BaseUpdateProcessor):
    """Answers each chat's updates one after another, and chats beside each other.

    A chat holds one of the places at most, however many of its updates wait.

    Args:
        queue: is told of each update that was answered.
        running: whether updates are still to be begun. When it turns false, those that were begun
            are finished, and the others stay in the inbox for the next start.
        places: how many chats are answered at the same time.
    """

    def __init__(
        self, queue: DurableQueue, running: Callable[[], bool], places: int = AT_ONCE
    ) -> None:
        super().__init__(UNLIMITED)
        self._queue = queue
        self._running = running
        self._places = asyncio.Semaphore(places)
        # A line exists as long as somebody stands in it.
        self._lines: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for the update's turn, answer it and note that."""
        if not isinstance(update, Update):
            await coroutine
            return
        line = self._lines.setdefault(_line_of(update), asyncio.Lock())
        async with line:
            async with self._places:
                if not self._running():
                    _drop(coroutine)
                    return
                await coroutine
            try:
                await self._queue.answered(update)
            except StorageError as error:
                log.error("an answer could not be noted, it may come again", error=str(error))


def _line_of(update: Update) -> Hashable:
    """In which line an update waits: its chat's, else its sender's, else one of its own."""
    if update.effective_chat is not None:
        return "chat", update.effective_chat.id
    if update.effective_user is not None:
        return "user", update.effective_user.id
    return "update", update.update_id


def _drop(coroutine: Awaitable[Any]) -> None:
    """Close a coroutine that was never begun, so that Python doesn't warn of it."""
    if asyncio.iscoroutine(coroutine):
        coroutine.close()
