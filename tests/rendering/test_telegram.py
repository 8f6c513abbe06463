"""Telegram's HTML, judged by Telegram's own parser."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.channels.telegram.buttons import answer_keyboard
from bot.engine import Engine
from bot.rendering import render_telegram
from bot.rendering.telegram import MAX_UNITS, plain_text, utf16_units
from bot.replies import Question, Reply
from tests.bot_api.formatting import FormattedText, nesting_violations, parse, utf16_length
from tests.rendering.examples import SIGNS, answer, reply, source, statement
from tests.rendering.strategies import every_text, replies

visible = st.characters(exclude_categories=["Cs"])


def parsed(messages: tuple[str, ...]) -> list[FormattedText]:
    """The messages as people see them; fails if the server would refuse one."""
    result = []
    for message in messages:
        found = parse(message, "HTML")
        assert found.text.strip()
        assert utf16_length(found.text) <= MAX_UNITS
        assert len(found.entities) <= 100
        assert nesting_violations(found.entities) == []
        result.append(found)
    return result


def letters(text: str) -> str:
    """What Telegram keeps of a text, without white space."""
    pieces = (text[start : start + 1000] for start in range(0, len(text), 1000))
    kept = "".join(parse(escape(piece), "HTML").text for piece in pieces)
    return "".join(kept.split())


@given(replies())
def test_any_reply_is_accepted_whole(built: Reply) -> None:
    messages = parsed(render_telegram(built))
    seen = "".join("".join(message.text for message in messages).split())
    for text in every_text(built):
        assert letters(text) in seen


@given(st.text(visible, min_size=1, max_size=20), st.integers(1000, 4000))
@example("<", 9000)
@example("😀", 9000)
@example("word ", 2000)
def test_a_line_longer_than_a_message_is_divided_and_nothing_is_lost(text: str, times: int) -> None:
    long = f"x{text * times}"
    messages = parsed(render_telegram(reply(answer(short=statement(long)))))
    seen = "".join("".join(message.text for message in messages).split())
    assert letters(long) in seen


def test_a_long_line_is_divided_between_words() -> None:
    long = " ".join(f"word{number}" for number in range(2000))
    messages = parsed(render_telegram(reply(answer(points=(statement(long),)))))
    assert len(messages) > 2
    seen = {word for message in messages for word in message.text.split()}
    assert {f"word{number}" for number in range(2000)} <= seen


@given(replies())
def test_the_plain_form_is_what_the_parser_sees(built: Reply) -> None:
    for message in render_telegram(built):
        assert letters(plain_text(message)) == "".join(parse(message, "HTML").text.split())


def test_signs_stand_as_they_were_written() -> None:
    (message,) = parsed(render_telegram(reply(answer(title=SIGNS, short=statement(SIGNS)))))
    assert message.text.count(SIGNS) == 2


def test_the_alert_comes_first_and_is_quoted(small_engine: Engine) -> None:
    first, *_ = parsed(render_telegram(small_engine.reply(Question("tramadol and ldn"))))
    assert first.text.startswith("⚠️ LDN and opioids\n")
    assert first.entities[0]["type"] == "blockquote"
    assert first.entities[0]["offset"] == 0


def test_sources_are_numbered_links(small_engine: Engine) -> None:
    built = small_engine.open("condition.fibromyalgia")
    assert built is not None
    (message,) = parsed(render_telegram(built))
    listed = message.text.partition("\nSources\n")[2].partition("\n\n")[0].splitlines()
    assert [line.partition(" ")[0] for line in listed] == [
        f"[{number}]" for number in range(1, len(built.sources) + 1)
    ]
    links = [entity["url"] for entity in message.entities if entity["type"] == "text_link"]
    assert len(links) == sum(1 for source in built.sources if source.link)
    assert links[0] == "https://doi.org/10.1000/ldn.2020%281%29%3C7::aid%3E3"


def test_many_links_are_shared_out_among_messages() -> None:
    many = tuple(source(authors=("A",), year=None) for _ in range(150))
    messages = parsed(render_telegram(reply(answer(), sources=many)))
    assert sum(message.text.count("] A (abstract read)") for message in messages) == 150


def test_blocks_stay_together_where_they_can() -> None:
    points = tuple(statement(f"{number} {'word ' * 60}") for number in range(9))
    built = reply(answer(short=statement("s" * 1500), points=points))
    first, second = parsed(render_telegram(built))
    assert "What is known" not in first.text
    assert second.text.startswith("What is known\n• 0 word")


def test_the_last_line_does_not_stand_alone() -> None:
    built = reply(answer(short=statement("s" * 3990)), sources=(source(),))
    first, second = parsed(render_telegram(built))
    assert "Sources" not in first.text
    assert second.text.startswith("Sources\n")
    assert "Information, not medical advice." in second.text


def test_a_heading_is_repeated_after_a_division() -> None:
    points = tuple(statement(f"{number} {'word ' * 60}") for number in range(30))
    messages = parsed(render_telegram(reply(answer(points=points))))
    assert len(messages) > 2
    assert all("What is known\n• " in message.text for message in messages[1:-1])


@pytest.mark.parametrize(("text", "units"), [("", 0), ("a", 1), ("é", 1), ("😀", 2), ("👩‍⚕️", 5)])
def test_units_are_counted_as_telegram_does(text: str, units: int) -> None:
    assert utf16_units(text) == units


def test_every_topic_that_is_shipped_passes_the_parser(engine: Engine) -> None:
    for topic_id in engine.knowledge.topics:
        built = engine.open(topic_id)
        assert built is not None
        assert parsed(render_telegram(built)), topic_id
        buttons = answer_keyboard(built, bot_username="ldn_test_bot")
        for row in buttons.inline_keyboard if buttons else ():
            assert len(str(row[0].callback_data).encode()) <= 64


def test_every_topic_fits_a_button(engine: Engine) -> None:
    for topic_id in (*engine.knowledge.topics, *engine.knowledge.aliases):
        assert len(f"1:{topic_id}".encode()) <= 64, topic_id


@settings(max_examples=50)
@given(st.data())
def test_any_message_gets_an_answer_that_passes(small_engine: Engine, data: st.DataObject) -> None:
    words = st.sampled_from(
        ["ldn", "fibro", "tramadol", "chest pain", "<b>", "&", "zorbaxinib", "?"]
    )
    text = data.draw(st.one_of(st.text(max_size=200), st.lists(words).map(" ".join)))
    assert parsed(render_telegram(small_engine.reply(Question(text))))
