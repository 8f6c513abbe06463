"""Statements that must be recognised, and statements that must not, through the engine's door.

The statements stand in ``tests/data/safety``; each test names every one that went wrong.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.engine import Engine
from bot.knowledge.schema import WarningLevel
from bot.replies import NoticeKind, Question, ReplyKind
from bot.safety import Findings

STATEMENTS = Path(__file__).parents[1] / "data" / "safety"
FILES: dict[str, dict[str, Any]] = {
    path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(STATEMENTS.glob("*.yaml"))
}
EMERGENCIES = [name for name in FILES if name not in {"decisions", "opioids"}]


def findings(engine: Engine, text: str) -> Findings:
    return engine.explain(Question(text))[1]


@pytest.mark.parametrize("name", EMERGENCIES)
def test_an_emergency_is_recognised_and_comes_first(engine: Engine, name: str) -> None:
    wrong = []
    for text in FILES[name]["fires"]:
        reply = engine.reply(Question(text))
        first = reply.notices[0].kind if reply.notices else None
        if reply.kind is not ReplyKind.EMERGENCY or first is not NoticeKind.EMERGENCY:
            wrong.append(text)
    assert not wrong


@pytest.mark.parametrize("name", [name for name in EMERGENCIES if "emergency" in FILES[name]])
def test_it_is_the_right_emergency(engine: Engine, name: str) -> None:
    expected = {FILES[name]["emergency"], *FILES[name].get("also", ())}
    wrong = []
    for text in FILES[name]["fires"]:
        emergency = findings(engine, text).emergency
        if emergency is None or emergency.id not in expected:
            wrong.append((text, emergency and emergency.id))
    assert not wrong


@pytest.mark.parametrize("name", EMERGENCIES)
def test_what_is_no_emergency_stays_a_question(engine: Engine, name: str) -> None:
    wrong = [
        text
        for text in FILES[name]["silent"]
        if engine.reply(Question(text)).kind is ReplyKind.EMERGENCY
    ]
    assert not wrong


def test_a_personal_decision_is_pointed_to_the_prescriber(engine: Engine) -> None:
    texts = FILES["decisions"]["fires"]
    assert not [text for text in texts if not engine.reply(Question(text)).refer]


def test_an_ordinary_question_is_no_decision(engine: Engine) -> None:
    texts = FILES["decisions"]["silent"]
    assert not [text for text in texts if engine.reply(Question(text)).refer]


def test_an_opioid_brings_the_full_warning(engine: Engine) -> None:
    wrong = [
        (text, reply.opioid_warning)
        for text in FILES["opioids"]["full"]
        if (reply := engine.reply(Question(text))).opioid_warning is not WarningLevel.FULL
    ]
    assert not wrong


def test_what_may_matter_brings_caution(engine: Engine) -> None:
    wrong = []
    for text in FILES["opioids"]["caution"]:
        level, shown = findings(engine, text).warning, engine.reply(Question(text)).opioid_warning
        if level is not WarningLevel.CAUTION or shown.rank < level.rank:
            wrong.append((text, level, shown))
    assert not wrong


def test_a_look_alike_brings_no_warning(engine: Engine) -> None:
    wrong = [
        (text, mentions[0].opioid.id)
        for text in FILES["opioids"]["silent"]
        if (mentions := findings(engine, text).opioids)
    ]
    assert not wrong


@pytest.mark.parametrize("name", FILES)
def test_every_list_holds_enough_different_statements(name: str) -> None:
    for key in {"fires", "silent", "full", "caution"} & FILES[name].keys():
        texts = FILES[name][key]
        assert len(texts) >= 20, key
        assert len(set(texts)) == len(texts), key
