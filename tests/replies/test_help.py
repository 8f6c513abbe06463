"""Words that are explained, and numbers to call."""

from __future__ import annotations

import pytest

from bot.engine import Engine
from bot.knowledge.readability import grade
from bot.rendering import render_text
from bot.replies import NoticeKind, Question, Reply


def ask(engine: Engine, text: str) -> Reply:
    return engine.reply(Question(text))


def numbers(reply: Reply) -> str:
    notices = [n for n in reply.notices if n.kind is NoticeKind.CONTACTS]
    return " ".join(statement.text for notice in notices for statement in notice.statements)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i want to die, i live in Australia", "13 11 14"),
        ("chest pain, I am in Oslo", "113"),
        ("ich will sterben", "0800 1110111"),
        ("i want to die", "findahelpline.com"),
    ],
)
def test_numbers_of_the_country_or_the_language(engine: Engine, text: str, expected: str) -> None:
    assert expected in numbers(ask(engine, text))


def test_only_the_named_country_is_listed(engine: Engine) -> None:
    assert "Germany" not in numbers(ask(engine, "i want to die, i live in Australia"))


def test_without_a_country_it_says_for_whom_the_numbers_are(engine: Engine) -> None:
    said = numbers(ask(engine, "i want to die"))
    assert said.startswith("If your country is not listed above: emergency 112 in the European")


def test_second_hand_numbers_are_marked(engine: Engine) -> None:
    assert "second-hand" in numbers(ask(engine, "ich will sterben"))


def test_answers_explain_the_words_they_use(engine: Engine) -> None:
    reply = engine.open("condition.fibromyalgia")
    assert reply is not None
    explained = [statement.text for statement in reply.answers[0].words]
    assert any(text.startswith("crossover:") for text in explained)
    assert "Words explained" in render_text(reply)


def test_a_word_can_be_asked_for(engine: Engine) -> None:
    assert ask(engine, "what does confidence interval mean").topics[0] == (
        "about.word-confidence-interval"
    )


@pytest.mark.parametrize(
    ("easy", "hard"),
    [
        ("The cat sat on the mat.", "Pharmacological interventions necessitate consideration."),
        (
            "We saw it. It was red.",
            "Although we saw it, it was, in the end, unexpectedly red.",
        ),
    ],
)
def test_longer_words_and_sentences_are_harder(easy: str, hard: str) -> None:
    assert grade(easy) < grade(hard)
    assert grade("") == 0.0
