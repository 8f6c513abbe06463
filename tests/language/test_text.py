"""Normalising what people type."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.text import MAX_LENGTH, clean, sentences, stem, words


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Crohn's disease", ("crohns", "disease")),
        ("50mg", ("50", "mg")),
        ("4.5 mg", ("4.5", "mg")),
        ("ME/CFS", ("me", "cfs")),
        ("Codéine", ("codeine",)),
        ("Größe", ("grosse",)),
        ("smørbrød", ("smorbrod",)),
        ("don’t", ("dont",)),
        ("\uff2c\uff24\uff2e", ("ldn",)),  # full-width letters
        ("", ()),
        ("?!…", ()),
    ],
)
def test_words(typed: str, expected: tuple[str, ...]) -> None:
    assert words(clean(typed)) == expected


def test_invisible_signs_do_not_split_words() -> None:
    assert words(clean("tra\u200bma\u00addol \u202eldn\u202c")) == ("tramadol", "ldn")


def test_emoji_separate_words() -> None:
    assert words(clean("ldn😀fibro")) == ("ldn", "fibro")


def test_sentences_know_whether_they_ask() -> None:
    found = sentences("I started Monday. Is that normal? Thanks")
    assert [(s.text, s.asks) for s in found] == [
        ("I started Monday", False),
        ("Is that normal", True),
        ("Thanks", False),
    ]


def test_a_decimal_point_ends_no_sentence() -> None:
    assert [s.text for s in sentences("is 4.5 mg usual")] == ["is 4.5 mg usual"]


def test_a_second_question_is_a_sentence_of_its_own() -> None:
    assert [s.text for s in sentences("can i drink on ldn and what about edibles?")] == [
        "can i drink on ldn",
        "what about edibles",
    ]


def test_and_between_nouns_splits_nothing() -> None:
    assert len(sentences("nausea and headache on ldn")) == 1


@given(st.text(max_size=3 * MAX_LENGTH))
def test_any_text_becomes_visible_and_bounded(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) <= MAX_LENGTH
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in cleaned)
    assert clean(cleaned) == cleaned


@given(st.text(max_size=300))
def test_words_are_stable_under_case_and_spacing(text: str) -> None:
    cleaned = clean(text)
    folded = words(cleaned)
    assert words("  ".join(folded)) == folded
    assert all(word == word.casefold() and word for word in folded)


@given(st.from_regex(r"[a-z]{1,20}", fullmatch=True))
def test_stems_are_idempotent_enough_to_compare(word: str) -> None:
    assert stem(word) == stem(word)
    assert len(stem(word)) <= len(word) + 1


@pytest.mark.parametrize(
    ("typed", "read"),
    [("ldn & sertraline", "ldn and sertraline"), ("ldn + wine", "ldn plus wine"), ("a+b", "a+b")],
)
def test_signs_between_words_are_words(typed: str, read: str) -> None:
    assert clean(typed) == read


def test_numbered_questions_are_sentences() -> None:
    found = sentences("1) does it lift depression 2) ok with citalopram")
    assert [sentence.text for sentence in found] == [
        "does it lift depression",
        "ok with citalopram",
    ]
