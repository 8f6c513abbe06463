"""The topic that is composed from a study's record."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bot.knowledge.schema import Study
from bot.knowledge.study_topics import study_topic


def texts(**fields: Any) -> list[str]:
    """Short answer, points and caveats of the topic of a study with the given fields."""
    bare = {
        "id": "moon-1969",
        "title": "Moon 1969",
        "reviewed": dt.date(2026, 11, 20),
        "sources": ("example-trial",),
        "design": "unknown",
        "design_note": "nobody knows.",
        "dose_class": "low",
        "comparator": "none",
        "status": "completed",
        "short": "Little is known.",
    }
    topic = study_topic(Study.model_validate(bare | fields))
    assert all(claim.sources for claim in topic.claims())
    return [claim.text for claim in topic.claims()]


def test_bare_study() -> None:
    assert texts() == [
        "Little is known.",
        "Design: nobody knows.",
        "Compared with: nothing (no control group).",
    ]


def test_full_study() -> None:
    claim = {"text": "Three felt sick.", "sources": ["example-label"]}

    assert texts(
        country="Norway",
        population="adults",
        participants={"planned": 2000, "enrolled": 1200, "randomised": 40, "analysed": 0},
        dose="4.5 mg",
        comparator="active",
        comparator_note="a sweet",
        duration="12 weeks",
        status="terminated",
        status_note="no money",
        outcomes=[
            {"measure": "pain", "primary": True, "result": "less!", "direction": "favours-ldn"},
            {"measure": "sleep", "result": "as before", "direction": "no-difference"},
        ],
        adverse_events=claim,
        points=[claim],
        limitations=["small", "short"],
    ) == [
        "Little is known.",
        "Design (Norway): nobody knows.",
        "Who took part: adults (2,000 planned, 1,200 enrolled, 40 randomised, 0 analysed).",
        "Dose: 4.5 mg; compared with: a sweet; length: 12 weeks.",
        "The study was stopped early (no money).",
        "Pain (main outcome): less!",
        "Sleep: as before.",
        "Three felt sick.",
        "Three felt sick.",
        "Limits of the study: small; short.",
    ]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"population": "adults"}, "Who took part: adults."),
        ({"participants": {"enrolled": 7}}, "Who took part: 7 enrolled."),
        ({"comparator": "placebo"}, "Compared with: placebo."),
        ({"comparator": "unknown"}, "Compared with: not known."),
        ({"status": "recruiting"}, "The study is recruiting; it has no results yet."),
        ({"status": "planned"}, "The study is planned; it has no results yet."),
        ({"status": "withdrawn"}, "The study was withdrawn before it started."),
        ({"status": "unknown"}, "No published result of this study was found."),
        ({"status": "not-found"}, "No publication or registration of this study was found."),
    ],
)
def test_sentences(fields: dict[str, Any], text: str) -> None:
    assert text in texts(**fields)
