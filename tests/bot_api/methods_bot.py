"""Methods about chats, members and the bot's own profile."""

from __future__ import annotations

import re

from tests.bot_api.errors import ApiError, bad_request
from tests.bot_api.formatting import utf16_length
from tests.bot_api.journal import Call
from tests.bot_api.registry import method
from tests.bot_api.state import Json, State, chat_member


@method("setMyCommands")
async def set_my_commands(state: State, call: Call) -> object:
    """Set the menu of commands for a scope and language."""
    commands: list[Json] = call.params["commands"]
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for item in commands:
        if not re.fullmatch(r"/?[a-z0-9_]{1,32}", item["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= utf16_length(item["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    state.commands[_commands_key(state, call)] = [
        {"command": item["command"].removeprefix("/"), "description": item["description"]}
        for item in commands
    ]
    return True


@method("getMyCommands")
async def get_my_commands(state: State, call: Call) -> object:
    """Return exactly what was set for this scope and language, or an empty list."""
    return state.commands.get(_commands_key(state, call), [])


@method("deleteMyCommands")
async def delete_my_commands(state: State, call: Call) -> object:
    """Forget the commands of a scope and language."""
    state.commands.pop(_commands_key(state, call), None)
    return True


@method("setMyDescription")
async def set_my_description(state: State, call: Call) -> object:
    """Set the text shown in an empty chat with the bot; at most 512 characters."""
    return _describe(state, call, "description", 512)


@method("setMyShortDescription")
async def set_my_short_description(state: State, call: Call) -> object:
    """Set the text on the bot's profile page; at most 120 characters."""
    return _describe(state, call, "short_description", 120)


@method("getMyDescription")
async def get_my_description(state: State, call: Call) -> object:
    """Return the description for a language."""
    return _description(state, call, "description")


@method("getMyShortDescription")
async def get_my_short_description(state: State, call: Call) -> object:
    """Return the short description for a language."""
    return _description(state, call, "short_description")


@method("getChat")
async def get_chat(state: State, call: Call) -> object:
    """Describe a chat in full."""
    chat = state.chat(call.params["chat_id"])
    gifts = [
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    ]
    return {
        **chat.as_dict(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


@method("getChatMember")
async def get_chat_member(state: State, call: Call) -> object:
    """Return a user's place in a chat."""
    chat = state.writable_chat(call.params["chat_id"], "")
    return chat_member(*state.find_member(chat, call.params["user_id"]))


@method("getChatMemberCount")
async def get_chat_member_count(state: State, call: Call) -> object:
    """Count those who are in the chat."""
    chat = state.writable_chat(call.params["chat_id"], "")
    return sum(status not in {"left", "kicked"} for status in chat.members.values())


@method("getChatAdministrators")
async def get_chat_administrators(state: State, call: Call) -> object:
    """Return the owner and the administrators; bots only with ``return_bots``."""
    chat = state.writable_chat(call.params["chat_id"], "")
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    found = [state.find_member(chat, user) for user in chat.members if state.is_admin(chat, user)]
    return [
        chat_member(user, status)
        for user, status in found
        if not user.is_bot or user is state.bot or call.params.get("return_bots")
    ]


@method("leaveChat")
async def leave_chat(state: State, call: Call) -> object:
    """Leave a group; the bot is told so by a my_chat_member update."""
    chat = state.writable_chat(call.params["chat_id"], "")
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    old = chat.members[state.bot.id]
    chat.members[state.bot.id] = "left"
    state.updates.add(
        "my_chat_member",
        {
            "chat": chat.as_dict(),
            "from": state.bot.as_dict(),
            "date": state.now(),
            "old_chat_member": chat_member(state.bot, old),
            "new_chat_member": chat_member(state.bot, "left"),
        },
    )
    return True


def _commands_key(state: State, call: Call) -> tuple[str, str]:
    scope: Json = call.params.get("scope") or {"type": "default"}
    if "chat_id" in scope:
        state.chat(scope["chat_id"])
    parts = [str(scope[key]) for key in ("type", "chat_id", "user_id") if key in scope]
    return ":".join(parts), _language(call)


def _language(call: Call) -> str:
    code: str = call.params.get("language_code", "")
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise ApiError(400, "Bad Request: invalid language code specified")
    return code


def _describe(state: State, call: Call, kind: str, limit: int) -> bool:
    text: str = call.params.get(kind, "")
    if utf16_length(text) > limit:
        call.violate(f"{kind} has more than {limit} characters")
    state.descriptions[kind, _language(call)] = text
    return True


def _description(state: State, call: Call, kind: str) -> Json:
    text = state.descriptions.get((kind, _language(call)))
    if text is None or text == "":
        text = state.descriptions.get((kind, ""), "")
    return {kind: text}
