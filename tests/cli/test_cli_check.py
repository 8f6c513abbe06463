"""``ldn-bot check``: good and bad knowledge folders."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.cli.processes import Cli, Inside


@pytest.fixture
def copy(knowledge_dir: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "copy"
    shutil.copytree(knowledge_dir, folder)
    return folder


def replaced(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_good_folder(inside: Inside, copy: Path) -> None:
    done = inside("check", str(copy))

    assert (done.exit_code, done.stderr) == (0, "")
    assert re.search(
        r"^\d+ topics, \d+ claims, 1 studies, 5 sources; version [0-9a-f]{12}; 0 errors, ",
        done.stdout,
        re.MULTILINE,
    )


def test_folder_of_the_settings(cli: Cli) -> None:
    done = cli.run("check")

    assert (done.returncode, done.stderr) == (0, "")
    assert "5 sources" in done.stdout


def test_form_errors(inside: Inside, copy: Path) -> None:
    replaced(copy / "about/bot.yaml", "title: What", "titel: What")
    replaced(copy / "safety/chest-pain.yaml", "[project-advice]", "[nowhere]")

    done = inside("check", str(copy))

    assert done.exit_code == 2
    assert done.stderr.splitlines() == [
        "about/bot.yaml:1: error: title: is missing",
        "about/bot.yaml:2: error: titel: is no known field (is it misspelt, or indented wrongly?)",
        "safety/chest-pain.yaml:8: error: short.sources[0]: there is no source 'nowhere'",
        "3 errors: this knowledge can't be used",
    ]


def test_editorial_errors(inside: Inside, copy: Path) -> None:
    replaced(copy / "about/bot.yaml", "I am not a doctor.", "I am a miracle.")

    done = inside("check", str(copy))

    assert done.exit_code == 2
    assert done.stderr == (
        "about/bot.yaml:6: error: short.text: 'miracle' must not stand here: Hype.\n"
    )
    assert "; 1 errors, " in done.stdout


def test_warnings_are_no_errors(inside: Inside, copy: Path) -> None:
    replaced(copy / "about/bot.yaml", "reviewed: 2026-11-20", "reviewed: 2020-01-01")

    done = inside("check", str(copy))

    assert (done.exit_code, done.stderr) == (0, "")
    assert "about/bot.yaml:3: warning: reviewed: was last reviewed on 2020-01-01" in done.stdout


def test_no_folder(inside: Inside) -> None:
    done = inside("check", "nowhere")

    assert done.exit_code == 2
    assert done.stderr.startswith("nowhere: error: is no folder\n")
