"""Tells watchers what has changed in the evidence since the knowledge was last compared.

What watchers know is stored, and so is every note until it was sent. Therefore a restart, also in
the middle of sending, loses no note; one is sent twice only if the process was killed while it was
being sent.
"""

from __future__ import annotations

import asyncio
import contextlib

import structlog
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut
from tenacity import AsyncRetrying, retry_if_exception_type, wait_exponential

from bot.channels.telegram.desk import Desk
from bot.channels.telegram.sending import is_closed
from bot.channels.telegram.watching import note_buttons
from bot.replies.changes import compare
from bot.storage import Note, StorageError

log = structlog.get_logger(__name__)

FIRST_WAIT = 5.0
LONGEST_WAIT = 300.0
"""Seconds until it is tried again when the database or the connection fails."""

MOST_TIMEOUTS = 3
"""A note without a confirmation may have arrived: after so many it counts as sent."""

STOP_SECONDS = 5.0
"""How long a note that is being sent may take when the bot stops."""


class Notes:
    """Compares the knowledge and sends the notes, beside everything else that the bot does."""

    def __init__(self, bot: Bot, desk: Desk) -> None:
        self._bot = bot
        self._desk = desk
        self._news = asyncio.Event()
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._timeouts = 0

    def start(self) -> None:
        """Begin with the knowledge in use, and with notes that a former process left."""
        self._news.set()
        self._task = asyncio.create_task(self._run())

    def knowledge_changed(self) -> None:
        """Compare again: the knowledge was loaded anew."""
        self._news.set()

    async def stop(self) -> None:
        """Finish the note that is being sent; the others wait for the next start."""
        self._stopping.set()
        self._news.set()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=STOP_SECONDS)
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        failures = (StorageError, NetworkError, RetryAfter)
        while not self._stopping.is_set():
            await self._news.wait()
            self._news.clear()
            try:
                async for attempt in AsyncRetrying(
                    retry=retry_if_exception_type(failures),
                    wait=wait_exponential(multiplier=FIRST_WAIT, max=LONGEST_WAIT),
                    sleep=self._pause,
                ):
                    with attempt:
                        await self._tell()
            except Exception:
                # The bot goes on, and what waits is tried again with the next knowledge.
                log.exception("notes to watchers failed")

    async def _pause(self, seconds: float) -> None:
        log.warning("notes to watchers wait", seconds=seconds)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _tell(self) -> None:
        """Compare, then send all that waits, until the bot stops.

        Raises:
            StorageError: the database failed.
            NetworkError, RetryAfter: Telegram can't be reached, or wants a pause.
        """
        if self._stopping.is_set():
            return
        storage, knowledge = self._desk.storage, self._desk.engine.knowledge
        stored = await storage.evidence.states()
        news = await asyncio.to_thread(compare, knowledge, stored)
        if news.states or news.renamed:
            await storage.evidence.record(news.states, notes_on=news.notes_on, renamed=news.renamed)
            log.info("evidence compared", topics=len(news.states), changed=len(news.notes_on))
        while not self._stopping.is_set() and (waiting := await storage.outbox.first()):
            await self._send(waiting)

    async def _send(self, waiting: Note) -> None:
        """Send one note; a chat that can't be written to watches nothing any longer."""
        storage = self._desk.storage
        try:
            await self._bot.send_message(
                waiting.chat_id, waiting.text, reply_markup=note_buttons(waiting.topic_id)
            )
        except TimedOut:
            self._timeouts += 1
            if self._timeouts < MOST_TIMEOUTS:
                raise
        except RetryAfter:
            raise
        except TelegramError as error:
            if is_closed(error):
                await storage.watches.clear(waiting.chat_id)
                log.info("a chat that can't be written to watches no longer")
                return
            if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
                raise
            log.error("a note could not be delivered", reason=type(error).__name__)
        self._timeouts = 0
        await storage.outbox.sent(waiting.number)
