"""Inline mode: ``@bot crohn`` typed in any chat offers answers that can be posted there.

Everybody who types the same gets the same: results are made of the text alone, so Telegram may keep
them for all. Nothing is kept on our side, and neither the text nor who typed it is noted.
"""

from __future__ import annotations

import asyncio
import textwrap
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache

import structlog
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    Message,
    Update,
)
from telegram.ext import ContextTypes, InlineQueryHandler, MessageHandler, filters

from bot.channels.telegram.conversation import COMMON_QUESTIONS
from bot.channels.telegram.deep_links import deep_link, payload_of
from bot.channels.telegram.desk import App, desk_of
from bot.channels.telegram.queries import in_time, text_content
from bot.engine import Engine
from bot.rendering.telegram import OneMessage, render_in_one_message
from bot.replies import Reply, ReplyKind

log = structlog.get_logger(__name__)

MOST_RESULTS = 10

LONGEST_SUMMARY = 160
"""Characters of a result's second line; phones show about as much."""

CACHE_TIME = timedelta(minutes=5)
"""How long Telegram may give the same answer again: short, so that corrections spread."""

MOST_KEPT = 512
"""Messages of results that are kept ready: making the longest takes ten times as long as most."""

NOTHING_FOUND = "Nothing found. Ask me in private"
FULL_ANSWER = "Full answer"
MORE = "More on this"

WELCOME = "about.bot"
"""Where the button leads: to what can be asked."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What is shown above the keyboard of somebody who types: results, or a button if none."""

    results: tuple[InlineQueryResultArticle, ...]
    button: InlineQueryResultsButton | None = None


class _SentByInlineMode(filters.MessageFilter):
    """Messages that somebody posted through our own inline mode."""

    def filter(self, message: Message) -> bool:
        return message.via_bot is not None and message.via_bot.id == message.get_bot().id


def add_handlers(application: App) -> None:
    """Register inline mode. What it posted is an answer, not a question: it is left alone."""
    application.add_handler(InlineQueryHandler(typed))
    application.add_handler(MessageHandler(_SentByInlineMode(), posted))


async def typed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Somebody has typed the bot's name and a text, or has typed on."""
    query = update.inline_query
    if query is None:
        return
    engine, username = desk_of(context).engine, context.bot.username
    # Off the event loop: people type fast, and others don't wait for it.
    offer = await asyncio.to_thread(offer_for, engine, username, query.query)
    await in_time(
        lambda: query.answer(
            offer.results, cache_time=CACHE_TIME, is_personal=False, button=offer.button
        )
    )
    log.info("answered inline", results=len(offer.results))


async def posted(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """An answer that was posted through inline mode where the bot can read it."""


def offer_for(engine: Engine, bot_username: str, text: str) -> Offer:
    """What to offer for a text; for an empty one the topics that people ask for most."""
    if text.strip():
        replies = engine.search(text, MOST_RESULTS)
    else:
        opened = map(engine.open, COMMON_QUESTIONS.values())
        replies = tuple(reply for reply in opened if reply is not None)
    if not replies:
        start = payload_of(WELCOME)
        return Offer((), InlineQueryResultsButton(NOTHING_FOUND, start_parameter=start))
    return Offer(tuple(result(reply, bot_username) for reply in replies))


def result(reply: Reply, bot_username: str) -> InlineQueryResultArticle:
    """A result that posts a reply on one topic, in one message. Its id is that of the topic."""
    answer = reply.answers[0]
    message = _message(_Wanted.by(reply))
    if reply.kind is ReplyKind.EMERGENCY:
        notice = reply.notices[0]
        title, summary, keyboard = f"🚨 {notice.heading}", notice.statements[0].text, None
    else:
        title, summary = answer.title, answer.short.text
        name = MORE if message.whole else FULL_ANSWER
        link = deep_link(bot_username, answer.topic_id)
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton(name, url=link)]])
    return InlineQueryResultArticle(
        id=answer.topic_id,
        title=title,
        description=textwrap.shorten(summary, LONGEST_SUMMARY, placeholder=" …"),
        input_message_content=text_content(message.html),
        reply_markup=keyboard,
    )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A reply of :meth:`Engine.search`, equal to others by what made it (much faster to compare).

    In an emergency that is not enough: the numbers to call depend on the text.
    """

    made_of: tuple[object, ...]
    reply: Reply = field(compare=False)

    @classmethod
    def by(cls, reply: Reply) -> _Wanted:
        return cls(
            (
                reply.knowledge_version,
                reply.topics,
                reply.opioid_warning,
                reply.refer,
                reply.unknown_medicines,
                reply.language,
                reply.notices if reply.kind is ReplyKind.EMERGENCY else None,
            ),
            reply,
        )


@lru_cache(MOST_KEPT)
def _message(wanted: _Wanted) -> OneMessage:
    return render_in_one_message(wanted.reply)
