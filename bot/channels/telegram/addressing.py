"""Whom a message in a group is meant for, and what it asks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from telegram import Message, MessageEntity, User

from bot.channels.telegram.deep_links import topic_of

ASKING_COMMANDS = ("ldn", "ask")

_EDGES = re.compile(r"^[\s,:;.!–—-]+|[\s,:;–—-]+$")
"""What is left of "@bot, does it help?" around the question."""


@dataclass(frozen=True, slots=True)
class Call:
    """A message that is meant for the bot.

    Attributes:
        message: the message itself.
        text: what it asks, without command and name; may be empty.
        shown: somebody's message that it replies to, and so points at; never one of the bot's.
        previous_topic: what the bot's message was about that it replies to.
        by_reply: it names neither the bot nor a command; it only replies to a message of the bot.
    """

    message: Message
    text: str
    shown: Message | None = None
    previous_topic: str | None = None
    by_reply: bool = False


def text_of(message: Message | None) -> str:
    """The text or caption of a message; empty if it has none."""
    return ((message.text or message.caption) if message else None) or ""


def call_by_command(message: Message, bot: User) -> Call:
    """The call in a message that begins with one of our commands."""
    text, _ = _without_name(message, bot)
    return _call(message, bot, re.sub(r"^\s*/\S+", "", text))


def call_by_name_or_reply(message: Message, bot: User) -> Call | None:
    """The call in any other message: one that names the bot or replies to it; else ``None``."""
    text, named = _without_name(message, bot)
    if not named and not _is_by(_replied(message), bot):
        return None
    return _call(message, bot, text, by_reply=not named)


def command_in(message: Message, bot: User) -> tuple[str, bool] | None:
    """The command with which a message begins, and whether it names this bot.

    ``None`` if the message doesn't begin with a command, or if that names another bot.
    """
    found = re.match(r"/(\w+)(?:@(\w+))?", text_of(message))
    if found is None:
        return None
    command, named = found.groups()
    if named and named.casefold() != (bot.username or "").casefold():
        return None
    return command.lower(), bool(named)


def topic_linked(message: Message) -> str | None:
    """The topic that a message of the bot is about, as its link into the private chat tells."""
    markup = message.reply_markup
    for row in markup.inline_keyboard if markup else ():
        for button in row:
            payload = parse_qs(urlsplit(button.url or "").query).get("start")
            if payload:
                return topic_of(payload[0])
    return None


def _call(message: Message, bot: User, text: str, *, by_reply: bool = False) -> Call:
    replied = _replied(message)
    own = _is_by(replied, bot)
    return Call(
        message,
        _EDGES.sub("", text),
        shown=None if own else replied,
        previous_topic=topic_linked(replied) if own and replied else None,
        by_reply=by_reply,
    )


def _replied(message: Message) -> Message | None:
    """The message that this one replies to.

    Not the one that opened a topic: Telegram says of every message there that it replies to it.
    """
    replied = message.reply_to_message
    return replied if replied and replied.forum_topic_created is None else None


def _is_by(message: Message | None, bot: User) -> bool:
    return bool(message and message.from_user and message.from_user.id == bot.id)


def _without_name(message: Message, bot: User) -> tuple[str, bool]:
    """The text without the bot's name, and whether the name stood in it."""
    # Telegram counts the places of entities in UTF-16 units.
    units = text_of(message).encode("utf-16-le", "surrogatepass")
    entities = message.entities or message.caption_entities
    name, named = f"@{bot.username}".casefold(), False
    for entity in sorted(entities, key=lambda entity: entity.offset, reverse=True):
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        word = units[start:end].decode("utf-16-le", "replace")
        is_name = entity.type == MessageEntity.MENTION and word.casefold() == name
        is_bot = entity.user is not None and entity.user.id == bot.id
        if is_name or is_bot:
            units, named = units[:start] + units[end:], True
    return units.decode("utf-16-le", "replace"), named
