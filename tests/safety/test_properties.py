"""What holds for the detectors whatever stands around a danger, and for any text at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine import Engine
from bot.knowledge.schema import Opioid, WarningLevel
from bot.language.text import words
from bot.replies import Question, Reply, ReplyKind

SENTENCES = [
    "I have had fibromyalgia for years.",
    "My doctor is on holiday.",
    "No other problems.",
    "I don't take anything else.",
    "Is that normal?",
    "Years ago I had asthma.",
    "The weather is lovely.",
    "Can LDN cause weight gain?",
    "Ich habe eine Frage.",
]
around = st.lists(st.sampled_from(SENTENCES), max_size=4).map(" ".join)
EMERGENCIES = [
    "I can't breathe since I took it.",
    "I want to kill myself.",
    "My tongue is swelling up.",
    "I took LDN on top of my morphine and now I am vomiting and shaking.",
    "Crushing chest pain right now.",
]


def ask(engine: Engine, text: str) -> Reply:
    return engine.reply(Question(text))


def plain_names(engine: Engine) -> list[tuple[str, Opioid]]:
    opioids = engine.knowledge.vocabulary.opioids.opioids
    return [(name, opioid) for opioid in opioids for name in (*opioid.generic, *opioid.brands)]


@given(st.sampled_from(EMERGENCIES), around, around)
def test_adding_sentences_never_hides_an_emergency(
    engine: Engine, emergency: str, before: str, after: str
) -> None:
    assert ask(engine, f"{before} {emergency} {after}").kind is ReplyKind.EMERGENCY


@given(st.sampled_from(["tramadol", "codeine", "OxyContin", "Suboxone", "kratom"]), around, around)
def test_adding_sentences_never_hides_an_opioid(
    engine: Engine, opioid: str, before: str, after: str
) -> None:
    reply = ask(engine, f"{before} Can I take {opioid} with LDN? {after}")
    assert reply.opioid_warning is WarningLevel.FULL


@given(
    st.sampled_from(EMERGENCIES),
    st.sampled_from([str.upper, str.lower, str.title]),
    st.sampled_from(["  ", "\u200b ", " \u202e", "\n"]),
)
def test_case_spaces_and_invisible_signs_change_nothing(
    engine: Engine, emergency: str, case: object, space: str
) -> None:
    assert callable(case)
    text = case(emergency).replace(" ", space)
    if "\n" in space:
        text = text.replace("\n", " \u00a0")
    assert ask(engine, text).kind is ReplyKind.EMERGENCY


def test_every_generic_and_brand_name_is_noticed(engine: Engine) -> None:
    missed = []
    for name, opioid in plain_names(engine):
        got = ask(engine, f"can i take {name} with ldn").opioid_warning
        wanted = WarningLevel(opioid.warning)
        if got.rank < wanted.rank:
            missed.append((name, opioid.id, got))
    assert missed == []


@settings(max_examples=300)
@given(st.data())
def test_one_slip_in_a_generic_name_is_noticed(engine: Engine, data: st.DataObject) -> None:
    names = [
        (word, opioid)
        for opioid in engine.knowledge.vocabulary.opioids.opioids
        if opioid.warning == "full"
        for name in opioid.generic
        if len(found := words(name)) == 1
        for word in found
        if len(word) >= 7 and word.isalpha()
    ]
    name, _ = data.draw(st.sampled_from(names))
    place = data.draw(st.integers(1, len(name) - 2))
    slip = data.draw(st.sampled_from(["drop", "double", "swap"]))
    if slip == "drop":
        typed = name[:place] + name[place + 1 :]
    elif slip == "double":
        typed = name[:place] + name[place] + name[place:]
    else:
        typed = name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    reply = ask(engine, f"can i take {typed} with ldn")
    assert reply.opioid_warning in {WarningLevel.FULL, WarningLevel.CAUTION}


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000,
        " " * 10_000,
        "\U0001f48a" * 5_000,
        "\u202e\u200f" * 5_000,
        "tramadol " * 1_100,
        "i can't breathe " * 600,
        "no " * 3_000,
        "1 " * 5_000,
    ],
)
def test_long_and_odd_texts_get_a_reply(engine: Engine, text: str) -> None:
    reply = ask(engine, text)
    assert reply.answers or reply.lead
