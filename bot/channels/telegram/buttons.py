"""Inline buttons and the data behind them.

Callback data is ``1:<topic id>`` (open a topic) or ``2:<verb>:<argument>`` (do something else): a
version and what to do. It names nothing that is kept on our side, so buttons work after a restart;
data that doesn't fit is treated as an old button.
"""

from __future__ import annotations

from collections.abc import Iterable

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit

from bot.replies import Choice, Reply

VERSION = "1"
ACTION_VERSION = "2"
MOST_BUTTONS = 6
MAX_LABEL = 60


def keyboard(reply: Reply) -> InlineKeyboardMarkup | None:
    """Buttons for the choices of a reply, then for its related topics; ``None`` if none."""
    related = (choice for answer in reply.answers for choice in answer.related)
    return topic_buttons(dict.fromkeys((*reply.options, *related)))


def topic_buttons(choices: Iterable[Choice]) -> InlineKeyboardMarkup | None:
    """One button a row for each topic, at most :data:`MOST_BUTTONS`."""
    rows = [
        [InlineKeyboardButton(_label(choice.title), callback_data=encode(choice.topic_id))]
        for choice in choices
    ]
    return InlineKeyboardMarkup(rows[:MOST_BUTTONS]) if rows else None


def encode(topic_id: str) -> str:
    """Callback data that opens a topic.

    Raises:
        ValueError: the id is too long for a button (64 bytes with the version).
    """
    data = f"{VERSION}:{topic_id}"
    if len(data.encode()) > InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
        raise ValueError(f"{topic_id!r} is too long for a button")
    return data


def decode(data: str | None) -> str | None:
    """The topic id in callback data, or ``None`` if it is not of our present form."""
    version, separator, topic_id = (data or "").partition(":")
    return topic_id if separator and version == VERSION and topic_id else None


def encode_action(verb: str, argument: str = "") -> str:
    """Callback data that does something else than open a topic.

    Raises:
        ValueError: it is too long for a button.
    """
    data = f"{ACTION_VERSION}:{verb}:{argument}"
    if len(data.encode()) > InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
        raise ValueError(f"{argument!r} is too long for a button")
    return data


def action_pattern(verb: str) -> str:
    """The pattern of a ``CallbackQueryHandler`` for one verb."""
    return f"^{ACTION_VERSION}:{verb}:"


def argument_of(data: str | None) -> str:
    """What stands behind the verb (it may be empty)."""
    return (data or "").partition(":")[2].partition(":")[2]


def _label(title: str) -> str:
    return title if len(title) <= MAX_LABEL else f"{title[: MAX_LABEL - 1]}…"
