"""What people think of answers: a verdict that is counted, and words that they agree to leave.

A verdict is counted without any trace of who gave it. Words of a question are never stored before a
tap agrees to it: until then they stand in the chat only, in the message that the bot's own replies
to. That message comes with the tap.
"""

from __future__ import annotations

import asyncio
import re

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import MessageEntityType
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes

from bot.channels.telegram.answering import answer_message, shows_typing, thread_of
from bot.channels.telegram.buttons import (
    OLD_BUTTON,
    Verb,
    action_pattern,
    argument_of,
    encode_action,
    still_offers,
    topic_rows,
)
from bot.channels.telegram.conversation import PRIVATE, show
from bot.channels.telegram.desk import App, desk_of
from bot.channels.telegram.sending import Page, confirm, send_reply, send_text, with_retries
from bot.replies import Question, ReplyKind
from bot.storage import KeptKind

MOST_OTHERS = 4

VERDICTS = {"+": "helpful", "-": "not-helpful"}
NOT_MEANT = "not-meant"

THANKS = "Thank you, that was counted."
THANKS_FOR_CRITICISM = "Thank you, that was counted. With /feedback you can say what was wrong."
ALREADY = "That was counted already. Thank you."

LEAVE_QUESTION = (
    "You can leave your question to the people who look after my answers.\n\n"
    "Only its words are kept, not who wrote them. Please don't, if the words show who somebody is."
)
OTHERS = f"Maybe it is one of these? If none fits, {LEAVE_QUESTION[0].lower()}{LEAVE_QUESTION[1:]}"
NO_QUESTION = "I can't see your question here. Please type it again, in other words if you can."

HOW_TO = (
    "Please write it behind the command, for example:\n"
    "/feedback The answer on sleep was hard to read.\n\n"
    "Nothing is kept before you agree. If you have a question, just type it."
)
MAY_I_KEEP = (
    "Shall I pass this on to the people who look after my answers? Only the words are kept, not "
    "who wrote them. Please don't, if the words show who somebody is.\n\n"
    "They can't write back, since they don't learn who you are."
)
KEPT = "Thank you. The words were passed on, without your name."
NOT_KEPT = "All right. Nothing was kept."
NO_WORDS = "I can't see those words any more. Nothing was kept."
NOT_YOURS = "Only the person who wrote it can decide that."

REFUSED = "-"
"""The argument of the button that keeps nothing."""

KEPT_AS = {"q": KeptKind.QUESTION, "f": KeptKind.FEEDBACK}

_TELLING: list[str | None] = [
    MessageEntityType.EMAIL,
    MessageEntityType.PHONE_NUMBER,
    MessageEntityType.MENTION,
    MessageEntityType.TEXT_MENTION,
]
"""What shows who somebody is, as Telegram recognises it; never kept."""

_COMMAND = re.compile(r"^/\S+\s*")


def add_handlers(application: App) -> None:
    """Register ``/feedback`` and the buttons."""
    application.add_handler(CommandHandler("feedback", feedback, PRIVATE))
    for verb, callback in (
        (Verb.FEEDBACK, rated),
        (Verb.NOT_MEANT, not_meant),
        (Verb.KEEP, agreed),
    ):
        application.add_handler(CallbackQueryHandler(callback, pattern=action_pattern(verb)))


async def rated(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap on "helpful" or "not helpful": counted once for each message."""
    query = update.callback_query
    if query is None:
        return
    argument = argument_of(query.data)
    verdict = VERDICTS.get(argument[:1])
    topic = desk_of(context).engine.knowledge.topic(argument[1:])
    if verdict is None or topic is None or not still_offers(query):
        await confirm(query, OLD_BUTTON)
        return
    if not await _taken_off(query, Verb.FEEDBACK):
        await confirm(query, ALREADY)
        return
    await desk_of(context).storage.feedback.count(topic.id, verdict)
    await confirm(query, THANKS if verdict == VERDICTS["+"] else THANKS_FOR_CRITICISM)


@shows_typing
async def not_meant(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap on "not what I meant": offers what else may be meant, and to leave the question."""
    query = update.callback_query
    if query is None:
        return
    message = query.message
    if not isinstance(message, Message) or not still_offers(query):
        await confirm(query, OLD_BUTTON)
        return
    if not await _taken_off(query, Verb.NOT_MEANT):
        await confirm(query)
        return
    await confirm(query)
    desk = desk_of(context)
    topic = desk.engine.knowledge.topic(argument_of(query.data))
    if topic is not None:
        await desk.storage.feedback.count(topic.id, NOT_MEANT)
    question = message.reply_to_message
    words = _words(question)
    if question is None or words is None:
        await send_text(context.bot, message.chat_id, NO_QUESTION)
        return
    shown = topic.id if topic else None
    others = await asyncio.to_thread(desk.engine.others, words, shown, MOST_OTHERS)
    leave = _keep_button("Leave my question", "q")
    await send_text(
        context.bot,
        message.chat_id,
        OTHERS if others else LEAVE_QUESTION,
        InlineKeyboardMarkup([*topic_rows(others), [leave]]),
        reply_to=question.message_id,
        thread_id=thread_of(message),
    )


@shows_typing
async def feedback(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/feedback <words>``: asks whether the words may be kept."""
    words = _words(update.effective_message)
    if words is None:
        await answer_message(update, context, Page((HOW_TO,)))
        return
    reply = await desk_of(context).reply(Question(words))
    if reply.kind is ReplyKind.EMERGENCY:
        await show(update, context, reply)
        return
    buttons = [_keep_button("Yes, pass it on", "f"), _keep_button("No", REFUSED)]
    page = Page((MAY_I_KEEP,), InlineKeyboardMarkup([buttons]))
    await answer_message(update, context, page, quoting=True)


async def agreed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap that agrees, or not, that the words of the replied-to message are kept."""
    query = update.callback_query
    if query is None:
        return
    argument = argument_of(query.data)
    message = query.message
    known = argument in KEPT_AS or argument == REFUSED
    if not known or not isinstance(message, Message) or not still_offers(query):
        await confirm(query, OLD_BUTTON)
        return
    source = message.reply_to_message
    if source is not None and source.from_user != query.from_user:
        await confirm(query, NOT_YOURS)
        return
    await confirm(query)
    words = _words(source)
    if argument == REFUSED or words is None:
        await _turned_into(query, NOT_KEPT if argument == REFUSED else NO_WORDS)
        return
    reply = await desk_of(context).reply(Question(words))
    if reply.kind is ReplyKind.EMERGENCY:  # nothing of it is kept
        await send_reply(context.bot, message.chat_id, reply, thread_id=thread_of(message))
    elif await _turned_into(query, KEPT):
        await desk_of(context).storage.questions.add(words, KEPT_AS[argument])


def _words(message: Message | None) -> str | None:
    """What a person wrote, without a command and without what shows who somebody is."""
    text = (message.text or message.caption) if message else None
    if message is None or text is None or message.from_user is None or message.from_user.is_bot:
        return None
    entities = message.parse_entities if message.text else message.parse_caption_entities
    for telling in entities(_TELLING).values():
        text = text.replace(telling, "[…]")
    return _COMMAND.sub("", text).strip() or None


def _keep_button(name: str, argument: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(name, callback_data=encode_action(Verb.KEEP, argument))


async def _taken_off(query: CallbackQuery, verb: Verb) -> bool:
    """Take the buttons of a verb off a message. False if another tap has done so before.

    Nothing needs to be stored to know that: Telegram refuses a change that changes nothing.
    """
    message = query.message
    markup = message.reply_markup if isinstance(message, Message) else None
    start = encode_action(verb)
    rows = [
        [button for button in row if not str(button.callback_data).startswith(start)]
        for row in (markup.inline_keyboard if markup else ())
    ]
    left = InlineKeyboardMarkup([row for row in rows if row])
    try:
        await with_retries(lambda: query.edit_message_reply_markup(left))
    except BadRequest:
        return False
    return True


async def _turned_into(query: CallbackQuery, text: str) -> bool:
    """Put a text in the place of a message. False if that was done before."""
    try:
        await with_retries(lambda: query.edit_message_text(text))
    except BadRequest:
        return False
    return True
