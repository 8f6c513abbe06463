"""The lists of commands that Telegram shows while somebody types "/"."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from telegram import (
    Bot,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.error import TelegramError

log = structlog.get_logger(__name__)

Commands = Mapping[str, str]

IN_PRIVATE: Commands = {
    "ask": "Ask a question in your own words",
    "topics": "Browse all topics",
    "check": "LDN and a medicine: /check effexor",
    "interactions": "Which medicines clash with LDN",
    "sideeffects": "What side effects are known",
    "studies": "What was studied, and what came out",
    "evidence": "How sure all this is",
    "sources": "Where the last answer comes from",
    "cite": "Copy an answer for a forum",
    "watch": "Get a note when the evidence changes",
    "unwatch": "Get no more notes",
    "feedback": "Tell the people behind this bot something",
    "settings": "Change how I answer",
    "privacy": "What is kept, and what is not",
    "forget": "Delete what is kept for this chat",
    "help": "What you can ask, and how",
    "start": "What this bot is, and common questions",
}

IN_GROUPS: Commands = {
    "ldn": "Answer a question, or the message you reply to",
    "help": "How to ask me in a group",
    "privacy": IN_PRIVATE["privacy"],
}

FOR_GROUP_ADMINS: Commands = {
    **IN_GROUPS,
    "settings": "How I behave in this group",
}

ANYWHERE: Commands = {"help": IN_PRIVATE["help"]}


async def set_commands(bot: Bot) -> None:
    """Set the lists for each kind of chat. Without them the commands work all the same."""
    lists: dict[BotCommandScope | None, Commands] = {
        None: ANYWHERE,
        BotCommandScopeAllPrivateChats(): IN_PRIVATE,
        BotCommandScopeAllGroupChats(): IN_GROUPS,
        BotCommandScopeAllChatAdministrators(): FOR_GROUP_ADMINS,
    }
    try:
        for scope, commands in lists.items():
            await bot.set_my_commands(list(commands.items()), scope=scope)
    except TelegramError as error:
        log.warning("the lists of commands could not be set", error=type(error).__name__)
