"""What people do: write, tap buttons, join groups, block the bot.

Every action takes effect at once and queues the update that the real Telegram would send.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable

from tests.bot_api import formatting, markup
from tests.bot_api.state import (
    PRESENT,
    Chat,
    Json,
    Query,
    State,
    Status,
    User,
    chat_member,
    quoted,
)
from tests.bot_api.validation import Upload

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcff"
    "9fa11e000782027fbd4e6dd80000000049454e44ae426082"
)
"""A whole PNG image of one pixel."""

ANONYMOUS_ADMIN: Json = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
"""Whom Telegram names as the sender of what an admin writes as the group."""


class World:
    """Users and chats, and what happens among them."""

    def __init__(self, state: State) -> None:
        """Take the state that the actions change."""
        self.state = state
        self.mentions_reach_bot = False
        """Whether a mere @mention passes privacy mode; the documentation does not list it."""

    @property
    def bot(self) -> User:
        """Return the bot's own user."""
        return self.state.bot

    @property
    def privacy_mode(self) -> bool:
        """Tell whether the bot sees only what is meant for it in groups (on by default)."""
        return self.state.privacy_mode

    @privacy_mode.setter
    def privacy_mode(self, on: bool) -> None:
        self.state.privacy_mode = on

    # People and chats

    def user(
        self,
        first_name: str,
        *,
        username: str | None = None,
        language_code: str | None = "en",
        last_name: str | None = None,
        is_bot: bool = False,
    ) -> User:
        """Create a person (or another bot) and return them."""
        number = self.state.number("users", 5_000_000_001)
        user = User(number, first_name, last_name, username, language_code, is_bot)
        self.state.users[user.id] = user
        return user

    def private_chat(self, user: User, *, started: bool = True) -> Chat:
        """Return the user's chat with the bot; with ``started=False`` the bot may not begin it."""
        chat = self.state.chats.get(user.id)
        if chat is None:
            chat = Chat(user.id, "private", peer=user, started=started)
            chat.members = {user.id: "member", self.bot.id: "member"}
            self.state.chats[chat.id] = chat
        return chat

    def group(
        self,
        title: str,
        *,
        members: Iterable[User] = (),
        admins: Iterable[User] = (),
        owner: User | None = None,
        bot_status: Status = "member",
    ) -> Chat:
        """Create a basic group (it can be migrated); queues no update."""
        number = -self.state.number("groups", 4_200_000_001)
        return self._new_group(
            Chat(number, "group", title=title), members, admins, owner, bot_status
        )

    def supergroup(
        self,
        title: str,
        *,
        members: Iterable[User] = (),
        admins: Iterable[User] = (),
        owner: User | None = None,
        bot_status: Status = "member",
        username: str | None = None,
        forum: bool = False,
    ) -> Chat:
        """Create a supergroup, with ``forum=True`` one with topics; queues no update."""
        chat = Chat(self._supergroup_id(), "supergroup", title=title, username=username)
        chat.is_forum = forum
        return self._new_group(chat, members, admins, owner, bot_status)

    def topic(self, chat: Chat, name: str, *, by: User | None = None) -> int:
        """Open a topic in a forum; return its ``message_thread_id``."""
        assert chat.is_forum, f"{chat.title} has no topics"
        creator = by or self._someone(chat)
        created = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        message = self.state.new_message(chat, creator, created)
        thread_id: int = message["message_id"]
        message |= {"message_thread_id": thread_id, "is_topic_message": True}
        chat.topics[thread_id] = name
        self._deliver(chat, message)
        return thread_id

    def close_topic(self, chat: Chat, thread_id: int) -> None:
        """Close a topic: only admins may write there from now on."""
        chat.closed_topics.add(thread_id)

    # Messages

    def say(
        self,
        chat: Chat,
        user: User,
        text: str,
        *,
        reply_to: Json | None = None,
        topic: int | None = None,
        via_bot: bool = False,
        anonymous: bool = False,
    ) -> Json:
        """Write a message; return it.

        Its entities are those a client would find. In groups the bot gets it only as far as
        privacy mode lets it (see ``was_heard``). An admin may write as the group: ``anonymous``.
        """
        content: Json = {"text": text}
        entities = formatting.automatic_entities(text)
        if entities:
            content["entities"] = entities
        if via_bot:
            content["via_bot"] = self.bot.as_dict()
        if anonymous:
            assert self.state.is_admin(chat, user.id), f"{user.first_name} is no admin"
            # So the real server hides who it was.
            content |= {"from": ANONYMOUS_ADMIN, "sender_chat": chat.as_dict()}
        return self._post(chat, user, content, reply_to, topic)

    def photo(
        self,
        chat: Chat,
        user: User,
        caption: str = "",
        *,
        content: bytes = PIXEL,
        reply_to: Json | None = None,
        topic: int | None = None,
    ) -> Json:
        """Send an image that getFile can fetch; return the message."""
        stored = self.state.store_file(Upload("photo.png", "image/png", content), "photos")
        fields = {"photo": markup.photo_sizes(stored), **_captioned(caption)}
        return self._post(chat, user, fields, reply_to, topic)

    def document(
        self,
        chat: Chat,
        user: User,
        name: str,
        content: bytes,
        caption: str = "",
        *,
        mime_type: str = "application/octet-stream",
    ) -> Json:
        """Send a file that getFile can fetch; return the message."""
        stored = self.state.store_file(Upload(name, mime_type, content), "documents")
        fields = {"document": markup.document(stored), **_captioned(caption)}
        return self._post(chat, user, fields, None, None)

    def sticker(self, chat: Chat, user: User, emoji: str = "👍") -> Json:
        """Send a sticker; return the message."""
        stored = self.state.store_file(Upload("sticker.webp", "image/webp", b"RIFF"), "stickers")
        sticker = {
            "file_id": stored.file_id,
            "file_unique_id": stored.unique_id,
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": emoji,
        }
        return self._post(chat, user, {"sticker": sticker}, None, None)

    def send(self, chat: Chat, user: User, **content: object) -> Json:
        """Send any other kind of message: give its fields, such as ``voice={...}``."""
        return self._post(chat, user, dict(content), None, None)

    def edit(self, message: Json, text: str) -> Json:
        """Change the text or caption of a user's message; return the message as it is now."""
        chat, stored = self._stored(message)
        if "text" in stored:
            stored.pop("entities", None)
            stored["text"] = text
            if entities := formatting.automatic_entities(text):
                stored["entities"] = entities
        else:
            stored.pop("caption_entities", None)
            stored |= _captioned(text)
        stored["edit_date"] = self.state.now()
        self._deliver(chat, stored, "edited_message")
        return copy.deepcopy(stored)

    def delete(self, message: Json) -> None:
        """Delete a message as a person would; a bot is not told."""
        chat, stored = self._stored(message)
        del chat.messages[stored["message_id"]]

    def was_heard(self, message: Json) -> bool:
        """Tell whether a user's message was delivered to the bot."""
        return message["message_id"] in self.state.chats[message["chat"]["id"]].heard

    # Buttons and inline mode

    def tap(
        self,
        user: User,
        message: Json,
        button: str | None = None,
        *,
        data: str | None = None,
        stale: bool = False,
    ) -> Query:
        """Tap a button by its text or data; return the query.

        ``data`` sends any data whether there is such a button or not (an old client, a forged
        call). ``stale=True`` looks at the keyboard of the given copy of the message in place of
        the present one, and works on a deleted message too.
        """
        chat = self.state.chats[message["chat"]["id"]]
        present = chat.messages.get(message["message_id"])
        if data is None:
            assert present is not None or stale, "the message was deleted"
            shown = message if stale or present is None else present
            data = _button_data(shown, button)
        query = self.state.new_query("callback", user)
        content: Json = {
            "id": query.id,
            "from": user.as_dict(),
            "chat_instance": str(7_000_000_000 + abs(chat.id)),
            "data": data,
        }
        inline_id = next(
            (key for key, item in self.state.inline_messages.items() if item is present), None
        )
        if present is not None and inline_id is not None:
            content["inline_message_id"] = inline_id
        elif present is not None:
            content["message"] = _with_present_quote(chat, present)
        else:
            identifier = message["message_id"]
            content["message"] = {"chat": chat.as_dict(), "message_id": identifier, "date": 0}
        query.update = content
        self._queue("callback_query", content)
        return query

    def inline_query(
        self, user: User, text: str, *, offset: str = "", chat_type: str = "sender"
    ) -> Query:
        """Type an inline query; return it (wait for the answer with ``inline_answer``)."""
        query = self.state.new_query("inline", user)
        query.update = {
            "id": query.id,
            "from": user.as_dict(),
            "query": text,
            "offset": offset,
            "chat_type": chat_type,
        }
        self._queue("inline_query", query.update)
        return query

    def choose(self, query: Query, result_id: str, chat: Chat) -> Json:
        """Send a result of an answered inline query to a chat; return the message.

        A chosen_inline_result update follows if ``state.inline_feedback`` is on. A result with a
        keyboard can be edited by its ``inline_message_id``.
        """
        assert query.answer is not None, "the inline query has no answer yet"
        results = {result["id"]: result for result in query.answer["results"]}
        assert result_id in results, f"no result {result_id!r} among {sorted(results)}"
        content = copy.deepcopy(results[result_id]["_message"])
        content["via_bot"] = self.bot.as_dict()
        message = self.state.new_message(chat, query.user, content)
        chosen: Json = {
            "result_id": result_id,
            "from": query.user.as_dict(),
            "query": query.update["query"],
        }
        if "reply_markup" in message:
            inline_id = f"inline-{self.state.number('inline messages')}"
            self.state.inline_messages[inline_id] = message
            chosen["inline_message_id"] = inline_id
        if self.state.inline_feedback:
            self._queue("chosen_inline_result", chosen)
        self._deliver(chat, message)
        return copy.deepcopy(message)

    def guest_message(
        self, user: User, chat: Chat, text: str, *, reply_to: Json | None = None
    ) -> Query:
        """Call the bot in a chat it is no member of; return the guest query."""
        query = self.state.new_query("guest", user)
        content: Json = {"text": text, "guest_query_id": query.id}
        if reply_to is not None:
            current = chat.messages.get(reply_to["message_id"], reply_to)
            content["reply_to_message"] = quoted(current)
        if entities := formatting.automatic_entities(text):
            content["entities"] = entities
        query.update = self.state.new_message(chat, user, content)
        self._queue("guest_message", query.update)
        return query

    def expire_queries(self) -> None:
        """Let all open queries grow too old to be answered."""
        for query in self.state.queries.values():
            query.open = False

    # Membership

    def join(self, chat: Chat, user: User | None = None, *, by: User | None = None) -> None:
        """Add a user, or the bot (None), to a group."""
        who = user or self.bot
        adder = by or (who if who is not self.bot else self._someone(chat))
        self._set_status(chat, who, "member", adder)
        message = self.state.new_message(chat, adder, {"new_chat_members": [who.as_dict()]})
        self._deliver(chat, message)

    def leave(self, chat: Chat, user: User | None = None, *, by: User | None = None) -> None:
        """Let a user leave, or remove the user or the bot (None); ``by`` someone means kicked."""
        who = user or self.bot
        remover = by or (who if who is not self.bot else self._someone(chat))
        status: Status = "left" if remover is who else "kicked"
        self._set_status(chat, who, status, remover)
        if who is not self.bot:
            gone = {"left_chat_member": who.as_dict()}
            self._deliver(chat, self.state.new_message(chat, remover, gone))

    def promote(self, chat: Chat, user: User | None = None, *, by: User | None = None) -> None:
        """Make a user, or the bot (None), an administrator."""
        self._set_status(chat, user or self.bot, "administrator", by or self._someone(chat))

    def demote(self, chat: Chat, user: User | None = None, *, by: User | None = None) -> None:
        """Take the administrator's rights away again."""
        self._set_status(chat, user or self.bot, "member", by or self._someone(chat))

    def restrict(self, chat: Chat, *, can_send: bool = False, by: User | None = None) -> None:
        """Forbid the bot to send messages in a group, or allow it again."""
        chat.bot_can_send = can_send
        status: Status = "member" if can_send else "restricted"
        self._set_status(chat, self.bot, status, by or self._someone(chat))

    def block(self, user: User) -> None:
        """Let a user block the bot; sending to them answers 403 from now on."""
        self._set_status(self.private_chat(user), self.bot, "kicked", user)

    def unblock(self, user: User) -> None:
        """Let a user unblock the bot."""
        self._set_status(self.private_chat(user), self.bot, "member", user)

    def migrate(self, group: Chat) -> Chat:
        """Turn a basic group into a supergroup; return the new chat."""
        assert group.type == "group", "only a basic group can be migrated"
        new = Chat(self._supergroup_id(), "supergroup", title=group.title)
        new.members = dict(group.members)
        self.state.chats[new.id] = new
        someone = self._someone(group)
        moved = self.state.new_message(group, someone, {"migrate_to_chat_id": new.id})
        self._deliver(group, moved)
        group.migrated_to = new.id
        arrived = self.state.new_message(new, someone, {"migrate_from_chat_id": group.id})
        self._deliver(new, arrived)
        return new

    # Raw updates

    def inject(self, update: Json) -> Json:
        """Queue any update as it is (with an ``update_id`` if it has none); return it."""
        queued = self.state.updates.add_raw(update)
        for kind in ("callback", "inline"):
            content = queued.get(f"{kind}_query")
            if isinstance(content, dict) and isinstance(content.get("from"), dict):
                sender = self.state.users.get(content["from"].get("id"), self.bot)
                query = Query(
                    content["id"], "callback" if kind == "callback" else "inline", content, sender
                )
                self.state.queries[query.id] = query
        self.state.pulse.fire()
        return queued

    def repeat(self, update: Json | None = None) -> Json:
        """Deliver an update once more under its old identifier (None: the last one)."""
        again = update or self.state.updates.created[-1]
        self.state.updates.repeats.append(again)
        self.state.pulse.fire()
        return again

    # Inside

    def _supergroup_id(self) -> int:
        return -1_000_000_000_000 - self.state.number("supergroups", 2_100_000_001)

    def _new_group(
        self,
        chat: Chat,
        members: Iterable[User],
        admins: Iterable[User],
        owner: User | None,
        bot_status: Status,
    ) -> Chat:
        for user in members:
            chat.members[user.id] = "member"
        for user in admins:
            chat.members[user.id] = "administrator"
        if owner is not None:
            chat.members[owner.id] = "creator"
        chat.members[self.bot.id] = bot_status
        self.state.chats[chat.id] = chat
        return chat

    def _someone(self, chat: Chat) -> User:
        """Return who most probably did something in this chat: the owner, an admin, a member."""
        rank = ["creator", "administrator", "member"]
        present = [
            (rank.index(status), user_id)
            for user_id, status in chat.members.items()
            if status in rank and user_id != self.bot.id
        ]
        assert present, f"nobody is in {chat.title}: name the one who acts with by=..."
        return self.state.users[min(present)[1]]

    def _stored(self, message: Json) -> tuple[Chat, Json]:
        chat = self.state.chats[message["chat"]["id"]]
        return chat, chat.messages[message["message_id"]]

    def _post(
        self, chat: Chat, user: User, content: Json, reply_to: Json | None, topic: int | None
    ) -> Json:
        present = chat.members.get(user.id) in PRESENT
        assert present, f"{user.first_name} is not in the chat {chat.title or chat.id}"
        if reply_to is not None and topic is None:
            topic = reply_to.get("message_thread_id")
        fields = self.state.thread_fields(chat, topic)
        if reply_to is not None:
            current = chat.messages.get(reply_to["message_id"], reply_to)
            fields["reply_to_message"] = quoted(current)
        message = self.state.new_message(chat, user, {**fields, **content})
        if chat.type == "private":
            chat.started = True
        self._deliver(chat, message)
        return copy.deepcopy(message)

    def _deliver(self, chat: Chat, message: Json, kind: str = "message") -> None:
        by_bot = message["from"]["is_bot"] and "sender_chat" not in message
        if chat.members.get(self.bot.id) in PRESENT and not by_bot:
            meant = self._is_meant(chat, message)
            if meant:
                chat.meant.add(message["message_id"])
            if meant or self._sees_all(chat) or _is_service(message):
                chat.heard.add(message["message_id"])
                self._queue(kind, message)
        self.state.pulse.fire()

    def _queue(self, kind: str, content: Json) -> None:
        self.state.updates.add(kind, content)
        self.state.pulse.fire()

    def _sees_all(self, chat: Chat) -> bool:
        private = chat.type == "private"
        return private or not self.privacy_mode or self.state.is_admin(chat, self.bot.id)

    def _is_meant(self, chat: Chat, message: Json) -> bool:
        """Tell whether privacy mode lets a message through, as the documentation describes it.

        That is a command for this bot (or for none, unless another bot spoke last), a message
        sent via the bot, and a reply to its message or to one that was meant for it.
        """
        if message.get("via_bot", {}).get("id") == self.bot.id:
            return True
        replied = message.get("reply_to_message")
        if replied is not None and "forum_topic_created" not in replied:
            own = replied["from"]["id"] == self.bot.id
            if own or replied["message_id"] in chat.meant:
                return True
        return self._is_addressed(chat, message)

    def _is_addressed(self, chat: Chat, message: Json) -> bool:
        text: str = message.get("text") or message.get("caption") or ""
        name = (self.bot.username or "").lower()
        for entity in message.get("entities") or message.get("caption_entities") or []:
            if entity["type"] == "bot_command" and entity["offset"] == 0:
                _, target = formatting.command_target(text, entity)
                if target is None:
                    return not chat.other_bot_spoke_last
                return target.lower() == name
            if entity["type"] == "mention" and self.mentions_reach_bot:
                part = formatting.utf16_slice(text, entity["offset"], entity["length"])
                if part.lower() == f"@{name}":
                    return True
        return False

    def _set_status(self, chat: Chat, who: User, status: Status, by: User) -> None:
        old = chat.members.get(who.id, "left")
        chat.members[who.id] = status
        kind = "my_chat_member" if who is self.bot else "chat_member"
        self._queue(
            kind,
            {
                "chat": chat.as_dict(),
                "from": by.as_dict(),
                "date": self.state.now(),
                "old_chat_member": chat_member(who, old),
                "new_chat_member": chat_member(who, status),
            },
        )


def buttons(message: Json) -> list[Json]:
    """Return the inline buttons of a message, row after row."""
    rows: list[list[Json]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def _with_present_quote(chat: Chat, message: Json) -> Json:
    """Copy a message with the one it replies to as that is now; without it if it was deleted."""
    copied = copy.deepcopy(message)
    if "reply_to_message" in copied:
        original = chat.messages.get(copied["reply_to_message"]["message_id"])
        if original is None:
            del copied["reply_to_message"]
        else:
            copied["reply_to_message"] = quoted(original)
    return copied


def _button_data(message: Json, wanted: str | None) -> str:
    shown = buttons(message)
    for button in shown:
        if wanted in {button["text"], button.get("callback_data")}:
            assert "callback_data" in button, f"the button {wanted!r} sends no callback query"
            return str(button["callback_data"])
    raise AssertionError(f"no button {wanted!r} among {[button['text'] for button in shown]}")


def _captioned(caption: str) -> Json:
    if not caption:
        return {}
    entities = formatting.automatic_entities(caption)
    return {"caption": caption, **({"caption_entities": entities} if entities else {})}


def _is_service(message: Json) -> bool:
    return not message.keys().isdisjoint(
        {
            "new_chat_members",
            "left_chat_member",
            "migrate_to_chat_id",
            "migrate_from_chat_id",
            "forum_topic_created",
            "new_chat_title",
            "pinned_message",
            "group_chat_created",
        }
    )
