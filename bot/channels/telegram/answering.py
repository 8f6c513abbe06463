"""What all handlers of the conversation share: how an answer gets to the person."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

import structlog
from telegram import CallbackQuery, Chat, Message, Update
from telegram.ext import ContextTypes

from bot.channels.telegram.desk import desk_of
from bot.channels.telegram.sending import Page, page_of, replace_page, send_page, showing
from bot.pictures import picture_key
from bot.replies import Reply, ReplyKind
from bot.storage import Given

log = structlog.get_logger(__name__)

LENGTH, WHOLE, SHORT = "length", "whole", "short"
"""The setting how long answers are in a private chat, and its values; whole ones if not set."""

Handler: TypeAlias = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]


def shows_typing(handler: Handler) -> Handler:
    """Let the person see "typing" when the handler takes long."""

    @functools.wraps(handler)
    async def handle(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.effective_chat is None:
            await handler(update, context)
            return
        message = update.effective_message
        thread_id = thread_of(message) if message else None
        async with showing(context.bot, update.effective_chat.id, thread_id=thread_id):
            await handler(update, context)

    return handle


async def page_for(
    context: ContextTypes.DEFAULT_TYPE, chat_id: int, reply: Reply, *, whole: bool = False
) -> Page:
    """A reply as a private chat wants it: short, or (always if ``whole``) in full."""
    desk = desk_of(context)
    knowledge = desk.engine.knowledge
    drawable = bool(reply.topics) and picture_key(knowledge, reply.topics[0]) is not None
    short = not whole and (await desk.chat_settings(chat_id)).get(LENGTH) == SHORT
    return page_of(reply, context.bot.username, picture=drawable, short=short)


async def answer_message(
    update: Update,
    context: ContextTypes.DEFAULT_TYPE,
    page: Page,
    *,
    topics: tuple[str, ...] = (),
    leaned_on: str | None = None,
    quoting: bool = False,
) -> None:
    """Answer a person's message; if it was edited, its former answer changes.

    Args:
        update: the message, new or edited.
        context: as for every handler.
        page: the answer.
        topics: what a follow-up question may lean on.
        leaned_on: the topic that this question leaned on.
        quoting: whether the answer shows which message it answers.
    """
    message = update.effective_message
    if message is None:
        return
    desk, bot, chat_id = desk_of(context), context.bot, message.chat_id
    # In this order: the time between an answer and the note that it was given is to be short.
    await desk.remember(update, chat_id, topics)
    edited = update.edited_message is not None
    former = await desk.answer_to(chat_id, message.message_id) if edited else None
    reply_to = message.message_id if quoting or edited else None
    thread_id = thread_of(message)
    if former is not None:
        sent = await replace_page(
            bot, chat_id, former.answer_ids, page, reply_to=reply_to, thread_id=thread_id
        )
    else:
        sent = await send_page(bot, chat_id, page, reply_to=reply_to, thread_id=thread_id)
    if sent:
        desk.note_answer(chat_id, message.message_id, Given(sent, leaned_on))


async def answer_tap(
    update: Update,
    context: ContextTypes.DEFAULT_TYPE,
    page: Page,
    *,
    topics: tuple[str, ...] = (),
    replace: bool = False,
) -> None:
    """Answer a tap on a button: below, as a reply to its message, or in that message's place."""
    query = update.callback_query
    if query is None or query.message is None:
        return
    desk, bot = desk_of(context), context.bot
    chat_id, message_id = query.message.chat.id, query.message.message_id
    await desk.remember(update, chat_id, topics)
    if replace:
        shown = await replace_page(bot, chat_id, (message_id,), page)
        if shown != (message_id,):
            desk.answer_replaced(chat_id, (message_id,), shown)
    else:
        thread_id = thread_of(query.message) if isinstance(query.message, Message) else None
        await send_page(bot, chat_id, page, reply_to=message_id, thread_id=thread_id)


def in_private(query: CallbackQuery) -> bool:
    """Whether a tapped button hangs under a message in the private chat."""
    return query.message is not None and query.message.chat.type == Chat.PRIVATE


def subjects_of(reply: Reply) -> tuple[str, ...]:
    """What a follow-up question may lean on: the topics answered.

    Talk about the bot itself leaves in place what was talked about before. So does a choice until
    the person has chosen: a guess is not what they talk about.
    """
    return () if reply.kind is ReplyKind.SMALLTALK else reply.topics


def thread_of(message: Message) -> int | None:
    """The topic thread of a message in a chat with topics."""
    return message.message_thread_id if message.is_topic_message else None
