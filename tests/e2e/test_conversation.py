"""What people see: a chat with the real process over real HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.engine import Engine
from bot.rendering import render_telegram
from bot.rendering.telegram import plain_text
from bot.replies import Question, Reply
from tests.bot_api import BotApiServer, Json, buttons
from tests.e2e.people import Person, someone
from tests.e2e.process import BotProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")


def labels(message: Json) -> list[str]:
    return [button["text"] for button in buttons(message)]


def kinds(message: Json) -> set[str]:
    return {entity["type"] for entity in message["entities"]}


async def test_start_greets_and_offers_topics(anna: Person) -> None:
    greeting = await anna.ask("/start")
    assert greeting["text"].startswith("I answer questions on low-dose naltrexone")
    assert "emergency" in greeting["text"]
    assert "Fibromyalgia" in labels(greeting)
    tap = anna.tap(greeting, "Fibromyalgia")
    answer = await anna.answer()
    assert answer["text"].startswith("Fibromyalgia\n")
    assert "text" not in await anna.server.callback_answer(tap)


async def test_a_link_with_a_topic_opens_it(anna: Person) -> None:
    answer = await anna.ask("/start condition_long-covid")
    assert answer["text"].startswith("Long COVID\n")
    assert (await anna.ask("/start nothing_here"))["text"].startswith("I answer questions")


async def test_help_and_unknown_commands_explain(anna: Person) -> None:
    explained = await anna.ask("/help")
    assert "Type a question" in explained["text"]
    assert (await anna.ask("/makemewell now"))["text"] == explained["text"]


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
    assert "Berg 2020" in labels(answer)
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
    offered = labels(asked_back)
    assert len(offered) > 1
    assert all(f"• {label}\n" in f"{asked_back['text']}\n" for label in offered)
    tap = anna.tap(asked_back, offered[1])
    answer = await anna.answer()
    assert offered[1] in answer["text"].splitlines()
    assert "text" not in await anna.server.callback_answer(tap)


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


async def test_what_it_does_not_know_it_says(anna: Person) -> None:
    assert (await anna.ask("best pizza in town"))["text"].startswith("I don't have an answer")
    answer = await anna.ask("can i take ldn with zorbaxinib")
    assert "“zorbaxinib”" in answer["text"]


@pytest.mark.parametrize(
    "text", ["<b>fibro</b> & <i>ldn</i>?", "fibro _ldn_ *?* [x](y) \\", "🙂 ‮fibro"]
)
async def test_signs_in_a_question_break_nothing(anna: Person, text: str) -> None:
    assert "Fibromyalgia" in (await anna.ask(text))["text"]


@pytest.mark.parametrize(
    "data", ["1:condition.nowhere", "0:condition.fibromyalgia", "x", "1:", "1:" + "é" * 31]
)
async def test_a_button_that_is_old_or_forged(anna: Person, data: str) -> None:
    greeting = await anna.ask("/start")
    said = await anna.server.callback_answer(anna.tap(greeting, data=data))
    assert said["text"] == "This button is old. Please type your question."
    assert anna.server.unread(anna.chat) == 0


async def test_a_button_with_a_former_id_still_works(anna: Person) -> None:
    anna.tap(await anna.ask("/start"), data="1:condition.fibro")
    assert (await anna.answer())["text"].startswith("Fibromyalgia\n")


async def test_a_tap_that_is_confirmed_too_late_still_opens(anna: Person) -> None:
    greeting = await anna.ask("/start")
    anna.tap(greeting, "Fibromyalgia")
    anna.server.expire_queries()
    assert (await anna.answer())["text"].startswith("Fibromyalgia\n")


async def test_anything_but_text_gets_a_kind_line(anna: Person) -> None:
    server, chat, user = anna.server, anna.chat, anna.user
    voice = {"file_id": "v", "file_unique_id": "v", "duration": 2}
    sendings: list[Callable[[], Json]] = [
        lambda: server.photo(chat, user),
        lambda: server.sticker(chat, user),
        lambda: server.document(chat, user, "labs.pdf", b"%PDF"),
        lambda: server.send(chat, user, voice=voice),
        lambda: server.send(chat, user, location={"latitude": 1.0, "longitude": 2.0}),
    ]
    for send in sendings:
        send()
        assert (await anna.answer())["text"].startswith("I can only read text.")


async def test_a_caption_is_read_like_a_message(anna: Person) -> None:
    anna.server.photo(anna.chat, anna.user, "does ldn help fibro?")
    assert (await anna.answer())["text"].startswith("Fibromyalgia\n")


async def test_edits_and_groups_are_left_alone(anna: Person) -> None:
    server = anna.server
    question = anna.say("does ldn help fibro?")
    await anna.answer()
    server.edit(question, "does ldn help long covid?")
    group = server.group("LDN friends", owner=anna.user)
    server.promote(group)
    server.say(group, anna.user, "does ldn help fibro?")
    await anna.ask("/help")  # answered in order, so the others are done with
    assert server.unread(anna.chat) == 0
    assert server.history(group)[-1]["from"]["id"] == anna.user.id


async def test_the_commands_are_listed(bot: BotProcess, shared_server: BotApiServer) -> None:
    (call,) = shared_server.calls("setMyCommands")
    assert [command["command"] for command in call.params["commands"]] == ["start", "help"]


async def test_it_is_healthy_while_it_polls(bot: BotProcess) -> None:
    assert await bot.health() == 0
