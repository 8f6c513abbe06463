"""What the bot does with each kind of message from Telegram."""

from __future__ import annotations

import secrets

import structlog
from telegram import Update
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError
from telegram.ext import (
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.channels.telegram.buttons import decode, topic_buttons
from bot.channels.telegram.desk import App, desk_of
from bot.channels.telegram.sending import send_reply, send_text
from bot.replies import Choice, Question, Reply

log = structlog.get_logger(__name__)

WELCOME = (
    "I answer questions on low-dose naltrexone (LDN) from published evidence, with sources and how "
    "sure they are. I am not a doctor and no person, and this is information, not medical advice. "
    "In an emergency call your emergency number.\n\n"
    "Type a question in your own words, or tap one:"
)
HELP = (
    "Type a question on LDN in your own words: does it help in a condition, what did a study find, "
    "side effects, other medicines, general dosing facts, how to get it.\n\n"
    "I can't diagnose, prescribe, or decide on your dose: that is for your prescriber or "
    "pharmacist. /start shows common questions."
)
TEXT_ONLY = "I can only read text. Please type your question on low-dose naltrexone (LDN)."
OLD_BUTTON = "This button is old. Please type your question."
APOLOGY = "Sorry, something went wrong on my side (reference {reference}). Please try again."

COMMON_TOPICS = (
    "about.what-is-ldn",
    "condition.fibromyalgia",
    "condition.long-covid",
    "interaction.opioids-overview",
    "side-effect.overview",
    "evidence.overview",
)


def add_handlers(application: App) -> None:
    """Register every handler."""
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CommandHandler("help", help_))
    application.add_handler(CallbackQueryHandler(tapped))
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    application.add_handler(
        MessageHandler(private & (filters.TEXT | filters.CAPTION) & ~filters.COMMAND, asked)
    )
    application.add_handler(MessageHandler(private & filters.COMMAND, help_))
    application.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, not_text))
    application.add_error_handler(failed)


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/start``: what the bot is, and common questions; ``/start <topic>`` opens an answer."""
    if update.effective_chat is None:
        return
    engine = desk_of(context).engine
    reply = engine.open(context.args[0].replace("_", ".", 1)) if context.args else None
    if reply is not None:
        await _answer(update, context, update.effective_chat.id, reply)
        return
    topics = (engine.knowledge.topic(topic_id) for topic_id in COMMON_TOPICS)
    choices = [Choice(topic.id, topic.title) for topic in topics if topic]
    await send_text(context.bot, update.effective_chat.id, WELCOME, topic_buttons(choices))


async def help_(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/help``, and commands that don't exist."""
    if update.effective_chat is not None:
        await send_text(context.bot, update.effective_chat.id, HELP)


async def asked(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A typed question in a private chat, also one under a picture."""
    message = update.effective_message
    text = (message.text or message.caption) if message else None
    if message is None or text is None:
        return
    previous = await desk_of(context).last_topic(update, message.chat_id)
    reply = desk_of(context).engine.reply(Question(text, previous_topic=previous))
    await _answer(update, context, message.chat_id, reply)


async def tapped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap on a button: opens the topic, also if the tap itself can't be confirmed any more."""
    query = update.callback_query
    if query is None:
        return
    topic_id = decode(query.data)
    reply = desk_of(context).engine.open(topic_id) if topic_id else None
    try:
        await query.answer(None if reply else OLD_BUTTON)
    except TelegramError as error:
        log.info("a tap could not be confirmed", error=type(error).__name__)
    if reply is not None and query.message is not None:
        await _answer(update, context, query.message.chat.id, reply)


async def not_text(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A photo, voice message, sticker and the like in a private chat."""
    if update.effective_chat is not None:
        await send_text(context.bot, update.effective_chat.id, TEXT_ONLY)


async def failed(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """An error: the operator gets the facts (never a text), the person a short apology."""
    problem = context.error
    if isinstance(problem, InvalidToken):
        return  # polling meets it as well and ends the process
    if update is None and isinstance(problem, Conflict):
        log.error("another process polls with the same token; only one may run")
        return
    if update is None and isinstance(problem, TelegramError):
        log.warning("Telegram can't be reached; trying again", error=type(problem).__name__)
        return
    reference = secrets.token_hex(4)
    if isinstance(problem, TelegramError):
        reason = problem.message if isinstance(problem, BadRequest) else type(problem).__name__
        log.error("an answer could not be delivered", reference=reference, reason=reason)
    else:
        log.error("update failed", reference=reference, exc_info=problem)
    if isinstance(update, Update) and update.effective_chat is not None:
        apology = APOLOGY.format(reference=reference)
        try:
            await send_text(context.bot, update.effective_chat.id, apology)
        except TelegramError as error:
            log.warning("the apology could not be sent", error=type(error).__name__)


async def _answer(
    update: Update, context: ContextTypes.DEFAULT_TYPE, chat_id: int, reply: Reply
) -> None:
    """Remember a reply's topics for follow-up questions, and send it."""
    # In this order: the time between an answer and the note that it was given is to be short.
    await desk_of(context).remember(update, chat_id, reply.topics)
    await send_reply(context.bot, chat_id, reply)
    log.info("answered", kind=reply.kind.value)
