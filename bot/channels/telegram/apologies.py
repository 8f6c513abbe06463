"""What people are told when something went wrong on our side, and where."""

from __future__ import annotations

from telegram import Chat, Message, Update
from telegram.ext import ContextTypes

from bot.channels.telegram.chat_settings import group_settings
from bot.channels.telegram.desk import desk_of
from bot.channels.telegram.group_desk import group_desk_of
from bot.channels.telegram.group_posting import Place, post
from bot.channels.telegram.sending import send_text

APOLOGY = "Sorry, something went wrong on my side (reference {reference}). Please try again."


async def apologise(update: Update, context: ContextTypes.DEFAULT_TYPE, reference: str) -> None:
    """Apologise where the person waits: in the chat, in a group below the message.

    A group whose moderators want quiet hears nothing, unless one of them has asked; neither does
    one in which nobody has said anything (the bot was added, a member left). A guest call gets no
    apology: its chat can't be written to, and its number may be that of another chat.

    Raises:
        telegram.error.TelegramError: the apology could not be sent either.
    """
    chat = update.effective_chat
    if chat is None or update.guest_message is not None:
        return
    text = APOLOGY.format(reference=reference)
    if chat.type == Chat.PRIVATE:
        await send_text(context.bot, chat.id, text)
        return
    query = update.callback_query
    message = query.message if query else update.message
    if isinstance(message, Message) and await _may_be_told(update, message, context):
        await post(context, Place.under(message), text)


async def _may_be_told(
    update: Update, message: Message, context: ContextTypes.DEFAULT_TYPE
) -> bool:
    desk, moderators = desk_of(context), group_desk_of(context).moderators
    stored = await desk.chat_settings(message.chat_id)
    if not group_settings(stored, desk.engine.knowledge).quiet:
        return True
    query = update.callback_query
    if query is None:
        return await moderators.wrote(message)
    return await moderators.include(context.bot, message.chat_id, query.from_user.id)
