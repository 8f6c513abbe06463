"""What every handler needs, behind one object in ``bot_data``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import structlog
from telegram import Update
from telegram.ext import Application, ContextTypes

from bot.engine import Engine
from bot.settings import Settings
from bot.storage import Storage, StorageError

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
