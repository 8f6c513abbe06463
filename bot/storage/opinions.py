"""What people told us about answers, without any trace of who did."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from bot.storage.database import Database
from bot.storage.tables import feedback, questions


class Feedback:
    """How often people gave which verdict on the answer of a topic."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, topic_id: str, verdict: str) -> None:
        """Count a verdict."""
        statement = self._database.insert(feedback).values(
            topic_id=topic_id, verdict=verdict, count=1
        )
        async with self._database.transaction() as connection:
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["topic_id", "verdict"], set_={"count": feedback.c.count + 1}
                )
            )

    async def counts(self) -> dict[str, dict[str, int]]:
        """Counts of all verdicts by topic."""
        found: dict[str, dict[str, int]] = {}
        async with self._database.transaction() as connection:
            for topic_id, verdict, count in await connection.execute(select(feedback)):
                found.setdefault(topic_id, {})[verdict] = count
        return found


class Questions:
    """Texts of questions whose askers agreed that curators read them; nothing else about them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, text: str) -> None:
        """Keep a text."""
        async with self._database.transaction() as connection:
            await connection.execute(insert(questions).values(text=text))

    async def all(self) -> list[str]:
        """All texts.

        In alphabetical order: that of their receipt could be laid beside other records.
        """
        async with self._database.transaction() as connection:
            return sorted(await connection.scalars(select(questions.c.text)))

    async def clear(self) -> None:
        """Delete all texts, when curators are done with them."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(questions))
