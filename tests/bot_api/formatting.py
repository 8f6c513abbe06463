"""Text and entities, by TDLib's own parser (the one behind the real Bot API server).

TDLib runs here as a plain function library: no account, no network.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final

import tdjson

from tests.bot_api.errors import bad_request

TYPE_NAMES: Final[dict[str, str]] = {
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Strikethrough": "strikethrough",
    "Spoiler": "spoiler",
    "Code": "code",
    "Pre": "pre",
    "PreCode": "pre",
    "BlockQuote": "blockquote",
    "ExpandableBlockQuote": "expandable_blockquote",
    "TextUrl": "text_link",
    "MentionName": "text_mention",
    "CustomEmoji": "custom_emoji",
    "DateTime": "date_time",
    "Mention": "mention",
    "Hashtag": "hashtag",
    "Cashtag": "cashtag",
    "BotCommand": "bot_command",
    "Url": "url",
    "EmailAddress": "email",
    "PhoneNumber": "phone_number",
    "BankCardNumber": "bank_card_number",
}
AUTOMATIC: Final = frozenset(
    [
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bank_card_number",
    ]
)
QUOTES: Final = frozenset({"blockquote", "expandable_blockquote"})
PLAIN_INSIDE: Final = frozenset({"code", "pre"})
OPAQUE: Final = PLAIN_INSIDE | {"text_link", "text_mention", "custom_emoji"}
RAW_TEXT_LIMIT: Final = 1 << 15
MAX_ENTITIES: Final = 100


@dataclass(slots=True)
class FormattedText:
    """A text after parsing, with entities in Bot API form (offsets in UTF-16 units)."""

    text: str
    entities: list[dict[str, Any]] = field(default_factory=list)


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 units, in which all limits and offsets are counted."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_slice(text: str, offset: int, length: int) -> str:
    """Return the part of the text that an entity covers."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def parse(text: str, parse_mode: str = "") -> FormattedText:
    """Parse HTML, Markdown or MarkdownV2; any other mode but none is refused.

    Raises the server's error: "can't parse entities: ..." with the parser's own words.
    """
    if len(text.encode("utf-8", "surrogatepass")) > RAW_TEXT_LIMIT:
        raise bad_request("text is too long")
    mode = parse_mode.lower()
    if mode in {"", "none"}:
        return FormattedText(text)
    modes: dict[str, dict[str, object]] = {
        "html": {"@type": "textParseModeHTML"},
        "markdown": {"@type": "textParseModeMarkdown", "version": 1},
        "markdownv2": {"@type": "textParseModeMarkdown", "version": 2},
    }
    if mode not in modes:
        raise bad_request("unsupported parse_mode")
    answer = _tdlib({"@type": "parseTextEntities", "text": text, "parse_mode": modes[mode]})
    if answer["@type"] == "error":
        raise bad_request(answer["message"])
    return FormattedText(answer["text"], _bot_api_entities(answer["entities"]))


def automatic_entities(text: str) -> list[dict[str, Any]]:
    """Return the entities a client finds by itself: commands, mentions, links, hashtags ..."""
    answer = _tdlib({"@type": "getTextEntities", "text": text})
    return _bot_api_entities(answer["entities"])


def with_automatic(formatted: FormattedText) -> FormattedText:
    """Add the automatic entities, none inside code or a link of the sender's own.

    The real server does so before it stores a message, so an answer names them too.
    """
    closed = [entity for entity in formatted.entities if entity["type"] in OPAQUE]
    found = [
        entity
        for entity in automatic_entities(formatted.text)
        if not any(_overlap(entity, other) for other in closed)
    ]
    entities = sorted(
        formatted.entities + found, key=lambda entity: (entity["offset"], -entity["length"])
    )
    return FormattedText(formatted.text, entities)


def trim(formatted: FormattedText) -> FormattedText:
    """Cut white space at both ends, as the server does before storing.

    At the start only up to the first entity; entities left empty at the end are dropped.
    """
    text = formatted.text.rstrip()
    end = utf16_length(text)
    first = min((entity["offset"] for entity in formatted.entities), default=end)
    lead = 0
    while lead < min(first, len(text)) and text[lead] in " \n":
        lead += 1
    entities = []
    for entity in formatted.entities:
        length = min(entity["length"], end - entity["offset"])
        if length > 0:
            entities.append({**entity, "offset": entity["offset"] - lead, "length": length})
    return FormattedText(text[lead:], entities)


def nesting_violations(entities: list[dict[str, Any]]) -> list[str]:
    """Name nestings that the documentation forbids although the parser lets them pass."""
    problems = []
    explicit = [entity for entity in entities if entity["type"] not in AUTOMATIC]
    for index, one in enumerate(explicit):
        for two in explicit[index + 1 :]:
            if not _overlap(one, two):
                continue
            kinds = {one["type"], two["type"]}
            if kinds <= QUOTES:
                problems.append("a block quote inside a block quote")
            elif kinds & PLAIN_INSIDE and not kinds & QUOTES:
                problems.append(f"{' and '.join(sorted(kinds))} overlap: code must stand alone")
    return problems


def command_target(text: str, entity: dict[str, Any]) -> tuple[str, str | None]:
    """Split a bot_command entity's text into the command and the bot it is addressed to."""
    command = utf16_slice(text, entity["offset"], entity["length"])
    match = re.fullmatch(r"/(\w+)(?:@(\w+))?", command)
    if match is None:
        return command, None
    return match.group(1), match.group(2)


def _overlap(one: dict[str, Any], two: dict[str, Any]) -> bool:
    return bool(
        one["offset"] < two["offset"] + two["length"]
        and two["offset"] < one["offset"] + one["length"]
    )


def _bot_api_entities(entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    result = []
    for entity in entities:
        kind = entity["type"]
        name = TYPE_NAMES.get(kind["@type"].removeprefix("textEntityType"))
        if name is None:  # media timestamps exist in clients only
            continue
        converted = {"type": name, "offset": entity["offset"], "length": entity["length"]}
        if "url" in kind:
            converted["url"] = kind["url"]
        if "language" in kind:
            converted["language"] = kind["language"]
        if "custom_emoji_id" in kind:
            converted["custom_emoji_id"] = str(kind["custom_emoji_id"])
        if "unix_time" in kind:
            converted["unix_time"] = kind["unix_time"]
        if "user_id" in kind:
            converted["user"] = {"id": kind["user_id"], "is_bot": False, "first_name": "User"}
        result.append(converted)
    return result


def _tdlib(request: dict[str, object]) -> dict[str, Any]:
    answer = tdjson.td_execute(json.dumps(request).encode())
    if answer is None:
        raise RuntimeError(f"TDLib gave no answer to {request['@type']}")
    decoded: dict[str, Any] = json.loads(answer)
    return decoded


_tdlib({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})
