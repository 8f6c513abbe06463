"""Questions and answers in the private chat."""

from __future__ import annotations

from dataclasses import replace

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from bot.channels.telegram.addressing import ASKING_COMMANDS
from bot.channels.telegram.answering import (
    answer_message,
    answer_tap,
    page_for,
    shows_typing,
    subjects_of,
)
from bot.channels.telegram.buttons import (
    OLD_BUTTON,
    Verb,
    action_pattern,
    decode,
    encode,
    encode_action,
    picked,
    rows_of,
    still_offers,
    topic_shown,
)
from bot.channels.telegram.deep_links import deep_link, topic_of
from bot.channels.telegram.desk import App, desk_of
from bot.channels.telegram.other_kinds import of_answered_album
from bot.channels.telegram.sending import Page, confirm
from bot.engine import Engine
from bot.replies import Question, Reply, ReplyKind

log = structlog.get_logger(__name__)

WELCOME = (
    "I answer questions on low-dose naltrexone (LDN) from published studies, with sources and how "
    "sure they are.\n"
    "I am a program, not a doctor. This is information, not medical advice; in an emergency call "
    "your emergency number.\n"
    "Type a question in your own words, or tap one:"
)
HELP = (
    "Type a question on LDN in your own words. For example:\n"
    "• does ldn help fibromyalgia?\n"
    "• can I take it with tramadol?\n"
    "• how long until it works?\n\n"
    "Then ask on: “and for Crohn's?” You can also change a question that you sent; its answer "
    "changes too.\n\n"
    "/topics – browse all topics\n"
    "/check – LDN and a medicine, for example /check effexor\n"
    "/sideeffects – side effects\n"
    "/studies – what was studied\n"
    "/evidence – how sure all this is\n"
    "/watch – a note when the evidence changes\n"
    "/privacy – what is kept, /forget – delete it\n\n"
    "I can't diagnose, prescribe, or decide on your dose: that is for your prescriber or "
    "pharmacist. In an emergency call your emergency number; I can't fetch help."
)
NOT_SEEN = (
    "I can't see what you sent, I only read the words under it. If you ask about a medicine that "
    "it shows, please type the name."
)
ASK = "Please type your question in one message. For example: does ldn help long covid?"

COMMON_QUESTIONS = {
    "What is LDN?": "about.what-is-ldn",
    "How does it work?": "mechanism.overview",
    "Fibromyalgia": "condition.fibromyalgia",
    "Long COVID": "condition.long-covid",
    "Side effects": "side-effect.overview",
    "Starting doses": "dosing.starting-dose",
    "How long it takes": "dosing.time-to-effect",
    "Opioid painkillers": "interaction.opioids-overview",
    "Is it proven?": "evidence.overview",
}
"""What people ask most, and the topic that answers it; those that don't exist are left out."""

MESSAGES = filters.UpdateType.MESSAGE | filters.UpdateType.EDITED_MESSAGE
PRIVATE = filters.ChatType.PRIVATE & MESSAGES


def add_handlers(application: App) -> None:
    """Register ``/start``, ``/help``, ``/ask`` and taps on topics."""
    application.add_handler(CommandHandler("start", start, PRIVATE))
    application.add_handler(CommandHandler("help", help_, PRIVATE))
    application.add_handler(CommandHandler(ASKING_COMMANDS, ask, PRIVATE))
    application.add_handler(CallbackQueryHandler(pick, action_pattern(Verb.PICK)))


def add_general_handlers(application: App) -> None:
    """Register what takes all the texts, commands and taps that nobody else took."""
    application.add_handler(CallbackQueryHandler(tapped))
    application.add_handler(
        MessageHandler(PRIVATE & (filters.TEXT | filters.CAPTION) & ~filters.COMMAND, asked)
    )
    application.add_handler(MessageHandler(PRIVATE & filters.COMMAND, help_))


@shows_typing
async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/start``: what the bot is, and common questions; ``/start <topic>`` opens an answer."""
    engine = desk_of(context).engine
    reply = engine.open(topic_of(context.args[0])) if context.args else None
    if reply is not None:
        await show(update, context, reply)
    else:
        await answer_message(update, context, Page((WELCOME,), common_questions(engine)))


@shows_typing
async def help_(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/help``, and commands that don't exist."""
    await answer_message(update, context, Page((HELP,)))


@shows_typing
async def ask(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/ask <question>``; also ``/ldn``, as in groups."""
    text = argument(update)
    if text:
        await answer_question(update, context, text)
    else:
        buttons = common_questions(desk_of(context).engine)
        await answer_message(update, context, Page((ASK,), buttons))


@shows_typing
async def asked(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A typed question in a private chat, also one under a picture; or a change to it."""
    message = update.effective_message
    if message is None:
        return
    if message.text is not None:
        await answer_question(update, context, message.text)
    elif message.caption is not None:
        of_answered_album(message, context)
        await answer_question(update, context, message.caption, captioned=True)


@shows_typing
async def tapped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap on a button: opens the topic, also if the tap itself can't be confirmed any more."""
    query = update.callback_query
    if query is None:
        return
    topic_id = decode(query.data)
    reply = desk_of(context).engine.open(topic_id) if topic_id else None
    if reply is None:
        await confirm(query, OLD_BUTTON)
    elif query.message is None:  # under a message that came by inline mode
        await confirm(query, url=deep_link(context.bot.username, reply.topics[0]))
    else:
        await confirm(query)
        page = await page_for(context, query.message.chat.id, reply)
        await answer_tap(update, context, page, topics=subjects_of(reply))
        log.info("answered", kind=reply.kind.value)


@shows_typing
async def pick(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap on one of the choices: the answer takes the place of the question that offered it."""
    query = update.callback_query
    if query is None or query.message is None:
        return
    choice = picked(query.data)
    reply = desk_of(context).engine.open(*choice) if choice else None
    await confirm(query, None if reply else OLD_BUTTON)
    if reply is None or (isinstance(query.message, Message) and not still_offers(query)):
        return
    page = await page_for(context, query.message.chat.id, reply)
    await answer_tap(update, context, page, topics=subjects_of(reply), replace=True)
    log.info("answered", kind=reply.kind.value)


async def answer_question(
    update: Update, context: ContextTypes.DEFAULT_TYPE, text: str, *, captioned: bool = False
) -> None:
    """Answer a typed question; it may lean on the message that it replies to, or the last topic.

    One under a picture (``captioned``) doesn't lean on the last topic: "this" is what it shows.
    """
    message = update.effective_message
    if message is None:
        return
    desk = desk_of(context)
    edited = update.edited_message is not None
    former = await desk.answer_to(message.chat_id, message.message_id) if edited else None
    if former is not None:
        previous = former.leaned_on
    else:
        quoted = message.reply_to_message
        previous = topic_shown(quoted) if quoted else None
        if previous is None and not captioned:
            previous = await desk.last_topic(update, message.chat_id)
    reply = await desk.reply(Question(text, previous_topic=previous))
    desk.count_refusal(reply)
    line = NOT_SEEN if captioned else None
    await show(update, context, reply, line=line, leaned_on=previous, quoting=True)


async def show(
    update: Update,
    context: ContextTypes.DEFAULT_TYPE,
    reply: Reply,
    *,
    line: str | None = None,
    leaned_on: str | None = None,
    quoting: bool = False,
) -> None:
    """Answer a message with a reply of the engine.

    ``line`` is a message of its own above the answer, but never above a warning, and left out in an
    emergency. Other arguments as for :func:`answer_message`.
    """
    chat = update.effective_chat
    if chat is None:
        return
    page = await page_for(context, chat.id, reply)
    if line is not None and reply.kind is not ReplyKind.EMERGENCY:
        warned = 1 if reply.notices else 0
        page = replace(page, texts=(*page.texts[:warned], line, *page.texts[warned:]))
    await answer_message(
        update,
        context,
        page,
        topics=subjects_of(reply),
        leaned_on=leaned_on,
        quoting=quoting,
    )
    log.info("answered", kind=reply.kind.value)


def argument(update: Update) -> str:
    """What stands behind a command; empty if nothing does."""
    message = update.effective_message
    parts = (message.text or "").split(maxsplit=1) if message else []
    return parts[1] if len(parts) > 1 else ""


def common_questions(engine: Engine) -> InlineKeyboardMarkup:
    """Buttons for what people ask most, and one for all topics."""
    known = engine.knowledge.topic
    questions = [
        InlineKeyboardButton(name, callback_data=encode(topic_id))
        for name, topic_id in COMMON_QUESTIONS.items()
        if known(topic_id)
    ]
    browse = InlineKeyboardButton("All topics", callback_data=encode_action(Verb.KINDS))
    return InlineKeyboardMarkup(rows_of([*questions, browse]))
