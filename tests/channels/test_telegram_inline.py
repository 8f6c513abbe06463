"""Inline mode and what can be copied, without a server: valid for whatever is typed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram import cite
from bot.channels.telegram.conversation import COMMON_QUESTIONS
from bot.channels.telegram.deep_links import deep_link, topic_of
from bot.channels.telegram.inline import FULL_ANSWER, MORE, MOST_RESULTS, NOTHING_FOUND, offer_for
from bot.engine import Engine
from bot.rendering import render_bbcode, render_markdown, render_text
from bot.rendering.telegram import plain_text
from bot.replies import Reply
from tests.bot_api.formatting import nesting_violations, parse, utf16_length

BOT = "ldn_test_bot"


def offered(engine: Engine, text: str) -> list[dict[str, Any]]:
    """The results as they go to Telegram; fails if it would refuse them."""
    offer = offer_for(engine, BOT, text)
    results = [result.to_dict() for result in offer.results]
    assert len(results) <= MOST_RESULTS
    assert (offer.button is None) == bool(results)
    ids = [result["id"] for result in results]
    assert len(set(ids)) == len(ids)
    for result in results:
        assert 1 <= len(result["id"].encode()) <= 64
        assert result["title"].strip()
        assert result["description"].strip()
        content = result["input_message_content"]
        message = parse(content["message_text"], content["parse_mode"])
        assert message.text.strip()
        assert utf16_length(message.text) <= 4096
        assert len(message.entities) <= 100
        assert nesting_violations(message.entities) == []
        assert content["link_preview_options"] == {"is_disabled": True}
    return results


def text_of(result: dict[str, Any]) -> str:
    return plain_text(result["input_message_content"]["message_text"])


@given(st.one_of(st.text(max_size=256), st.sampled_from(["<b>fibro</b> & ldn", "a" * 256])))
def test_results_are_valid_for_any_text(small_engine: Engine, text: str) -> None:
    assert offered(small_engine, text) == offered(small_engine, text)


@given(data=st.data())
def test_results_are_valid_while_a_question_is_typed(engine: Engine, data: st.DataObject) -> None:
    topic = data.draw(st.sampled_from(list(engine.knowledge.topics.values())))
    text = data.draw(st.sampled_from((topic.title, *topic.phrasings)))
    for result in offered(engine, text[: data.draw(st.integers(1, len(text)))]):
        assert "Sources" in text_of(result) or result["id"].startswith("about.")


def test_every_topic_can_be_posted(engine: Engine) -> None:
    for topic in engine.knowledge.topics.values():
        first = offered(engine, topic.title)[0]
        text = text_of(first)
        if not first["title"].startswith("🚨"):
            assert first["id"] == topic.id
            (button,) = first["reply_markup"]["inline_keyboard"][0]
            assert button["text"] in {FULL_ANSWER, MORE}
            assert button["url"] == deep_link(BOT, topic.id)
            assert topic_of(button["url"].partition("?start=")[2]) == topic.id
            assert topic.is_about_bot or "opioid" in text.casefold()


def test_an_empty_query_offers_what_people_ask_most(engine: Engine) -> None:
    found = [result["id"] for result in offered(engine, "  ")]
    assert found == list(COMMON_QUESTIONS.values())


def test_an_opioid_puts_the_warning_on_top_of_every_result(engine: Engine) -> None:
    results = offered(engine, "crohn tramadol")
    assert len(results) > 1
    for result in results:
        assert text_of(result).startswith("⚠️ LDN and opioids\n")
    (plain, *_) = offered(engine, "crohn")
    assert "opioids" in text_of(plain)
    assert not text_of(plain).startswith("⚠️ LDN and opioids\n")


def test_an_emergency_is_posted_without_anything_beside_it(engine: Engine) -> None:
    (result,) = offered(engine, "i took tramadol, now vomiting")
    assert result["title"] == "🚨 Get help now"
    assert text_of(result).startswith("🚨 Get help now\n")
    assert "reply_markup" not in result


def test_the_numbers_to_call_are_those_of_the_country_that_was_named(engine: Engine) -> None:
    texts = {
        country: text_of(offered(engine, f"i want to kill myself, i live in {country}")[0])
        for country in ("germany", "the uk")
    }
    assert texts["germany"] != texts["the uk"]


def test_nothing_found_leads_into_the_private_chat(engine: Engine) -> None:
    offer = offer_for(engine, BOT, "best pizza in town")
    assert offer.button is not None
    assert offer.button.text == NOTHING_FOUND
    assert topic_of(offer.button.start_parameter or "") in engine.knowledge.topics


@pytest.mark.parametrize("letter", cite.FORMS)
def test_every_answer_can_be_copied_in_one_message(engine: Engine, letter: str) -> None:
    form = cite.FORMS[letter]
    for topic in engine.knowledge.topics.values():
        reply = engine.open(topic.id)
        assert reply is not None
        page = cite.copy_page(form, letter, reply)
        (message,) = (parse(text, "HTML") for text in page.texts)
        assert utf16_length(message.text) <= 4096
        code = next(e for e in message.entities if e["type"] == "pre")
        assert code.get("language", "") == form.language
        copied = message.text[message.text.index("\n") + 1 :]
        for part in ("Information, not medical advice", "Last reviewed", "Sources"):
            assert part in copied or topic.is_about_bot
        if page.buttons is None:
            assert copied == form.render(reply).strip()


def opened(engine: Engine, topic_id: str) -> Reply:
    reply = engine.open(topic_id)
    assert reply is not None
    return reply


def test_what_is_too_long_is_shortened_and_comes_whole_as_a_file(engine: Engine) -> None:
    reply = opened(engine, "condition.fibromyalgia")
    page = cite.copy_page(cite.FORMS["m"], "m", reply)
    assert "shortened to fit" in page.texts[0]
    assert page.buttons is not None
    ((button,),) = page.buttons.inline_keyboard
    assert button.callback_data == "2:file:m:condition.fibromyalgia"
    for letter, (ending, render) in {
        "m": ("md", render_markdown),
        "b": ("bbcode.txt", render_bbcode),
        "t": ("txt", render_text),
    }.items():
        file = cite.file_of(reply, cite.FORMS[letter])
        assert file.name == f"ldn-fibromyalgia.{ending}"
        assert file.content.decode() == render(reply)


def test_the_picture_is_offered_as_a_file_where_there_is_one(engine: Engine) -> None:
    for topic_id, drawn in (("condition.fibromyalgia", True), ("about.what-is-ldn", False)):
        page = cite.forms_page(engine, opened(engine, topic_id))
        assert page.buttons is not None
        buttons = {b.text: b.callback_data for row in page.buttons.inline_keyboard for b in row}
        assert buttons.get("Picture as a file") == (f"2:file:p:{topic_id}" if drawn else None)


def test_who_cites_gets_one_answer_where_it_is_clear_which(engine: Engine) -> None:
    assert [r.topics for r in cite.found(engine, "fibromyalgia")] == [("condition.fibromyalgia",)]
    assert [r.topics for r in cite.found(engine, "study.bruun-2024")] == [("study.bruun-2024",)]
    assert cite.found(engine, "best pizza in town") == ()
    several = cite.found(engine, "crohn tramadol")
    assert len(several) > 1


def test_every_id_has_room_on_the_buttons(engine: Engine) -> None:
    for topic_id in engine.knowledge.topics:
        reply = opened(engine, topic_id)
        assert cite.forms_page(engine, reply).buttons is not None
