"""All that is stored, behind one object."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from sqlalchemy import delete

from bot.storage.answers import Answers
from bot.storage.chats import ChatSettings, Watches
from bot.storage.database import Database
from bot.storage.evidence import Evidence, Outbox
from bot.storage.followups import FollowUps
from bot.storage.inbox import Inbox
from bot.storage.opinions import Feedback, Questions, Refusals
from bot.storage.pictures import Pictures
from bot.storage.tables import answers, chat_settings, followups, notes, watches


class Storage:
    """The storage; :meth:`start` it before use and :meth:`close` it in the end.

    Args:
        url: as for :class:`bot.storage.database.Database`.
        clock: seconds since 1970.

    Raises:
        StorageError: the folder of a SQLite file can't be written to.
    """

    def __init__(self, url: str, clock: Callable[[], float] = time.time) -> None:
        self._database = Database(url)
        self.inbox: Final = Inbox(self._database, clock)
        self.chat_settings: Final = ChatSettings(self._database)
        self.watches: Final = Watches(self._database)
        self.followups: Final = FollowUps(self._database, clock)
        self.answers: Final = Answers(self._database, clock)
        self.pictures: Final = Pictures(self._database)
        self.feedback: Final = Feedback(self._database)
        self.refusals: Final = Refusals(self._database)
        self.questions: Final = Questions(self._database)
        self.evidence: Final = Evidence(self._database)
        self.outbox: Final = Outbox(self._database)

    async def start(self) -> None:
        """Connect and bring the tables up to date.

        Raises:
            StorageError: the database can't be reached or brought up to date.
        """
        await self._database.start()

    async def close(self) -> None:
        """Close all connections."""
        await self._database.close()

    async def forget(self, chat_id: int) -> None:
        """Delete everything that is kept of a chat, at once or not at all.

        Messages that still wait for their answer are no part of it: those sent before the wish were
        answered before it is obeyed, and each one is deleted with its answer.
        """
        async with self._database.transaction() as connection:
            for table in (chat_settings, watches, followups, answers, notes):
                await connection.execute(delete(table).where(table.c.chat_id == chat_id))
