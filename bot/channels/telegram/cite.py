"""``/cite`` and the share button: an answer to copy into a forum, with its sources and its date."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, Update
from telegram.constants import ChatAction, MessageLimit
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes

from bot.channels.telegram import pictures
from bot.channels.telegram.answering import answer_message, answer_tap, in_private, shows_typing
from bot.channels.telegram.buttons import (
    OLD_BUTTON,
    Verb,
    action_pattern,
    argument_of,
    encode_action,
    label,
    rows_of,
)
from bot.channels.telegram.conversation import COMMON_QUESTIONS, PRIVATE, argument, show
from bot.channels.telegram.deep_links import deep_link
from bot.channels.telegram.desk import App, desk_of
from bot.channels.telegram.sending import Page, confirm, is_closed, showing, with_retries
from bot.engine import Engine
from bot.pictures import picture_key
from bot.rendering import render_bbcode, render_markdown, render_text
from bot.rendering.telegram import MAX_BYTES, utf16_units
from bot.replies import Choice, Question, Reply, ReplyKind
from bot.replies.fitting import fitted

log = structlog.get_logger(__name__)

WHICH = "Type /cite and what it is about, for example <code>/cite fibromyalgia</code>. Or tap one:"
WHICH_OF_THESE = "Which answer would you like to copy?"
NOT_FOUND = "I have no answer on that. Try another word, or tap one:"

FOR = "<b>{title}</b>\nWhere would you like to post this answer? I send it ready to copy."
READY = "{form}. Tap the text to copy it:"
SHORTENED = "{form}, shortened to fit. Tap the text to copy it:"

MOST_CHOICES = 5

ROOM = MessageLimit.MAX_TEXT_LENGTH - 100
"""UTF-16 units of a text to copy; the rest of the message is the line above it."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which an answer can be copied."""

    name: str
    render: Callable[[Reply], str]
    language: str
    """How Telegram labels the text; empty for none."""
    ending: str
    """Of the name of a file."""


FORMS = {
    "m": Form("Reddit (Markdown)", render_markdown, "markdown", "md"),
    "b": Form("Forum (BBCode)", render_bbcode, "bbcode", "bbcode.txt"),
    "t": Form("Plain text", render_text, "", "txt"),
}
"""The letters stand in messages that people keep: they stay for ever."""


def add_handlers(application: App) -> None:
    """Register ``/cite``, the share button, and the buttons for the forms."""
    application.add_handler(CommandHandler("cite", cite, PRIVATE))
    application.add_handler(CallbackQueryHandler(share, action_pattern(Verb.SHARE)))
    application.add_handler(CallbackQueryHandler(copy, action_pattern(Verb.COPY)))
    application.add_handler(CallbackQueryHandler(send_file, action_pattern(Verb.FILE)))


# -- the way in


@shows_typing
async def cite(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/cite <topic>``: the forms of its answer; without a topic those of the last one."""
    desk, text, message = desk_of(context), argument(update), update.effective_message
    if message is None:
        return
    if not text:
        last = await desk.last_topic(update, message.chat_id)
        reply = desk.engine.open(last) if last else None
        page = forms_page(desk.engine, reply) if reply else choices_page(desk.engine, (), WHICH)
        await answer_message(update, context, page)
        return
    replies = await asyncio.to_thread(found, desk.engine, text)
    if replies and replies[0].kind is ReplyKind.EMERGENCY:
        await show(update, context, replies[0])
    elif len(replies) == 1:
        page = forms_page(desk.engine, replies[0])
        await answer_message(update, context, page, topics=replies[0].topics)
    else:
        page = choices_page(desk.engine, replies, WHICH_OF_THESE if replies else NOT_FOUND)
        await answer_message(update, context, page)


@shows_typing
async def share(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap on "Share" under an answer, or on a topic to copy."""
    query = update.callback_query
    if query is None:
        return
    engine = desk_of(context).engine
    reply = engine.open(argument_of(query.data))
    if reply is None:
        await confirm(query, OLD_BUTTON)
    elif not in_private(query):
        await confirm(query, url=deep_link(context.bot.username, reply.topics[0]))
    else:
        await confirm(query)
        await answer_tap(update, context, forms_page(engine, reply), topics=reply.topics)


def found(engine: Engine, text: str) -> tuple[Reply, ...]:
    """The answers that somebody who cites may mean, best first; one if it is clear which."""
    opened = engine.open(text.strip())
    if opened is not None:
        return (opened,)
    replies = engine.search(text, MOST_CHOICES)
    answered = engine.reply(Question(text))
    clear = answered.kind is ReplyKind.ANSWER and len(answered.answers) == 1
    titles = [reply.answers[0].title.casefold() for reply in replies[:1]]
    return replies[:1] if clear or text.strip().casefold() in titles else replies


# -- the forms


@shows_typing
async def copy(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap on a form: the answer in it, as one message to copy."""
    query = update.callback_query
    if query is None:
        return
    letter, _, topic_id = argument_of(query.data).partition(":")
    form, reply = FORMS.get(letter), desk_of(context).engine.open(topic_id)
    if form is None or reply is None or not in_private(query):
        await confirm(query, OLD_BUTTON)
        return
    await confirm(query)
    await answer_tap(update, context, copy_page(form, letter, reply), topics=reply.topics)


async def send_file(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap for the whole answer, or its picture, as a file."""
    query = update.callback_query
    if query is None or query.message is None:
        return
    letter, _, topic_id = argument_of(query.data).partition(":")
    engine = desk_of(context).engine
    reply = engine.open(topic_id)
    look = pictures.AS_FILE.get(letter)
    known = letter in FORMS or (look and picture_key(engine.knowledge, topic_id))
    if reply is None or not known or not in_private(query):
        await confirm(query, OLD_BUTTON)
        return
    await confirm(query)
    chat_id, reply_to = query.message.chat.id, query.message.message_id
    if look:
        await pictures.send_as_file(context, chat_id, topic_id, look, reply_to=reply_to)
        return
    async with showing(context.bot, chat_id, action=ChatAction.UPLOAD_DOCUMENT):
        file = await asyncio.to_thread(file_of, reply, FORMS[letter])
        await _send(context.bot, chat_id, file, reply_to)


@dataclass(frozen=True, slots=True)
class File:
    """A file and the text under it."""

    name: str
    content: bytes
    caption: str


def file_of(reply: Reply, form: Form) -> File:
    """The whole answer in a form."""
    answer = reply.answers[0]
    name = f"ldn-{answer.topic_id.partition('.')[2]}.{form.ending}"
    return File(name, form.render(reply).encode(), answer.title)


def forms_page(engine: Engine, reply: Reply) -> Page:
    """The forms in which an answer can be copied, as buttons."""
    answer = reply.answers[0]
    buttons = [
        _button(form.name, Verb.COPY, f"{letter}:{answer.topic_id}")
        for letter, form in FORMS.items()
    ]
    if picture_key(engine.knowledge, answer.topic_id):
        letter = next(iter(pictures.AS_FILE))
        buttons.append(_button("Picture as a file", Verb.FILE, f"{letter}:{answer.topic_id}"))
    chat = InlineKeyboardButton("A Telegram chat", switch_inline_query=answer.title)
    text = FOR.format(title=escape(answer.title, quote=False))
    return Page((text,), InlineKeyboardMarkup(rows_of([*buttons, chat])))


def copy_page(form: Form, letter: str, reply: Reply) -> Page:
    """An answer in a form, as a message to copy; a button sends what doesn't fit as a file."""
    kept = fitted(reply, lambda shorter: _fits(form.render(shorter)))
    text = escape(form.render(kept), quote=False)
    code = f'<code class="language-{form.language}">{text}</code>' if form.language else text
    whole = kept is reply
    intro = (READY if whole else SHORTENED).format(form=form.name)
    answer = reply.answers[0]
    button = _button("Whole answer as a file", Verb.FILE, f"{letter}:{answer.topic_id}")
    buttons = None if whole else InlineKeyboardMarkup([[button]])
    return Page((f"{intro}\n<pre>{code}</pre>",), buttons)


def choices_page(engine: Engine, replies: Iterable[Reply], text: str) -> Page:
    """Topics to copy the answer of; the common ones if there are no ``replies``."""
    choices = [Choice(reply.answers[0].topic_id, reply.answers[0].title) for reply in replies]
    if not choices:
        known = engine.knowledge.topic
        choices = [Choice(t, name) for name, t in COMMON_QUESTIONS.items() if known(t)]
    buttons = (_button(label(choice.title), Verb.SHARE, choice.topic_id) for choice in choices)
    return Page((text,), InlineKeyboardMarkup(rows_of(buttons)))


def _fits(text: str) -> bool:
    written = len(escape(text, quote=False).encode())
    return utf16_units(text) <= ROOM and written <= MAX_BYTES - MessageLimit.MAX_TEXT_LENGTH


def _button(name: str, verb: Verb, argument_: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(name, callback_data=encode_action(verb, argument_))


async def _send(bot: Bot, chat_id: int, file: File, reply_to: int) -> None:
    try:
        await with_retries(
            lambda: bot.send_document(
                chat_id,
                InputFile(file.content, file.name),
                caption=file.caption,
                reply_to_message_id=reply_to,
                allow_sending_without_reply=True,
            )
        )
    except TelegramError as error:
        if not is_closed(error):
            raise
        log.info("chat can't be written to")
