"""A small, strict emulator of the Telegram Bot API, for tests.

It speaks real HTTP on a loopback port, so the bot under test can be a separate process. Every
call is checked against the published list of methods and types (``methods.json``, Bot API 10.1),
texts are parsed by TDLib's own parser, and refusals carry the official server's words.

A test::

    async with BotApiServer() as server:
        # start the bot with server.base_url and server.token here
        anna = server.user("Anna", language_code="en")
        chat = server.private_chat(anna)
        server.say(chat, anna, "does ldn help fibro?")
        answer = await server.next_message(chat)
        assert answer["text"].startswith("...")
        tap = server.tap(anna, answer, "Studies")
        await server.callback_answer(tap)
        edited = await server.next_edit(chat)
        assert server.violations == []

Messages are plain dictionaries in Bot API form, copies of what the server knows at that moment.

People (all take effect at once; nothing to await)
    ``user``, ``private_chat``, ``group``, ``supergroup``, ``topic``; ``say``, ``photo``,
    ``document``, ``sticker``, ``send``, ``edit``, ``delete``; ``tap``, ``inline_query``,
    ``choose``, ``guest_message``, ``expire_queries``; ``join``, ``leave``, ``promote``,
    ``demote``, ``restrict``, ``block``, ``unblock``, ``migrate``; ``inject`` and ``repeat`` for
    raw and doubled updates. See ``actions``.

Waiting (fails with the last calls when nothing comes)
    ``next_message``, ``next_edit``, ``next_call``, ``callback_answer``, ``inline_answer``,
    ``guest_answer``, ``all_confirmed``, ``polling``, and ``until`` for any condition. See
    ``waiting``.

Looking
    ``history``, ``message``, ``unread``, ``was_heard``, ``calls``, ``journal``,
    ``journal_tail``, ``violations`` (breaches of the API's rules: keep it empty), ``refusals``
    (calls answered with an error by the rules). ``state`` holds everything else.

Faults
    ``server.fail("sendMessage", flood(3), times=2)``; see ``faults`` for ``flood``,
    ``server_error``, ``unauthorized``, ``forbidden``, ``conflict``, ``refused``, ``dropped``,
    ``hang`` and ``garbage``. With ``after_effect=True`` the call does its work and only the answer
    is lost. ``token_revoked`` answers 401 from then on; ``flood_limits.enabled`` enforces the
    sending limits; ``await server.stop()`` and ``start()`` take the server away and bring it back
    on the same port with all it knew.

Strictness
    What the real server would let pass although the documentation forbids it (a parameter it
    does not know, nested quotes, formatting inside code, a button with two actions ...) is a
    violation, answered with 400 unless ``strict=False``. A method without behaviour here answers
    501 and is a violation, never a silent success.

Where it is simpler than the original: a second poller gets its 409 at once (the original spaces
them by 3 s), polls with a repeated offset are not slowed down, webhook updates go out one after
another and a method call inside the webhook's answer is ignored, links to files are not fetched.

By hand: ``python -m tests.bot_api --port 9010``.
"""

from tests.bot_api.actions import PIXEL, buttons
from tests.bot_api.errors import ApiError
from tests.bot_api.faults import (
    Fault,
    conflict,
    dropped,
    flood,
    forbidden,
    garbage,
    hang,
    refused,
    server_error,
    unauthorized,
)
from tests.bot_api.journal import Call
from tests.bot_api.server import TOKEN, BotApiServer
from tests.bot_api.state import Chat, Json, Query, User

__all__ = [
    "PIXEL",
    "TOKEN",
    "ApiError",
    "BotApiServer",
    "Call",
    "Chat",
    "Fault",
    "Json",
    "Query",
    "User",
    "buttons",
    "conflict",
    "dropped",
    "flood",
    "forbidden",
    "garbage",
    "hang",
    "refused",
    "server_error",
    "unauthorized",
]
