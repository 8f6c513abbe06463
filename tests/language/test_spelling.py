"""Repairing single words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.spelling import Speller, allowed_slips

TARGETS = {
    "fibromyalgia": 3.0,
    "naltrexone": 3.0,
    "naloxone": 3.0,
    "nausea": 3.0,
    "hydrocodone": 3.0,
    "hydrocortisone": 3.0,
    "headache": 1.0,
}
SPELLER = Speller(
    TARGETS,
    known={"weather", "feather"},
    confusable=[("naltrexone", "naloxone"), ("hydrocodone", "hydrocortisone")],
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("fibromialgia", "fibromyalgia"),
        ("fybromyalga", "fibromyalgia"),
        ("naltraxone", "naltrexone"),
        ("nausia", "nausea"),
        ("hedache", "headache"),
        ("haedache", "headache"),
    ],
)
def test_slips_are_repaired(typed: str, meant: str) -> None:
    assert SPELLER.correct(typed) == meant


@pytest.mark.parametrize("word", ["weather", "nut", "12", "xylophone", "naloxone"])
def test_known_short_and_far_words_stay(word: str) -> None:
    assert SPELLER.correct(word) == word


def test_a_word_between_two_confusable_ones_stays() -> None:
    between = "naloxxone"
    assert SPELLER.correct(between) in {between, "naloxone"}


@given(st.sampled_from(sorted(TARGETS)), st.integers(0, 20), st.sampled_from("abcdefgh"))
def test_one_added_letter_never_leads_to_a_confusable_partner(
    word: str, place: int, letter: str
) -> None:
    typed = word[:place] + letter + word[place:]
    partners = {"naltrexone": "naloxone", "hydrocodone": "hydrocortisone"}
    partners |= {value: key for key, value in partners.items()}
    assert SPELLER.correct(typed) != partners.get(word, "")


@given(st.text(max_size=40))
def test_any_word_is_accepted(word: str) -> None:
    assert isinstance(SPELLER.correct(word), str)


EVERYDAY = {"every": 900.0, "evra": 10.0, "meant": 200.0, "menu": 200.0, "horror": 5.0}
EVERYDAY |= {"paying": 30.0, "pain": 900.0, "spotting": 5.0, "their": 500.0, "there": 500.0}
TYPED = Speller(EVERYDAY, known={"evra"}, meant={"symbalta": "cymbalta"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("evry", "every"),  # the common word, not the rare name as near
        ("ment", "meant"),  # sounds the same
        ("horrer", "horror"),
        ("thier", "their"),
        ("payin", "paying"),  # not "pain", which is one letter away
        ("spotin", "spotting"),
        ("symbalta", "cymbalta"),
    ],
)
def test_the_likely_word_wins(typed: str, meant: str) -> None:
    assert TYPED.correct(typed) == meant


def test_longer_words_may_have_two_slips() -> None:
    assert [allowed_slips("x" * length) for length in (4, 7, 8, 12)] == [1, 1, 2, 2]
