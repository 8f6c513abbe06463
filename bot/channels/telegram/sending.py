"""Sends a reply: in Telegram's HTML, as plain text if that is refused, again if the line breaks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, NetworkError, TimedOut
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_exponential

from bot.channels.telegram.buttons import keyboard
from bot.rendering import render_telegram
from bot.rendering.telegram import plain_text
from bot.replies import Reply

log = structlog.get_logger(__name__)

ATTEMPTS = 6
FIRST_WAIT = 0.5
LONGEST_WAIT = 10.0
"""Seconds between attempts when the connection fails: doubling from the first to the longest."""

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

T = TypeVar("T")


async def send_reply(bot: Bot, chat_id: int, reply: Reply) -> None:
    """Send ``reply`` to a chat; the buttons hang on the last message.

    A chat that can't be written to (blocked, deleted, no rights) is left alone.

    Raises:
        telegram.error.TelegramError: the message could not be delivered for another reason.
    """
    texts = render_telegram(reply)
    try:
        for position, text in enumerate(texts, start=1):
            buttons = keyboard(reply) if position == len(texts) else None
            await _send_html(bot, chat_id, text, buttons)
    except Forbidden:
        log.info("chat can't be written to")


async def send_text(
    bot: Bot, chat_id: int, text: str, buttons: InlineKeyboardMarkup | None = None
) -> None:
    """Send a short text of our own (plain). Errors as in :func:`send_reply`."""
    try:
        await _send(bot, chat_id, text, None, buttons)
    except Forbidden:
        log.info("chat can't be written to")


async def with_retries(call: Callable[[], Awaitable[T]]) -> T:
    """Await ``call`` again while the connection fails.

    Not after a time-out: the message may have arrived, and twice is worse than once too few.
    """
    async for attempt in AsyncRetrying(
        retry=retry_if_exception(_connection_failed),
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_exponential(multiplier=FIRST_WAIT, max=LONGEST_WAIT),
        reraise=True,
    ):
        with attempt:
            return await call()
    raise AssertionError("unreachable: the last attempt raises")


def _connection_failed(error: BaseException) -> bool:
    return isinstance(error, NetworkError) and not isinstance(error, BadRequest | TimedOut)


async def _send_html(
    bot: Bot, chat_id: int, text: str, buttons: InlineKeyboardMarkup | None
) -> None:
    try:
        await _send(bot, chat_id, text, ParseMode.HTML, buttons)
    except BadRequest as error:
        if "parse entities" not in error.message.casefold():
            raise
        log.error("our HTML was refused; sent as plain text", reason=error.message)
        await _send(bot, chat_id, plain_text(text), None, buttons)


async def _send(
    bot: Bot,
    chat_id: int,
    text: str,
    parse_mode: ParseMode | None,
    buttons: InlineKeyboardMarkup | None,
) -> None:
    await with_retries(
        lambda: bot.send_message(
            chat_id,
            text,
            parse_mode=parse_mode,
            reply_markup=buttons,
            link_preview_options=NO_PREVIEW,
        )
    )
