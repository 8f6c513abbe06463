"""Waiting for what the bot does, and looking at what it did."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TypeVar

from tests.bot_api.actions import World
from tests.bot_api.journal import Call
from tests.bot_api.state import Chat, Json, Query, State

T = TypeVar("T")


class WatchedWorld(World):
    """A world whose bot can be watched.

    Every waiting method fails with an ``AssertionError`` that shows the last calls when nothing
    comes within ``within`` seconds (by default ``patience``).
    """

    def __init__(self, state: State, patience: float = 5.0) -> None:
        """Take the state and the usual number of seconds to wait."""
        super().__init__(state)
        self.patience = patience
        self.journal: list[Call] = []
        self._read_calls: dict[str | None, int] = {}

    async def until(
        self, look: Callable[[], T | None], what: str, *, within: float | None = None
    ) -> T:
        """Wait until ``look()`` returns something true and return it."""
        seconds = self.patience if within is None else within
        found = await self.state.pulse.wait_for(look, seconds)
        if not found:
            raise AssertionError(f"waited {seconds} s for {what}\n{self.journal_tail()}")
        return found

    async def next_message(self, chat: Chat, *, within: float | None = None) -> Json:
        """Return the bot's next message in this chat, each one once, as it stands now.

        A message that was deleted before it was read is passed over.
        """

        def look() -> Json | None:
            while chat.read_sent < len(chat.sent):
                chat.read_sent += 1
                message = chat.messages.get(chat.sent[chat.read_sent - 1])
                if message is not None:
                    return copy.deepcopy(message)
            return None

        return await self.until(look, f"a message in {_name(chat)}", within=within)

    async def next_edit(self, chat: Chat, *, within: float | None = None) -> Json:
        """Return the next message the bot edited in this chat, once per edit."""

        def look() -> Json | None:
            while chat.read_edits < len(chat.edits):
                chat.read_edits += 1
                message = chat.messages.get(chat.edits[chat.read_edits - 1])
                if message is not None:
                    return copy.deepcopy(message)
            return None

        return await self.until(look, f"an edit in {_name(chat)}", within=within)

    async def next_call(self, method: str | None = None, *, within: float | None = None) -> Call:
        """Return the next finished call of a method (None: any but getUpdates), each one once."""

        def look() -> Call | None:
            while (index := self._read_calls.get(method, 0)) < len(self.journal):
                call = self.journal[index]
                matches = call.method == method if method else call.method != "getUpdates"
                if matches and call.seconds is None:
                    return None
                self._read_calls[method] = index + 1
                if matches:
                    return call
            return None

        return await self.until(look, f"a call of {method or 'any method'}", within=within)

    async def callback_answer(self, query: Query, *, within: float | None = None) -> Json:
        """Return the parameters with which the bot answered a tap."""
        return await self.until(lambda: query.answer, "a callback answer", within=within)

    async def inline_answer(
        self, query: Query | None = None, *, within: float | None = None
    ) -> Json:
        """Return the bot's answer to an inline query (None: to the last one asked).

        Each result also carries ``_message``, the parsed message it would become.
        """
        asked = [item for item in self.state.queries.values() if item.kind == "inline"]
        wanted = query or (asked[-1] if asked else None)
        assert wanted is not None, "nobody typed an inline query"
        return await self.until(lambda: wanted.answer, "an inline answer", within=within)

    async def guest_answer(self, query: Query, *, within: float | None = None) -> Json:
        """Return the parameters with which the bot answered a guest message."""
        return await self.until(lambda: query.answer, "a guest answer", within=within)

    async def all_confirmed(self, *, within: float | None = None) -> None:
        """Wait until the bot has taken and confirmed every update."""
        queue = self.state.updates
        await self.until(lambda: not queue.waiting(), "all updates to be confirmed", within=within)

    async def polling(self, *, within: float | None = None) -> None:
        """Wait until the bot polls for updates (it is up and has nothing to take)."""
        await self.until(lambda: self.state.poller, "the bot to poll", within=within)

    def unread(self, chat: Chat) -> int:
        """Return how many of the bot's messages in this chat ``next_message`` did not return."""
        return len(chat.sent) - chat.read_sent

    def skip(self, chat: Chat) -> None:
        """Take all the bot's messages and edits so far as read."""
        chat.read_sent, chat.read_edits = len(chat.sent), len(chat.edits)

    def history(self, chat: Chat) -> list[Json]:
        """Return the chat's messages as they stand now, after edits and deletions."""
        return [copy.deepcopy(chat.messages[key]) for key in sorted(chat.messages)]

    def message(self, message: Json) -> Json | None:
        """Return a message as it stands now; None if it was deleted."""
        stored = self.state.chats[message["chat"]["id"]].messages.get(message["message_id"])
        return copy.deepcopy(stored)

    def calls(self, method: str | None = None) -> list[Call]:
        """Return the calls of a method so far, or all but getUpdates."""
        return [
            call
            for call in self.journal
            if (call.method == method if method else call.method != "getUpdates")
        ]

    @property
    def violations(self) -> list[str]:
        """Return every breach of the API's rules so far; must be empty at the end of a test."""
        return [f"{call.method}: {problem}" for call in self.journal for problem in call.violations]

    @property
    def refusals(self) -> list[Call]:
        """Return the calls that the rules (not planned faults) refused."""
        return [call for call in self.journal if call.refused]

    def journal_tail(self, count: int = 12) -> str:
        """Return the last calls as text, one a line; idle polls are left out."""
        shown = [call for call in self.journal if not _is_idle_poll(call)]
        lines = [str(call) for call in shown[-count:]] or ["(no calls)"]
        waiting = len(self.state.updates.pending)
        return "\n".join([*lines, f"({waiting} updates not confirmed)"])


def _name(chat: Chat) -> str:
    if chat.peer is not None:
        return f"the chat with {chat.peer.first_name}"
    return str(chat.title)


def _is_idle_poll(call: Call) -> bool:
    return (
        call.method == "getUpdates"
        and call.fault is None
        and isinstance(call.response, dict)
        and not call.response.get("result", True)
    )
