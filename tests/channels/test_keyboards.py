"""Buttons, lists and links of everything that is shipped."""

from __future__ import annotations

import re

import pytest
from telegram import InlineKeyboardMarkup

from bot.channels.telegram.browsing import (
    KINDS,
    evidence_page,
    kind_page,
    kinds_page,
    sources_page,
    studies_page,
)
from bot.channels.telegram.buttons import MAX_LABEL, answer_keyboard, decode, picked, topic_rows
from bot.channels.telegram.conversation import COMMON_QUESTIONS, HELP, WELCOME, common_questions
from bot.channels.telegram.deep_links import deep_link, payload_of, topic_of
from bot.channels.telegram.menus import FOR_GROUP_ADMINS, IN_GROUPS, IN_PRIVATE
from bot.channels.telegram.sending import Page
from bot.engine import Engine
from bot.knowledge.schema import WarningLevel
from bot.rendering.telegram import MAX_UNITS
from bot.replies import Choice, Question, ReplyKind
from tests.bot_api.formatting import nesting_violations, parse, utf16_length

MOST_ROWS = 7
BOT = "ldn_test_bot"


def check_keyboard(markup: InlineKeyboardMarkup | None) -> None:
    for row in markup.inline_keyboard if markup else ():
        assert 1 <= len(row) <= 3
        for button in row:
            assert 1 <= len(button.text) <= MAX_LABEL
            assert button.url or 1 <= len(str(button.callback_data).encode()) <= 64


def check_page(page: Page) -> None:
    check_keyboard(page.buttons)
    for html in page.texts:
        message = parse(html, "HTML")
        assert 0 < utf16_length(message.text) <= MAX_UNITS
        assert len(message.entities) <= 100
        assert nesting_violations(message.entities) == []


def test_links_lead_back_to_their_topic(engine: Engine) -> None:
    for topic_id in (*engine.knowledge.topics, *engine.knowledge.aliases):
        link = deep_link(BOT, topic_id)
        payload = link.removeprefix(f"https://t.me/{BOT}?start=")
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload)
        assert payload == payload_of(topic_id)
        assert topic_of(payload) == topic_id
        assert engine.open(topic_of(payload)) is not None


def test_an_id_too_long_for_a_link_is_an_error() -> None:
    with pytest.raises(ValueError, match="64 characters"):
        deep_link(BOT, f"condition.{'x' * 60}")


def test_a_link_without_a_topic_opens_the_chat() -> None:
    assert deep_link(BOT) == f"https://t.me/{BOT}"


def test_the_buttons_of_every_answer_fit_a_phone(engine: Engine) -> None:
    for topic_id in engine.knowledge.topics:
        reply = engine.open(topic_id)
        assert reply is not None
        for short in (False, True):
            markup = answer_keyboard(reply, bot_username=BOT, picture=True, short=short)
            check_keyboard(markup)
            assert markup is None or len(markup.inline_keyboard) <= MOST_ROWS
        check_keyboard(answer_keyboard(reply, bot_username=BOT, group=True))


def test_every_view_of_every_answer_passes_the_parser(engine: Engine) -> None:
    for topic_id in engine.knowledge.topics:
        reply = engine.open(topic_id)
        assert reply is not None
        check_page(sources_page(reply))
        check_page(evidence_page(reply))
        for number in range(3):
            check_page(studies_page(reply, number))


def test_every_topic_stands_in_one_list(engine: Engine) -> None:
    knowledge = engine.knowledge
    check_page(kinds_page(knowledge, "x"))
    listed: list[str] = []
    for kind in KINDS:
        number, last = 0, False
        while not last:
            page = kind_page(knowledge, kind, number)
            check_page(page)
            assert page.buttons is not None
            *rows, turning = page.buttons.inline_keyboard
            listed += [
                topic_id for row in rows for b in row if (topic_id := decode(str(b.callback_data)))
            ]
            last = turning[-1].text != "More →"
            number += 1
    assert sorted(listed) == sorted(knowledge.topics)


def test_the_common_questions_have_answers(engine: Engine) -> None:
    assert all(engine.open(topic_id) for topic_id in COMMON_QUESTIONS.values())
    markup = common_questions(engine)
    check_keyboard(markup)
    assert len(markup.inline_keyboard) <= 6


def test_short_titles_share_a_row_and_long_ones_do_not() -> None:
    titles = ["Headache", "Nausea", "Long COVID", "Placebo effects and how they colour studies"]
    rows = topic_rows(Choice(f"condition.c{n}", title) for n, title in enumerate(titles))
    assert [[button.text for button in row] for row in rows] == [
        titles[:2],
        [titles[2]],
        [titles[3]],
    ]


@pytest.mark.parametrize("data", [None, "", "2:pick:", "2:pick:xcondition.a", "2:pick", "1:a"])
def test_a_choice_that_cannot_be_read(data: str | None) -> None:
    assert picked(data) is None


def test_a_choice_carries_the_warning_of_its_question(engine: Engine) -> None:
    assert picked("2:pick:fcondition.fibromyalgia") == ("condition.fibromyalgia", WarningLevel.FULL)
    for level in WarningLevel:
        reply = engine.open("condition.fibromyalgia", level)
        assert reply is not None
        assert reply.opioid_warning == max(level, WarningLevel.STANDARD, key=lambda one: one.rank)


def test_thanks_bring_no_button_but_the_way_into_the_private_chat(engine: Engine) -> None:
    reply = engine.reply(Question("thank you"))
    assert answer_keyboard(reply, bot_username=BOT) is None
    markup = answer_keyboard(reply, bot_username=BOT, group=True)
    assert markup is not None
    assert [button.text for row in markup.inline_keyboard for button in row] == ["Ask in private"]


def test_choices_replace_their_question_only_if_no_notice_is_lost(engine: Engine) -> None:
    seen = set()
    for text in ("the capsules", "what about the dose?", "that thing with the dose"):
        for extra in ("", " what would you do?", " zorbaxinib", " tramadol"):
            reply = engine.reply(Question(text + extra))
            markup = answer_keyboard(reply, bot_username=BOT)
            if reply.kind is not ReplyKind.CLARIFY or markup is None:
                continue
            data = str(markup.inline_keyboard[0][0].callback_data)
            replaces = data.startswith("2:pick:")
            assert replaces == (not reply.unknown_medicines and not reply.refer)
            seen.add(replaces)
    assert seen == {True, False}


def test_the_texts_of_our_own_pass_the_parser() -> None:
    for text in (WELCOME, HELP):
        check_page(Page((text,)))
    assert len(WELCOME.splitlines()) == 3


def test_the_commands_fit_telegrams_menu() -> None:
    for commands in (IN_PRIVATE, IN_GROUPS, FOR_GROUP_ADMINS):
        for name, description in commands.items():
            assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
            assert 1 <= len(description) <= 50  # longer ones are cut on a phone
