"""What people asked to be kept for their chat: settings, and topics they watch."""

from __future__ import annotations

from sqlalchemy import BigInteger, delete, literal, select

from bot.storage.database import Database
from bot.storage.tables import chat_settings, notes, watches


class ChatSettings:
    """Settings that somebody made for a chat, by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, chat_id: int) -> dict[str, str]:
        """All settings that were made for a chat."""
        statement = select(chat_settings.c.name, chat_settings.c.value).where(
            chat_settings.c.chat_id == chat_id
        )
        async with self._database.transaction() as connection:
            return {row.name: row.value for row in await connection.execute(statement)}

    async def set(self, chat_id: int, name: str, value: str) -> None:
        """Make or change a setting."""
        statement = self._database.insert(chat_settings).values(
            chat_id=chat_id, name=name, value=value
        )
        async with self._database.transaction() as connection:
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["chat_id", "name"], set_={"value": value}
                )
            )

    async def unset(self, chat_id: int, name: str) -> None:
        """Go back to the default."""
        statement = delete(chat_settings).where(
            chat_settings.c.chat_id == chat_id, chat_settings.c.name == name
        )
        async with self._database.transaction() as connection:
            await connection.execute(statement)

    async def move(self, chat_id: int, new_chat_id: int) -> None:
        """Carry a chat's settings to its new id; what was set under the new one already stays."""
        old = chat_settings.c.chat_id == chat_id
        moved = select(
            literal(new_chat_id, BigInteger), chat_settings.c.name, chat_settings.c.value
        ).where(old)
        statement = self._database.insert(chat_settings).from_select(
            ["chat_id", "name", "value"], moved
        )
        async with self._database.transaction() as connection:
            await connection.execute(statement.on_conflict_do_nothing())
            await connection.execute(delete(chat_settings).where(old))


class Watches:
    """Which chats want to hear when a topic changes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, chat_id: int, topic_id: str) -> None:
        """Watch a topic."""
        statement = self._database.insert(watches).values(chat_id=chat_id, topic_id=topic_id)
        async with self._database.transaction() as connection:
            await connection.execute(statement.on_conflict_do_nothing())

    async def remove(self, chat_id: int, topic_id: str) -> None:
        """Watch a topic no longer; notes on it that wait are not sent any more."""
        async with self._database.transaction() as connection:
            for table in (watches, notes):
                await connection.execute(
                    delete(table).where(table.c.chat_id == chat_id, table.c.topic_id == topic_id)
                )

    async def clear(self, chat_id: int) -> None:
        """Watch nothing any longer; notes that wait are not sent any more."""
        async with self._database.transaction() as connection:
            for table in (watches, notes):
                await connection.execute(delete(table).where(table.c.chat_id == chat_id))

    async def of(self, chat_id: int) -> list[str]:
        """The topics that a chat watches, in the order of their ids."""
        statement = select(watches.c.topic_id).where(watches.c.chat_id == chat_id)
        async with self._database.transaction() as connection:
            return sorted(await connection.scalars(statement))

    async def watchers(self, topic_id: str) -> list[int]:
        """The chats that watch a topic, in the order of their ids."""
        statement = select(watches.c.chat_id).where(watches.c.topic_id == topic_id)
        async with self._database.transaction() as connection:
            return sorted(await connection.scalars(statement))
