"""Where Telegram keeps pictures that were sent before, so that they need not be drawn again."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import delete, select

from bot.storage.database import Database
from bot.storage.tables import pictures


class Sent(NamedTuple):
    """A picture as Telegram keeps it, and the text under it."""

    file_id: str
    caption: str


class Pictures:
    """Pictures that were sent, by their key (content and style)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def sent(self, key: str) -> Sent | None:
        """A picture, if it was sent before.

        Raises:
            StorageError: the database failed.
        """
        statement = select(pictures.c.file_id, pictures.c.caption).where(pictures.c.key == key)
        async with self._database.transaction() as connection:
            row = (await connection.execute(statement)).first()
        return row and Sent(row.file_id, row.caption)

    async def keep(self, key: str, sent: Sent) -> None:
        """Keep where a picture is, in place of a former one.

        Raises:
            StorageError: the database failed.
        """
        statement = self._database.insert(pictures).values(key=key, **sent._asdict())
        async with self._database.transaction() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["key"], set_=sent._asdict())
            )

    async def drop(self, key: str) -> None:
        """Forget a file that Telegram refuses.

        Raises:
            StorageError: the database failed.
        """
        async with self._database.transaction() as connection:
            await connection.execute(delete(pictures).where(pictures.c.key == key))
