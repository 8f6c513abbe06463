"""What holds for any text: nothing that is added or disguised hides an opioid or an emergency."""

from __future__ import annotations

import string
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.engine import Engine
from bot.knowledge import KnowledgeBase, default_directory, load
from bot.knowledge.schema import Opioid, WarningLevel
from bot.language.text import MAX_LENGTH, words
from bot.replies import Question, ReplyKind
from bot.safety import Findings

KNOWLEDGE = load(default_directory())
OPIOIDS = KNOWLEDGE.vocabulary.opioids
STATEMENTS = Path(__file__).parents[1] / "data" / "safety"
LONGEST = 900
"""Longest text added, so that nothing is cut off at the limit of a message."""

relaxed = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def texts(name: str, key: str) -> list[str]:
    content: dict[str, Any] = yaml.safe_load((STATEMENTS / f"{name}.yaml").read_text("utf-8"))
    listed: list[str] = content[key]
    return listed


EMERGENCIES = texts("any-emergency", "fires")
FULL = texts("opioids", "full")
QUIET = [*texts("any-emergency", "silent"), *texts("decisions", "silent")]
SILENCERS = [
    *("no", "not", "never", "is ldn an opioid", "is it an", "I don't take any", "what if"),
    *("years ago", "can LDN cause", "opioid free", "a study", "dying to", "is gabapentin an"),
]
"""What silences a finding when it stands right beside it."""

any_sentences = st.one_of(
    st.lists(st.sampled_from(QUIET), min_size=1, max_size=4).map(" ".join),
    st.text(max_size=200),
    st.lists(
        st.sampled_from(SILENCERS),
        max_size=30,
    ).map(" ".join),
).map(lambda text: text[:LONGEST])
joints = st.sampled_from([". ", "! ", "? ", "... ", "; ", "?! "])


def findings(engine: Engine, text: str) -> Findings:
    return engine.explain(Question(text))[1]


@relaxed
@given(st.sampled_from(EMERGENCIES), any_sentences, any_sentences, joints)
def test_sentences_around_never_hide_an_emergency(
    engine: Engine, text: str, before: str, after: str, joint: str
) -> None:
    message = f"{before}{joint}{text}{joint}{after}"
    assert engine.reply(Question(message)).kind is ReplyKind.EMERGENCY, message


@relaxed
@given(st.sampled_from(FULL), any_sentences, any_sentences, joints)
def test_sentences_around_never_lower_an_opioid_warning(
    engine: Engine, text: str, before: str, after: str, joint: str
) -> None:
    message = f"{before}{joint}{text}{joint}{after}"
    assert engine.reply(Question(message)).opioid_warning is WarningLevel.FULL, message


def spoken_louder(text: str) -> str:
    return text.upper()


def doubled_spaces(text: str) -> str:
    return "  " + text.replace(" ", " \u00a0 ") + "  "


def zero_width(text: str) -> str:
    return "\u200b".join(text)


def more_marks(text: str) -> str:
    return f"«{text}»!!!"


def other_apostrophes(text: str) -> str:
    return text.replace("'", "’")


@pytest.mark.parametrize(
    "changed", [spoken_louder, doubled_spaces, zero_width, more_marks, other_apostrophes]
)
@relaxed
@given(data=st.data())
def test_looks_do_not_matter(engine: Engine, changed: Any, data: st.DataObject) -> None:
    emergency = data.draw(st.sampled_from(EMERGENCIES))
    assert engine.reply(Question(changed(emergency))).kind is ReplyKind.EMERGENCY
    opioid = data.draw(st.sampled_from(FULL))
    assert findings(engine, changed(opioid)).warning is WarningLevel.FULL


def listed(opioid: Opioid) -> WarningLevel:
    return WarningLevel(opioid.warning)


@pytest.mark.parametrize("opioid", OPIOIDS.opioids, ids=lambda opioid: opioid.id)
def test_every_name_is_found(engine: Engine, opioid: Opioid) -> None:
    missed = [
        name
        for name in opioid.plain_names
        if findings(engine, f"can i take {name} with ldn").warning.rank < listed(opioid).rank
    ]
    assert not missed


LONG_NAMES = [
    (opioid, name)
    for opioid in OPIOIDS.opioids
    for name in opioid.plain_names
    if len(words(name)) == 1 and len(words(name)[0]) >= 6 and words(name)[0].isascii()
]


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_name_with_one_slip_is_found(
    engine: Engine, right_words: frozenset[str], data: st.DataObject
) -> None:
    opioid, name = data.draw(st.sampled_from(LONG_NAMES))
    word = words(name)[0]
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    slip = data.draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
            ]
        )
    )
    assume(slip not in right_words)
    nearest = [other for other, other_name in LONG_NAMES if OSA.distance(slip, other_name) <= 1]
    lowest = min((listed(other).rank for other in [*nearest, opioid]), default=0)
    found = findings(engine, f"can i take {slip} with ldn").warning
    assert found.rank >= min(lowest, listed(opioid).rank), f"{slip} (from {name}): {found}"


@pytest.fixture(scope="session")
def right_words(shipped_knowledge: KnowledgeBase) -> frozenset[str]:
    """Words that are right as they stand, so that a slip that makes one of them is no slip."""
    return frozenset(Engine(shipped_knowledge)._safety._opioids._right_words)


LOOK_ALIKES = [
    *(term for entry in OPIOIDS.look_alikes for term in entry.terms),
    *OPIOIDS.ordinary_words,
]


def test_a_look_alike_never_triggers(engine: Engine) -> None:
    wrong = [
        (term, mentions[0].opioid.id)
        for term in LOOK_ALIKES
        if (mentions := findings(engine, f"can i take {term} with ldn").opioids)
    ]
    assert not wrong


TRICKY = {
    "one letter": "a" * 10_000,
    "one letter, spaced": "a " * 5_000,
    "spaces": " " * 10_000,
    "emoji": "😀" * 5_000,
    "direction marks": "\u202e" * 10_000,
    "marks among letters": "\u202et\u200br\u200dama\u2060dol " * 700,
    "accents": "e\u0301\u0301\u0301" * 2_500,
    "digits": "1 " * 5_000,
    "signs": "@a" * 5_000,
    "dots": "t.r.a.m.a.d.o.l." * 600,
    "one word": "took " * 2_000,
    "silencers": "can ldn cause no idea " * 450,
    "half an emergency": "help ldn took now " * 550,
    "opioid names": " ".join(name for opioid in OPIOIDS.opioids for name in opioid.plain_names),
}


@pytest.mark.parametrize("name", TRICKY)
def test_any_text_is_assessed(engine: Engine, name: str) -> None:
    text = TRICKY[name]
    assert findings(engine, text) == findings(engine, text)
    assert engine.reply(Question(text)).opioid_warning in WarningLevel


@pytest.mark.parametrize("unit", ["took ldn now help ", "tramadoool ", "x7 @b ", "can ldn cause "])
def test_work_grows_with_the_length_only(engine: Engine, unit: str) -> None:
    """Steps of the rule engine: four times the text takes about four times the steps."""

    def steps(text: str) -> int:
        message = engine.explain(Question(text))[0]
        engine._safety.assess(message)  # words are remembered from here on
        count = 0

        def trace(frame: Any, event: str, argument: Any) -> None:
            nonlocal count
            count += event == "call"

        before = sys.getprofile()
        sys.setprofile(trace)
        try:
            engine._safety.assess(message)
        finally:
            sys.setprofile(before)
        return count

    short, long = unit * 50, unit * 200
    assert len(long) <= MAX_LENGTH
    assert steps(long) < 6 * steps(short) + 2_000
