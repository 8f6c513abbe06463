"""What must be noticed and what must not: paired statements, readable without the code.

The statements stand in ``tests/data/safety/``, one file for each emergency, one for personal
decisions and one for the opioid warning.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.engine import Engine
from bot.knowledge.schema import WarningLevel
from bot.replies import Question, Reply, ReplyKind

FOLDER = Path(__file__).parent.parent / "data" / "safety"
OPIOIDS, DECISIONS = "opioids", "decisions"
EMERGENCIES = sorted({p.stem for p in FOLDER.glob("*.yaml")} - {OPIOIDS, DECISIONS})


def statements(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return data


def ask(engine: Engine, text: str) -> Reply:
    return engine.reply(Question(text))


def warning(engine: Engine, text: str) -> WarningLevel:
    """The warning that the message itself calls for; an answer on opioids may raise it."""
    return engine.explain(Question(text))[1].warning


def first_line(engine: Engine, emergency: str) -> str:
    known = engine.knowledge.vocabulary.emergencies.emergencies
    return next(e.first_line.text for e in known if e.id == emergency)


@pytest.mark.parametrize("name", EMERGENCIES)
def test_emergencies_are_noticed(engine: Engine, name: str) -> None:
    data = statements(name)
    accepted = {first_line(engine, e) for e in (data["emergency"], *data.get("also", ()))}
    missed = [
        text
        for text in data["fires"]
        if not (reply := ask(engine, text)).notices
        or reply.kind is not ReplyKind.EMERGENCY
        or reply.notices[0].statements[0].text not in accepted
    ]
    assert missed == []


@pytest.mark.parametrize("name", EMERGENCIES)
def test_other_statements_are_no_emergency(engine: Engine, name: str) -> None:
    data = statements(name)
    wrong = [text for text in data["silent"] if ask(engine, text).kind is ReplyKind.EMERGENCY]
    assert wrong == []


def test_personal_decisions_are_noticed(engine: Engine) -> None:
    missed = [text for text in statements(DECISIONS)["fires"] if not ask(engine, text).refer]
    assert missed == []


def test_ordinary_questions_are_not_referred(engine: Engine) -> None:
    wrong = [text for text in statements(DECISIONS)["silent"] if ask(engine, text).refer]
    assert wrong == []


@pytest.mark.parametrize("level", [WarningLevel.FULL, WarningLevel.CAUTION])
def test_opioids_bring_their_warning(engine: Engine, level: WarningLevel) -> None:
    texts = statements(OPIOIDS)[level.value]
    wrong = [(text, got) for text in texts if (got := warning(engine, text)) is not level]
    assert wrong == []


def test_look_alikes_bring_no_strong_warning(engine: Engine) -> None:
    wrong = [
        text for text in statements(OPIOIDS)["silent"] if warning(engine, text) is WarningLevel.FULL
    ]
    assert wrong == []


@pytest.mark.parametrize("name", [*EMERGENCIES, DECISIONS])
def test_there_are_twenty_of_each(name: str) -> None:
    data = statements(name)
    assert min(len(data["fires"]), len(data["silent"])) >= 20
    assert not set(data["fires"]) & set(data["silent"])
