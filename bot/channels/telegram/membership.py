"""The bot's own place in groups: added, removed, promoted, silenced, moved to a supergroup."""

from __future__ import annotations

import structlog
from telegram import Chat, ChatMember, ChatMemberRestricted, Update
from telegram.ext import ChatMemberHandler, ContextTypes, MessageHandler, filters

from bot.channels.telegram.desk import App, desk_of
from bot.channels.telegram.group_desk import group_desk_of
from bot.channels.telegram.group_posting import Place, post
from bot.storage import StorageError

log = structlog.get_logger(__name__)

GREETING = (
    "Hello. I answer questions on low-dose naltrexone (LDN) from published evidence, with sources. "
    "I am not a doctor, and this is information, not medical advice.\n\n"
    "Write /ldn and your question. Or reply to somebody's message with /ldn, and I answer it.\n\n"
    "I react only to what is meant for me. Admins: /settings"
)

GROUPS = {Chat.GROUP, Chat.SUPERGROUP}

HANDLER_GROUP = 1
"""Apart from the other handlers, of which only the first that fits gets an update."""


def add_handlers(application: App) -> None:
    """Register what happens when the bot's own place in a group changes."""
    application.add_handler(
        ChatMemberHandler(place_changed, ChatMemberHandler.MY_CHAT_MEMBER), group=HANDLER_GROUP
    )
    application.add_handler(
        MessageHandler(filters.StatusUpdate.MIGRATE, migrated), group=HANDLER_GROUP
    )


async def place_changed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """The bot was added, removed, promoted, demoted, or may or may not write any more."""
    change = update.my_chat_member
    if change is None or change.chat.type not in GROUPS:
        return
    chat_id = change.chat.id
    closed = group_desk_of(context).closed
    was, is_now = _present(change.old_chat_member), _present(change.new_chat_member)
    if is_now and _may_write(change.new_chat_member):
        closed.discard(chat_id)
    elif is_now:
        closed.add(chat_id)
        log.info("a group forbids writing")
    if is_now and not was:
        log.info("added to a group")
        await post(context, Place(chat_id), GREETING)
    elif was and not is_now:
        closed.discard(chat_id)
        log.info("removed from a group")
        await _forget(context, chat_id)


async def migrated(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A group became a supergroup, which has another id: its settings move.

    Telegram tells it in both groups; whichever comes first does the work.
    """
    message = update.effective_message
    if message is None:
        return
    former = message.migrate_from_chat_id or message.chat_id
    present = message.migrate_to_chat_id or message.chat_id
    try:
        await desk_of(context).storage.chat_settings.move(former, present)
    except StorageError as error:
        log.error("the settings of a group could not be moved", error=str(error))
        return
    log.info("a group became a supergroup")


async def _forget(context: ContextTypes.DEFAULT_TYPE, chat_id: int) -> None:
    try:
        await desk_of(context).storage.forget(chat_id)
    except StorageError as error:
        log.error("the settings of a group could not be deleted", error=str(error))


def _present(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status in {ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.OWNER}


def _may_write(member: ChatMember) -> bool:
    return not isinstance(member, ChatMemberRestricted) or member.can_send_messages
