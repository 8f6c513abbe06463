"""Guest calls: the bot named in chats that it is no member of, over real HTTP."""

from __future__ import annotations

import pytest

from tests.bot_api import BotApiServer, Chat, Json, Query, User, buttons, refused
from tests.e2e.process import BotProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")


class Elsewhere:
    """A group without the bot, and somebody in it."""

    def __init__(self, server: BotApiServer) -> None:
        self.server = server
        self.user: User = server.user("Guesthost")
        self.chat: Chat = server.supergroup("Elsewhere", members=[self.user], bot_status="left")

    def call(self, text: str, *, reply_to: Json | None = None) -> Query:
        name = f"@{self.server.bot.username}"
        return self.server.guest_message(self.user, self.chat, f"{name} {text}", reply_to=reply_to)

    async def answer(self) -> Json:
        return await self.server.next_message(self.chat)

    async def ask(self, text: str, *, reply_to: Json | None = None) -> Json:
        self.call(text, reply_to=reply_to)
        return await self.answer()


@pytest.fixture
def elsewhere(shared_server: BotApiServer, bot: BotProcess) -> Elsewhere:
    return Elsewhere(shared_server)


async def test_the_answer_is_that_of_a_group(elsewhere: Elsewhere) -> None:
    server = elsewhere.server
    answer = await elsewhere.ask("does it help fibro?")
    group = server.group("With the bot", members=[elsewhere.user])
    server.say(group, elsewhere.user, "/ldn does it help fibro?")
    in_group = await server.next_message(group)
    assert answer["text"] == in_group["text"]
    assert answer["entities"] == in_group["entities"]
    assert buttons(answer) == buttons(in_group)
    assert "LDN must not meet opioids" in answer["text"]
    assert answer["guest_bot_caller_user"]["id"] == elsewhere.user.id


async def test_somebodys_message_is_answered_that_is_replied_to(elsewhere: Elsewhere) -> None:
    ben = elsewhere.server.user("Ben")
    elsewhere.chat.members[ben.id] = "member"
    question = elsewhere.server.say(elsewhere.chat, ben, "can i take ldn with tramadol?")
    answer = await elsewhere.ask("", reply_to=question)
    assert answer["text"].startswith("⚠️ LDN and opioids\n")
    assert "\nTramadol\n" in answer["text"]


async def test_an_emergency_is_told_at_once(elsewhere: Elsewhere) -> None:
    answer = await elsewhere.ask("i took tramadol, now vomiting")
    assert answer["text"].startswith("🚨 Get help now\n")
    assert buttons(answer) == []


async def test_a_bare_name_is_told_how_to_ask(elsewhere: Elsewhere) -> None:
    answer = await elsewhere.ask("")
    assert "Write my name and your question" in answer["text"]
    (button,) = buttons(answer)
    assert button["url"] == f"https://t.me/{elsewhere.server.bot.username}"


async def test_a_choice_takes_the_place_of_the_question(
    elsewhere: Elsewhere, vague_question: str
) -> None:
    asked_back = await elsewhere.ask(vague_question)
    assert "Is it one of these?" in asked_back["text"]
    option = next(b for b in buttons(asked_back) if "callback_data" in b)
    tap = elsewhere.server.tap(elsewhere.user, asked_back, option["text"])
    assert "text" not in await elsewhere.server.callback_answer(tap)
    replaced = await elsewhere.server.next_edit(elsewhere.chat)
    assert replaced["message_id"] == asked_back["message_id"]
    assert option["text"] in replaced["text"]
    forged = elsewhere.server.tap(elsewhere.user, replaced, data="2:pick:scondition.nowhere")
    assert "old" in (await elsewhere.server.callback_answer(forged))["text"]


async def test_a_flood_gets_one_notice_and_then_silence(elsewhere: Elsewhere) -> None:
    for _ in range(3):
        assert "Fibromyalgia" in (await elsewhere.ask("fibro?"))["text"]
    assert "short break" in (await elsewhere.ask("fibro?"))["text"]
    silent = elsewhere.call("fibro?")
    assert (await elsewhere.ask("i took tramadol, now vomiting"))["text"].startswith("🚨")
    assert silent.answer is None


async def test_a_failure_sends_nothing_to_a_chat_of_the_same_number(
    elsewhere: Elsewhere, bot: BotProcess
) -> None:
    server, seen = elsewhere.server, bot.written
    server.fail("answerGuestQuery", refused("Bad Request: something new"))
    sent = len(server.calls("sendMessage"))
    elsewhere.call("fibro?")
    await bot.line("could not be delivered", after=seen)
    assert "Long COVID" in (await elsewhere.ask("covid?"))["text"]
    assert len(server.calls("sendMessage")) == sent


async def test_a_call_that_is_too_old_hurts_nobody(elsewhere: Elsewhere, bot: BotProcess) -> None:
    seen = bot.written
    elsewhere.call("fibro?")
    elsewhere.server.expire_queries()
    await bot.line("answered as a guest", after=seen)
    assert "Long COVID" in (await elsewhere.ask("covid?"))["text"]
