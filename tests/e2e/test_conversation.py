"""What people see: a chat with the real process over real HTTP."""

from __future__ import annotations

import pytest

from bot.channels.telegram.buttons import OLD_BUTTON as OLD
from bot.channels.telegram.buttons import Verb, encode_action
from bot.channels.telegram.deep_links import deep_link
from bot.engine import Engine
from bot.rendering import render_telegram
from bot.rendering.telegram import plain_text
from bot.replies import Question, Reply
from tests.bot_api import Json, buttons, server_error
from tests.e2e.people import Person, someone
from tests.e2e.process import BotProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")


def labels(message: Json) -> list[str]:
    return [button["text"] for button in buttons(message)]


def rows(message: Json) -> list[list[str]]:
    keyboard = message["reply_markup"]["inline_keyboard"]
    return [[button["text"] for button in row] for row in keyboard]


def assert_unchanged(anna: Person, message: Json) -> None:
    now = anna.server.message(message)
    assert now is not None
    assert now["text"] == message["text"]


def kinds(message: Json) -> set[str]:
    return {entity["type"] for entity in message["entities"]}


async def test_start_explains_in_three_lines_and_offers_topics(anna: Person) -> None:
    greeting = await anna.ask("/start")
    first, second, third = greeting["text"].splitlines()
    assert first.startswith("I answer questions on low-dose naltrexone")
    assert "emergency" in second
    assert "tap one" in third
    assert {"What is LDN?", "Fibromyalgia", "Side effects", "All topics"} <= set(labels(greeting))
    tap = anna.tap(greeting, "Fibromyalgia")
    answer = await anna.answer()
    assert answer["text"].startswith("Fibromyalgia\n")
    assert answer["reply_to_message"]["message_id"] == greeting["message_id"]
    assert "text" not in await anna.server.callback_answer(tap)


@pytest.mark.parametrize("topic_id", ["condition.fibromyalgia", "condition.fibro"])
async def test_a_link_with_a_topic_opens_it(anna: Person, topic_id: str) -> None:
    link = deep_link("ldn_test_bot", topic_id)
    start = link.partition("?start=")[2]
    assert (await anna.ask(f"/start {start}"))["text"].startswith("Fibromyalgia\n")


async def test_a_link_to_nothing_greets(anna: Person) -> None:
    for payload in ("nothing_here", "x", "_", "condition.fibromyalgia.more"):
        greeting = await anna.ask(f"/start {payload}")
        assert greeting["text"].startswith("I answer questions")


async def test_an_answer_has_sources_and_the_opioid_reminder(anna: Person) -> None:
    answer = await anna.ask("does ldn help fibro?")
    text: str = answer["text"]
    order = [
        "Fibromyalgia",
        "One randomised trial found a small benefit",
        "Low certainty",
        "What is known",
        "Please keep in mind: LDN must not meet opioids",
        "Sources",
        "[1] ",
        "Information, not medical advice",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    links = [entity["url"] for entity in answer["entities"] if entity["type"] == "text_link"]
    assert "https://pubmed.ncbi.nlm.nih.gov/12345678/" in links
    assert "https://doi.org/10.1000/ldn.2020%281%29%3C7::aid%3E3" in links
    assert "expandable_blockquote" in kinds(answer)
    assert rows(answer) == [
        ["Studies (1)", "Side effects"],
        ["Berg 2020", "Vivid dreams"],
        ["Opioids"],
        ["Share", "Not what I meant"],
        ["👍 Helpful", "👎 Not helpful"],
    ]
    sent = anna.server.calls("sendMessage")[-1]
    assert sent.params["link_preview_options"] == {"is_disabled": True}


async def test_an_opioid_brings_the_warning_first(anna: Person) -> None:
    answer = await anna.ask("can i take ldn with tramadol?")
    assert answer["text"].startswith("⚠️ LDN and opioids\nDo not combine LDN with an opioid")
    assert answer["text"].index("\n\nTramadol\n\n") > 0
    first = answer["entities"][0]
    assert (first["type"], first["offset"]) == ("blockquote", 0)


async def test_an_emergency_comes_first(anna: Person) -> None:
    answer = await anna.ask("i took tramadol, now vomiting. does ldn help fibro?")
    assert answer["text"].startswith(
        "🚨 Get help now\nThis can be sudden opioid withdrawal. Call your emergency number now."
    )


async def test_a_vague_question_offers_topics_to_tap(anna: Person, vague_question: str) -> None:
    asked_back = await anna.ask(vague_question)
    assert "Is it one of these?" in asked_back["text"]
    *offered, other = labels(asked_back)
    assert 1 < len(offered) <= 5
    assert other == "None of these"
    assert all(f"• {label}\n" in f"{asked_back['text']}\n" for label in offered)
    tap = anna.tap(asked_back, offered[1])
    answer = await anna.server.next_edit(anna.chat)
    assert answer["message_id"] == asked_back["message_id"]
    assert offered[1] in answer["text"].splitlines()
    assert "text" not in await anna.server.callback_answer(tap)
    # An impatient second tap changes nothing and makes no second message.
    anna.tap(asked_back, offered[0], stale=True)
    await anna.ask("/help")
    assert_unchanged(anna, answer)
    assert anna.server.unread(anna.chat) == 0


async def test_the_opioid_warning_of_a_vague_question_outlives_the_tap(anna: Person) -> None:
    asked_back = await anna.ask("tell me about tramadol codeine")
    assert asked_back["text"].startswith("⚠️ LDN and opioids\n")
    side_effects = encode_action(Verb.PICK, "fside-effect.vivid-dreams")
    keyboard = asked_back["reply_markup"]["inline_keyboard"]
    assert all(b["callback_data"].startswith("2:pick:f") for row in keyboard[:-1] for b in row)
    anna.tap(asked_back, data=keyboard[0][0]["callback_data"])
    answer = await anna.server.next_edit(anna.chat)
    assert answer["text"].startswith("⚠️ LDN and opioids\nDo not combine LDN with an opioid")
    said = await anna.server.callback_answer(anna.tap(asked_back, data="2:pick:x"))
    assert said["text"] == OLD
    # Forged: a choice that was never offered leaves the message as it is.
    await anna.server.callback_answer(anna.tap(answer, data=side_effects))
    await anna.ask("/help")
    assert_unchanged(anna, answer)


def shown(reply: Reply) -> str:
    return plain_text(render_telegram(reply)[0])


def with_and_without_context(engine: Engine, topic_id: str) -> tuple[str, str, str]:
    """A follow-up question, its answer after ``topic_id`` and its answer on its own."""
    for text in ("and does it help?", "does it work?", "any results?", "is there a trial?"):
        after = shown(engine.reply(Question(text, previous_topic=topic_id)))
        alone = shown(engine.reply(Question(text)))
        if after != alone:
            return text, after, alone
    raise AssertionError("no question leans on the one before any more; add one")


async def test_a_follow_up_keeps_the_subject_of_its_own_chat(
    anna: Person, small_engine: Engine
) -> None:
    topic_id = "condition.long-covid"
    text, after, alone = with_and_without_context(small_engine, topic_id)
    ben = someone(anna.server)
    greeting = await anna.ask("/start")
    anna.tap(greeting, data=f"1:{topic_id}")
    await anna.answer()
    assert (await anna.ask(text))["text"] == after
    assert (await ben.ask(text))["text"] == alone
    await ben.ask(f"/start {topic_id.replace('.', '_')}")
    assert (await ben.ask(text))["text"] == after


async def test_a_guess_is_not_what_was_talked_about(
    anna: Person, vague_question: str, small_engine: Engine
) -> None:
    text, after, alone = with_and_without_context(small_engine, "condition.long-covid")
    assert "Is it one of these?" in (await anna.ask(vague_question))["text"]
    assert (await anna.ask(text))["text"] == alone
    await anna.ask("/start condition_long-covid")
    asked_back = await anna.ask(vague_question)
    assert "Is it one of these?" in asked_back["text"]
    assert (await anna.ask(text))["text"] == after


async def test_what_it_does_not_know_it_says(anna: Person) -> None:
    assert (await anna.ask("best pizza in town"))["text"].startswith("I don't have an answer")
    answer = await anna.ask("can i take ldn with zorbaxinib")
    assert "“zorbaxinib”" in answer["text"]


@pytest.mark.parametrize(
    "text",
    ["<b>fibro</b> & <i>ldn</i>?", "is fibro helped by _ldn_ *?* [fibro](ldn) \\", "🙂 ‮fibro"],
)
async def test_signs_in_a_question_break_nothing(anna: Person, text: str) -> None:
    assert "Fibromyalgia" in (await anna.ask(text))["text"]


@pytest.mark.parametrize(
    "data", ["1:condition.nowhere", "0:condition.fibromyalgia", "x", "1:", "1:" + "é" * 31]
)
async def test_a_button_that_is_old_or_forged(anna: Person, data: str) -> None:
    greeting = await anna.ask("/start")
    said = await anna.server.callback_answer(anna.tap(greeting, data=data))
    assert said["text"] == OLD
    assert anna.server.unread(anna.chat) == 0


async def test_a_button_with_a_former_id_still_works(anna: Person) -> None:
    anna.tap(await anna.ask("/start"), data="1:condition.fibro")
    assert (await anna.answer())["text"].startswith("Fibromyalgia\n")


async def test_a_tap_that_is_confirmed_too_late_still_opens(anna: Person) -> None:
    greeting = await anna.ask("/start")
    anna.tap(greeting, "Fibromyalgia")
    anna.server.expire_queries()
    assert (await anna.answer())["text"].startswith("Fibromyalgia\n")


async def test_an_edited_question_changes_its_answer(anna: Person) -> None:
    server = anna.server
    question = anna.say("does ldn help fibro?")
    answer = await anna.answer()
    assert answer["reply_to_message"]["message_id"] == question["message_id"]
    await anna.ask("/help")
    server.edit(question, "does ldn help long covid?")
    changed = await server.next_edit(anna.chat)
    assert changed["message_id"] == answer["message_id"]
    assert changed["text"].startswith("Long COVID\n")
    assert "Studies (1)" not in labels(changed)
    server.edit(question, "does ldn help long covid ?")
    await anna.ask("/help")  # there was nothing to change, and no apology for it
    server.delete(changed)
    server.edit(question, "does ldn help fibro?")
    anew = await anna.answer()
    assert anew["text"].startswith("Fibromyalgia\n")
    assert anew["reply_to_message"]["message_id"] == question["message_id"]
    assert server.unread(anna.chat) == 0


async def test_an_edited_command_and_a_question_of_unknown_answer(anna: Person) -> None:
    server = anna.server
    command = anna.say("/check codeine")
    assert "Codeine" in (await anna.answer())["text"]
    server.edit(command, "/check tramadol")
    assert "Tramadol" in (await server.next_edit(anna.chat))["text"]
    photo = server.photo(anna.chat, anna.user)
    await anna.answer()
    server.edit(photo, "does ldn help fibro?")
    assert (await anna.answer())["text"].startswith("I can't see what you sent")
    assert (await anna.answer())["text"].startswith("Fibromyalgia\n")
    server.edit(photo, "does ldn help long covid?")
    assert (await server.next_edit(anna.chat))["text"].startswith("Long COVID\n")


async def test_a_question_under_an_old_answer_is_about_that_one(
    anna: Person, small_engine: Engine
) -> None:
    text, after, _ = with_and_without_context(small_engine, "condition.long-covid")
    old = await anna.ask("does ldn help long covid?")
    await anna.ask("ldn and vivid dreams")
    anna.say(text, reply_to=old)
    assert (await anna.answer())["text"] == after


async def test_slow_is_visible(anna: Person) -> None:
    anna.server.fail("sendMessage", server_error(502), times=2)  # waits 0.5 s, then 1 s
    await anna.ask("does ldn help fibro?")
    assert anna.chat.actions == ["typing"]
    await anna.ask("/help")
    assert anna.chat.actions == ["typing"]


async def test_it_is_healthy_while_it_polls(bot: BotProcess) -> None:
    assert await bot.health() == 0
