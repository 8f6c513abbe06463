"""Inline buttons and the data behind them.

Callback data is ``1:<topic id>`` (open a topic) or ``2:<verb>:<argument>`` (do something else): a
version and what to do. It names nothing that is kept on our side, so buttons work after a restart;
data that doesn't fit is treated as an old button.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.constants import InlineKeyboardButtonLimit

from bot.channels.telegram.deep_links import deep_link
from bot.knowledge.schema import WarningLevel
from bot.replies import Choice, NoticeKind, Reply, ReplyKind

VERSION = "1"
ACTION_VERSION = "2"
MAX_LABEL = 60
MOST_OPTIONS = 5
MOST_RELATED_ROWS = 3
ROW_WIDTH = 36
"""Letters that stand beside each other on a narrow phone, with room for the frames."""

OVERVIEW_OF_SIDE_EFFECTS = "side-effect.overview"
WITH_SIDE_EFFECTS = {"condition", "dosing", "study", "mechanism"}
"""Kinds of topics whose readers may want to know about side effects next."""

OLD_BUTTON = "This button is old. Please type your question."

Row = list[InlineKeyboardButton]


class Verb(StrEnum):
    """What buttons can do. The words stand in messages that people keep: they stay for ever."""

    PICK = "pick"
    """Put an answer in the place of the question that offered it; argument: level and topic."""
    STUDIES = "st"
    KINDS = "tp"
    """Browse; argument: a kind and a page, or nothing for all kinds."""
    PICTURE = "pic"
    LOOK = "look"
    """The other look of a picture; argument: its letter and the topic."""
    IN_WORDS = "alt"
    """What a picture shows, in words."""
    SHARE = "cite"
    COPY = "copy"
    """An answer to copy; argument: the letter of a form, a colon and the topic."""
    FILE = "file"
    """The same as a file; the letter may be that of the picture."""
    NOT_MEANT = "nwim"
    FEEDBACK = "fb"
    """Argument: ``+`` or ``-``, and the topic."""
    KEEP = "keep"
    """Agree that the words of the replied-to message are kept; argument: what they are."""
    WATCH = "w"
    UNWATCH = "unw"
    WHOLE = "all"
    """The whole answer after a short one; argument: level and topic."""
    LENGTH = "len"
    """How long answers are in the private chat; argument: a value of that setting."""


_LEVELS = {
    "n": WarningLevel.NONE,
    "s": WarningLevel.STANDARD,
    "c": WarningLevel.CAUTION,
    "f": WarningLevel.FULL,
}
_LETTERS = {level: letter for letter, level in _LEVELS.items()}


def answer_keyboard(
    reply: Reply,
    *,
    group: bool = False,
    bot_username: str,
    picture: bool = False,
    short: bool = False,
) -> InlineKeyboardMarkup | None:
    """The buttons under a reply, in few rows; ``None`` if there are none.

    Args:
        reply: what was answered.
        group: for a group, where a tap would fill everybody's screen: choices, and a link that goes
            on in the private chat.
        bot_username: for that link.
        picture: whether the first topic has a picture.
        short: whether the answer was shortened; then a button shows all of it.
    """
    if reply.kind is ReplyKind.EMERGENCY:
        return None  # nothing may draw the eye from the first line
    if group:
        rows = [*_option_rows(reply), _private_row(reply, bot_username)]
    elif reply.kind in {ReplyKind.CLARIFY, ReplyKind.DECLINE}:
        rows = [*_option_rows(reply), [action_button("None of these", Verb.NOT_MEANT)]]
        if not reply.options:
            rows = [
                [
                    action_button("Leave my question", Verb.NOT_MEANT),
                    action_button("All topics", Verb.KINDS),
                ]
            ]
    elif reply.kind is ReplyKind.SMALLTALK:
        rows = topic_rows(_further(reply))[:MOST_OPTIONS]
    else:
        tools = _tools(reply, picture=picture)
        rows = [tools, *topic_rows(_further(reply, tools))[:MOST_RELATED_ROWS]]
        rows += _opinion_rows(reply.topics[0])
        if short:
            rows = [*_whole_rows(reply), *rows]
    rows = [row for row in rows if row]
    return InlineKeyboardMarkup(rows) if rows else None


def topic_buttons(choices: Iterable[Choice]) -> InlineKeyboardMarkup | None:
    """A button for each topic, several a row where they are short; ``None`` if there are none."""
    rows = topic_rows(choices)
    return InlineKeyboardMarkup(rows) if rows else None


def topic_rows(choices: Iterable[Choice]) -> list[Row]:
    """Rows of buttons that open topics."""
    return rows_of(
        InlineKeyboardButton(label(choice.title), callback_data=encode(choice.topic_id))
        for choice in choices
    )


def rows_of(buttons: Iterable[InlineKeyboardButton]) -> list[Row]:
    """Buttons in rows: two beside each other where a phone shows both in full."""
    rows: list[Row] = []
    for button in buttons:
        beside = rows[-1] if rows and len(rows[-1]) == 1 else None
        # Both halves of a row are equally wide, so the longer label decides.
        if beside and 2 * max(len(beside[0].text), len(button.text)) <= ROW_WIDTH:
            beside.append(button)
        else:
            rows.append([button])
    return rows


def label(title: str) -> str:
    """A title as a button shows it."""
    return title if len(title) <= MAX_LABEL else f"{title[: MAX_LABEL - 1]}…"


def encode(topic_id: str) -> str:
    """Callback data that opens a topic.

    Raises:
        ValueError: the id is too long for a button (64 bytes with the version).
    """
    return _checked(f"{VERSION}:{topic_id}")


def decode(data: str | None) -> str | None:
    """The topic id in callback data, or ``None`` if it is not of our present form."""
    version, separator, topic_id = (data or "").partition(":")
    return topic_id if separator and version == VERSION and topic_id else None


def encode_action(verb: str, argument: str = "") -> str:
    """Callback data that does something else than open a topic.

    Raises:
        ValueError: it is too long for a button.
    """
    return _checked(f"{ACTION_VERSION}:{verb}:{argument}")


def action_pattern(verb: str) -> str:
    """The pattern of a ``CallbackQueryHandler`` for one verb."""
    return f"^{ACTION_VERSION}:{verb}:"


def argument_of(data: str | None) -> str:
    """What stands behind the verb (it may be empty)."""
    return (data or "").partition(":")[2].partition(":")[2]


def picked(data: str | None) -> tuple[str, WarningLevel] | None:
    """The topic behind a choice and the warning that its question called for."""
    argument = argument_of(data)
    level = _LEVELS.get(argument[:1])
    return (argument[1:], level) if level is not None else None


def topic_shown(message: Message) -> str | None:
    """The topic that a message of the bot answers, as its buttons tell; ``None`` if they don't."""
    markup = message.reply_markup
    for row in markup.inline_keyboard if markup else ():
        for button in row:
            data = button.callback_data
            if isinstance(data, str) and data.startswith(encode_action(Verb.SHARE)):
                return argument_of(data) or None
    return None


def still_offers(query: CallbackQuery) -> bool:
    """Whether the tapped button is on its message; not if another tap has changed the message."""
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    rows = markup.inline_keyboard if markup else ()
    return any(button.callback_data == query.data for row in rows for button in row)


def _option_rows(reply: Reply) -> list[Row]:
    """Choices below each other: here people compare, and a tap is a decision."""
    offered = reply.options[:MOST_OPTIONS]
    # Notices that opening a topic doesn't bring again must stay on the screen: no replacement.
    replaces = (
        reply.kind is ReplyKind.CLARIFY
        and reply.language == "en"
        and all(notice.kind is NoticeKind.OPIOID for notice in reply.notices)
    )
    letter = _LETTERS[reply.opioid_warning]
    return [
        [
            InlineKeyboardButton(
                label(choice.title),
                callback_data=encode_action(Verb.PICK, letter + choice.topic_id)
                if replaces
                else encode(choice.topic_id),
            )
        ]
        for choice in offered
    ]


def _tools(reply: Reply, *, picture: bool) -> Row:
    """What there is besides: studies, side effects, picture."""
    row: Row = []
    with_studies = next((answer for answer in reply.answers if answer.studies), None)
    if with_studies:
        name = f"Studies ({len(with_studies.studies)})"
        row.append(action_button(name, Verb.STUDIES, with_studies.topic_id))
    kinds = {topic_id.partition(".")[0] for topic_id in reply.topics}
    if kinds & WITH_SIDE_EFFECTS:
        data = encode(OVERVIEW_OF_SIDE_EFFECTS)
        row.append(InlineKeyboardButton("Side effects", callback_data=data))
    if picture:
        row.append(action_button("Picture", Verb.PICTURE, reply.topics[0]))
    return row


def _further(reply: Reply, tools: Row | None = None) -> list[Choice]:
    """What may have been meant instead, then related topics; none that has a button already."""
    related = (choice for answer in reply.answers for choice in answer.related)
    shown = {*reply.topics, *(decode(str(button.callback_data)) for button in tools or ())}
    return [c for c in dict.fromkeys((*reply.options, *related)) if c.topic_id not in shown]


def _opinion_rows(topic_id: str) -> list[Row]:
    return [
        [
            action_button("Share", Verb.SHARE, topic_id),
            action_button("Not what I meant", Verb.NOT_MEANT, topic_id),
        ],
        [
            action_button("👍 Helpful", Verb.FEEDBACK, f"+{topic_id}"),
            action_button("👎 Not helpful", Verb.FEEDBACK, f"-{topic_id}"),
        ],
    ]


def _whole_rows(reply: Reply) -> list[Row]:
    """What a shortened reply left out, answer by answer."""
    letter = _LETTERS[reply.opioid_warning]
    one = len(reply.answers) == 1
    return [
        [
            action_button(
                "Whole answer" if one else label(f"Whole answer: {answer.title}"),
                Verb.WHOLE,
                letter + answer.topic_id,
            )
        ]
        for answer in reply.answers
    ]


def _private_row(reply: Reply, bot_username: str) -> Row:
    topic_id = reply.answers[0].topic_id if reply.answers else None
    name = "Full answer in private" if topic_id else "Ask in private"
    return [InlineKeyboardButton(name, url=deep_link(bot_username, topic_id))]


def action_button(name: str, verb: Verb, argument: str = "") -> InlineKeyboardButton:
    """A button that does something else than open a topic."""
    return InlineKeyboardButton(name, callback_data=encode_action(verb, argument))


def _checked(data: str) -> str:
    if len(data.encode()) > InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
        raise ValueError(f"{data!r} is too long for a button")
    return data
