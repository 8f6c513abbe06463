"""Topics that people watch: they get a note when the evidence changes (see ``notes``)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from html import escape

from telegram import (
    CallbackQuery,
    ChatMember,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    Update,
)
from telegram.constants import ChatType
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler, ChatMemberHandler, CommandHandler, ContextTypes

from bot.channels.telegram.answering import answer_message, answer_tap, shows_typing
from bot.channels.telegram.buttons import (
    OLD_BUTTON,
    Verb,
    action_pattern,
    argument_of,
    encode,
    encode_action,
    label,
    rows_of,
    still_offers,
)
from bot.channels.telegram.conversation import PRIVATE, argument, show
from bot.channels.telegram.deep_links import topic_of
from bot.channels.telegram.desk import App, Desk, desk_of
from bot.channels.telegram.sending import Page, confirm, with_retries
from bot.engine import Engine
from bot.knowledge.schema import Topic
from bot.replies import Question, ReplyKind
from bot.replies.changes import can_change

HANDLER_GROUP = 2
"""Apart from the other handlers, of which only the first that fits gets an update."""

MOST_WATCHED = 20
MOST_CHOICES = 5

WATCHED = (
    "I watch “{title}” for you. When the evidence changes (a new study, a new result, how sure it "
    "is), I send you a note here. That can take months.\n\n"
    "For this I keep the number of this chat and the topic until you stop. /watch shows what you "
    "watch."
)
WATCHED_ALREADY = "You watch “{title}” already."
WATCHES = "You watch:\n{titles}\n\nTo stop watching one, tap it. /unwatch all stops all of them."
NO_WATCHES = (
    "You watch nothing yet. I can tell you when the evidence on a topic changes. Write the topic "
    "behind the command, for example:\n/watch fibromyalgia"
)
WHICH = "Which one shall I watch?"
UNKNOWN = (
    "I have no topic like that. Try the name of a condition, a study or a medicine, for example:\n"
    "/watch fibromyalgia"
)
ENOUGH = "You watch {most} topics, and more I can't watch for you. /unwatch makes room."
STOPPED = "I no longer watch “{title}” for you."
ALL_STOPPED = "I no longer watch anything for you."
NOTHING_TO_STOP = "You watch nothing, so there is nothing to stop."
GONE = "a topic that I no longer have"

ALL = "all"
STOP = "Stop watching"
AGAIN = "Watch again"


def add_handlers(application: App) -> None:
    """Register ``/watch``, ``/unwatch``, their buttons, and what follows when somebody blocks."""
    application.add_handler(CommandHandler("watch", watch, PRIVATE))
    application.add_handler(CommandHandler("unwatch", unwatch, PRIVATE))
    for verb, callback in ((Verb.WATCH, watch_tapped), (Verb.UNWATCH, unwatch_tapped)):
        application.add_handler(CallbackQueryHandler(callback, pattern=action_pattern(verb)))
    application.add_handler(
        ChatMemberHandler(blocked, ChatMemberHandler.MY_CHAT_MEMBER), group=HANDLER_GROUP
    )


def note_buttons(topic_id: str) -> InlineKeyboardMarkup:
    """The buttons under a note on a topic, and under the promise of notes."""
    return _note_buttons(topic_id, STOP, Verb.UNWATCH)


@shows_typing
async def watch(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/watch <topic or words>``: watch a topic; without them, show what is watched."""
    message = update.effective_message
    if message is None:
        return
    desk, text = desk_of(context), argument(update)
    if not text:
        await answer_message(update, context, await _overview(update, desk, message))
        return
    reply = await desk.reply(Question(text))
    if reply.kind is ReplyKind.EMERGENCY:
        await show(update, context, reply)
        return
    meant, near = await asyncio.to_thread(find, desk.engine, text)
    if meant is not None:
        page = await _watch(desk, message.chat_id, meant)
    elif near:
        choices = [_button(label(topic.title), Verb.WATCH, topic.id) for topic in near]
        page = Page((WHICH,), InlineKeyboardMarkup(rows_of(choices)))
    else:
        page = Page((UNKNOWN,))
    await answer_message(update, context, page)


@shows_typing
async def unwatch(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/unwatch <topic or words>``: watch it no longer; without them, show what is watched."""
    message = update.effective_message
    if message is None:
        return
    desk, text, watches = desk_of(context), argument(update), desk_of(context).storage.watches
    watched = await watches.of(message.chat_id)
    meant = watched
    if text:
        first, near = await asyncio.to_thread(find, desk.engine, text)
        meant = [topic.id for topic in ([first] if first else near) if topic.id in watched]
    if watched and text.casefold() == ALL:
        await watches.clear(message.chat_id)
        page = Page((ALL_STOPPED,))
    elif len(meant) == 1:
        (topic_id,) = meant
        await watches.remove(message.chat_id, topic_id)
        page = Page((STOPPED.format(title=_escaped(_title(desk, topic_id))),))
    else:
        page = _watched_page(desk, watched) if watched else Page((NOTHING_TO_STOP,))
    await answer_message(update, context, page)


async def watch_tapped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap on a topic to watch, for the first time or again."""
    query = update.callback_query
    if query is None:
        return
    desk, message = desk_of(context), _private_message(query)
    topic = desk.engine.knowledge.topic(argument_of(query.data))
    if message is None or topic is None or not can_change(topic):
        await confirm(query, OLD_BUTTON)
        return
    await confirm(query)
    page = await _watch(desk, message.chat_id, topic)
    turns = page.buttons is not None and message.text != STOPPED.format(title=topic.title)
    if not turns or not await _turned(query, message, AGAIN, STOP, Verb.UNWATCH):
        await answer_tap(update, context, page, replace=page.buttons is not None)


async def unwatch_tapped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap on a topic to watch no longer."""
    query = update.callback_query
    if query is None:
        return
    desk, message, topic_id = desk_of(context), _private_message(query), argument_of(query.data)
    if message is None or not topic_id:
        await confirm(query, OLD_BUTTON)
        return
    await desk.storage.watches.remove(message.chat_id, topic_id)
    title = _title(desk, topic_id)
    await confirm(query, STOPPED.format(title=title))
    if message.text in {promise.format(title=title) for promise in (WATCHED, WATCHED_ALREADY)}:
        # The promise must not stand there any longer; a note and a list may.
        buttons = _note_buttons(topic_id, AGAIN, Verb.WATCH)
        page = Page((STOPPED.format(title=_escaped(title)),), buttons)
        await answer_tap(update, context, page, replace=True)
    else:
        await _turned(query, message, STOP, AGAIN, Verb.WATCH)


def find(engine: Engine, text: str) -> tuple[Topic | None, Sequence[Topic]]:
    """The topic with evidence that a text clearly means, if any, and those that come near."""
    exact = engine.knowledge.topic(topic_of(text))
    if exact is not None:
        return (exact if can_change(exact) else None), ()
    entities = set(engine.understand(text).whole.entity_ids)
    reply = engine.reply(Question(text))
    if not entities and reply.kind is ReplyKind.DECLINE:
        return None, ()
    ids = [found.topics[0] for found in engine.search(text, MOST_CHOICES) if found.topics]
    near = [topic for key in ids if can_change(topic := engine.knowledge.topics[key])]
    for topic in near[:1]:
        if topic.title.casefold() == text.casefold() or entities & set(topic.subjects[:1]):
            return topic, near
    sure = reply.topics if len(reply.topics) == 1 and not reply.options else ()
    return next((topic for topic in near if topic.id in sure), None), near


async def blocked(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Somebody blocked the bot: they get no notes, and what they watched is forgotten."""
    change = update.my_chat_member
    if change is None or change.chat.type != ChatType.PRIVATE:
        return
    if change.new_chat_member.status == ChatMember.BANNED:
        await desk_of(context).storage.watches.clear(change.chat.id)


async def _watch(desk: Desk, chat_id: int, topic: Topic) -> Page:
    """Watch a topic. Returns what to say; without buttons if there is no room."""
    title = _escaped(topic.title)
    watched = await desk.storage.watches.of(chat_id)
    if topic.id in watched:
        return Page((WATCHED_ALREADY.format(title=title),), note_buttons(topic.id))
    if len(watched) >= MOST_WATCHED:
        return Page((ENOUGH.format(most=MOST_WATCHED),))
    await desk.storage.watches.add(chat_id, topic.id)
    return Page((WATCHED.format(title=title),), note_buttons(topic.id))


async def _overview(update: Update, desk: Desk, message: Message) -> Page:
    """What is watched; else an offer to watch the last topic."""
    watched = await desk.storage.watches.of(message.chat_id)
    if watched:
        return _watched_page(desk, watched)
    last = await desk.last_topic(update, message.chat_id)
    topic = desk.engine.knowledge.topic(last) if last else None
    if topic is None or not can_change(topic):
        return Page((NO_WATCHES,))
    offer = _button(label(f"Watch: {topic.title}"), Verb.WATCH, topic.id)
    return Page((NO_WATCHES,), InlineKeyboardMarkup([[offer]]))


def _watched_page(desk: Desk, watched: Sequence[str]) -> Page:
    """The topics that are watched, each with a button to stop."""
    titles = {topic_id: _title(desk, topic_id) for topic_id in watched}
    lines = "\n".join(f"• {_escaped(title)}" for title in titles.values())
    rows = [
        [_button(label(f"{STOP}: {title}"), Verb.UNWATCH, topic_id)]
        for topic_id, title in titles.items()
    ]
    return Page((WATCHES.format(titles=lines),), InlineKeyboardMarkup(rows))


def _title(desk: Desk, topic_id: str) -> str:
    topic = desk.engine.knowledge.topic(topic_id)
    return topic.title if topic else GONE


def _escaped(text: str) -> str:
    return escape(text, quote=False)


def _note_buttons(topic_id: str, name: str, verb: Verb) -> InlineKeyboardMarkup:
    opening = InlineKeyboardButton("Open the answer", callback_data=encode(topic_id))
    return InlineKeyboardMarkup([[opening, _button(name, verb, topic_id)]])


def _button(name: str, verb: Verb, topic_id: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(name, callback_data=encode_action(verb, topic_id))


def _private_message(query: CallbackQuery) -> Message | None:
    """The message with the tapped button; ``None`` in a group, or if the button is gone."""
    message = query.message
    if not isinstance(message, Message) or message.chat.type != ChatType.PRIVATE:
        return None
    return message if still_offers(query) else None


async def _turned(
    query: CallbackQuery, message: Message, name: str, new_name: str, new_verb: Verb
) -> bool:
    """Turn the tapped button into its opposite. False if its name does not begin with ``name``."""

    def turned(button: InlineKeyboardButton) -> InlineKeyboardButton:
        if button.callback_data != query.data or not button.text.startswith(name):
            return button
        return _button(button.text.replace(name, new_name, 1), new_verb, argument_of(query.data))

    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    new = InlineKeyboardMarkup([[turned(button) for button in row] for row in rows])
    if new == message.reply_markup:
        return False
    # Refused if the message is gone, or another tap has changed it to the same.
    with contextlib.suppress(BadRequest):
        await with_retries(lambda: query.edit_message_reply_markup(new))
    return True
