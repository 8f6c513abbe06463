"""Sends and changes messages: in Telegram's HTML, as plain text if that is refused.

Broken lines are tried again, a 429 is waited for as told (by python-telegram-bot's rate limiter),
and a chat that can't be written to is left alone.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeVar

import structlog
from telegram import (
    Bot,
    CallbackQuery,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError, TimedOut
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_exponential

from bot.channels.telegram.buttons import answer_keyboard
from bot.rendering import render_telegram
from bot.rendering.telegram import plain_text, render_telegram_brief
from bot.replies import Reply, ReplyKind

log = structlog.get_logger(__name__)

ATTEMPTS = 6
FIRST_WAIT = 0.5
LONGEST_WAIT = 10.0
"""Seconds between attempts when the connection fails: doubling from the first to the longest."""

PATIENCE = 0.5
"""Seconds without an answer after which people see that the bot is at work."""

ACTION_LASTS = 4.5
"""Telegram shows an action for five seconds."""

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

CLOSED = (
    "chat not found",
    "not enough rights to send",
    "have no rights to send",
    "chat_write_forbidden",
    "topic_closed",
)
"""In the words of refusals by chats that can't be written to, or not any more."""

GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """What is to be shown: messages in Telegram's HTML, with the buttons under the last one."""

    texts: tuple[str, ...]
    buttons: InlineKeyboardMarkup | None = None


def page_of(reply: Reply, bot_username: str, *, picture: bool = False, short: bool = False) -> Page:
    """A reply as the private chat shows it; arguments as for :func:`answer_keyboard`."""
    short = short and reply.kind is ReplyKind.ANSWER
    buttons = answer_keyboard(reply, bot_username=bot_username, picture=picture, short=short)
    return Page((render_telegram_brief(reply),) if short else render_telegram(reply), buttons)


async def send_reply(
    bot: Bot,
    chat_id: int,
    reply: Reply,
    *,
    reply_to: int | None = None,
    thread_id: int | None = None,
) -> tuple[int, ...]:
    """Send ``reply`` as the private chat shows it. Returns and errors as in :func:`send_page`."""
    page = page_of(reply, bot.username)
    return await send_page(bot, chat_id, page, reply_to=reply_to, thread_id=thread_id)


async def send_text(
    bot: Bot,
    chat_id: int,
    text: str,
    buttons: InlineKeyboardMarkup | None = None,
    *,
    reply_to: int | None = None,
    thread_id: int | None = None,
) -> tuple[int, ...]:
    """Send a short plain text of our own. Returns and errors as in :func:`send_page`."""
    page = Page((escape(text, quote=False),), buttons)
    return await send_page(bot, chat_id, page, reply_to=reply_to, thread_id=thread_id)


async def send_page(
    bot: Bot,
    chat_id: int,
    page: Page,
    *,
    reply_to: int | None = None,
    thread_id: int | None = None,
) -> tuple[int, ...]:
    """Send messages to a chat, as a reply to a message (if it is still there) where one is given.

    Returns the numbers of those that were sent: none if the chat can't be written to (blocked,
    deleted, no rights).

    Raises:
        telegram.error.TelegramError: a message could not be delivered for another reason.
    """
    sent: list[int] = []
    try:
        for position, text in enumerate(page.texts):
            last = position == len(page.texts) - 1
            message = await _send(
                bot,
                chat_id,
                text,
                page.buttons if last else None,
                # The last one has the buttons; a tap brings the message that it replies to.
                reply_to if position == 0 or last else None,
                thread_id,
            )
            sent.append(message.message_id)
    except TelegramError as error:
        if not is_closed(error):
            raise
        log.info("chat can't be written to")
    return tuple(sent)


async def replace_page(
    bot: Bot,
    chat_id: int,
    message_ids: Sequence[int],
    page: Page,
    *,
    reply_to: int | None = None,
    thread_id: int | None = None,
) -> tuple[int, ...]:
    """Put a page in the place of messages that the bot sent before.

    If they are gone, it is sent anew as with :func:`send_page`. Returns the numbers of the messages
    that show the page. Errors as in :func:`send_page`.
    """
    kept: list[int] = []
    try:
        for message_id, text in zip(message_ids, page.texts, strict=False):
            last = len(kept) == len(page.texts) - 1
            if not await _edit(bot, chat_id, message_id, text, page.buttons if last else None):
                break
            kept.append(message_id)
    except TelegramError as error:
        if not is_closed(error):
            raise
        log.info("chat can't be written to")
        return tuple(kept)
    for message_id in message_ids[len(kept) :]:
        with contextlib.suppress(TelegramError):  # it stays where it can't be deleted
            await bot.delete_message(chat_id, message_id)
    rest = Page(page.texts[len(kept) :], page.buttons)
    if kept:
        reply_to = None
    return (*kept, *await send_page(bot, chat_id, rest, reply_to=reply_to, thread_id=thread_id))


async def confirm(
    query: CallbackQuery, text: str | None = None, *, alert: bool = False, url: str | None = None
) -> None:
    """Confirm a tap, so that the button stops waiting.

    A tap that can't be confirmed any more ("query is too old") was answered too late at worst.
    """
    try:
        await query.answer(text, show_alert=alert, url=url)
    except TelegramError as error:
        log.info("a tap could not be confirmed", error=type(error).__name__)


@contextlib.asynccontextmanager
async def showing(
    bot: Bot, chat_id: int, *, action: ChatAction = ChatAction.TYPING, thread_id: int | None = None
) -> AsyncIterator[None]:
    """Show an action ("typing") while the body runs, if it takes longer than :data:`PATIENCE`."""

    async def show() -> None:
        await asyncio.sleep(PATIENCE)
        with contextlib.suppress(TelegramError):  # a courtesy: the answer doesn't depend on it
            while True:
                await bot.send_chat_action(chat_id, action, message_thread_id=thread_id)
                await asyncio.sleep(ACTION_LASTS)

    shown = asyncio.create_task(show())
    try:
        yield
    finally:
        shown.cancel()


def is_closed(error: TelegramError) -> bool:
    """Whether a chat can't be written to: blocked, left, deleted, or no right to write there."""
    if isinstance(error, Forbidden):
        return True
    return isinstance(error, BadRequest) and _says(error, *CLOSED)


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


def _says(error: TelegramError, *reasons: str) -> bool:
    words = error.message.casefold()
    return any(reason in words for reason in reasons)


async def _send(
    bot: Bot,
    chat_id: int,
    html: str,
    buttons: InlineKeyboardMarkup | None,
    reply_to: int | None,
    thread_id: int | None,
) -> Message:
    quoted = ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None

    async def send(text: str, parse_mode: ParseMode | None) -> Message:
        return await bot.send_message(
            chat_id,
            text,
            parse_mode=parse_mode,
            reply_markup=buttons,
            reply_parameters=quoted,
            message_thread_id=thread_id,
            link_preview_options=NO_PREVIEW,
        )

    return await _as_html(send, html)


async def _edit(
    bot: Bot, chat_id: int, message_id: int, html: str, buttons: InlineKeyboardMarkup | None
) -> bool:
    """Change a message; false if it isn't there any more or can't be changed."""

    async def edit(text: str, parse_mode: ParseMode | None) -> Message | bool:
        return await bot.edit_message_text(
            text,
            chat_id,
            message_id,
            parse_mode=parse_mode,
            reply_markup=buttons,
            link_preview_options=NO_PREVIEW,
        )

    try:
        await _as_html(edit, html)
    except BadRequest as error:
        if _says(error, *GONE):
            return False
        if not _says(error, "message is not modified"):
            raise
    return True


async def _as_html(deliver: Callable[[str, ParseMode | None], Awaitable[T]], html: str) -> T:
    try:
        return await with_retries(lambda: deliver(html, ParseMode.HTML))
    except BadRequest as error:
        if not _says(error, "parse entities"):
            raise
        log.error("our HTML was refused; sent as plain text", reason=error.message)
        return await with_retries(lambda: deliver(plain_text(html), None))
