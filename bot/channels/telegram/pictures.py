"""Pictures of the evidence: under an answer, by ``/evidence``, light or dark, and in words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from html import escape
from typing import TypeAlias

import structlog
from telegram import InlineKeyboardMarkup, InputMediaPhoto, Message, Update
from telegram.constants import ChatAction
from telegram.error import BadRequest, TelegramError
from telegram.ext import CallbackQueryHandler, ContextTypes

from bot.channels.telegram.answering import answer_tap, in_private, shows_typing
from bot.channels.telegram.buttons import (
    OLD_BUTTON,
    Verb,
    action_button,
    action_pattern,
    argument_of,
)
from bot.channels.telegram.desk import App, Desk, desk_of
from bot.channels.telegram.sending import Page, confirm, is_closed, showing, with_retries
from bot.pictures import picture, picture_key
from bot.rendering.telegram import packed
from bot.storage import Sent, StorageError

log = structlog.get_logger(__name__)

MAP = "evidence.overview"
"""The topic whose picture shows the evidence on all conditions."""

LIGHT, DARK = "l", "d"

AS_FILE = {"p": LIGHT, "d": DARK}
"""The letters of buttons that send a picture as a file, with its look. They stay for ever."""

_Post: TypeAlias = Callable[[str | bytes, str], Awaitable[Message | None]]
"""Posts a picture, given as Telegram's own file or as bytes, with the text under it."""

_drawing = asyncio.Semaphore(1)
"""Drawing takes a core for a second: one at a time, so that answers don't wait."""


def add_handlers(application: App) -> None:
    """Register the handlers of pictures."""
    application.add_handler(CallbackQueryHandler(show, action_pattern(Verb.PICTURE)))
    application.add_handler(CallbackQueryHandler(change, action_pattern(Verb.LOOK)))
    application.add_handler(CallbackQueryHandler(in_words, action_pattern(Verb.IN_WORDS)))


async def show(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap on "Picture" under an answer."""
    query = update.callback_query
    if query is None or query.message is None:
        return
    topic_id = argument_of(query.data)
    if not in_private(query) or not picture_key(desk_of(context).engine.knowledge, topic_id):
        await confirm(query, OLD_BUTTON)
        return
    await confirm(query)
    await send(context, query.message.chat.id, topic_id, reply_to=query.message.message_id)


async def send(
    context: ContextTypes.DEFAULT_TYPE, chat_id: int, topic_id: str, *, reply_to: int | None = None
) -> None:
    """Send the picture of a topic, if there is one.

    Raises:
        telegram.error.TelegramError: it could not be delivered, though the chat is open.
    """

    async def post(photo: str | bytes, caption: str) -> Message:
        return await with_retries(
            lambda: context.bot.send_photo(
                chat_id,
                photo,
                filename=_name(topic_id),
                caption=caption,
                reply_markup=_buttons(topic_id, LIGHT),
                reply_to_message_id=reply_to,
                allow_sending_without_reply=True,
            )
        )

    async with _to_a_chat(context, chat_id, ChatAction.UPLOAD_PHOTO):
        await _deliver(desk_of(context), topic_id, LIGHT, post)


async def send_as_file(
    context: ContextTypes.DEFAULT_TYPE, chat_id: int, topic_id: str, look: str, *, reply_to: int
) -> None:
    """Send the picture of a topic as a file, which keeps every pixel, if there is one.

    Raises:
        telegram.error.TelegramError: it could not be delivered, though the chat is open.
    """

    async def post(document: str | bytes, caption: str) -> Message:
        return await with_retries(
            lambda: context.bot.send_document(
                chat_id,
                document,
                filename=_name(topic_id),
                caption=caption,
                reply_to_message_id=reply_to,
                allow_sending_without_reply=True,
            )
        )

    async with _to_a_chat(context, chat_id, ChatAction.UPLOAD_DOCUMENT):
        await _deliver(desk_of(context), topic_id, look, post, kept_as="file ")


async def change(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap on "Dark" or "Light" under a picture: the other look in its place."""
    query = update.callback_query
    if query is None or query.message is None:
        return
    look, _, topic_id = argument_of(query.data).partition(":")
    desk = desk_of(context)
    known = look in {LIGHT, DARK} and picture_key(desk.engine.knowledge, topic_id)
    if not in_private(query) or not known:
        await confirm(query, OLD_BUTTON)
        return
    await confirm(query)

    async def put(photo: str | bytes, caption: str) -> Message | None:
        changed = await with_retries(
            lambda: query.edit_message_media(
                InputMediaPhoto(photo, caption=caption, filename=_name(topic_id)),
                reply_markup=_buttons(topic_id, look),
            )
        )
        return changed if isinstance(changed, Message) else None

    try:
        await _deliver(desk, topic_id, look, put)
    except BadRequest as error:
        if "not modified" not in error.message.casefold():
            raise


@shows_typing
async def in_words(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap on "In words": what the picture shows, for those who can't see it."""
    query = update.callback_query
    if query is None:
        return
    topic_id = argument_of(query.data)
    knowledge = desk_of(context).engine.knowledge
    if not in_private(query) or not picture_key(knowledge, topic_id):
        await confirm(query, OLD_BUTTON)
        return
    await confirm(query)
    async with _drawing:
        drawn = await asyncio.to_thread(picture, knowledge, topic_id)
    if drawn is not None:
        lines = [escape(line, quote=False) for line in drawn.alt.splitlines()]
        await answer_tap(update, context, Page(packed(lines)))


@asynccontextmanager
async def _to_a_chat(
    context: ContextTypes.DEFAULT_TYPE, chat_id: int, action: ChatAction
) -> AsyncIterator[None]:
    """Show that something is on its way; a chat that can't be written to is left alone."""
    try:
        async with showing(context.bot, chat_id, action=action):
            yield
    except TelegramError as error:
        if not is_closed(error):
            raise
        log.info("chat can't be written to")


async def _deliver(
    desk: Desk,
    topic_id: str,
    look: str,
    post: _Post,
    *,
    kept_as: str = "",
) -> None:
    """Have a picture posted: as the file that Telegram keeps already, else drawn.

    Telegram keeps a photo and a document apart; ``kept_as`` begins the key of the latter.
    """
    knowledge, dark = desk.engine.knowledge, look == DARK
    key = picture_key(knowledge, topic_id, dark=dark)
    if key is None:
        return
    key = kept_as + key
    try:
        sent = await desk.storage.pictures.sent(key)
        if sent:
            try:
                await post(sent.file_id, sent.caption)
            except BadRequest as error:
                if "file" not in error.message.casefold():
                    raise
                await desk.storage.pictures.drop(key)
            else:
                return
    except StorageError as error:
        log.warning("the file of a picture can't be looked up", error=str(error))
    async with _drawing:
        drawn = await asyncio.to_thread(picture, knowledge, topic_id, dark=dark)
    if drawn is None:
        return
    message = await post(drawn.png, drawn.caption)
    kept = message and (message.document or (message.photo and message.photo[-1]))
    if kept:
        try:
            await desk.storage.pictures.keep(key, Sent(kept.file_id, drawn.caption))
        except StorageError as error:
            log.warning("the file of a picture could not be stored", error=str(error))


def _name(topic_id: str) -> str:
    return f"ldn-{topic_id.partition('.')[2]}.png"


def _buttons(topic_id: str, look: str) -> InlineKeyboardMarkup:
    other, name = (DARK, "Dark") if look == LIGHT else (LIGHT, "Light")
    letter = next(letter for letter, of_file in AS_FILE.items() if of_file == look)
    return InlineKeyboardMarkup(
        [
            [
                action_button(name, Verb.LOOK, f"{other}:{topic_id}"),
                action_button("In words", Verb.IN_WORDS, topic_id),
                action_button("As a file", Verb.FILE, f"{letter}:{topic_id}"),
            ]
        ]
    )
