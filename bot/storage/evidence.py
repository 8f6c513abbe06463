"""The evidence that watchers know of, and the notes on what has changed that wait to be sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import delete, insert, literal, select

from bot.storage.database import Database
from bot.storage.tables import evidence, notes, watches


class Note(NamedTuple):
    """A note that waits to be sent."""

    number: int
    chat_id: int
    topic_id: str
    text: str


class Evidence:
    """The state of each topic's evidence when it was last compared, in whatever form it came."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def states(self) -> dict[str, str]:
        """All states, by topic."""
        async with self._database.transaction() as connection:
            rows = await connection.execute(select(evidence.c.topic_id, evidence.c.state))
            return {row.topic_id: row.state for row in rows}

    async def record(
        self,
        states: Mapping[str, str],
        *,
        notes_on: Mapping[str, str] | None = None,
        renamed: Mapping[str, str] | None = None,
    ) -> None:
        """Note new states and put a note for every watcher into the outbox, all or nothing.

        Args:
            states: by topic; those of other topics stay as they are.
            notes_on: the text for those who watch a topic.
            renamed: former ids of topics with their present ones; watches move along.
        """
        async with self._database.transaction() as connection:
            for former, present in (renamed or {}).items():
                moved = select(watches.c.chat_id, literal(present)).where(
                    watches.c.topic_id == former
                )
                await connection.execute(
                    self._database.insert(watches)
                    .from_select(["chat_id", "topic_id"], moved)
                    .on_conflict_do_nothing()
                )
                await connection.execute(delete(watches).where(watches.c.topic_id == former))
                await connection.execute(delete(evidence).where(evidence.c.topic_id == former))
            for topic_id, text in (notes_on or {}).items():
                watchers = select(watches.c.chat_id, literal(topic_id), literal(text)).where(
                    watches.c.topic_id == topic_id
                )
                await connection.execute(
                    insert(notes).from_select(["chat_id", "topic_id", "text"], watchers)
                )
            if states:
                statement = self._database.insert(evidence)
                await connection.execute(
                    statement.on_conflict_do_update(
                        index_elements=["topic_id"], set_={"state": statement.excluded.state}
                    ),
                    [{"topic_id": key, "state": state} for key, state in states.items()],
                )


class Outbox:
    """Notes that wait to be sent, in the order of their making."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def first(self) -> Note | None:
        """The note to send next, if any waits."""
        columns = (notes.c.number, notes.c.chat_id, notes.c.topic_id, notes.c.text)
        async with self._database.transaction() as connection:
            rows = await connection.execute(select(*columns).order_by(notes.c.number).limit(1))
            row = rows.first()
        return Note(*row) if row else None

    async def sent(self, number: int) -> None:
        """Note that a note was sent, or never can be: it is deleted."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(notes).where(notes.c.number == number))
