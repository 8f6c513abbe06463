"""Writes into groups: as a reply, in the right topic, and never where it isn't wanted."""

from __future__ import annotations

from typing import NamedTuple, Self

import structlog
from telegram import InlineKeyboardMarkup, Message
from telegram.error import BadRequest, ChatMigrated
from telegram.ext import ContextTypes

from bot.channels.telegram.answering import thread_of
from bot.channels.telegram.group_desk import group_desk_of
from bot.channels.telegram.sending import Page, replace_page, send_page

log = structlog.get_logger(__name__)

NO_TOPIC = ("message thread not found", "topic_deleted")


class Place(NamedTuple):
    """Where a message goes: a group, a topic in it, and the message that it replies to."""

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None

    @classmethod
    def under(cls, message: Message) -> Self:
        """As a reply to ``message``, in its topic."""
        return cls(message.chat_id, thread_of(message), message.message_id)


async def post(
    context: ContextTypes.DEFAULT_TYPE,
    place: Place,
    html: str,
    buttons: InlineKeyboardMarkup | None = None,
) -> None:
    """Send a message to a group. Where it can't be written to, it is left alone.

    If the message replied to is gone, the answer comes all the same.

    Raises:
        telegram.error.TelegramError: the message could not be delivered for another reason.
    """
    if place.chat_id in group_desk_of(context).closed:
        return
    page = Page((html,), buttons)
    try:
        await send_page(
            context.bot,
            place.chat_id,
            page,
            reply_to=place.reply_to,
            thread_id=place.thread_id,
        )
    except ChatMigrated as error:
        # The numbers of messages and topics are others in the new group.
        await send_page(context.bot, error.new_chat_id, page)
    except BadRequest as error:
        if not any(words in error.message.casefold() for words in NO_TOPIC):
            raise
        log.info("a topic of a group is gone")


async def put_in_place(
    context: ContextTypes.DEFAULT_TYPE,
    message: Message,
    html: str,
    buttons: InlineKeyboardMarkup | None = None,
) -> None:
    """Replace a message of the bot in a group.

    Raises:
        telegram.error.TelegramError: it could not be replaced.
    """
    page = Page((html,), buttons)
    try:
        await replace_page(context.bot, message.chat_id, [message.message_id], page)
    except ChatMigrated:
        log.info("a message can't be replaced: its group has moved")
