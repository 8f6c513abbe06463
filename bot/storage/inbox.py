"""Updates that were received and wait for their answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import delete, select, update

from bot.storage.database import Database
from bot.storage.tables import inbox

REMEMBERED_SECONDS = 2 * 24 * 60 * 60
"""How long the number of an answered update is known. Telegram delivers one for up to a day."""


class Received(NamedTuple):
    """An update that waits for its answer."""

    update_id: int
    body: str


class Inbox:
    """Received updates.

    The JSON of an update, with the message as it was sent, is kept from its receipt only until it
    was answered; then it is deleted. What stays for two days is the update's number, which tells
    nothing about anybody and keeps a second delivery from being answered again.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def add(self, *received: Received) -> set[int]:
        """Keep updates, all or none of them.

        Returns the numbers of those that wait for an answer: not of those that had one already.
        """
        numbers = {item.update_id for item in received}
        statement = self._database.insert(inbox).on_conflict_do_nothing()
        answered = select(inbox.c.update_id).where(
            inbox.c.update_id.in_(numbers), inbox.c.answered_at.is_not(None)
        )
        async with self._database.transaction() as connection:
            await connection.execute(statement, [item._asdict() for item in received])
            return numbers.difference(await connection.scalars(answered))

    async def waiting(self) -> list[Received]:
        """All updates that wait for their answer, in Telegram's order."""
        statement = (
            select(inbox.c.update_id, inbox.c.body)
            .where(inbox.c.answered_at.is_(None))
            .order_by(inbox.c.update_id)
        )
        async with self._database.transaction() as connection:
            return [Received(*row) for row in await connection.execute(statement)]

    async def answered(self, update_id: int) -> None:
        """Note that an update was answered: its content is deleted."""
        now = int(self._clock())
        done = update(inbox).where(inbox.c.update_id == update_id)
        old = delete(inbox).where(inbox.c.answered_at < now - REMEMBERED_SECONDS)
        async with self._database.transaction() as connection:
            await connection.execute(done.values(body=None, answered_at=now))
            await connection.execute(old)
