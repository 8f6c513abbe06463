"""Tests of the Bot API emulator itself, with python-telegram-bot over real HTTP."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest
from aiohttp import web
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputMediaPhoto,
    InputTextMessageContent,
    Message,
    ReplyKeyboardMarkup,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

from tests.bot_api import (
    PIXEL,
    BotApiServer,
    Chat,
    Json,
    User,
    conflict,
    dropped,
    flood,
    forbidden,
    garbage,
    hang,
    server_error,
    unauthorized,
)


def make_bot(server: BotApiServer, **options: Any) -> Bot:
    """Return a bot that talks to the emulator."""
    return Bot(
        server.token,
        base_url=server.base_url,
        base_file_url=server.base_file_url,
        request=HTTPXRequest(**options),
        get_updates_request=HTTPXRequest(),
    )


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer() as running:
        yield running


@pytest.fixture
async def bot(server: BotApiServer) -> AsyncIterator[Bot]:
    async with make_bot(server) as running:
        yield running


@pytest.fixture
def anna(server: BotApiServer) -> User:
    return server.user("Anna", username="anna")


@pytest.fixture
def chat(server: BotApiServer, anna: User) -> Chat:
    return server.private_chat(anna)


async def call(server: BotApiServer, method: str, **params: object) -> Json:
    """Call a method with a JSON body, past any library."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.base_url}{server.token}/{method}", json=params) as response,
    ):
        answer = cast("Json", await response.json())
        assert answer["ok"] == (response.status == 200)
        return answer


def keyboard(*rows: list[tuple[str, str]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(text, callback_data=data) for text, data in row] for row in rows]
    )


def refusal(error: pytest.ExceptionInfo[TelegramError]) -> str:
    return error.value.message


# Good calls


async def test_messages_carry_parsed_text_and_entities(
    server: BotApiServer, bot: Bot, chat: Chat
) -> None:
    sent = await bot.send_message(
        chat.id,
        '<b>LDN</b> 😀 <a href="https://example.org/x">study</a>\n'
        "<blockquote expandable>more at example.com</blockquote>",
        parse_mode="HTML",
        reply_markup=keyboard([("Studies", "s:1"), ("Help", "h")]),
    )
    assert sent.text == "LDN 😀 study\nmore at example.com"
    assert sent.chat.id == chat.id
    found = [(entity.type, sent.parse_entity(entity)) for entity in sent.entities]
    assert found == [
        ("bold", "LDN"),
        ("text_link", "study"),
        ("expandable_blockquote", "more at example.com"),
        ("url", "example.com"),
    ]
    answer = await server.next_message(chat)
    assert answer["message_id"] == sent.message_id
    assert [row[0]["text"] for row in answer["reply_markup"]["inline_keyboard"]] == ["Studies"]
    assert server.history(chat) == [answer]
    assert server.violations == []


async def test_edits_and_deletions_change_the_history(
    server: BotApiServer, bot: Bot, chat: Chat
) -> None:
    sent = await bot.send_message(chat.id, "one", reply_markup=keyboard([("A", "a")]))
    await bot.edit_message_reply_markup(chat.id, sent.message_id, reply_markup=None)
    assert "reply_markup" not in server.history(chat)[0]
    edited = await bot.edit_message_text("*two*", chat.id, sent.message_id, parse_mode="MarkdownV2")
    assert isinstance(edited, Message)
    assert edited.edit_date is not None
    assert [item["text"] for item in server.history(chat)] == ["two"]
    assert (await server.next_edit(chat))["text"] == "two"
    assert await bot.delete_message(chat.id, sent.message_id)
    assert server.history(chat) == []
    assert server.violations == []


async def test_files_go_up_and_come_down(server: BotApiServer, bot: Bot, chat: Chat) -> None:
    sent = await bot.send_photo(chat.id, PIXEL, caption="<i>one</i> pixel", parse_mode="HTML")
    assert (sent.photo[0].width, sent.photo[0].height) == (1, 1)
    assert sent.caption_entities[0].type == "italic"
    again = await bot.send_photo(chat.id, sent.photo[0].file_id)
    changed = await bot.edit_message_media(
        InputMediaPhoto(PIXEL + b" ", caption="new"), chat.id, again.message_id
    )
    assert isinstance(changed, Message)
    assert changed.caption == "new"
    document = await bot.send_document(chat.id, b"a,b\n", filename="studies.csv")
    assert document.document is not None
    assert document.document.file_name == "studies.csv"
    file = await bot.get_file(document.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"a,b\n"
    assert [item.params["caption"] for item in server.calls("sendPhoto")[:1]] == [
        "<i>one</i> pixel"
    ]
    assert server.violations == []


async def test_profile_methods(server: BotApiServer, bot: Bot, chat: Chat) -> None:
    me = await bot.get_me()
    assert me.username == "ldn_test_bot"
    assert await bot.set_my_commands([BotCommand("start", "Begin")])
    private = BotCommandScopeAllPrivateChats()
    assert await bot.set_my_commands(
        [BotCommand("hilfe", "Hilfe")], scope=private, language_code="de"
    )
    assert [item.command for item in await bot.get_my_commands()] == ["start"]
    assert await bot.get_my_commands(scope=private) == ()
    german = await bot.get_my_commands(scope=private, language_code="de")
    assert [item.command for item in german] == ["hilfe"]
    assert await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()
    assert await bot.set_my_commands([], scope=BotCommandScopeChat(chat.id))
    assert await bot.set_my_description("Long")
    assert await bot.set_my_short_description("Short", language_code="de")
    assert (await bot.get_my_description("fr")).description == "Long"
    assert (await bot.get_my_short_description()).short_description == ""
    full = await bot.get_chat(chat.id)
    assert full.first_name == "Anna"
    assert await bot.send_chat_action(chat.id, "typing")
    assert chat.actions == ["typing"]
    assert server.violations == []


async def test_every_transport_is_understood(server: BotApiServer, chat: Chat) -> None:
    url = f"{server.base_url}{server.token}/SENDMESSAGE"
    params = {"chat_id": str(chat.id), "text": "hello", "disable_notification": "true"}
    form = aiohttp.FormData(params, default_to_multipart=True)
    async with aiohttp.ClientSession() as session:
        answers = [
            await session.get(url, params=params),
            await session.post(url, data=params),
            await session.post(url, data=form),
            await session.post(url, json={**params, "chat_id": chat.id}),
        ]
        assert [answer.status for answer in answers] == [200] * 4
    assert [item["text"] for item in server.history(chat)] == ["hello"] * 4


# Refusals

LONG_HTML = f"<b>{'x' * 4097}</b>"


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (
            {"text": "<b>x", "parse_mode": "HTML"},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        (
            {"text": "x<br>y", "parse_mode": "html"},
            'can\'t parse entities: Unsupported start tag "br" at byte offset 1',
        ),
        (
            {"text": "a.b", "parse_mode": "MarkdownV2"},
            "can't parse entities: Character '.' is reserved and must be escaped with the "
            "preceding '\\'",
        ),
        ({"text": "x", "parse_mode": "Rich"}, "unsupported parse_mode"),
        ({"text": LONG_HTML, "parse_mode": "HTML"}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "x" * 32769}, "text is too long"),
        ({"text": ""}, "message text is empty"),
        ({}, "message text is empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "x", "chat_id": 404}, "chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "message_thread_id": 5}, "message thread not found"),
        (
            {"text": "x", "reply_parameters": {"message_id": 999}},
            "message to be replied not found",
        ),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        (
            {"text": "x", "reply_parameters": {}},
            "can't parse reply_parameters: Can't find field \"message_id\"",
        ),
        (
            {"text": "x", "link_preview_options": {"is_disabled": "no"}},
            'field "link_preview_options.is_disabled" must be of type Boolean',
        ),
    ],
)
async def test_bad_messages_are_refused(
    server: BotApiServer, chat: Chat, params: Json, message: str
) -> None:
    answer = await call(server, "sendMessage", **{"chat_id": chat.id, **params})
    assert answer == {"ok": False, "error_code": 400, "description": f"Bad Request: {message}"}
    assert server.history(chat) == []
    assert server.violations == []
    assert len(server.refusals) == 1


async def test_limits_count_utf16_units_after_parsing(bot: Bot, chat: Chat) -> None:
    sent = await bot.send_message(chat.id, f"<b>{'😀' * 2048}</b>", parse_mode="HTML")
    assert sent.text == "😀" * 2048
    with pytest.raises(BadRequest) as error:
        await bot.send_photo(chat.id, PIXEL, caption="x" * 1025)
    assert refusal(error) == "Message caption is too long"


@pytest.mark.parametrize(
    ("button", "message"),
    [
        ({"callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
        ({"callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        (
            {},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"url": "javascript://x.org"},
            "inline keyboard button URL 'javascript://x.org' is invalid: Unsupported URL protocol",
        ),
        ({"url": "http://"}, "inline keyboard button URL 'http://' is invalid: URL host is empty"),
        ({"url": "nowhere"}, "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL"),
        ({"copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
    ],
)
async def test_bad_buttons_are_refused(
    server: BotApiServer, chat: Chat, button: Json, message: str
) -> None:
    markup = {"inline_keyboard": [[{"text": "B", **button}]]}
    answer = await call(server, "sendMessage", chat_id=chat.id, text="x", reply_markup=markup)
    assert answer["description"] == f"Bad Request: {message}"
    assert server.violations == []


async def test_violations_are_recorded_with_a_refusal(server: BotApiServer, chat: Chat) -> None:
    answer = await call(server, "sendMessage", chat_id=chat.id, txt="x")
    assert answer["description"] == "Bad Request: message text is empty"
    assert server.violations == ['sendMessage: unknown parameter "txt"']


async def test_too_many_buttons(bot: Bot, chat: Chat) -> None:
    rows = [[(str(number), "x")] * 8 for number in range(13)]
    with pytest.raises(BadRequest) as error:
        await bot.send_message(chat.id, "x", reply_markup=keyboard(*rows))
    assert refusal(error) == "Reply markup is too long"


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"text": "x", "colour": "red"}, 'unknown parameter "colour"'),
        (
            {"text": "x", "link_preview_options": {"disabled": True}},
            'unknown field "disabled" in link_preview_options (LinkPreviewOptions)',
        ),
        (
            {
                "text": "x",
                "reply_markup": {
                    "inline_keyboard": [[{"text": "B", "callback_data": "x", "data": "x"}]]
                },
            },
            'unknown field "data" in reply_markup.inline_keyboard[0][0] (InlineKeyboardButton)',
        ),
        (
            {
                "text": "x",
                "reply_markup": {
                    "inline_keyboard": [[{"text": "B", "callback_data": "x", "url": "t.me/x"}]]
                },
            },
            "a button with more than one action: callback_data, url",
        ),
        (
            {
                "text": "x",
                "reply_markup": {
                    "inline_keyboard": [[{"text": "B", "callback_data": "x"}] * 9],
                },
            },
            "9 buttons in a row, at most 8 allowed",
        ),
        (
            {
                "text": "<blockquote>a<blockquote>b</blockquote></blockquote>",
                "parse_mode": "HTML",
            },
            "a block quote inside a block quote",
        ),
        (
            {"text": "<code>a<b>b</b></code>", "parse_mode": "HTML"},
            "bold and code overlap: code must stand alone",
        ),
        (
            {"text": '<code><a href="https://x.org">b</a></code>', "parse_mode": "HTML"},
            "code and text_link overlap: code must stand alone",
        ),
        ({"text": "<b>x</b> " * 101, "parse_mode": "HTML"}, "101 entities, at most 100 allowed"),
    ],
)
async def test_violations(server: BotApiServer, chat: Chat, params: Json, problem: str) -> None:
    strict = await call(server, "sendMessage", chat_id=chat.id, **params)
    assert strict["description"] == f"Bad Request: strict emulator: {problem}"
    server.strict = False
    lenient = await call(server, "sendMessage", chat_id=chat.id, **params)
    assert lenient["ok"]
    assert server.violations == [f"sendMessage: {problem}"] * 2


async def test_unknown_and_unemulated_methods(server: BotApiServer, chat: Chat) -> None:
    unknown = await call(server, "sendTelepathy")
    assert (unknown["error_code"], unknown["description"]) == (404, "Not Found: method not found")
    dice = await call(server, "sendDice", chat_id=chat.id)
    assert dice["error_code"] == 501
    assert server.violations == [
        "sendTelepathy: unknown method",
        "sendDice: the emulator has no behaviour for this method",
    ]


async def test_tokens(server: BotApiServer, bot: Bot) -> None:
    async with aiohttp.ClientSession() as session:
        wrong = await session.get(f"{server.base_url}1:abc/getMe")
        malformed = await session.get(f"{server.base_url}abc/getMe")
        assert (wrong.status, (await wrong.json())["description"]) == (401, "Unauthorized")
        assert (malformed.status, (await malformed.json())["description"]) == (404, "Not Found")
    server.token_revoked = True
    with pytest.raises(InvalidToken):
        await bot.get_me()
    server.token_revoked = False
    await bot.log_out()
    with pytest.raises(BadRequest, match="Logged out"):
        await bot.get_me()


async def test_bad_edits_and_deletions(
    server: BotApiServer, bot: Bot, anna: User, chat: Chat
) -> None:
    theirs = server.say(chat, anna, "hi")
    sent = await bot.send_message(chat.id, "x", reply_markup=keyboard([("A", "a")]))
    photo = await bot.send_photo(chat.id, PIXEL)
    same = (
        "Message is not modified: specified new message content and reply markup are exactly the "
        "same as a current content and reply markup of the message"
    )
    with pytest.raises(BadRequest) as error:
        await bot.edit_message_text(
            "<b></b>x",
            chat.id,
            sent.message_id,
            parse_mode="HTML",
            reply_markup=keyboard([("A", "a")]),
        )
    assert refusal(error) == same
    for message_id, text in [
        (999, "Message to edit not found"),
        (theirs["message_id"], "Message can't be edited"),
        (photo.message_id, "There is no text in the message to edit"),
    ]:
        with pytest.raises(BadRequest) as error:
            await bot.edit_message_text("new", chat.id, message_id)
        assert refusal(error) == text
    with pytest.raises(BadRequest) as error:
        await bot.edit_message_text("new", inline_message_id="unknown")
    assert refusal(error) == "Message_id_invalid"
    with pytest.raises(BadRequest) as error:
        await bot.delete_message(chat.id, 999)
    assert refusal(error) == "Message to delete not found"
    answer = await call(server, "editMessageText", chat_id=chat.id, text="x")
    assert answer["description"] == "Bad Request: message identifier is not specified"
    with pytest.raises(BadRequest) as error:
        await bot.send_photo(chat.id, b"no image")
    assert refusal(error) == "Image_process_failed"
    with pytest.raises(BadRequest) as error:
        await bot.get_file("unknown")
    assert refusal(error) == "Invalid file_id"
    assert server.violations == []


async def test_replies(server: BotApiServer, bot: Bot, anna: User, chat: Chat) -> None:
    asked = server.say(chat, anna, "does ldn help?")
    sent = await bot.send_message(
        chat.id, "yes", reply_parameters=ReplyParameters(asked["message_id"])
    )
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "does ldn help?"
    server.delete(asked)
    gone = ReplyParameters(asked["message_id"], allow_sending_without_reply=True)
    sent = await bot.send_message(chat.id, "no", reply_parameters=gone)
    assert sent.reply_to_message is None


async def test_people_who_cannot_be_written_to(server: BotApiServer, bot: Bot, anna: User) -> None:
    chat = server.private_chat(anna, started=False)
    with pytest.raises(Forbidden) as error:
        await bot.send_message(chat.id, "x")
    assert refusal(error) == "Forbidden: bot can't initiate conversation with a user"
    server.say(chat, anna, "/start")
    await bot.send_message(chat.id, "x")
    server.block(anna)
    with pytest.raises(Forbidden) as error:
        await bot.send_message(chat.id, "x")
    assert refusal(error) == "Forbidden: bot was blocked by the user"
    server.unblock(anna)
    anna.deactivated = True
    with pytest.raises(Forbidden) as error:
        await bot.send_message(chat.id, "x")
    assert refusal(error) == "Forbidden: user is deactivated"
    kinds = [sorted(update.keys() - {"update_id"}) for update in server.state.updates.created]
    assert kinds == [["message"], ["my_chat_member"], ["my_chat_member"]]


# Updates


async def test_updates_stay_until_confirmed(
    server: BotApiServer, bot: Bot, anna: User, chat: Chat
) -> None:
    for text in ("one", "two", "three"):
        server.say(chat, anna, text)
    first = await bot.get_updates(limit=2)
    again = await bot.get_updates(limit=2)
    assert [update.update_id for update in first] == [update.update_id for update in again]
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    assert [update.effective_message.text for update in rest if update.effective_message] == [
        "three"
    ]
    assert await bot.get_updates(offset=rest[-1].update_id + 1) == ()
    for text in ("four", "five"):
        server.say(chat, anna, text)
    last = await bot.get_updates(offset=-1)
    assert [update.effective_message.text for update in last if update.effective_message] == [
        "five"
    ]
    assert len(await bot.get_updates()) == 1


async def test_long_poll_wakes_and_a_second_one_ends_it(
    server: BotApiServer, bot: Bot, anna: User, chat: Chat
) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await server.polling()
    server.say(chat, anna, "/start@ldn_test_bot now")
    (update,) = await poll
    assert update.message is not None
    assert update.message.entities[0].type == "bot_command"
    await bot.get_updates(offset=update.update_id + 1)
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await server.polling()
    assert await bot.get_updates() == ()
    with pytest.raises(Conflict) as error:
        await first
    assert refusal(error) == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance "
        "is running"
    )


async def test_allowed_updates(server: BotApiServer, bot: Bot, anna: User, chat: Chat) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    server.say(chat, anna, "not wanted")
    await bot.send_message(chat.id, "x", reply_markup=keyboard([("A", "a")]))
    server.tap(anna, await server.next_message(chat), "A")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    group = server.supergroup("G", owner=anna)
    server.promote(group, server.user("Ben"))
    assert len(await bot.get_updates()) == 1
    await bot.get_updates(allowed_updates=["chat_member"])
    server.demote(group, server.user("Cleo"))
    assert (await bot.get_updates())[-1].chat_member is not None


@asynccontextmanager
async def webhook_receiver(
    statuses: list[int],
) -> AsyncIterator[tuple[str, asyncio.Queue[tuple[str | None, Json]]]]:
    got: asyncio.Queue[tuple[str | None, Json]] = asyncio.Queue()

    async def receive(request: web.Request) -> web.Response:
        got.put_nowait(
            (request.headers.get("X-Telegram-Bot-Api-Secret-Token"), await request.json())
        )
        return web.Response(status=statuses.pop(0) if statuses else 200)

    app = web.Application()
    app.router.add_post("/hook", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook", got
    finally:
        await runner.cleanup()


async def test_webhook(server: BotApiServer, bot: Bot, anna: User, chat: Chat) -> None:
    async with webhook_receiver([500]) as (url, got):
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await server.polling()
        await bot.set_webhook(url, secret_token="s3cret", allowed_updates=["message"])
        with pytest.raises(Conflict) as error:
            await poll
        assert refusal(error) == "Conflict: terminated by setWebhook request"
        server.say(chat, anna, "hello")
        refused, accepted = await got.get(), await got.get()
        assert refused == accepted
        assert accepted[0] == "s3cret"
        assert accepted[1]["message"]["text"] == "hello"
        await server.all_confirmed()
        info = await bot.get_webhook_info()
        assert (info.url, info.pending_update_count) == (url, 0)
        assert info.last_error_message == (
            "Wrong response from the webhook: 500 Internal Server Error"
        )
        server.repeat()
        assert (await got.get())[1] == accepted[1]
        with pytest.raises(Conflict) as error:
            await bot.get_updates()
        assert refusal(error) == (
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to "
            "delete the webhook first"
        )
        await bot.delete_webhook()
        assert await bot.get_updates() == ()


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"url": "http://example.org/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://x.org", "secret_token": "no space"},
            "secret token contains unallowed characters",
        ),
    ],
)
async def test_bad_webhooks(server: BotApiServer, params: Json, message: str) -> None:
    answer = await call(server, "setWebhook", **params)
    assert answer["description"] == f"Bad Request: {message}"


# Queries


async def test_callback_queries(server: BotApiServer, bot: Bot, anna: User, chat: Chat) -> None:
    await bot.send_message(chat.id, "pick", reply_markup=keyboard([("A", "a"), ("B", "b")]))
    message = await server.next_message(chat)
    tapped = server.tap(anna, message, "B")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "b"
    with pytest.raises(BadRequest) as error:
        await bot.answer_callback_query(tapped.id, "x" * 201)
    assert refusal(error) == "Message_too_long"
    await bot.answer_callback_query(tapped.id, "done", show_alert=True)
    assert (await server.callback_answer(tapped))["text"] == "done"
    late = server.tap(anna, message, data="forged")
    server.expire_queries()
    for query_id in (tapped.id, late.id, "unknown"):
        with pytest.raises(BadRequest) as error:
            await bot.answer_callback_query(query_id)
        assert refusal(error) == (
            "Query is too old and response timeout expired or query id is invalid"
        )
    with pytest.raises(AssertionError, match="no button 'C' among"):
        server.tap(anna, message, "C")
    await bot.delete_message(chat.id, message["message_id"])
    server.tap(anna, message, "A", stale=True)
    update = (await bot.get_updates(offset=-1))[0]
    assert update.callback_query is not None
    assert update.callback_query.message is not None
    assert not update.callback_query.message.is_accessible


def article(identifier: str, text: str = "<b>x</b>") -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        identifier,
        "Title",
        InputTextMessageContent(text, parse_mode="HTML"),
        reply_markup=keyboard([("More", "more")]),
    )


async def test_inline_mode(server: BotApiServer, bot: Bot, anna: User, chat: Chat) -> None:
    server.state.inline_feedback = True
    query = server.inline_query(anna, "crohn")
    (update,) = await bot.get_updates()
    assert update.inline_query is not None
    assert update.inline_query.query == "crohn"
    button = InlineQueryResultsButton("Open the bot", start_parameter="inline")
    await bot.answer_inline_query(query.id, [article("1"), article("2", "two")], button=button)
    answer = await server.inline_answer()
    assert [result["id"] for result in answer["results"]] == ["1", "2"]
    chosen = server.choose(query, "1", chat)
    assert chosen["text"] == "x"
    assert chosen["via_bot"]["username"] == "ldn_test_bot"
    server.tap(anna, chosen, "More")
    updates = await bot.get_updates(offset=update.update_id + 1)
    result = next(item.chosen_inline_result for item in updates if item.chosen_inline_result)
    tap = next(item.callback_query for item in updates if item.callback_query)
    assert tap.inline_message_id == result.inline_message_id
    assert await bot.edit_message_text("edited", inline_message_id=result.inline_message_id)
    assert (server.message(chosen) or {})["text"] == "edited"
    assert (await server.next_edit(chat))["text"] == "edited"
    assert server.violations == []


@pytest.mark.parametrize(
    ("results", "message"),
    [
        ([article(str(number)) for number in range(51)], "Too many inline query results specified"),
        ([article("1"), article("1")], "Result_id_duplicate"),
        ([article("x" * 65)], "Result_id_invalid"),
        (
            [article("1", "<b>x")],
            "Can't parse inline query result: can't parse entities: can't find end tag "
            'corresponding to start tag "b"',
        ),
        ([article("1", "x" * 4097)], "Message_too_long"),
    ],
)
async def test_bad_inline_results(
    server: BotApiServer,
    bot: Bot,
    anna: User,
    results: list[InlineQueryResultArticle],
    message: str,
) -> None:
    query = server.inline_query(anna, "x")
    with pytest.raises(BadRequest) as error:
        await bot.answer_inline_query(query.id, results, next_offset="")
    assert refusal(error).lower() == message.lower()
    assert query.open
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_inline_query("unknown", [])


async def test_guest_messages(server: BotApiServer, anna: User) -> None:
    group = server.supergroup("Others", members=[anna], bot_status="left")
    query = server.guest_message(anna, group, "@ldn_test_bot fibro?")
    answer = await call(server, "getUpdates")
    assert answer["result"][0]["guest_message"]["guest_query_id"] == query.id
    result = json.loads(article("1").to_json())
    answered = await call(server, "answerGuestQuery", guest_query_id=query.id, result=result)
    assert answered["result"]["inline_message_id"]
    assert (await server.guest_answer(query))["result"]["_message"]["text"] == "x"
    assert server.violations == []


# Groups


async def test_privacy_mode(server: BotApiServer, bot: Bot, anna: User) -> None:
    ben = server.user("Ben")
    group = server.group("LDN friends", members=[ben], owner=anna)
    sent = await bot.send_message(group.id, "hello all")
    message = await server.next_message(group)
    assert sent.message_id == message["message_id"]
    said = [
        server.say(group, ben, "just talk"),
        server.say(group, ben, "/ask fibro"),
        server.say(group, ben, "/ask@LDN_test_bot fibro"),
        server.say(group, ben, "/ask@another_bot fibro"),
        server.say(group, ben, "@ldn_test_bot fibro?"),
        server.say(group, ben, "what of that?", reply_to=message),
        server.say(group, ben, "a card", via_bot=True),
    ]
    said.append(server.say(group, ben, "and what of this?", reply_to=said[1]))
    said.append(server.say(group, ben, "quite", reply_to=said[0]))
    assert [server.was_heard(item) for item in said] == [
        False, True, True, False, False, True, True, True, False,
    ]  # fmt: skip
    assert not server.was_heard(server.edit(said[0], "other talk"))
    other = server.user("Other", username="another_bot", is_bot=True)
    server.join(group, other)
    server.say(group, other, "I am a bot")
    assert not server.was_heard(server.say(group, ben, "/ask fibro"))
    server.mentions_reach_bot = True
    assert server.was_heard(server.say(group, ben, "@ldn_test_bot fibro?"))
    server.privacy_mode = False
    assert server.was_heard(server.say(group, ben, "just talk"))
    server.privacy_mode = True
    server.promote(group)
    assert server.was_heard(server.say(group, ben, "just talk"))
    assert (await bot.get_me()).can_read_all_group_messages is False


async def test_membership(server: BotApiServer, bot: Bot, anna: User) -> None:
    ben = server.user("Ben")
    group = server.supergroup("LDN", members=[ben], owner=anna, bot_status="left", username="ldn")
    with pytest.raises(TelegramError) as error:
        await bot.send_message("@ldn", "x")
    assert refusal(error) == "Forbidden: bot is not a member of the supergroup chat"
    server.join(group, by=ben)
    await bot.send_message("@ldn", "x")
    admins = await bot.get_chat_administrators(group.id)
    assert [admin.user.first_name for admin in admins] == ["Anna"]
    assert (await bot.get_chat_member(group.id, ben.id)).status == "member"
    theirs = server.say(group, ben, "spam")
    with pytest.raises(TelegramError) as error:
        await bot.delete_message(group.id, theirs["message_id"])
    assert refusal(error) == "Message can't be deleted"
    server.promote(group)
    assert await bot.delete_message(group.id, theirs["message_id"])
    assert (await bot.get_chat_member(group.id, bot.id)).status == "administrator"
    server.restrict(group)
    with pytest.raises(TelegramError) as error:
        await bot.send_message(group.id, "x")
    assert refusal(error) == "Not enough rights to send text messages to the chat"
    server.leave(group, by=anna)
    with pytest.raises(TelegramError) as error:
        await bot.send_message(group.id, "x")
    assert refusal(error) == "Forbidden: bot was kicked from the supergroup chat"
    server.join(group, by=anna)
    assert await bot.leave_chat(group.id)
    updates = await bot.get_updates()
    statuses = [
        item.my_chat_member.new_chat_member.status for item in updates if item.my_chat_member
    ]
    assert statuses == ["member", "administrator", "restricted", "kicked", "member", "left"]
    assert server.violations == []


async def test_migration(server: BotApiServer, bot: Bot, anna: User) -> None:
    group = server.group("LDN", owner=anna)
    new = server.migrate(group)
    with pytest.raises(ChatMigrated) as error:
        await bot.send_message(group.id, "x")
    assert error.value.new_chat_id == new.id
    answer = server.journal[-1].response
    assert isinstance(answer, dict)
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    await bot.send_message(new.id, "x")
    moved, arrived = await bot.get_updates()
    assert moved.message is not None
    assert moved.message.migrate_to_chat_id == new.id
    assert arrived.message is not None
    assert arrived.message.migrate_from_chat_id == group.id


async def test_topics(server: BotApiServer, bot: Bot, anna: User) -> None:
    forum = server.supergroup("LDN", owner=anna, forum=True)
    papers = server.topic(forum, "Papers")
    asked = server.say(forum, anna, "/ask fibro", topic=papers)
    assert (asked["message_thread_id"], asked["is_topic_message"]) == (papers, True)
    sent = await bot.send_message(forum.id, "here", message_thread_id=papers)
    assert sent.message_thread_id == papers
    reply = await bot.send_message(
        forum.id, "there", reply_parameters=ReplyParameters(asked["message_id"])
    )
    assert reply.message_thread_id == papers
    general = await bot.send_message(forum.id, "general")
    assert general.message_thread_id is None
    server.close_topic(forum, papers)
    with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
        await bot.send_message(forum.id, "closed", message_thread_id=papers)
    server.promote(forum)
    await bot.send_message(forum.id, "admins may", message_thread_id=papers)


async def test_anonymous_admins(server: BotApiServer, anna: User) -> None:
    group = server.supergroup("LDN", owner=anna, members=[ben := server.user("Ben")])
    sent = server.say(group, anna, "/ask fibro", anonymous=True)
    assert server.was_heard(sent)
    assert sent["from"]["username"] == "GroupAnonymousBot"
    assert sent["sender_chat"]["id"] == group.id
    with pytest.raises(AssertionError, match="Ben is no admin"):
        server.say(group, ben, "x", anonymous=True)


# Faults


@pytest.mark.parametrize(
    ("fault", "kind", "text"),
    [
        (flood(7), RetryAfter, "Flood control exceeded. Retry in 7 seconds"),
        (server_error(502), NetworkError, "Bad Gateway"),
        (unauthorized(), InvalidToken, ""),
        (forbidden(), Forbidden, "bot was blocked by the user"),
        (conflict(), Conflict, "terminated by other getUpdates"),
        (dropped(), NetworkError, ""),
        (garbage(), TelegramError, "Invalid server response"),
    ],
)
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_faults(
    server: BotApiServer, bot: Bot, chat: Chat, fault: Any, kind: type[TelegramError], text: str
) -> None:
    server.fail("sendMessage", fault)
    with pytest.raises(kind) as error:
        await bot.send_message(chat.id, "x")
    assert text in str(error.value)
    assert server.history(chat) == []
    await bot.send_message(chat.id, "x")
    assert server.refusals == []


async def test_the_answer_may_be_lost_after_the_work_is_done(
    server: BotApiServer, bot: Bot, chat: Chat
) -> None:
    server.fail("sendMessage", dropped(after_effect=True))
    with pytest.raises(NetworkError):
        await bot.send_message(chat.id, "x")
    assert [item["text"] for item in server.history(chat)] == ["x"]


async def test_hanging_calls_end_when_the_bot_gives_up(server: BotApiServer, chat: Chat) -> None:
    server.fail(None, hang(), times=2)
    async with aiohttp.ClientSession() as session:
        url = f"{server.base_url}{server.token}/getMe"
        pending = asyncio.create_task(session.get(url))
        await server.until(lambda: server.calls("getMe"), "the call")
        pending.cancel()
        ended = await server.next_call("getMe")
        assert ended.status is None
    async with HTTPXRequest(read_timeout=0.05) as request:
        with pytest.raises(TimedOut):
            await request.post(f"{server.base_url}{server.token}/getMe")


async def test_server_goes_and_comes_back(
    server: BotApiServer, bot: Bot, anna: User, chat: Chat
) -> None:
    url = server.url
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await server.polling()
    await server.stop()
    with pytest.raises(NetworkError):
        await poll
    with pytest.raises(NetworkError):
        await bot.send_message(chat.id, "x")
    server.say(chat, anna, "are you there?")
    await server.start()
    assert server.url == url
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.text == "are you there?"


async def test_doubled_and_raw_updates(
    server: BotApiServer, bot: Bot, anna: User, chat: Chat
) -> None:
    server.say(chat, anna, "once")
    (update,) = await bot.get_updates()
    await bot.get_updates(offset=update.update_id + 1)
    server.repeat()
    (again,) = await bot.get_updates(offset=update.update_id + 1)
    assert again.update_id == update.update_id
    assert await bot.get_updates(offset=update.update_id + 1) == ()
    server.inject({"poll_answer_of_the_future": {"x": 1}})
    (strange,) = await bot.get_updates(offset=update.update_id + 1)
    assert strange.effective_message is None
    assert strange.update_id == update.update_id + 1


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_flood_limits(server: BotApiServer, bot: Bot, anna: User, chat: Chat) -> None:
    now = [0.0]
    limits = server.flood_limits
    limits.enabled, limits.clock = True, lambda: now[0]
    group = server.group("LDN", owner=anna)
    for _ in range(20):
        await bot.send_message(group.id, "x")
    with pytest.raises(RetryAfter, match="Retry in 60 seconds"):
        await bot.send_message(group.id, "x")
    for _ in range(10):
        await bot.send_message(chat.id, "x")
    with pytest.raises(RetryAfter, match="Retry in 1 seconds"):
        await bot.send_message(chat.id, "x")
    now[0] = 60.0
    await bot.send_message(group.id, "x")


# Watching


async def test_waiting_in_vain_shows_the_journal(
    server: BotApiServer, bot: Bot, chat: Chat
) -> None:
    with pytest.raises(BadRequest):
        await bot.send_message(chat.id, "<b>", parse_mode="HTML")
    with pytest.raises(AssertionError) as error:
        await server.next_message(chat, within=0.01)
    text = str(error.value)
    assert "a message in the chat with Anna" in text
    assert "sendMessage" in text
    assert "can't parse entities" in text


async def test_reply_keyboards_and_other_content(
    server: BotApiServer, bot: Bot, anna: User, chat: Chat
) -> None:
    await bot.send_message(chat.id, "x", reply_markup=ReplyKeyboardMarkup([["yes", "no"]]))
    assert chat.reply_keyboard is not None
    assert chat.reply_keyboard["keyboard"] == [["yes", "no"]] or chat.reply_keyboard["keyboard"][
        0
    ] == [{"text": "yes"}, {"text": "no"}]
    assert server.unread(chat) == 1
    server.skip(chat)
    assert server.unread(chat) == 0
    server.photo(chat, anna, "my #scan")
    server.sticker(chat, anna)
    server.document(chat, anna, "a.txt", b"text")
    server.send(chat, anna, location={"latitude": 1.0, "longitude": 2.0})
    photo, sticker, document, location = [item.message for item in await bot.get_updates()]
    assert photo is not None
    assert photo.caption == "my #scan"
    assert bytes(await (await photo.photo[0].get_file()).download_as_bytearray()) == PIXEL
    assert sticker is not None
    assert sticker.sticker is not None
    assert document is not None
    assert document.document is not None
    assert location is not None
    assert location.location is not None


async def test_terminal() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bot_api",
        "--port=0",
        cwd=Path(__file__).parents[1],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    url = (await process.stdout.readline()).decode().split()[-1]
    token = (await process.stdout.readline()).decode().split()[-1]
    await process.stdout.readline()
    process.stdin.write(b"hello\n")
    async with Bot(token, base_url=f"{url}/bot") as bot:
        (update,) = await bot.get_updates(timeout=10)
        assert update.message is not None
        assert update.message.text == "hello"
        await bot.send_message(
            update.message.chat.id, "hi", reply_markup=keyboard([("More", "more")])
        )
        assert await process.stdout.readline() == b"bot> hi\n"
        assert await process.stdout.readline() == b"   [1] More \n"
        process.stdin.write(b":1\n")
        (update,) = await bot.get_updates(offset=update.update_id + 1, timeout=10)
        assert update.callback_query is not None
        await update.callback_query.answer("pressed")
        assert await process.stdout.readline() == b"(pressed)\n"
    process.stdin.write(b"\n")
    rest, _ = await process.communicate()
    assert (process.returncode, rest) == (0, b"")


# A whole application


async def test_application(server: BotApiServer, anna: User, chat: Chat) -> None:
    async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_html("<b>Hi</b>", reply_markup=keyboard([("More", "more")]))

    async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(f"You: {update.message.text}", do_quote=True)

    async def tapped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("ok")
        await update.callback_query.edit_message_text("More of it")

    async def inline(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.inline_query is not None
        await update.inline_query.answer([article("1")])

    application = (
        Application.builder()
        .token(server.token)
        .base_url(server.base_url)
        .base_file_url(server.base_file_url)
        .job_queue(None)
        .build()
    )
    application.add_handler(CommandHandler("start", start))
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, echo))
    application.add_handler(CallbackQueryHandler(tapped))
    application.add_handler(InlineQueryHandler(inline))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(timeout=10)
        await server.polling()
        server.say(chat, anna, "/start")
        greeting = await server.next_message(chat)
        assert greeting["entities"] == [{"type": "bold", "offset": 0, "length": 2}]
        server.say(chat, anna, "fibro?")
        echoed = await server.next_message(chat)
        assert echoed["text"] == "You: fibro?"
        assert echoed["reply_to_message"]["text"] == "fibro?"
        query = server.tap(anna, greeting, "More")
        assert (await server.callback_answer(query))["text"] == "ok"
        assert (await server.next_edit(chat))["text"] == "More of it"
        server.inline_query(anna, "crohn")
        assert len((await server.inline_answer())["results"]) == 1
        await server.all_confirmed()
        await application.updater.stop()
        await application.stop()
    assert server.violations == []
    assert server.refusals == []
