"""``ldn-bot picture``."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.knowledge import default_directory


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("LDN_KNOWLEDGE_DIR", str(default_directory()))
    return CliRunner()


def test_writes_the_file_and_says_what_it_shows(shipped: CliRunner, tmp_path: Path) -> None:
    bright, dark = tmp_path / "bright.png", tmp_path / "dark.png"
    done = shipped.invoke(app, ["picture", "condition.depression", "--out", str(bright)])
    assert done.exit_code == 0, done.output
    assert "moloney-2026" in done.stdout
    assert bright.read_bytes().startswith(b"\x89PNG")
    shipped.invoke(app, ["picture", "condition.depression", "--out", str(dark), "--dark"])
    assert dark.read_bytes() != bright.read_bytes()


def test_topic_without_a_picture(shipped: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "x.png"
    done = shipped.invoke(app, ["picture", "condition.lupus", "--out", str(file)])
    assert done.exit_code == 1
    assert "condition.fibromyalgia" in done.stderr
    assert not file.exists()


def test_unknown_topic_and_bad_file(shipped: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "missing" / "x.png"
    unknown = shipped.invoke(app, ["picture", "condition.none", "--out", str(file)])
    assert unknown.exit_code == 2
    bad = shipped.invoke(app, ["picture", "condition.depression", "--out", str(file)])
    assert bad.exit_code == 2
    assert "can't be written" in bad.stderr
