"""Sends a reply: in Telegram's HTML, as plain text if that is refused, again if the line breaks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, NetworkError, TimedOut
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from bot.channels.telegram.buttons import keyboard
from bot.rendering import render_telegram, render_text
from bot.rendering.telegram import MAX_UNITS
from bot.replies import Reply

log = structlog.get_logger(__name__)

ATTEMPTS = 6
FIRST_WAIT = 0.5
LONGEST_WAIT = 10.0
"""Seconds between attempts when the connection fails: doubling from the first to the longest."""

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

T = TypeVar("T")


async def send_reply(
    bot: Bot, chat_id: int, reply: Reply, *, reply_to: int | None = None, thread: int | None = None
) -> None:
    """Send ``reply`` to a chat; the buttons hang on the last message.

    A chat that can't be written to (blocked, deleted, no rights) is left alone.

    Raises:
        telegram.error.TelegramError: the message could not be delivered for another reason.
    """
    texts = render_telegram(reply)
    for position, text in enumerate(texts, start=1):
        buttons = keyboard(reply) if position == len(texts) else None
        try:
            await _send(bot, chat_id, text, ParseMode.HTML, buttons, reply_to, thread)
        except Forbidden:
            log.info("chat can't be written to")
            return
        except BadRequest as error:
            if "parse entities" not in error.message.casefold():
                raise
            log.error("our HTML was refused; sent as plain text", reason=error.message)
            await _send_plain(bot, chat_id, reply, thread)
            return
        reply_to = None


async def send_text(
    bot: Bot,
    chat_id: int,
    text: str,
    buttons: InlineKeyboardMarkup | None = None,
    thread: int | None = None,
) -> None:
    """Send a short text of our own (plain)."""
    try:
        await _send(bot, chat_id, text, None, buttons, None, thread)
    except Forbidden:
        log.info("chat can't be written to")


async def with_retries(call: Callable[[], Awaitable[T]]) -> T:
    """Await ``call`` again while the connection fails.

    Not after a time-out: the message may have arrived, and twice is worse than once too few.
    """
    async for attempt in AsyncRetrying(
        retry=retry_if_exception(_connection_failed),
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_exponential_jitter(FIRST_WAIT, LONGEST_WAIT),
        reraise=True,
    ):
        with attempt:
            return await call()
    raise AssertionError("unreachable: the last attempt raises")


def _connection_failed(error: BaseException) -> bool:
    return isinstance(error, NetworkError) and not isinstance(error, BadRequest | TimedOut)


async def _send(
    bot: Bot,
    chat_id: int,
    text: str,
    parse_mode: ParseMode | None,
    buttons: InlineKeyboardMarkup | None,
    reply_to: int | None,
    thread: int | None,
) -> None:
    answered = ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None
    await with_retries(
        lambda: bot.send_message(
            chat_id,
            text,
            parse_mode=parse_mode,
            reply_markup=buttons,
            reply_parameters=answered,
            link_preview_options=NO_PREVIEW,
            message_thread_id=thread,
        )
    )


async def _send_plain(bot: Bot, chat_id: int, reply: Reply, thread: int | None) -> None:
    text = render_text(reply)
    # Half the limit in characters is within it in UTF-16 units, whatever the characters are.
    step = MAX_UNITS // 2
    for start in range(0, len(text), step):
        await _send(bot, chat_id, text[start : start + step], None, None, None, thread)
