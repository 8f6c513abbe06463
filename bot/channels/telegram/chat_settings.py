"""What the admins of a group may set, and the menu in which they do.

Settings are kept by the group's id, for they are made by its admins for all; they go when the bot
is removed. Every tap is checked with Telegram: who was an admin yesterday may be none today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes, filters

from bot.channels.telegram.buttons import OLD_BUTTON, action_pattern, argument_of, encode_action
from bot.channels.telegram.cooldown import Notice, Pace
from bot.channels.telegram.desk import App, Desk, desk_of
from bot.channels.telegram.group_desk import group_desk_of, is_admin
from bot.channels.telegram.group_posting import Place, post, put_in_place
from bot.channels.telegram.sending import confirm
from bot.knowledge import KnowledgeBase
from bot.storage import StorageError

log = structlog.get_logger(__name__)

VERB = "set"
CLOSE = "close"

MENU = "<b>Settings of this group</b>\nOnly its admins can change them. Tap one to see the choices."
CLOSED = "The settings are saved. /settings opens them again."
ADMINS_ONLY = "Only admins of this group can change the settings."
NOT_CHECKED = "I could not check with Telegram whether you are an admin. Please try again."
NOT_SAVED = "This could not be saved. Please try again."

LENGTH, WHO, PACE, LANGUAGE, QUIET = "length", "who", "pace", "language", "quiet"

ALL_POINTS = 100
BRIEF_POINTS = 2


@dataclass(frozen=True, slots=True)
class Setting:
    """Something that can be set: ``values`` are the choices with their labels, the default first.

    ``name`` and the values stand in the database and in messages that people keep.
    """

    name: str
    title: str
    explanation: str
    values: Mapping[str, str]

    def chosen(self, stored: Mapping[str, str]) -> str:
        """The value that holds: the stored one if it is known, else the default."""
        value = stored.get(self.name, "")
        return value if value in self.values else next(iter(self.values))


_FIXED: Final = (
    Setting(
        LENGTH,
        "Answers",
        "How much of an answer is shown here. Warnings are always shown.",
        {"short": "short", "long": "with all points"},
    ),
    Setting(
        WHO,
        "Who may ask",
        "Whose questions I answer. Emergencies are answered for everybody.",
        {"everyone": "everyone", "moderators": "admins"},
    ),
    Setting(
        PACE,
        "Cool-down",
        "How many questions one person may ask. Admins may always ask. The whole group gets at "
        "most eight answers a minute.",
        {
            "3": "3 questions a minute",
            "6": "6 questions a minute",
            "1": "1 question a minute",
            "slow": "1 question in 5 minutes",
        },
    ),
    Setting(
        QUIET,
        "Quiet mode",
        "In quiet mode I answer admins only, and say nothing to others, not even why. Emergencies "
        "are still answered for everybody.",
        {"off": "off", "on": "on"},
    ),
)

_PACES: Final = {
    "3": Pace(3, 60.0),
    "6": Pace(6, 60.0),
    "1": Pace(1, 60.0),
    "slow": Pace(1, 300.0),
}


def settings_for(knowledge: KnowledgeBase) -> tuple[Setting, ...]:
    """All settings; the language only if the knowledge has warnings in others than English."""
    if not knowledge.languages:
        return _FIXED
    names = {file.language: file.name for file in knowledge.languages.values()}
    language = Setting(
        LANGUAGE,
        "Language of warnings",
        "Answers are in English. Warnings are also said in the language of a question, or in this "
        "one if a question is in English.",
        {"en": "English", **dict(sorted(names.items(), key=lambda item: item[1]))},
    )
    return (*_FIXED[:-1], language, _FIXED[-1])


@dataclass(frozen=True, slots=True)
class GroupSettings:
    """The settings of a group as the handlers need them."""

    points: int
    moderators_only: bool
    pace: Pace
    language: str | None
    quiet: bool


def group_settings(stored: Mapping[str, str], knowledge: KnowledgeBase) -> GroupSettings:
    """Read what is stored; what is missing or unknown is at its default."""
    chosen = {setting.name: setting.chosen(stored) for setting in settings_for(knowledge)}
    language = chosen.get(LANGUAGE, "en")
    return GroupSettings(
        points=ALL_POINTS if chosen[LENGTH] == "long" else BRIEF_POINTS,
        moderators_only=chosen[WHO] == "moderators",
        pace=_PACES[chosen[PACE]],
        language=None if language == "en" else language,
        quiet=chosen[QUIET] == "on",
    )


def add_handlers(application: App) -> None:
    """Register ``/settings`` in groups, and the taps in its menu."""
    application.add_handler(
        CommandHandler("settings", opened, filters.ChatType.GROUPS & filters.UpdateType.MESSAGE)
    )
    application.add_handler(CallbackQueryHandler(tapped, action_pattern(VERB)))


async def opened(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/settings`` in a group."""
    message = update.effective_message
    if message is None:
        return
    try:
        allowed = await _by_admin(message)
    except TelegramError as error:
        log.info("an admin could not be checked", error=type(error).__name__)
        await post(context, Place.under(message), NOT_CHECKED)
        return
    desk = desk_of(context)
    stored = await desk.chat_settings(message.chat_id)
    if allowed:
        buttons = _menu(settings_for(desk.engine.knowledge), stored)
        await post(context, Place.under(message), MENU, buttons)
        return
    quiet = group_settings(stored, desk.engine.knowledge).quiet
    pace = group_desk_of(context).questions
    if not quiet and pace.may_tell(message.chat_id, Notice.ADMINS_SET):
        await post(context, Place.under(message), ADMINS_ONLY)


async def tapped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap in the menu: opens a setting, changes it, goes back or ends."""
    query = update.callback_query
    if query is None:
        return
    message = query.message
    if not isinstance(message, Message):
        await confirm(query, OLD_BUTTON)
        return
    try:
        allowed = await is_admin(context.bot, message.chat_id, query.from_user.id)
    except TelegramError as error:
        log.info("an admin could not be checked", error=type(error).__name__)
        await confirm(query, NOT_CHECKED, alert=True)
        return
    if not allowed:
        await confirm(query, ADMINS_ONLY, alert=True)
        return
    desk = desk_of(context)
    settings = settings_for(desk.engine.knowledge)
    name, _, value = argument_of(query.data).partition("=")
    setting = next((one for one in settings if one.name == name), None)
    said: str | None = None
    if setting is not None and value in setting.values:
        try:
            await _save(desk, message.chat_id, setting, value)
        except StorageError as error:
            log.error("a setting could not be stored", error=str(error))
            await confirm(query, NOT_SAVED, alert=True)
            return
        said = f"{setting.title}: {setting.values[value]}"
    elif value or (setting is None and name not in {"", CLOSE}):
        await confirm(query, OLD_BUTTON)
        return
    await confirm(query, said)
    stored = await desk.chat_settings(message.chat_id)
    if name == CLOSE:
        await put_in_place(context, message, CLOSED)
    elif setting is not None and not value:
        text = f"<b>{setting.title}</b>\n{setting.explanation}"
        await put_in_place(context, message, text, _choices(setting, stored))
    else:
        await put_in_place(context, message, MENU, _menu(settings, stored))


async def _save(desk: Desk, chat_id: int, setting: Setting, value: str) -> None:
    if value == setting.chosen({}):  # the default: nothing needs to be kept
        await desk.storage.chat_settings.unset(chat_id, setting.name)
    else:
        await desk.storage.chat_settings.set(chat_id, setting.name, value)


async def _by_admin(message: Message) -> bool:
    if message.sender_chat is not None:
        return message.sender_chat.id == message.chat_id  # an anonymous admin
    user = message.from_user
    return user is not None and await is_admin(message.get_bot(), message.chat_id, user.id)


def _menu(settings: tuple[Setting, ...], stored: Mapping[str, str]) -> InlineKeyboardMarkup:
    rows = [
        [_button(f"{one.title}: {one.values[one.chosen(stored)]}", one.name)] for one in settings
    ]
    return InlineKeyboardMarkup([*rows, [_button("Done", CLOSE)]])


def _choices(setting: Setting, stored: Mapping[str, str]) -> InlineKeyboardMarkup:
    chosen = setting.chosen(stored)
    rows = [
        [_button(f"{'✓ ' if value == chosen else ''}{label}", f"{setting.name}={value}")]
        for value, label in setting.values.items()
    ]
    return InlineKeyboardMarkup([*rows, [_button("« Back", "")]])


def _button(label: str, argument: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=encode_action(VERB, argument))
