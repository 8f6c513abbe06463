"""Which messages answered which question, so that an edited question can change its answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import delete, select, update

from bot.storage.database import Database
from bot.storage.tables import answers

ANSWERS_KEPT_SECONDS = 60 * 60
"""A question that is edited later than this gets a new answer."""


class Given(NamedTuple):
    """An answer that was given: its messages, and the topic that its question leaned on."""

    answer_ids: tuple[int, ...]
    leaned_on: str | None


class Answers:
    """Numbers of messages, as Telegram gives them; expired ones are deleted at the next write."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def note(self, chat_id: int, question_id: int, given: Given) -> None:
        """Note the answer to a question, in place of an earlier one.

        Raises:
            StorageError: the database failed.
        """
        now = int(self._clock())
        new = {
            "answer_ids": _joined(given.answer_ids),
            "leaned_on": given.leaned_on or "",
            "expires_at": now + ANSWERS_KEPT_SECONDS,
        }
        statement = self._database.insert(answers).values(
            chat_id=chat_id, question_id=question_id, **new
        )
        async with self._database.transaction() as connection:
            await connection.execute(delete(answers).where(answers.c.expires_at <= now))
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["chat_id", "question_id"], set_=new)
            )

    async def replaced(self, chat_id: int, old: Sequence[int], new: Sequence[int]) -> None:
        """Note that other messages show an answer now.

        Raises:
            StorageError: the database failed.
        """
        statement = (
            update(answers)
            .where(answers.c.chat_id == chat_id, answers.c.answer_ids == _joined(old))
            .values(answer_ids=_joined(new))
        )
        async with self._database.transaction() as connection:
            await connection.execute(statement)

    async def given(self, chat_id: int, question_id: int) -> Given | None:
        """The answer to a question; ``None`` if none is known (any more).

        Raises:
            StorageError: the database failed.
        """
        statement = select(answers.c.answer_ids, answers.c.leaned_on).where(
            answers.c.chat_id == chat_id,
            answers.c.question_id == question_id,
            answers.c.expires_at > int(self._clock()),
        )
        async with self._database.transaction() as connection:
            row = (await connection.execute(statement)).first()
        return row and Given(tuple(map(int, row.answer_ids.split())), row.leaned_on or None)


def _joined(numbers: Sequence[int]) -> str:
    return " ".join(map(str, numbers))
