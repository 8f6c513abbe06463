"""What a message is about, on the shipped vocabulary."""

from __future__ import annotations

import pytest

from bot.knowledge import KnowledgeBase
from bot.language import Understander


@pytest.fixture(scope="module")
def understander(shipped_knowledge: KnowledgeBase) -> Understander:
    return Understander(shipped_knowledge)


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("does ldn help fibro", "fibromyalgia"),
        ("ldn 4 ms", "multiple-sclerosis"),
        ("crohns and ldn", "crohns-disease"),
        ("is effexor ok with ldn", "antidepressants"),
        ("cymbalta + ldn", "duloxetine"),
        ("nightmares since starting", "vivid-dreams"),
        ("zydol and ldn", "tramadol"),
        ("long haulers on ldn", "long-covid"),
    ],
)
def test_entities(
    understander: Understander, shipped_knowledge: KnowledgeBase, text: str, entity: str
) -> None:
    entities = shipped_knowledge.vocabulary.entities
    found = {
        e
        for name in understander.read(text).whole.entity_ids
        for e in (name, *entities[name].broader)
    }
    assert entity in found


def test_ms_contin_is_no_disease(understander: Understander) -> None:
    found = understander.read("can i take ms contin with ldn").whole.entity_ids
    assert "multiple-sclerosis" not in found
    assert "morphine" in found


def test_me_the_pronoun_is_no_disease(understander: Understander) -> None:
    assert "me-cfs" not in understander.read("can you tell me about ldn").whole.entity_ids


def test_low_dose_naltrexone_is_recognised_by_many_names(understander: Understander) -> None:
    for text in ("ldn?", "Low-Dose Naltrexone", "naltraxone", "naltrexona en dosis bajas"):
        assert understander.read(text).whole.names_ldn, text


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("does ldn help with fibromyalgia", "en"),
        ("hilft LDN bei Fibromyalgie und wie lange dauert das", "de"),
        ("est-ce que le LDN est efficace pour la fibromyalgie", "fr"),
        ("¿sirve la naltrexona para la fibromialgia?", "es"),
        ("ldn", "en"),
        ("", "en"),
    ],
)
def test_language(understander: Understander, text: str, language: str) -> None:
    assert understander.read(text).language == language


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("je prends de l'Ixprim le soir, puis-je commencer le ldn ?", "tramadol"),
        ("bevo un po' dell’alcol con il ldn, è pericoloso?", "alcohol"),
        ("onko LDN:n kanssa alkoholi kielletty", "alcohol"),
        ("hilft das bei ALS, wenn man schon schlecht schluckt", "als"),
        ("tenho EM há dez anos, isso ajuda na fadiga", "multiple-sclerosis"),
    ],
)
def test_names_show_in_other_languages(understander: Understander, text: str, entity: str) -> None:
    assert entity in understander.read(text).whole.entity_ids


def test_small_letters_are_no_abbreviation(understander: Understander) -> None:
    assert (
        "als" not in understander.read("ist das besser als vorher, mehr als gut").whole.entity_ids
    )


@pytest.mark.parametrize(
    "text", ["LDN urticaria", "vegan ldn capsules", "contrave vs ldn", "de carvalho 2023 la review"]
)
def test_a_word_that_english_has_too_tells_no_language(
    understander: Understander, text: str
) -> None:
    assert understander.read(text).language == "en"


def test_commas_divide_a_message_and_leave_numbers_whole(understander: Understander) -> None:
    part = understander.read("ozempic weekly, metformin - trouble with ldn 4,5 mg at 10:30?").whole
    assert "4,5" in part.tokens
    assert [part.tokens[border] for border in part.borders] == ["metformin", "trouble"]
