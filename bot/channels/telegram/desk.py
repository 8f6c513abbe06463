"""What every handler needs, behind one object in ``bot_data``."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import structlog
from telegram import Update
from telegram.ext import Application, ContextTypes

from bot.engine import Engine
from bot.replies import Question, Reply, ReplyKind
from bot.settings import Settings
from bot.storage import Given, Storage, StorageError

log = structlog.get_logger(__name__)

DESK = "desk"

App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
"""An application; its six type parameters say nothing here."""


@dataclass(slots=True)
class Desk:
    """The engine in use (replaced as a whole when the knowledge is loaded anew) and the storage."""

    engine: Engine
    storage: Storage
    settings: Settings
    _notes: set[asyncio.Task[None]] = field(default_factory=set)
    """Notes of answers that are being written; what reads or deletes them waits for these."""

    async def reply(self, question: Question) -> Reply:
        """The engine's reply, made off the event loop: others don't wait for a hard question."""
        return await asyncio.to_thread(self.engine.reply, question)

    async def found(self, text: str) -> Reply:
        """The reply for what somebody wants to read about; a name is enough, LDN need not be named.

        Made off the event loop, like :meth:`reply`.
        """
        replies = await asyncio.to_thread(self.engine.search, text, 1)
        return replies[0] if replies else await self.reply(Question(text))

    async def remember(self, update: Update, chat_id: int, topics: tuple[str, ...]) -> None:
        """Remember what a chat was last about; an answer without it is better than none."""
        if not topics:
            return
        try:
            await self.storage.followups.remember(chat_id, update.update_id, topics)
        except StorageError as error:
            log.warning("the topics of an answer could not be stored", error=str(error))

    async def last_topic(self, update: Update, chat_id: int) -> str | None:
        """The topic that a follow-up question is about, if any is known."""
        try:
            topics = await self.storage.followups.recall(chat_id, update.update_id)
        except StorageError as error:
            log.warning("the last topic can't be read", error=str(error))
            return None
        return topics[0] if topics else None

    def note_answer(self, chat_id: int, question_id: int, given: Given) -> None:
        """Note which messages answered a question; nobody waits for it."""
        # Not before the update is done: between an answer and the note that it was given there
        # is to be little time.
        noted = self.storage.answers.note(chat_id, question_id, given)
        self._in_background(noted)

    def answer_replaced(self, chat_id: int, old: tuple[int, ...], new: tuple[int, ...]) -> None:
        """Note that other messages show an answer now; nobody waits for it."""
        self._in_background(self.storage.answers.replaced(chat_id, old, new))

    def count_refusal(self, reply: Reply) -> None:
        """Count a question that found no answer, without its words; nobody waits for it."""
        if reply.kind in {ReplyKind.DECLINE, ReplyKind.CLARIFY}:
            nearest = reply.options[0].topic_id if reply.options else ""
            self._in_background(self.storage.refusals.count(reply.kind.value, nearest))

    async def answer_to(self, chat_id: int, question_id: int) -> Given | None:
        """The answer that a question got, if it is known."""
        await self.noted()
        try:
            return await self.storage.answers.given(chat_id, question_id)
        except StorageError as error:
            log.warning("the answer to a question can't be read", error=str(error))
            return None

    async def forget(self, chat_id: int) -> None:
        """Delete all that is kept of a chat.

        Raises:
            StorageError: the database failed; nothing was deleted.
        """
        await self.noted()
        await self.storage.forget(chat_id)

    def _in_background(self, writing: Coroutine[None, None, None]) -> None:
        async def write() -> None:
            try:
                await writing
            except StorageError as error:
                log.warning("an answer could not be noted", error=str(error))

        task = asyncio.create_task(write())
        self._notes.add(task)
        task.add_done_callback(self._notes.discard)

    async def noted(self) -> None:
        """Wait until all is written that nobody waited for; also before the storage is closed."""
        if self._notes:
            await asyncio.wait(self._notes)

    async def chat_settings(self, chat_id: int) -> Mapping[str, str]:
        """What was set for a chat; the defaults hold where the database fails."""
        try:
            return await self.storage.chat_settings.of(chat_id)
        except StorageError as error:
            log.warning("settings can't be read", error=str(error))
            return {}


def desk_of(context: ContextTypes.DEFAULT_TYPE) -> Desk:
    """The desk of the running application."""
    desk: Desk = context.bot_data[DESK]
    return desk
