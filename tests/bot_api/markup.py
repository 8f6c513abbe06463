"""Checks of what a message may contain: text, captions, entities, keyboards, links, files."""

from __future__ import annotations

import ipaddress
import struct
from typing import Any, Final
from urllib.parse import urlsplit

from tests.bot_api import formatting
from tests.bot_api.errors import bad_request
from tests.bot_api.formatting import FormattedText, utf16_length
from tests.bot_api.journal import Call
from tests.bot_api.state import Json, State, StoredFile
from tests.bot_api.validation import Upload

TEXT_LIMIT: Final = 4096
CAPTION_LIMIT: Final = 1024
PHOTO_BYTES: Final = 10 << 20
FILE_BYTES: Final = 50 << 20
BUTTON_ACTIONS: Final = frozenset(
    [
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    ]
)
MAX_ROW: Final = 8
MAX_BUTTONS: Final = 100


def formatted(
    call: Call, text: str, parse_mode: str = "", entities: list[Json] | None = None
) -> FormattedText:
    """Parse a text by its parse mode or with the given entities, and check the entities.

    The parser lets nested quotes and formatting inside code pass; both are violations here,
    because the documentation forbids them.
    """
    result = formatting.parse(text, parse_mode)
    if not parse_mode and entities:
        size = utf16_length(text)
        for entity in entities:
            if entity["offset"] < 0 or entity["offset"] + entity["length"] > size:
                call.violate("an entity reaches beyond the text")
        explicit = [entity for entity in entities if entity["type"] not in formatting.AUTOMATIC]
        result = FormattedText(text, explicit)
    if len(result.entities) > formatting.MAX_ENTITIES:
        call.violate(f"{len(result.entities)} entities, at most {formatting.MAX_ENTITIES} allowed")
    for problem in formatting.nesting_violations(result.entities):
        call.violate(problem)
    return formatting.with_automatic(formatting.trim(result))


def message_text(call: Call, params: Json, key: str = "text", *, inline: bool = False) -> Json:
    """Check a message's text; return its ``text``, ``entities`` and ``link_preview_options``.

    The limit counts UTF-16 units after parsing.
    """
    text = params.get(key, "")
    if not text:
        raise bad_request("message text is empty")
    result = formatted(call, text, params.get("parse_mode", ""), params.get("entities"))
    if not result.text:
        raise bad_request("text must be non-empty")
    if utf16_length(result.text) > TEXT_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG" if inline else "message is too long")
    content: Json = {"text": result.text}
    if result.entities:
        content["entities"] = result.entities
    if params.get("link_preview_options"):
        content["link_preview_options"] = params["link_preview_options"]
    return content


def caption(call: Call, params: Json) -> Json:
    """Check a caption; return ``caption`` and ``caption_entities``, or nothing."""
    result = formatted(
        call,
        params.get("caption", ""),
        params.get("parse_mode", ""),
        params.get("caption_entities"),
    )
    if utf16_length(result.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    if not result.text:
        return {}
    content: Json = {"caption": result.text}
    if result.entities:
        content["caption_entities"] = result.entities
    return content


def inline_keyboard(call: Call, markup: Json | None) -> Json | None:
    """Check a reply markup; return it if it is an inline keyboard with buttons, else None."""
    if not markup or "inline_keyboard" not in markup:
        return None
    rows: list[list[Json]] = markup["inline_keyboard"]
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    for row in rows:
        if len(row) > MAX_ROW:
            call.violate(f"{len(row)} buttons in a row, at most {MAX_ROW} allowed")
        for button in row:
            _button(call, button)
    kept = [row for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _button(call: Call, button: Json) -> None:
    actions = {name for name in BUTTON_ACTIONS & button.keys() if button[name] is not None}
    for name in ("url", "callback_data"):  # the server takes an empty one as absent
        if button.get(name) == "":
            actions.discard(name)
    if not button["text"].strip():
        call.violate("a button without a text")
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        call.violate(f"a button with more than one action: {', '.join(sorted(actions))}")
    if "callback_data" in actions and len(button["callback_data"].encode()) > 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if "copy_text" in actions and not 1 <= utf16_length(button["copy_text"]["text"]) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if "url" in actions and (problem := url_problem(button["url"])):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: {problem}")
    if "web_app" in actions and not button["web_app"]["url"].startswith("https://"):
        raise bad_request(
            f"inline keyboard button Web App URL '{button['web_app']['url']}' is invalid: "
            "Only HTTPS links are allowed"
        )


def url_problem(url: str) -> str | None:
    """Say why the server would refuse a link, in its words; None for a good one."""
    if any(character.isspace() for character in url):
        return "Wrong HTTP URL"
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme.lower() in {"tg", "ton"}:
        return None
    if parts.scheme.lower() not in {"http", "https"}:
        return "Unsupported URL protocol"
    try:
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "Wrong HTTP URL"
    if not host:
        return "URL host is empty"
    if "." not in host and not _is_address(host):
        return "Wrong HTTP URL"
    return None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def media(
    state: State, call: Call, kind: str, value: Upload | str, *, missing: str | None = None
) -> Json:
    """Check a photo or document; return the message field with its description.

    Takes an upload, an ``attach://`` name of this call, a known file identifier or a link (which
    is not fetched).
    """
    if isinstance(value, str) and value.startswith("attach://"):
        upload = call.files.get(value.removeprefix("attach://"))
        if upload is None:
            raise bad_request(missing or f"there is no {kind} in the request")
        value = upload
    if isinstance(value, Upload):
        if not value.content:
            raise bad_request("file must be non-empty")
        size_limit = PHOTO_BYTES if kind == "photo" else FILE_BYTES
        if len(value.content) > size_limit:
            raise bad_request("file is too big")
        if kind == "photo":
            _check_image(value.content)
        stored = state.store_file(value, f"{kind}s")
    elif value in state.files:
        stored = state.files[value]
    elif value.startswith(("http://", "https://")) and url_problem(value) is None:
        name = urlsplit(value).path.rpartition("/")[2] or "file"
        stored = state.store_file(Upload(name, "application/octet-stream", b""), f"{kind}s")
    else:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return {kind: photo_sizes(stored)} if kind == "photo" else {kind: document(stored)}


def photo_sizes(stored: StoredFile) -> list[Json]:
    """Return the ``PhotoSize`` list of a stored image."""
    width, height = _png_size(stored.content) or (800, 600)
    return [
        {
            "file_id": stored.file_id,
            "file_unique_id": stored.unique_id,
            "width": width,
            "height": height,
            "file_size": len(stored.content),
        }
    ]


def document(stored: StoredFile) -> Json:
    """Return the ``Document`` object of a stored file."""
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_name": stored.name,
        "mime_type": stored.mime_type,
        "file_size": len(stored.content),
    }


def _png_size(content: bytes) -> tuple[int, int] | None:
    if content[:8] != b"\x89PNG\r\n\x1a\n" or len(content) < 24:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _check_image(content: bytes) -> None:
    is_image = content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM"))
    if not is_image and content[8:12] != b"WEBP":
        raise bad_request("IMAGE_PROCESS_FAILED")
    size = _png_size(content)
    if size is None:
        return
    short, long = sorted(size)
    if short == 0 or short + long > 10_000 or long / short > 20:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def without_none(value: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that are set."""
    return {name: item for name, item in value.items() if item is not None}
