"""``/privacy`` and ``/forget``: what is kept, and how to be rid of it."""

from __future__ import annotations

import structlog
from telegram import Update
from telegram.ext import CommandHandler, ContextTypes

from bot.channels.telegram.answering import answer_message, shows_typing
from bot.channels.telegram.browsing import open_topic
from bot.channels.telegram.conversation import PRIVATE
from bot.channels.telegram.desk import App, desk_of
from bot.channels.telegram.sending import Page, send_text
from bot.storage import StorageError

log = structlog.get_logger(__name__)

FORGOTTEN = (
    "Done. I deleted everything that I kept for this chat: settings, watched topics, what we last "
    "talked about. The messages in this chat are Telegram's; you can delete the chat there."
)
NOT_FORGOTTEN = "Sorry, I could not delete it just now. Please send /forget again in a minute."


def add_handlers(application: App) -> None:
    """Register both commands."""
    application.add_handler(CommandHandler("privacy", privacy, PRIVATE))
    application.add_handler(CommandHandler("forget", forget, PRIVATE))


@shows_typing
async def privacy(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/privacy``: opens the page on it."""
    await open_topic(update, context, "about.privacy")


async def forget(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/forget``: deletes all that is kept of the chat."""
    message = update.effective_message
    if message is None:
        return
    try:
        await desk_of(context).forget(message.chat_id)
    except StorageError as error:
        log.error("a chat could not be forgotten", error=str(error))
        await answer_message(update, context, Page((NOT_FORGOTTEN,)))
        return
    # Not noted as an answer: nothing about the chat is to be kept now.
    await send_text(context.bot, message.chat_id, FORGOTTEN)
    log.info("forgotten")
