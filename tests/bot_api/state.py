"""What the emulated Telegram knows: users, chats, messages, files, queries, the bot's settings.

Everything lives on one event loop's thread and is changed without awaiting, so no locks are
needed; whoever changes something calls ``pulse.fire()`` and whoever waits uses
``pulse.wait_for(...)``.
"""

from __future__ import annotations

import asyncio
import copy
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeVar

from tests.bot_api.errors import ApiError, bad_request, forbidden
from tests.bot_api.faults import FloodLimits
from tests.bot_api.validation import Upload

Json = dict[str, Any]
Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]
T = TypeVar("T")
# Sent only to a bot that names them in allowed_updates.
OPT_IN_UPDATES: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
PRESENT: Final = frozenset({"creator", "administrator", "member", "restricted"})


class Pulse:
    """Wakes everyone who waits for a change of the state."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._event = asyncio.Event()

    def fire(self) -> None:
        """Tell everyone to look again."""
        self._event.set()
        self._event = asyncio.Event()

    async def wait_for(self, look: Callable[[], T | None], seconds: float | None) -> T | None:
        """Return the first value of ``look()`` that is true; None when the time is over."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    event = self._event
                    found = look()
                    if found:
                        return found
                    await event.wait()
        except TimeoutError:
            return None


@dataclass(slots=True, eq=False)
class User:
    """A person, or a bot, as far as the Bot API shows one."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    deactivated: bool = False
    """A deleted account: sending to it answers 403."""

    def as_dict(self) -> Json:
        """Return the ``User`` object."""
        optional = {
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
        }
        return {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
            **{name: value for name, value in optional.items() if value is not None},
        }


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat or a group, with its messages as they stand now."""

    id: int
    type: Literal["private", "group", "supergroup"]
    title: str | None = None
    peer: User | None = None
    username: str | None = None
    is_forum: bool = False
    started: bool = True
    """Private chats: whether the user ever wrote to the bot (else 403)."""
    members: dict[int, Status] = field(default_factory=dict)
    """Status of every user seen here, the bot's own included."""
    bot_can_send: bool = True
    topics: dict[int, str] = field(default_factory=dict)
    closed_topics: set[int] = field(default_factory=set)
    migrated_to: int | None = None
    messages: dict[int, Json] = field(default_factory=dict)
    sent: list[int] = field(default_factory=list)
    """Identifiers of the bot's messages, in the order of sending."""
    edits: list[int] = field(default_factory=list)
    """Identifiers of the bot's edited messages, in the order of editing."""
    actions: list[str] = field(default_factory=list)
    """Chat actions ("typing") in the order they came."""
    read_sent: int = 0
    read_edits: int = 0
    heard: set[int] = field(default_factory=set)
    """Identifiers of users' messages that were delivered to the bot."""
    meant: set[int] = field(default_factory=set)
    """Those among them that were meant for the bot; a reply to one is so too."""
    other_bot_spoke_last: bool = False
    reply_keyboard: Json | None = None
    """The custom keyboard the bot showed last, if it was not removed."""

    def as_dict(self) -> Json:
        """Return the ``Chat`` object."""
        if self.peer is not None:
            shown = self.peer.as_dict()
            parts = ("first_name", "last_name", "username")
            names = {key: shown[key] for key in parts if key in shown}
            return {"id": self.id, "type": self.type, **names}
        result: Json = {"id": self.id, "type": self.type, "title": self.title}
        if self.username:
            result["username"] = self.username
        if self.is_forum:
            result["is_forum"] = True
        return result


@dataclass(slots=True)
class StoredFile:
    """A file that getFile can find."""

    file_id: str
    unique_id: str
    path: str
    content: bytes
    name: str | None = None
    mime_type: str | None = None


@dataclass(slots=True)
class Query:
    """An inline, callback or guest query that waits for the bot's answer."""

    id: str
    kind: Literal["callback", "inline", "guest"]
    update: Json
    user: User
    open: bool = True
    answer: Json | None = None


@dataclass(slots=True)
class Webhook:
    """The bot's webhook, if one is set."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    certificate: bool = False
    last_error_date: int | None = None
    last_error_message: str | None = None


class UpdateQueue:
    """Updates that the bot has not confirmed yet."""

    def __init__(self) -> None:
        """Start empty, with an arbitrary first identifier."""
        self.next_id = 700_000_001
        self.pending: list[Json] = []
        self.repeats: list[Json] = []
        self.created: list[Json] = []
        self.allowed: list[str] | None = None

    def add(self, kind: str, content: Json) -> Json | None:
        """Queue an update; None if the bot did not ask for its kind.

        As on the real server the filter is applied when the update comes into being.
        """
        wanted = kind not in OPT_IN_UPDATES if not self.allowed else kind in self.allowed
        if not wanted:
            return None
        return self.add_raw({kind: content})

    def add_raw(self, update: Json) -> Json:
        """Queue a whole update; gives it an identifier if it has none."""
        update = copy.deepcopy(update)
        update.setdefault("update_id", self.next_id)
        self.next_id = max(self.next_id, update["update_id"] + 1)
        self.pending.append(update)
        self.created.append(update)
        return update

    def take(self, offset: int, limit: int) -> list[Json]:
        """Forget what the offset confirms and return the next updates.

        A positive offset confirms all updates below it; a negative one keeps only the last ones.
        """
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset > 0:
            self.pending = [item for item in self.pending if item["update_id"] >= offset]
        result = (self.repeats + self.pending)[:limit]
        self.repeats = self.repeats[limit:]
        return result

    def waiting(self) -> bool:
        """Tell whether a poll would return something."""
        return bool(self.pending or self.repeats)


class State:
    """All that survives a restart of the server."""

    def __init__(self, bot: User, clock: Callable[[], float] = time.time) -> None:
        """Take the bot's own user and the clock that dates messages."""
        self.bot = bot
        self.clock = clock
        self.pulse = Pulse()
        self.updates = UpdateQueue()
        self.webhook = Webhook()
        self.flood = FloodLimits()
        self.poller: object | None = None
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.queries: dict[str, Query] = {}
        self.inline_messages: dict[str, Json] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.descriptions: dict[tuple[str, str], str] = {}
        self.privacy_mode = True
        self.inline_feedback = False
        self.logged_out = False
        self._numbers: dict[str, Iterator[int]] = {}

    def number(self, series: str, first: int = 1) -> int:
        """Return the next number of a named series."""
        return next(self._numbers.setdefault(series, itertools.count(first)))

    def now(self) -> int:
        """Return the time in whole seconds, as Telegram dates everything."""
        return int(self.clock())

    def has_webhook(self) -> bool:
        """Tell whether updates go to a webhook."""
        return bool(self.webhook.url)

    def is_poller(self, ticket: object) -> bool:
        """Tell whether the poll that took this ticket is still the current one."""
        return self.poller is ticket

    def chat(self, chat_id: int | str) -> Chat:
        """Find a chat by its identifier or @username; 400 when there is none."""
        if isinstance(chat_id, str):
            name = chat_id.removeprefix("@").lower()
            for chat in self.chats.values():
                if chat.username and chat.username.lower() == name and chat.type != "private":
                    return chat
            raise bad_request("chat not found")
        found = self.chats.get(chat_id)
        if found is None:
            raise bad_request("chat not found")
        return found

    def writable_chat(self, chat_id: int | str, what: str = "text messages") -> Chat:
        """Find a chat the bot may write to; else the official refusal for the reason."""
        if chat_id == self.bot.id:
            raise forbidden("bot can't send messages to itself")
        chat = self.chat(chat_id)
        if chat.migrated_to is not None:
            raise bad_request(
                "group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=chat.migrated_to,
            )
        status = chat.members.get(self.bot.id, "left")
        if chat.peer is not None:
            if chat.peer.is_bot:
                raise forbidden("bots can't send messages to bots")
            if chat.peer.deactivated:
                raise forbidden("user is deactivated")
            if status == "kicked":
                raise forbidden("bot was blocked by the user")
            if not chat.started:
                raise forbidden("bot can't initiate conversation with a user")
        elif status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        elif status == "left":
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        elif not chat.bot_can_send and what:
            raise bad_request(f"not enough rights to send {what} to the chat")
        return chat

    def is_admin(self, chat: Chat, user_id: int) -> bool:
        """Tell whether the user is the group's owner or an administrator."""
        return chat.members.get(user_id) in {"creator", "administrator"}

    def new_message(self, chat: Chat, sender: User, content: Json) -> Json:
        """Store a message and return it (the stored object, not a copy).

        Private chats and basic groups share one series of message numbers, every supergroup has
        its own: so it is for a real bot account.
        """
        series = f"messages of {chat.id}" if chat.type == "supergroup" else "messages"
        message: Json = {
            "message_id": self.number(series, 11),
            "from": sender.as_dict(),
            "chat": chat.as_dict(),
            "date": self.now(),
            **content,
        }
        chat.messages[message["message_id"]] = message
        if sender is self.bot:
            chat.sent.append(message["message_id"])
        if sender.is_bot:
            chat.other_bot_spoke_last = sender is not self.bot
        return message

    def thread_fields(self, chat: Chat, thread_id: int | None) -> Json:
        """Return the message fields that put a message into a topic; 400 for an unknown one."""
        if thread_id is None:
            return {}
        if not chat.is_forum or thread_id not in chat.topics:
            raise bad_request("message thread not found")
        root = chat.messages[thread_id]
        return {
            "message_thread_id": thread_id,
            "is_topic_message": True,
            "reply_to_message": quoted(root),
        }

    def new_query(self, kind: Literal["callback", "inline", "guest"], user: User) -> Query:
        """Open a query of the user's."""
        identifier = str(self.number("queries", 4_810_000_000_000_000_001))
        query = Query(identifier, kind, {}, user)
        self.queries[identifier] = query
        return query

    def answer_query(self, query_id: str, kind: str, answer: Json) -> Query:
        """Close a query with the bot's answer; a closed or unknown one is "too old"."""
        query = self.queries.get(query_id)
        if query is None or query.kind != kind or not query.open:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        query.open = False
        query.answer = answer
        return query

    def store_file(self, upload: Upload, folder: str) -> StoredFile:
        """Keep an uploaded file and give it its identifiers."""
        number = self.number("files")
        suffix = upload.name.rpartition(".")[2] if "." in upload.name else "bin"
        stored = StoredFile(
            file_id=f"AgACAgQAAx{folder}{number:06}",
            unique_id=f"AQAD{folder}{number:06}",
            path=f"{folder}/file_{number}.{suffix}",
            content=upload.content,
            name=upload.name,
            mime_type=upload.content_type,
        )
        self.files[stored.file_id] = stored
        return stored

    def find_member(self, chat: Chat, user_id: int) -> tuple[User, Status]:
        """Find a user and the status in the chat; 400 for an unknown user."""
        user = self.users.get(user_id)
        if user is None:
            raise ApiError(400, "Bad Request: invalid user_id specified")
        return user, chat.members.get(user_id, "left")


def quoted(message: Json) -> Json:
    """Return a message as it stands inside ``reply_to_message``: without a further reply."""
    return {
        key: copy.deepcopy(value) for key, value in message.items() if key != "reply_to_message"
    }


def chat_member(user: User, status: Status) -> Json:
    """Return the ``ChatMember`` object of a user with this status."""
    member: Json = {"status": status, "user": user.as_dict()}
    rights = [
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
        "can_post_stories",
        "can_edit_stories",
        "can_delete_stories",
        "can_pin_messages",
        "can_manage_topics",
    ]
    match status:
        case "creator":
            member["is_anonymous"] = False
        case "administrator":
            member |= {"can_be_edited": False, "is_anonymous": False}
            member |= {right: right != "can_promote_members" for right in rights}
        case "restricted":
            allowed = [
                "can_send_messages",
                "can_send_audios",
                "can_send_documents",
                "can_send_photos",
                "can_send_videos",
                "can_send_video_notes",
                "can_send_voice_notes",
                "can_send_polls",
                "can_send_other_messages",
                "can_add_web_page_previews",
                "can_react_to_messages",
                "can_edit_tag",
                "can_change_info",
                "can_invite_users",
                "can_pin_messages",
                "can_manage_topics",
            ]
            member |= {"is_member": True, "until_date": 0, **dict.fromkeys(allowed, False)}
        case "kicked":
            member["until_date"] = 0
        case "member" | "left":
            pass
    return member
