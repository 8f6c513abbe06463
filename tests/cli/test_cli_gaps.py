"""``ldn-bot gaps``: what was asked and not answered."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot.cli.gaps import Asked, Gap, group
from bot.storage import KeptKind, Storage
from tests.cli.processes import Inside

FIBRO = "condition.fibromyalgia"


def address(folder: Path) -> str:
    return f"sqlite:///{folder / 'gaps.sqlite3'}"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Address of the database in use."""
    monkeypatch.setenv("LDN_DATABASE_URL", address(tmp_path))
    return address(tmp_path)


@pytest.fixture
def filled(database: str) -> str:
    """The same with something in it."""

    async def fill() -> None:
        storage = Storage(database)
        await storage.start()
        for text in (
            "best pizza in town",
            "best pizza",
            "best pizza in town",
            "does ldn help\nfibro",
        ):
            await storage.questions.add(text)
        await storage.questions.add("kind words", KeptKind.FEEDBACK)
        await storage.feedback.count(FIBRO, "helpful")
        await storage.feedback.count(FIBRO, "helpful")
        await storage.feedback.count(FIBRO, "not-meant")
        await storage.refusals.count("decline", "")
        await storage.refusals.count("clarify", FIBRO)
        await storage.close()

    asyncio.run(fill())
    return database


def test_texts_go_to_the_nearest_topic_or_to_those_alike() -> None:
    nearest = {"a b": FIBRO, "c d": FIBRO}.get
    texts = [
        "a b",
        "c d",
        "a b",
        "quokkas",
        "best pizza in town",
        "best pizza",
        "best pizza in town",
    ]
    assert group(texts, nearest) == (
        Gap(None, (Asked("best pizza in town", 2), Asked("best pizza", 1))),
        Gap(FIBRO, (Asked("a b", 2), Asked("c d", 1))),
        Gap(None, (Asked("quokkas", 1),)),
    )
    assert group([], nearest) == ()


def test_nothing_was_left(inside: Inside, database: str) -> None:
    done = inside("gaps")
    assert (done.exit_code, done.stdout) == (0, "Nothing was left, counted or refused yet.\n")


def test_a_list_to_read(inside: Inside, filled: str) -> None:
    done = inside("gaps")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "Questions that people left",
        "    3  no topic near",
        "       - best pizza in town (x2)",
        "       - best pizza",
        "    1  condition.fibromyalgia",
        "       - does ldn help fibro",
        "",
        "Asked back, by the nearest topic",
        "    1  condition.fibromyalgia",
        "",
        "Refused, by the nearest topic",
        "    1  no topic near",
        "",
        "Feedback by topic",
        "    3  condition.fibromyalgia: 2 helpful, 1 not-meant",
        "",
        "Feedback in words",
        "       - kind words",
    ]


def test_json_and_deletion(inside: Inside, filled: str) -> None:
    done = inside("gaps", "--json", "--delete-texts")
    found = json.loads(done.stdout)
    assert found["questions"][0]["count"] == 3
    assert found["questions"][1] == {
        "count": 1,
        "topic_id": FIBRO,
        "texts": [{"text": "does ldn help\nfibro", "count": 1}],
    }
    assert found["feedback_texts"] == ["kind words"]
    assert found["feedback"] == {FIBRO: {"helpful": 2, "not-meant": 1}}
    assert found["refused"] == {"decline": {"": 1}, "clarify": {FIBRO: 1}}

    rest = json.loads(inside("gaps", "--json").stdout)
    assert (rest["questions"], rest["feedback_texts"]) == ([], [])
    assert rest["feedback"] == found["feedback"]


def test_a_database_that_fails_is_told(
    inside: Inside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken").write_text("not a database " * 100, encoding="utf-8")
    monkeypatch.setenv("LDN_DATABASE_URL", f"sqlite:///{tmp_path / 'broken'}")
    done = inside("gaps")
    assert done.exit_code == 2
    assert done.stderr == "ldn-bot: the database can't be used: DatabaseError\n"
