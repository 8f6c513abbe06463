"""What is answered where many people read along, and to whom.

There people call the bot by a name or a command that says "LDN", so questions leave that word out;
they point at each other's messages, and they talk below the bot's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from telegram import Message

from bot.channels.telegram.addressing import Call, text_of
from bot.channels.telegram.chat_settings import GroupSettings
from bot.channels.telegram.desk import Desk
from bot.engine import Engine
from bot.knowledge.schema import EntityKind, WarningLevel
from bot.replies import Question, Reply, ReplyKind

FEW_WORDS = 4
"""So few words ask something ("and for crohns", "effexor") if they name something."""


class Answered(NamedTuple):
    """A reply, ``None`` if nothing was asked, and the message that it belongs under."""

    reply: Reply | None
    message: Message


async def reply_to_call(desk: Desk, call: Call, settings: GroupSettings) -> Answered:
    """The reply to a call: to its own words, or to the message that it points at."""
    alone = Question(call.text, previous_topic=call.previous_topic, chat_language=settings.language)
    shown = text_of(call.shown)
    if call.shown is None or not shown:
        if not call.text:
            return Answered(None, call.message)
        reply = await (desk.reply(alone) if call.by_reply else _about_ldn(desk, alone))
        return Answered(reply, call.message)
    to_shown = await _about_ldn(desk, Question(shown, chat_language=settings.language))
    if not call.text or to_shown.kind is ReplyKind.EMERGENCY:
        return Answered(to_shown, call.shown)
    if _only_points(desk.engine, call.text, await desk.reply(alone)):
        return Answered(to_shown, call.shown)
    reply = await _about_ldn(desk, replace(alone, context=(shown,)))
    if (reply.topics, reply.opioid_warning) == (to_shown.topics, to_shown.opioid_warning):
        return Answered(to_shown, call.shown)
    return Answered(reply, call.message)


def asks(engine: Engine, text: str, reply: Reply) -> bool:
    """Whether words below a message of the bot are for the bot, ``reply`` being its answer."""
    understood = engine.understand(text)
    if _warns(reply) or any(part.question for part in understood.parts):
        return True
    few = len(understood.whole.typed) <= FEW_WORDS
    return few and bool(understood.whole.mentions or understood.whole.intents)


async def _about_ldn(desk: Desk, question: Question) -> Reply:
    """The reply to a question that is on LDN also if it doesn't say so ("/ldn long covid")."""
    reply = await desk.reply(question)
    if reply.kind is ReplyKind.DECLINE and _leaves_out_ldn(desk.engine, question.text, reply):
        named = await desk.reply(replace(question, text=f"LDN {question.text}"))
        if named.kind is not ReplyKind.DECLINE:
            return named
    return reply


def _leaves_out_ldn(engine: Engine, text: str, reply: Reply) -> bool:
    """Whether a text names something that LDN may be asked for; not another medicine's use."""
    whole = engine.understand(text).whole
    if whole.names_ldn or not whole.mentions:
        return False
    medicines = any(mention.entity.kind is EntityKind.MEDICINE for mention in whole.mentions)
    return not medicines or len(whole.typed) <= FEW_WORDS or _warns(reply)


def _only_points(engine: Engine, text: str, reply: Reply) -> bool:
    """Whether words beside somebody's message ask nothing: "@bot, can you help here?"."""
    whole = engine.understand(text).whole
    names = whole.intents or whole.mentions or _warns(reply)
    return reply.kind is ReplyKind.SMALLTALK or not names


def _warns(reply: Reply) -> bool:
    return reply.opioid_warning in {WarningLevel.CAUTION, WarningLevel.FULL}
