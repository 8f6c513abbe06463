"""Methods that send, edit and delete messages."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Final

from tests.bot_api import markup
from tests.bot_api.errors import bad_request
from tests.bot_api.journal import Call
from tests.bot_api.registry import method
from tests.bot_api.state import Chat, Json, State, quoted

NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
CHAT_ACTIONS: Final = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
CONTENT: Final = frozenset(
    [
        "text",
        "entities",
        "link_preview_options",
        "caption",
        "caption_entities",
        "photo",
        "document",
        "show_caption_above_media",
        "has_media_spoiler",
        "reply_markup",
    ]
)


@method("sendMessage")
async def send_message(state: State, call: Call) -> object:
    """Send a text."""
    content = markup.message_text(call, call.params)
    return _send(state, call, content, "text messages")


@method("sendPhoto")
async def send_photo(state: State, call: Call) -> object:
    """Send an image."""
    content = markup.caption(call, call.params)
    content |= markup.media(state, call, "photo", call.params["photo"])
    if call.params.get("has_spoiler"):
        content["has_media_spoiler"] = True
    return _send(state, call, content, "photos")


@method("sendDocument")
async def send_document(state: State, call: Call) -> object:
    """Send a file."""
    content = markup.caption(call, call.params)
    content |= markup.media(state, call, "document", call.params["document"])
    return _send(state, call, content, "documents")


@method("sendChatAction")
async def send_chat_action(state: State, call: Call) -> object:
    """Show "typing" and the like."""
    if call.params["action"] not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = state.writable_chat(call.params["chat_id"], "")
    state.thread_fields(chat, call.params.get("message_thread_id"))
    chat.actions.append(call.params["action"])
    return True


@method("editMessageText")
async def edit_message_text(state: State, call: Call) -> object:
    """Replace the text of a message of the bot's own; the keyboard goes if it is not repeated."""
    if "rich_message" in call.params:
        call.violate("rich messages are not emulated")
    content = markup.message_text(call, call.params)

    def check(message: Json) -> None:
        if "text" not in message:
            raise bad_request("there is no text in the message to edit")

    return _edit(state, call, content, check)


@method("editMessageCaption")
async def edit_message_caption(state: State, call: Call) -> object:
    """Replace the caption of a photo or document."""
    content = markup.caption(call, call.params)

    def check(message: Json) -> None:
        if "text" in message:
            raise bad_request("there is no caption in the message to edit")
        content.update({key: message[key] for key in ("photo", "document") if key in message})

    return _edit(state, call, content, check)


@method("editMessageMedia")
async def edit_message_media(state: State, call: Call) -> object:
    """Replace a message's content by a photo or document."""
    media = call.params["media"]
    if media["type"] not in {"photo", "document"}:
        call.violate(f"media of type {media['type']} is not emulated")
    content = markup.caption(call, media)
    content |= markup.media(
        state,
        call,
        media["type"],
        media["media"],
        missing="can't parse InputMedia: media not found",
    )
    return _edit(state, call, content)


@method("editMessageReplyMarkup")
async def edit_message_reply_markup(state: State, call: Call) -> object:
    """Replace or remove the inline keyboard only."""
    return _edit(state, call, None)


@method("deleteMessage")
async def delete_message(state: State, call: Call) -> object:
    """Delete a message: the bot's own, any in a private chat, others' only as an admin."""
    chat = state.writable_chat(call.params["chat_id"], "")
    message = chat.messages.get(call.params["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    own = message["from"]["id"] == state.bot.id
    if not own and chat.type != "private" and not state.is_admin(chat, state.bot.id):
        raise bad_request("message can't be deleted")
    if state.now() - message["date"] > 48 * 3600 and not state.is_admin(chat, state.bot.id):
        raise bad_request("message can't be deleted for everyone")
    del chat.messages[message["message_id"]]
    return True


def _send(state: State, call: Call, content: Json, what: str) -> Json:
    params = call.params
    chat = state.writable_chat(params["chat_id"], what)
    reply_markup = params.get("reply_markup")
    keyboard = markup.inline_keyboard(call, reply_markup)
    reply = _reply_target(state, chat, params.get("reply_parameters"))
    thread_id = params.get("message_thread_id")
    if thread_id is None and reply is not None:
        thread_id = reply.get("message_thread_id")
    fields = state.thread_fields(chat, thread_id)
    if thread_id in chat.closed_topics and not state.is_admin(chat, state.bot.id):
        raise bad_request("TOPIC_CLOSED")
    if reply is not None:
        fields["reply_to_message"] = quoted(reply)
    if params.get("protect_content"):
        fields["has_protected_content"] = True
    if keyboard is not None:
        fields["reply_markup"] = keyboard
    elif reply_markup and "keyboard" in reply_markup:
        chat.reply_keyboard = reply_markup
    elif reply_markup and "remove_keyboard" in reply_markup:
        chat.reply_keyboard = None
    state.flood.count(chat.id, group=chat.type != "private")
    return copy.deepcopy(state.new_message(chat, state.bot, {**fields, **content}))


def _reply_target(state: State, chat: Chat, reply: Json | None) -> Json | None:
    if reply is None:
        return None
    target = chat
    if reply.get("chat_id") is not None:
        target = state.chat(reply["chat_id"])
    message = target.messages.get(reply["message_id"])
    if message is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def _edit(
    state: State,
    call: Call,
    content: Json | None,
    check: Callable[[Json], None] | None = None,
) -> object:
    message, inline = _edit_target(state, call.params)
    if check is not None:
        check(message)
    keyboard = markup.inline_keyboard(call, call.params.get("reply_markup"))
    old = {key: message[key] for key in CONTENT & message.keys()}
    new = {key: old[key] for key in old if key != "reply_markup"} if content is None else content
    if keyboard is not None:
        new = {**new, "reply_markup": keyboard}
    if new == old:
        raise bad_request(NOT_MODIFIED)
    chat = state.chats.get(message["chat"]["id"]) if "chat" in message else None
    if chat is not None and not inline:
        state.flood.count(chat.id, group=chat.type != "private")
    for key in old:
        del message[key]
    message.update(new)
    message["edit_date"] = state.now()
    if chat is not None:
        chat.edits.append(message["message_id"])
    return True if inline else copy.deepcopy(message)


def _edit_target(state: State, params: Json) -> tuple[Json, bool]:
    """Find the message to edit; the second value tells whether it was sent by inline mode."""
    if "inline_message_id" in params:
        found = state.inline_messages.get(params["inline_message_id"])
        if found is None:
            raise bad_request("MESSAGE_ID_INVALID")
        return found, True
    if "chat_id" not in params:
        raise bad_request("chat_id is empty")
    chat = state.writable_chat(params["chat_id"], "")
    if "message_id" not in params:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(params["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if message["from"]["id"] != state.bot.id:
        raise bad_request("message can't be edited")
    return message, False
