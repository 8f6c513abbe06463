"""Messages without words for the bot: one kind line each, or nothing for what needs no answer."""

from __future__ import annotations

from telegram import Message, Update
from telegram.ext import ContextTypes, MessageHandler, filters

from bot.channels.telegram.answering import thread_of
from bot.channels.telegram.desk import App
from bot.channels.telegram.sending import send_text

ASK_IN_WORDS = "Please type your question on low-dose naltrexone (LDN)."


class _RichText(filters.MessageFilter):
    """Messages with headings, tables and the like: the library doesn't know them yet."""

    def filter(self, message: Message) -> bool:
        return "rich_message" in message.api_kwargs


LINES: tuple[tuple[filters.BaseFilter, str], ...] = (
    (
        filters.VOICE | filters.AUDIO | filters.VIDEO_NOTE,
        f"Thank you, but I can't listen to recordings. {ASK_IN_WORDS}",
    ),
    (
        filters.PHOTO | filters.ANIMATION | filters.VIDEO | filters.LIVE_PHOTO | filters.PAID_MEDIA,
        f"Thank you, but I can't see pictures or films. {ASK_IN_WORDS}",
    ),
    (filters.Document.ALL, f"Thank you, but I can't open files. {ASK_IN_WORDS}"),
    (filters.Sticker.ALL, f"A nice sticker, but I only understand words. {ASK_IN_WORDS}"),
    (
        filters.LOCATION | filters.VENUE,
        "I don't need to know where you are. To learn how LDN is had in your country, type the "
        "country's name.",
    ),
    (filters.CONTACT, f"I don't need anybody's number, and I don't keep it. {ASK_IN_WORDS}"),
    (filters.POLL, f"I can't vote in a poll. {ASK_IN_WORDS}"),
    (filters.Dice.ALL, f"Nice throw, but I only understand words. {ASK_IN_WORDS}"),
    (filters.STORY, f"I can't see stories. {ASK_IN_WORDS}"),
    (filters.CHECKLIST, f"I can't read lists to tick off. {ASK_IN_WORDS}"),
    (filters.GAME, f"I can't play games. {ASK_IN_WORDS}"),
    (
        _RichText(),
        "I can't read a message with headings, tables and the like. Please type your question on "
        "low-dose naltrexone (LDN) as plain text.",
    ),
)
"""What is said to which kind of message. A file goes before what it may also be."""

OTHERWISE = f"I can only read words. {ASK_IN_WORDS}"

NOTICES = (
    filters.StatusUpdate.ALL
    | filters.SUCCESSFUL_PAYMENT
    | filters.PASSPORT_DATA
    | filters.BOOST_ADDED
)
"""What Telegram tells about a chat, in the form of a message: no answer.

The library has payments, passports and boosts apart from the others.
"""

ALBUM = "album"
"""In a chat's data: the album that had its answer; its pictures come as a message each."""


def add_handlers(application: App) -> None:
    """Register the answer to every message in the private chat that has no words.

    What people do to the chat or beside it (pin a message, pay, boost) needs no answer.
    """
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    application.add_handler(MessageHandler(private & ~NOTICES, answer))


async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A photo, voice message, sticker and the like: a line that says what to do instead."""
    message = update.effective_message
    if message is None:
        return
    if not of_answered_album(message, context):
        line = line_for(update)
        await send_text(context.bot, message.chat_id, line, thread_id=thread_of(message))


def of_answered_album(message: Message, context: ContextTypes.DEFAULT_TYPE) -> bool:
    """Whether another picture of the same album had an answer; from now on one has."""
    album, data = message.media_group_id, context.chat_data
    if album is None or data is None:
        return False
    answered = data.get(ALBUM) == album
    data[ALBUM] = album
    return answered


def line_for(update: Update) -> str:
    """The line for a message."""
    return next((line for kind, line in LINES if kind.check_update(update)), OTHERWISE)
