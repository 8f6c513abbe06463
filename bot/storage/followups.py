"""What a chat was last about, so that "and for long covid?" can be understood."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from sqlalchemy import case, delete, select

from bot.storage.database import Database
from bot.storage.tables import followups

KEPT_SECONDS = 60 * 60
"""A question after this time stands alone."""


class FollowUps:
    """The ids of the topics that each chat saw last; expired ones are deleted at the next write.

    A process may be killed after an update's topics were noted and before its answer was sent. Then
    the update is answered anew and must lean on the same topics as the first time: an opioid talked
    about before keeps its warning. So each chat's former topics stay until the next update.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def remember(self, chat_id: int, update_id: int, topic_ids: Sequence[str]) -> None:
        """Note what the answer to an update is about, in place of what was noted before it.

        Raises:
            StorageError: the database failed.
        """
        now = int(self._clock())
        new = {
            "topic_ids": " ".join(topic_ids),
            "update_id": update_id,
            "expires_at": now + KEPT_SECONDS,
        }
        again = followups.c.update_id == update_id
        before = case((again, followups.c.before), else_=followups.c.topic_ids)
        statement = self._database.insert(followups).values(chat_id=chat_id, before="", **new)
        async with self._database.transaction() as connection:
            await connection.execute(delete(followups).where(followups.c.expires_at <= now))
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["chat_id"], set_={"before": before, **new}
                )
            )

    async def recall(self, chat_id: int, update_id: int) -> tuple[str, ...]:
        """The topics that an update may lean on; empty if there are none or they are too old.

        Raises:
            StorageError: the database failed.
        """
        again = followups.c.update_id == update_id
        statement = select(case((again, followups.c.before), else_=followups.c.topic_ids)).where(
            followups.c.chat_id == chat_id, followups.c.expires_at > int(self._clock())
        )
        async with self._database.transaction() as connection:
            found: str | None = await connection.scalar(statement)
        return tuple(found.split()) if found else ()
