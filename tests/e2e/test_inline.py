"""Inline mode: answers that people post in any chat, over real HTTP."""

from __future__ import annotations

import pytest

from tests.bot_api import BotApiServer, Json, buttons, dropped
from tests.e2e.people import Person, someone
from tests.e2e.process import BotProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def type_in(person: Person, text: str) -> Json:
    """The bot's answer to a text typed behind its name."""
    return await person.server.inline_answer(person.server.inline_query(person.user, text))


async def test_results_have_a_title_and_a_line_and_may_be_kept_for_all(anna: Person) -> None:
    answer = await type_in(anna, "fibro")
    assert not answer.get("is_personal")
    assert answer["cache_time"] == 300
    assert "button" not in answer
    first = answer["results"][0]
    assert (first["id"], first["title"]) == ("condition.fibromyalgia", "Fibromyalgia")
    assert first["description"].startswith("One randomised trial found a small benefit")
    ben = someone(anna.server)
    again = await type_in(ben, "fibro")
    assert again["results"] == answer["results"]


async def test_a_result_posts_a_whole_answer_with_sources_and_the_warning(
    anna: Person, bot: BotProcess
) -> None:
    server = anna.server
    ben = someone(server)
    group = server.group("A group without the bot", members=[anna.user], bot_status="left")
    query = server.inline_query(ben.user, "does it help fibro?", chat_type="group")
    answer = await server.inline_answer(query)
    posted = server.choose(query, answer["results"][0]["id"], group)
    text: str = posted["text"]
    order = [
        "Fibromyalgia",
        "One randomised trial found a small benefit",
        "Low certainty",
        "LDN must not meet opioids",
        "Sources",
        "[1] ",
        "Information, not medical advice",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert any(entity["type"] == "text_link" for entity in posted["entities"])
    (button,) = buttons(posted)
    name = server.bot.username
    assert button["url"] == f"https://t.me/{name}?start=condition_fibromyalgia"
    opened = await ben.ask("/start condition_fibromyalgia")
    assert opened["text"].startswith("Fibromyalgia\n")


async def test_what_inline_mode_posted_is_no_question(anna: Person) -> None:
    server = anna.server
    query = server.inline_query(anna.user, "fibro")
    await server.inline_answer(query)
    server.choose(query, "condition.fibromyalgia", anna.chat)
    group = server.group("A group with the bot", members=[anna.user])
    query = server.inline_query(anna.user, "fibro", chat_type="group")
    await server.inline_answer(query)
    server.choose(query, "condition.fibromyalgia", group)
    assert (await anna.ask("/help"))["text"].startswith("Type a question")
    assert [m for m in server.history(group) if m["from"]["id"] == server.bot.id] == []


async def test_an_empty_text_offers_what_people_ask_most(anna: Person) -> None:
    titles = [result["title"] for result in (await type_in(anna, ""))["results"]]
    assert {"Fibromyalgia", "Long COVID"} <= set(titles)


async def test_nothing_found_leads_into_the_private_chat(anna: Person) -> None:
    answer = await type_in(anna, "🙂")
    assert answer["results"] == []
    assert "private" in answer["button"]["text"]
    opened = await anna.ask(f"/start {answer['button']['start_parameter']}")
    assert opened["text"].startswith("What this bot is")


async def test_opioids_and_emergencies_come_first_here_too(anna: Person) -> None:
    for result in (await type_in(anna, "fibro and tramadol"))["results"]:
        assert result["_message"]["text"].startswith("⚠️ LDN and opioids\n")
    (only,) = (await type_in(anna, "i took tramadol, now vomiting"))["results"]
    assert only["title"] == "🚨 Get help now"
    assert only["_message"]["text"].startswith("🚨 Get help now\n")
    assert "reply_markup" not in only


@pytest.mark.parametrize(
    "text",
    ["<b>fibro</b> & <i>ldn</i>", "fibro _*[x](y)\\", "‮fibro 🙂", "fibro " * 42, "a", "%&?/"],
)
async def test_any_text_gets_a_valid_answer(anna: Person, text: str) -> None:
    answer = await type_in(anna, text)
    assert len(answer["results"]) <= 10
    assert ("fibro" not in text) or answer["results"]


async def test_a_query_that_is_too_old_hurts_nobody(anna: Person, bot: BotProcess) -> None:
    seen = bot.written
    anna.server.inline_query(anna.user, "fibro")
    anna.server.expire_queries()
    await bot.line("answered inline", after=seen)
    assert (await type_in(anna, "covid"))["results"]


async def test_a_broken_line_is_tried_again(
    anna: Person, bot: BotProcess, shared_server: BotApiServer
) -> None:
    shared_server.fail("answerInlineQuery", dropped())
    assert (await type_in(anna, "covid"))["results"]


async def test_no_text_typed_inline_is_written_down(anna: Person, bot: BotProcess) -> None:
    await type_in(anna, "fibro wanderlust quince")
    assert "wanderlust" not in bot.output
