"""What goes wrong between the bot and Telegram, and what people get all the same."""

from __future__ import annotations

import aiohttp
import pytest

from tests.bot_api import (
    Fault,
    buttons,
    conflict,
    dropped,
    flood,
    forbidden,
    garbage,
    hang,
    refused,
    server_error,
)
from tests.e2e.people import Person, someone
from tests.e2e.process import BotProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")

HELP = "Type a question on LDN"


async def test_a_flood_is_waited_for(anna: Person) -> None:
    anna.server.fail("sendMessage", flood(1))
    answer = await anna.ask("does ldn help fibro?")
    assert answer["text"].startswith("Fibromyalgia\n")
    first, second = anna.server.calls("sendMessage")[-2:]
    assert (first.status, second.status) == (429, 200)
    assert (second.at - first.at).total_seconds() >= 1.0
    assert first.raw == second.raw


@pytest.mark.parametrize(
    "fault", [server_error(502), server_error(500), dropped()], ids=["502", "500", "dropped"]
)
async def test_an_answer_is_sent_again_when_the_line_breaks(anna: Person, fault: Fault) -> None:
    anna.server.fail("sendMessage", fault)
    answer = await anna.ask("/help")
    assert answer["text"].startswith(HELP)
    await anna.ask("/start")
    assert anna.server.unread(anna.chat) == 0


@pytest.mark.parametrize(
    "fault", [server_error(502), dropped(), garbage()], ids=["502", "dropped", "garbage"]
)
async def test_polling_goes_on_after_a_fault(anna: Person, bot: BotProcess, fault: Fault) -> None:
    written = bot.written
    anna.server.fail("getUpdates", fault)
    anna.say("/start")  # ends the poll under way; the next one fails
    assert (await anna.answer())["text"].startswith("I answer questions")
    await bot.line("Telegram can't be reached; trying again", after=written)
    assert (await anna.ask("/help"))["text"].startswith(HELP)
    assert '"result":{"mess' not in bot.output


async def test_the_server_goes_away_and_comes_back(anna: Person, bot: BotProcess) -> None:
    written = bot.written
    await anna.server.polling()
    await anna.server.stop()
    await bot.line("Telegram can't be reached; trying again", after=written)
    anna.say("does ldn help fibro?")
    await anna.server.start()
    assert (await anna.answer())["text"].startswith("Fibromyalgia\n")


async def test_the_server_goes_away_with_an_answer_in_hand(anna: Person) -> None:
    server = anna.server
    sent = len(server.calls("sendMessage"))
    server.fail("sendMessage", hang())
    anna.say("does ldn help fibro?")
    await server.until(lambda: len(server.calls("sendMessage")) > sent, "the answer to be sent")
    await server.stop()
    await server.start()
    assert (await anna.answer())["text"].startswith("Fibromyalgia\n")


async def test_a_second_poller_is_named_and_outlived(anna: Person, bot: BotProcess) -> None:
    server, written = anna.server, bot.written
    await server.polling()
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{server.base_url}{server.token}/getUpdates") as response,
    ):
        assert response.status == 200
    await bot.line("another process polls with the same token", after=written)
    assert (await anna.ask("/help"))["text"].startswith(HELP)
    assert "Traceback" not in bot.output


async def test_many_conflicts_do_not_end_it(anna: Person) -> None:
    await anna.server.polling()
    anna.server.fail("getUpdates", conflict(), times=2)
    anna.say("/start")
    await anna.answer()
    assert (await anna.ask("/help"))["text"].startswith(HELP)


async def test_an_update_that_comes_twice_is_answered_once(anna: Person) -> None:
    anna.say("does ldn help fibro?")
    update = anna.server.state.updates.created[-1]
    await anna.answer()
    anna.server.repeat(update)
    assert (await anna.ask("/help"))["text"].startswith(HELP)
    assert anna.server.unread(anna.chat) == 0


async def test_refused_html_is_sent_as_plain_text(anna: Person, bot: BotProcess) -> None:
    written = bot.written
    reason = 'can\'t parse entities: Unsupported start tag "x" at byte offset 1'
    anna.server.fail("sendMessage", refused(f"Bad Request: {reason}"))
    answer = await anna.ask("can i take ldn with tramadol?")
    assert answer["text"].startswith("⚠️ LDN and opioids\nDo not combine LDN with an opioid")
    assert {entity["type"] for entity in answer.get("entities", [])} <= {"url"}
    assert "&" not in answer["text"]
    assert buttons(answer)
    await bot.line("our HTML was refused", after=written)


async def test_another_refusal_brings_an_apology(anna: Person, bot: BotProcess) -> None:
    written = bot.written
    anna.server.fail("sendMessage", refused("Bad Request: something new"))
    apology = await anna.ask("does ldn help fibro?")
    assert apology["text"].startswith("Sorry, something went wrong on my side (reference ")
    reference = apology["text"].partition("reference ")[2][:8]
    line = await bot.line("could not be delivered", after=written)
    assert reference in line
    assert "something new" in line.lower()
    assert (await anna.ask("/help"))["text"].startswith(HELP)


async def test_an_unreadable_answer_is_not_logged(anna: Person, bot: BotProcess) -> None:
    anna.server.fail("sendMessage", garbage(after_effect=True))
    assert (await anna.ask("/help"))["text"].startswith(HELP)
    assert (await anna.answer())["text"].startswith("Sorry")
    assert '"result":{"mess' not in bot.output


async def test_somebody_who_blocked_it_is_left_alone(anna: Person, bot: BotProcess) -> None:
    server, written = anna.server, bot.written
    server.fail("sendMessage", forbidden())
    anna.say("does ldn help fibro?")
    await bot.line("chat can't be written to", after=written)
    ben = someone(server)
    ben.say("/start")
    server.block(ben.user)
    assert (await anna.ask("/help"))["text"].startswith(HELP)
    server.unblock(ben.user)
    assert "Traceback" not in bot.output


async def test_a_tap_survives_a_fault_of_its_confirmation(anna: Person) -> None:
    greeting = await anna.ask("/start")
    anna.server.fail("answerCallbackQuery", server_error(502))
    anna.tap(greeting, "Long COVID")
    assert (await anna.answer())["text"].startswith("Long COVID\n")


async def test_strange_updates_are_passed_over(anna: Person) -> None:
    anna.server.inject(
        {"message": {"message_id": 9, "date": 1, "chat": {"id": 5, "type": "private"}}}
    )
    anna.server.inject({"update_of_the_future": {"x": 1}})
    assert (await anna.ask("/help"))["text"].startswith(HELP)
