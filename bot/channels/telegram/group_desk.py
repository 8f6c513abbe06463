"""What is known of groups while the bot runs; nothing of it outlives the process."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog
from telegram import Bot, ChatMember, Message
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.channels.telegram.cooldown import CoolDown, Pace

log = structlog.get_logger(__name__)

GROUP_DESK = "group desk"

GROUP_PACE = Pace(8, 60.0)
"""Answers to a group. With notices and settings this stays below Telegram's limit of 20."""

EMERGENCY_PACE = Pace(5, 60.0)
EMERGENCY_GROUP_PACE = Pace(10, 60.0)
"""Emergencies know no cool-down; this only keeps a prank from filling the screen."""

KNOWN_SECONDS = 60.0
"""How long a group's list of admins is believed, where only convenience hangs on it."""

MOST_GROUPS = 1000

ADMINS: Final = frozenset({ChatMember.ADMINISTRATOR, ChatMember.OWNER})


class Moderators:
    """Who moderates which group, as Telegram tells."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[int, tuple[float, frozenset[int]]] = {}

    async def wrote(self, message: Message) -> bool:
        """Whether an admin wrote a message; up to a minute late if that has just changed."""
        if message.sender_chat is not None:
            # Who writes in the group's own name is an admin; in a channel's name anybody.
            return message.sender_chat.id == message.chat_id
        user = message.from_user
        return user is not None and await self.include(message.get_bot(), message.chat_id, user.id)

    async def include(self, bot: Bot, chat_id: int, user_id: int) -> bool:
        """Whether a person is an admin of a group; as late as :meth:`wrote`."""
        return user_id in await self._of(bot, chat_id)

    async def _of(self, bot: Bot, chat_id: int) -> frozenset[int]:
        now = self._clock()
        asked_at, known = self._known.get(chat_id, (now - KNOWN_SECONDS, frozenset()))
        if now - asked_at < KNOWN_SECONDS:
            return known
        try:
            admins = await bot.get_chat_administrators(chat_id)
        except TelegramError as error:
            log.info("the admins of a group are not known", error=type(error).__name__)
            return frozenset()
        if len(self._known) >= MOST_GROUPS:
            self._known.clear()
        found = frozenset(member.user.id for member in admins)
        self._known[chat_id] = now, found
        return found


async def is_admin(bot: Bot, chat_id: int, user_id: int) -> bool:
    """Whether a person is an admin of a group at this moment.

    Raises:
        telegram.error.TelegramError: Telegram didn't tell.
    """
    return (await bot.get_chat_member(chat_id, user_id)).status in ADMINS


@dataclass(slots=True)
class GroupDesk:
    """What the handlers for groups share."""

    questions: CoolDown = field(default_factory=lambda: CoolDown(GROUP_PACE))
    emergencies: CoolDown = field(default_factory=lambda: CoolDown(EMERGENCY_GROUP_PACE))
    moderators: Moderators = field(default_factory=Moderators)
    closed: set[int] = field(default_factory=set)
    """Groups that forbid the bot to write, as far as Telegram has told."""


def group_desk_of(context: ContextTypes.DEFAULT_TYPE) -> GroupDesk:
    """The desk for groups of the running application."""
    desk: GroupDesk = context.bot_data.setdefault(GROUP_DESK, GroupDesk())
    return desk
