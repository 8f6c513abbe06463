"""``/settings`` in the private chat: how long answers are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes

from bot.channels.telegram.answering import (
    LENGTH,
    SHORT,
    WHOLE,
    answer_message,
    answer_tap,
    in_private,
    page_for,
    shows_typing,
    subjects_of,
)
from bot.channels.telegram.buttons import (
    OLD_BUTTON,
    Verb,
    action_pattern,
    argument_of,
    encode_action,
    picked,
)
from bot.channels.telegram.conversation import PRIVATE
from bot.channels.telegram.desk import App, desk_of
from bot.channels.telegram.sending import Page, confirm
from bot.storage import StorageError

log = structlog.get_logger(__name__)

TEXT = (
    "How long should my answers be? Warnings are always shown.\n\n"
    "This choice is kept for this chat until you change it, or until /forget."
)
NOT_SAVED = "This could not be saved. Please try again."

LENGTHS: Final[Mapping[str, str]] = {WHOLE: "Whole answers", SHORT: "Short answers"}


def add_handlers(application: App) -> None:
    """Register ``/settings`` in the private chat and its buttons."""
    application.add_handler(CommandHandler("settings", settings, PRIVATE))
    application.add_handler(CallbackQueryHandler(choose, action_pattern(Verb.LENGTH)))
    application.add_handler(CallbackQueryHandler(show_whole, action_pattern(Verb.WHOLE)))


@shows_typing
async def settings(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/settings``: the choices, with a mark at the present one."""
    chat = update.effective_chat
    if chat is not None:
        stored = await desk_of(context).chat_settings(chat.id)
        await answer_message(update, context, _page(stored.get(LENGTH, WHOLE)))


@shows_typing
async def choose(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap on a choice."""
    query = update.callback_query
    if query is None:
        return
    length = argument_of(query.data)
    if length not in LENGTHS or query.message is None or not in_private(query):
        await confirm(query, OLD_BUTTON)
        return
    chosen = desk_of(context).storage.chat_settings
    chat_id = query.message.chat.id
    try:
        if length == WHOLE:  # the default: nothing needs to be kept
            await chosen.unset(chat_id, LENGTH)
        else:
            await chosen.set(chat_id, LENGTH, length)
    except StorageError as error:
        log.error("a setting could not be saved", error=str(error))
        await confirm(query, NOT_SAVED, alert=True)
        return
    await confirm(query)
    await answer_tap(update, context, _page(length), replace=True)


@shows_typing
async def show_whole(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap for the whole answer under a short one."""
    query = update.callback_query
    if query is None:
        return
    choice = picked(query.data)
    reply = desk_of(context).engine.open(*choice) if choice else None
    if reply is None or query.message is None or not in_private(query):
        await confirm(query, OLD_BUTTON)
        return
    await confirm(query)
    page = await page_for(context, query.message.chat.id, reply, whole=True)
    await answer_tap(update, context, page, topics=subjects_of(reply))


def _page(length: str) -> Page:
    buttons = [
        InlineKeyboardButton(
            f"{'✓ ' if value == length else ''}{name}",
            callback_data=encode_action(Verb.LENGTH, value),
        )
        for value, name in LENGTHS.items()
    ]
    return Page((TEXT,), InlineKeyboardMarkup([buttons]))
