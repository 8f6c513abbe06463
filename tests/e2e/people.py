"""People who chat with the bot, and what must not become known of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from tests.bot_api import BotApiServer, Chat, Json, Query, User
from tests.e2e.process import BotProcess

SHORTEST_TEXT = 5
"""Shorter texts may stand in the output by chance."""

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who chats with the bot in private."""

    server: BotApiServer
    user: User
    chat: Chat

    def say(self, text: str, *, reply_to: Json | None = None) -> Json:
        """Send a text."""
        return self.server.say(self.chat, self.user, text, reply_to=reply_to)

    def tap(
        self,
        message: Json,
        button: str | None = None,
        *,
        data: str | None = None,
        stale: bool = False,
    ) -> Query:
        """Tap a button; ``stale`` looks at the given copy of the message, not at the present."""
        return self.server.tap(self.user, message, button, data=data, stale=stale)

    async def answer(self, *, within: float | None = None) -> Json:
        """The bot's next message."""
        return await self.server.next_message(self.chat, within=within)

    async def ask(self, text: str) -> Json:
        """Send a text and wait for the bot's next message."""
        self.say(text)
        return await self.answer()


def someone(server: BotApiServer) -> Person:
    """A new person."""
    user = server.user(f"Person{next(_numbers)}")
    return Person(server, user, server.private_chat(user))


def assert_discreet(server: BotApiServer, bot: BotProcess) -> None:
    """Nothing written by the bot names the token, a person or what was said."""
    output = bot.output
    secret = server.token.partition(":")[2]
    assert secret not in output
    for chat in server.state.chats.values():
        assert str(chat.id) not in output
        for message in server.history(chat):
            for line in message.get("text", "").splitlines():
                assert len(line) < SHORTEST_TEXT or line not in output
        if chat.peer is not None:
            assert chat.peer.first_name not in output
