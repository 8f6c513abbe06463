"""Answers to copy into forums, over real HTTP."""

from __future__ import annotations

import pytest

from bot.engine import Engine
from bot.rendering import render_bbcode, render_markdown, render_text
from bot.replies import Reply
from tests.bot_api import Json, buttons
from tests.e2e.people import Person

pytestmark = pytest.mark.asyncio(loop_scope="session")

FORMS = {
    "Reddit (Markdown)": render_markdown,
    "Forum (BBCode)": render_bbcode,
    "Plain text": render_text,
}


def names(message: Json) -> list[str]:
    return [button["text"] for button in buttons(message)]


def opened(engine: Engine, topic_id: str) -> Reply:
    reply = engine.open(topic_id)
    assert reply is not None
    return reply


@pytest.mark.parametrize("form", FORMS)
async def test_an_answer_is_sent_ready_to_copy(
    anna: Person, small_engine: Engine, form: str
) -> None:
    page = await anna.ask("/cite fibromyalgia")
    assert page["text"].startswith("Fibromyalgia\n")
    assert names(page) == [*FORMS, "A Telegram chat"]
    anna.tap(page, form)
    message = await anna.answer()
    (code,) = [entity for entity in message["entities"] if entity["type"] == "pre"]
    copied = message["text"][code["offset"] :]
    assert copied == FORMS[form](opened(small_engine, "condition.fibromyalgia"))
    assert "Last reviewed" in copied
    assert "https://pubmed.ncbi.nlm.nih.gov/12345678/" in copied
    assert buttons(message) == []


async def test_the_share_button_of_an_answer_leads_there(anna: Person) -> None:
    answer = await anna.ask("does ldn help fibro?")
    tap = anna.tap(answer, "Share")
    page = await anna.answer()
    assert page["text"].startswith("Fibromyalgia\n")
    assert "text" not in await anna.server.callback_answer(tap)
    (chat,) = [button for button in buttons(page) if "switch_inline_query" in button]
    query = anna.server.inline_query(anna.user, chat["switch_inline_query"])
    results = (await anna.server.inline_answer(query))["results"]
    assert results[0]["id"] == "condition.fibromyalgia"


async def test_without_a_topic_it_is_the_last_one_or_a_choice(anna: Person) -> None:
    asked = await anna.ask("/cite")
    assert "/cite fibromyalgia" in asked["text"]
    anna.tap(asked, "Long COVID")
    assert (await anna.answer())["text"].startswith("Long COVID\n")
    assert (await anna.ask("/cite"))["text"].startswith("Long COVID\n")


async def test_a_name_is_enough_and_what_is_unclear_is_asked(
    anna: Person, vague_question: str
) -> None:
    assert (await anna.ask("/cite study.berg-2020"))["text"].startswith("Berg 2020\n")
    several = await anna.ask(f"/cite {vague_question}")
    assert "Which answer" in several["text"]
    anna.tap(several, names(several)[1])
    assert names(several)[1] in (await anna.answer())["text"]
    unknown = await anna.ask("/cite 🙂")
    assert "I have no answer on that" in unknown["text"]
    assert "Fibromyalgia" in names(unknown)


async def test_an_emergency_is_no_matter_to_cite(anna: Person) -> None:
    answer = await anna.ask("/cite i took tramadol, now vomiting")
    assert answer["text"].startswith("🚨 Get help now")


async def test_the_whole_answer_comes_as_a_file(anna: Person, small_engine: Engine) -> None:
    page = await anna.ask("/cite fibromyalgia")
    anna.tap(page, data="2:file:m:condition.fibromyalgia")
    message = await anna.answer()
    assert message["document"]["file_name"] == "ldn-fibromyalgia.md"
    assert message["caption"] == "Fibromyalgia"
    stored = anna.server.state.files[message["document"]["file_id"]]
    assert stored.content.decode() == render_markdown(
        opened(small_engine, "condition.fibromyalgia")
    )


@pytest.mark.parametrize(
    "data",
    [
        "2:cite:condition.nowhere",
        "2:copy:m:condition.nowhere",
        "2:copy:x:condition.fibromyalgia",
        "2:copy:",
        "2:file:p:condition.fibromyalgia",
        "2:file:z:condition.fibromyalgia",
    ],
)
async def test_old_and_forged_buttons_are_refused_politely(anna: Person, data: str) -> None:
    page = await anna.ask("/cite fibromyalgia")
    tap = anna.tap(page, data=data)
    assert (await anna.server.callback_answer(tap))["text"].startswith("This button is old")
