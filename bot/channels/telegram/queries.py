"""What inline mode and guest calls have in common: a query that is answered once, with messages.

Such a message stands in a chat that the bot doesn't know. It has no number in that chat, only an
id of its own by which it can be changed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram import InputTextMessageContent
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.channels.telegram.sending import NO_PREVIEW, with_retries

log = structlog.get_logger(__name__)

TOO_LATE = ("query is too old", "query id is invalid", "query_id_invalid")
"""In the words of refusals of answers to queries that are closed: answered, or too old."""


def text_content(html: str) -> InputTextMessageContent:
    """A text in Telegram's HTML as the content of a result."""
    return InputTextMessageContent(html, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW)


async def in_time(answer: Callable[[], Awaitable[Any]]) -> None:
    """Answer a query. One that can't be answered any more is left alone: nobody waits for it.

    Raises:
        telegram.error.TelegramError: the answer could not be delivered for another reason.
    """
    try:
        await with_retries(answer)
    except BadRequest as error:
        if not any(words in error.message.casefold() for words in TOO_LATE):
            raise
        log.info("a query was answered too late")
