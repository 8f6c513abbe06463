"""Groups: who is answered there, and how.

The bot reacts to its commands, to its name and to replies to its messages, and to nothing else. An
admin (or anybody) replies to a member's message with ``/ldn``: that message is answered, as a reply
to it. One question gets one message. No question, topic or person is kept: what a follow-up is
about stands in the message that it replies to.
"""

from __future__ import annotations

from typing import Final

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.ext import (
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.channels.telegram import chat_settings, membership
from bot.channels.telegram.addressing import (
    ASKING_COMMANDS,
    Call,
    call_by_command,
    call_by_name_or_reply,
    command_in,
    text_of,
)
from bot.channels.telegram.answering import shows_typing
from bot.channels.telegram.buttons import (
    OLD_BUTTON,
    Verb,
    action_pattern,
    answer_keyboard,
    decode,
    picked,
    still_offers,
)
from bot.channels.telegram.chat_settings import GroupSettings, group_settings
from bot.channels.telegram.cooldown import Notice, Verdict
from bot.channels.telegram.deep_links import deep_link
from bot.channels.telegram.desk import App, desk_of
from bot.channels.telegram.group_desk import EMERGENCY_PACE, group_desk_of
from bot.channels.telegram.group_posting import Place, post, put_in_place
from bot.channels.telegram.group_replies import asks, reply_to_call
from bot.channels.telegram.menus import IN_PRIVATE
from bot.channels.telegram.sending import confirm
from bot.knowledge.schema import WarningLevel
from bot.rendering.telegram import render_telegram_brief
from bot.replies import Reply, ReplyKind

log = structlog.get_logger(__name__)

HOW_TO_ASK = (
    "I answer questions on low-dose naltrexone (LDN) from published evidence. I am not a doctor, "
    "and this is information, not medical advice.\n\n"
    "Write /ldn and your question. Or reply to somebody's message with /ldn, and I answer it."
)
PAUSE = "Many questions at once: I take a short break here. In a private chat I answer at any time."
ADMINS_ONLY = "In this group only admins may ask me. In a private chat I answer everybody."
TEXT_ONLY = "I can only read text. Please write your question behind /ldn."
ONLY_IN_PRIVATE = (
    "/{command} works in a private chat with me, where nobody else reads along. Please open it and "
    "send /{command} there."
)
PRIVACY_HERE = (
    "Of this group I keep the settings that its admins have changed, until I am removed. No "
    "question, no answer, no name. A message to me is stored until it is answered, and then "
    "deleted.\n\n"
    "Everybody in the group can read what you write here."
)
ASK_IN_PRIVATE = "Ask in private"
OPEN_PRIVATE = "Open the private chat"
MORE_IN_PRIVATE = "More in private"

PRIVACY, SOURCES = "about.privacy", "about.sources"

TAKEN_AS_OURS: Final = frozenset({"privacy", "watch", "unwatch", "forget", "feedback"})
"""Commands that get an answer also without the bot's name behind them.

One is in the list that Telegram shows in groups; of the others people must learn where they work.
The rest may be meant for another bot.
"""

HELP_COMMANDS: Final = ("start", "help")


class _ByAnotherBot(filters.MessageFilter):
    """What another bot wrote: two bots that answer each other would never end."""

    def filter(self, message: Message) -> bool:
        by_bot = message.from_user is not None and message.from_user.is_bot
        return by_bot and message.sender_chat is None  # else an admin or a channel


class GroupTap(CallbackQueryHandler[ContextTypes.DEFAULT_TYPE, None]):
    """Taps on buttons under messages in groups."""

    def check_update(self, update: object) -> object:
        """As in the parent class, but for other chats than groups."""
        if not isinstance(update, Update) or update.effective_chat is None:
            return None
        in_group = update.effective_chat.type in {"group", "supergroup"}
        return super().check_update(update) if in_group else None


def add_handlers(application: App) -> None:
    """Register the handlers for messages and taps in groups. Edits there are left alone."""
    groups = filters.ChatType.GROUPS
    by_people = ~filters.VIA_BOT & ~filters.IS_AUTOMATIC_FORWARD & ~_ByAnotherBot()
    said = groups & filters.UpdateType.MESSAGE & by_people
    membership.add_handlers(application)
    chat_settings.add_handlers(application)
    application.add_handler(CommandHandler(ASKING_COMMANDS, asked, said))
    application.add_handler(CommandHandler(HELP_COMMANDS, helped, said))
    application.add_handler(MessageHandler(said & (filters.TEXT | filters.CAPTION), spoken))
    application.add_handler(GroupTap(chosen, action_pattern(Verb.PICK)))
    application.add_handler(GroupTap(opened, lambda data: decode(str(data)) is not None))


@shows_typing
async def asked(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/ldn`` and ``/ask``, with a question or as a reply to one."""
    if update.message is not None:
        await _take(call_by_command(update.message, context.bot.bot), update.message, context)


async def helped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/start`` and ``/help``."""
    message = update.message
    if message is not None and await _may_speak(message, context):
        await post(context, Place.under(message), HOW_TO_ASK, _private(context))


@shows_typing
async def spoken(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Any other text: answered if it names the bot or replies to it."""
    message = update.message
    if message is None:
        return
    me = context.bot.bot
    if not text_of(message).startswith("/"):
        call = call_by_name_or_reply(message, me)
        if call is not None:
            await _take(call, message, context)
        return
    # Commands under pictures, and those that are none of ours for groups; maybe another bot's.
    command, named = command_in(message, me) or ("", False)
    if command in ASKING_COMMANDS:
        await _take(call_by_command(message, me), message, context)
    elif named or command in TAKEN_AS_OURS:
        await _other_command(command, message, context)


async def chosen(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap on a choice: the answer takes the place of the question."""
    query = update.callback_query
    if query is None:
        return
    found = picked(query.data)
    if not still_offers(query):
        found = None
    reply = _open(context, *found) if found else None
    await confirm(query, None if reply else OLD_BUTTON)
    if reply is not None and isinstance(query.message, Message):
        settings = await _settings(query.message, context)
        html = render_telegram_brief(reply, settings.points)
        buttons = answer_keyboard(reply, group=True, bot_username=context.bot.username)
        await put_in_place(context, query.message, html, buttons)
        log.info("answered in a group", kind=reply.kind.value)


async def opened(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap on a choice under warnings that must stay: the answer comes as a message of its own."""
    query = update.callback_query
    if query is None:
        return
    topic_id = decode(query.data)
    reply = _open(context, topic_id) if topic_id else None
    if reply is None or not isinstance(query.message, Message):
        await confirm(query, OLD_BUTTON)
        return
    settings = await _settings(query.message, context)
    verdict = group_desk_of(context).questions.ask(
        query.message.chat_id, query.from_user.id, settings.pace
    )
    await confirm(query, None if verdict is Verdict.ANSWER else PAUSE)
    if verdict is Verdict.ANSWER:
        await _send(reply, Place.under(query.message), settings, context)


async def _take(call: Call, message: Message, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer a call, if that is allowed in its group now."""
    settings = await _settings(message, context)
    reply, target = await reply_to_call(desk_of(context), call, settings)
    if reply is not None and reply.kind is ReplyKind.EMERGENCY:
        # Whoever asked, and however often: somebody may be in danger. Nothing of it is kept.
        if _free_for_emergency(message, context):
            await _send(reply, Place.under(target), settings, context)
        return
    if call.by_reply and reply is not None and not asks(desk_of(context).engine, call.text, reply):
        return
    if not await _may_speak(message, context, settings):
        return
    if reply is not None:
        desk_of(context).count_refusal(reply)
        await _send(reply, Place.under(target), settings, context)
        return
    nothing_to_read = call.shown is not None and not text_of(call.shown)
    text = TEXT_ONLY if nothing_to_read else HOW_TO_ASK
    await post(context, Place.under(message), text, _private(context))


async def _may_speak(
    message: Message, context: ContextTypes.DEFAULT_TYPE, settings: GroupSettings | None = None
) -> bool:
    """Whether a message may be answered now; if not, the reason is told at most now and then."""
    settings = settings or await _settings(message, context)
    desk = group_desk_of(context)
    person = _person(message)
    restricted = settings.quiet or settings.moderators_only
    if restricted and not await desk.moderators.wrote(message):
        if not settings.quiet and desk.questions.may_tell(message.chat_id, Notice.ADMINS_ASK):
            await post(context, Place.under(message), ADMINS_ONLY, _private(context))
        return False
    over = desk.questions.is_over(message.chat_id, person, settings.pace)
    exempt = over and await desk.moderators.wrote(message)
    verdict = desk.questions.ask(message.chat_id, person, None if exempt else settings.pace)
    if verdict is Verdict.TELL:
        await post(context, Place.under(message), PAUSE, _private(context))
    return verdict is Verdict.ANSWER


def _free_for_emergency(message: Message, context: ContextTypes.DEFAULT_TYPE) -> bool:
    emergencies = group_desk_of(context).emergencies
    return emergencies.ask(message.chat_id, _person(message), EMERGENCY_PACE) is Verdict.ANSWER


async def _other_command(
    command: str, message: Message, context: ContextTypes.DEFAULT_TYPE
) -> None:
    """A command that is meant for this bot: a page, the way into the private chat, or help."""
    settings = await _settings(message, context)
    if not await _may_speak(message, context, settings):
        return
    place = Place.under(message)
    sources = _open(context, SOURCES) if command == "sources" else None
    if command == "privacy":
        await post(context, place, PRIVACY_HERE, _private(context, MORE_IN_PRIVATE, PRIVACY))
    elif sources is not None:
        await _send(sources, place, settings, context)
    elif command in IN_PRIVATE:
        text = ONLY_IN_PRIVATE.format(command=command)
        await post(context, place, text, _private(context, OPEN_PRIVATE))
    else:
        await post(context, place, HOW_TO_ASK, _private(context))


async def _send(
    reply: Reply, place: Place, settings: GroupSettings, context: ContextTypes.DEFAULT_TYPE
) -> None:
    html = render_telegram_brief(reply, settings.points)
    buttons = answer_keyboard(reply, group=True, bot_username=context.bot.username)
    await post(context, place, html, buttons)
    log.info("answered in a group", kind=reply.kind.value)


async def _settings(message: Message, context: ContextTypes.DEFAULT_TYPE) -> GroupSettings:
    desk = desk_of(context)
    return group_settings(await desk.chat_settings(message.chat_id), desk.engine.knowledge)


def _open(
    context: ContextTypes.DEFAULT_TYPE, topic_id: str, warning: WarningLevel = WarningLevel.NONE
) -> Reply | None:
    return desk_of(context).engine.open(topic_id, warning)


def _person(message: Message) -> int:
    """Who asks: a person, or a chat in whose name somebody writes."""
    if message.sender_chat is not None:
        return message.sender_chat.id
    return message.from_user.id if message.from_user else message.chat_id


def _private(
    context: ContextTypes.DEFAULT_TYPE, name: str = ASK_IN_PRIVATE, topic_id: str | None = None
) -> InlineKeyboardMarkup:
    link = deep_link(context.bot.username, topic_id)
    return InlineKeyboardMarkup([[InlineKeyboardButton(name, url=link)]])
