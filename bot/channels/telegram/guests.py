"""Guest calls: somebody names the bot in a chat that it is no member of.

The answer is the same as in a group. It is all that the bot can do there: it reads nothing else,
and the chat's number may be the same as that of another chat, so nothing is kept or sent by it.
"""

from __future__ import annotations

import structlog
from telegram import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    Message,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler, ContextTypes, MessageHandler, filters

from bot.channels.telegram.addressing import call_by_command
from bot.channels.telegram.buttons import OLD_BUTTON, Verb, action_pattern, answer_keyboard, picked
from bot.channels.telegram.chat_settings import GroupSettings, group_settings
from bot.channels.telegram.cooldown import Verdict
from bot.channels.telegram.deep_links import deep_link
from bot.channels.telegram.desk import App, desk_of
from bot.channels.telegram.group_desk import EMERGENCY_PACE, group_desk_of
from bot.channels.telegram.group_replies import reply_to_call
from bot.channels.telegram.groups import ASK_IN_PRIVATE, PAUSE
from bot.channels.telegram.queries import in_time, text_content
from bot.channels.telegram.sending import NO_PREVIEW, confirm, with_retries
from bot.rendering.telegram import render_telegram_brief
from bot.replies import Reply, ReplyKind

log = structlog.get_logger(__name__)

HOW_TO_CALL = (
    "I answer questions on low-dose naltrexone (LDN) from published evidence. I am not a doctor, "
    "and this is information, not medical advice.\n\n"
    "Write my name and your question. Or reply to somebody's message with my name, and I answer it."
)


class GuestTap(CallbackQueryHandler[ContextTypes.DEFAULT_TYPE, None]):
    """Taps on buttons under messages that stand in chats that the bot doesn't know."""

    def check_update(self, update: object) -> object:
        """As in the parent class, but for taps on other messages."""
        query = update.callback_query if isinstance(update, Update) else None
        known = query is None or query.inline_message_id is None
        return None if known else super().check_update(update)


def add_handlers(application: App) -> None:
    """Register guest calls and the taps under their answers."""
    application.add_handler(MessageHandler(filters.UpdateType.GUEST_MESSAGE, called))
    application.add_handler(GuestTap(chosen, action_pattern(Verb.PICK)))


async def called(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A message that names the bot in a chat where it is a guest."""
    message = update.guest_message
    if message is None or message.guest_query_id is None:
        return
    desk = desk_of(context)
    settings = _settings(context)
    reply, _ = await reply_to_call(desk, call_by_command(message, context.bot.bot), settings)
    verdict = _verdict(message, reply, settings, context)
    if verdict is Verdict.SILENT:
        log.info("a guest call in a cool-down was left alone")
        return
    if verdict is Verdict.TELL:
        reply, html = None, PAUSE
    elif reply is None:
        html = HOW_TO_CALL
    else:
        html = render_telegram_brief(reply, settings.points)
    result = InlineQueryResultArticle(
        id="answer",
        title="Answer",
        input_message_content=text_content(html),
        reply_markup=_keyboard(reply, context.bot.username),
    )
    await in_time(lambda: message.answer_guest_query(result))
    log.info("answered as a guest", kind=reply.kind.value if reply else None)


async def chosen(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap on a choice: the answer takes the place of the question."""
    query = update.callback_query
    if query is None:
        return
    choice = picked(query.data)
    reply = desk_of(context).engine.open(*choice) if choice else None
    await confirm(query, None if reply else OLD_BUTTON)
    if reply is not None:
        await _put_in_place(query, reply, context)
        log.info("answered as a guest", kind=reply.kind.value)


async def _put_in_place(
    query: CallbackQuery, reply: Reply, context: ContextTypes.DEFAULT_TYPE
) -> None:
    html = render_telegram_brief(reply, _settings(context).points)
    try:
        await with_retries(
            lambda: query.edit_message_text(
                html,
                parse_mode=ParseMode.HTML,
                reply_markup=_keyboard(reply, context.bot.username),
                link_preview_options=NO_PREVIEW,
            )
        )
    except BadRequest as error:
        # Another tap was faster, or the message is gone: there is nowhere else to answer.
        log.info("an answer to a guest call could not be replaced", reason=error.message)


def _settings(context: ContextTypes.DEFAULT_TYPE) -> GroupSettings:
    """How groups are answered that have set nothing."""
    return group_settings({}, desk_of(context).engine.knowledge)


def _verdict(
    message: Message,
    reply: Reply | None,
    settings: GroupSettings,
    context: ContextTypes.DEFAULT_TYPE,
) -> Verdict:
    """Whether to answer now: the same cool-down as in groups, and the same for emergencies."""
    desk = group_desk_of(context)
    person = message.from_user.id if message.from_user else message.chat_id
    if reply is not None and reply.kind is ReplyKind.EMERGENCY:
        verdict = desk.emergencies.ask(message.chat_id, person, EMERGENCY_PACE)
        return Verdict.ANSWER if verdict is Verdict.ANSWER else Verdict.SILENT
    return desk.questions.ask(message.chat_id, person, settings.pace)


def _keyboard(reply: Reply | None, bot_username: str) -> InlineKeyboardMarkup | None:
    if reply is not None:
        return answer_keyboard(reply, group=True, bot_username=bot_username)
    button = InlineKeyboardButton(ASK_IN_PRIVATE, url=deep_link(bot_username))
    return InlineKeyboardMarkup([[button]])
