"""What people told us about answers, and what found none, without any trace of who it was."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import delete, insert, select

from bot.storage.database import Database
from bot.storage.tables import feedback, questions, refusals


class KeptKind(StrEnum):
    """What a text is that curators may read."""

    QUESTION = "question"
    FEEDBACK = "feedback"


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


class Refusals:
    """How often a question found no answer, by the nearest topic; no words of any question."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, kind: str, topic_id: str) -> None:
        """Count a refusal of some kind; ``topic_id`` is the nearest topic, empty if none is."""
        statement = self._database.insert(refusals).values(kind=kind, topic_id=topic_id, count=1)
        async with self._database.transaction() as connection:
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["kind", "topic_id"], set_={"count": refusals.c.count + 1}
                )
            )

    async def counts(self) -> dict[str, dict[str, int]]:
        """Counts by kind and by nearest topic."""
        found: dict[str, dict[str, int]] = {}
        async with self._database.transaction() as connection:
            for kind, topic_id, count in await connection.execute(select(refusals)):
                found.setdefault(kind, {})[topic_id] = count
        return found


class Questions:
    """Texts whose writers agreed that curators read them; nothing else about them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, text: str, kind: KeptKind = KeptKind.QUESTION) -> None:
        """Keep a text."""
        async with self._database.transaction() as connection:
            await connection.execute(insert(questions).values(text=text, kind=kind.value))

    async def all(self, kind: KeptKind = KeptKind.QUESTION) -> list[str]:
        """All texts of a kind.

        In alphabetical order: that of their receipt could be laid beside other records.
        """
        async with self._database.transaction() as connection:
            statement = select(questions.c.text).where(questions.c.kind == kind.value)
            return sorted(await connection.scalars(statement))

    async def clear(self) -> None:
        """Delete all texts, when curators are done with them."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(questions))
