"""Files that can't be read, lie in the wrong place or are missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge import KnowledgeError, load
from tests.knowledge.folders import TOPIC, Folder


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("", 0, "is empty"),
        ("# only a comment\n", 0, "is empty"),
        (b"id: x\ntitle: caf\xe9\n", 2, "is not UTF-8 (byte 0xe9); save it as UTF-8"),
        ("id: x\ntitle: a\x07b\n", 2, "a character that can't be in a text (U+0007)"),
        ("id: x\nshort:\n\ttext: y\n", 3, "a tab stands here; use spaces"),
        ("id: x\ntitle: LDN: an overview\n", 2, "put the text in quotes"),
        ('id: x\ntitle: "LDN\nreviewed: 2026-11-20\n', 2, "a quotation mark is opened here"),
        ('id: x\ntitle: "LDN" today\n', 2, "not quoted as a whole"),
        ("id: x\nrelated: [a, b\ntitle: y\n", 3, "a bracket is opened and not closed"),
        ("id: x\ntitle: @home\n", 2, "can't begin with this character; put it in quotes"),
        ("id: x\ntitle: * star\n", 2, "can't begin with * or &; put it in quotes"),
        ("id: x\npoints:\n  - a\n - b\n", 4, "the indentation does not fit"),
        ("id: x\ntitle\n", 3, "neither 'name: value'"),
        ("id: x\ntitle: - a\n", 2, "a list begins on a line of its own"),
        ('id: x\ntitle: "a\\d"\n', 2, "a backslash inside double quotes"),
        ("id: x\ntitle: &name New\n", 2, "&name: references inside YAML are not accepted"),
        ("id: x\nshort: &name\n  text: y\n", 2, "&name: references inside YAML"),
        ("id: x\ntitle: *name\n", 2, "*name: references inside YAML are not accepted"),
        ("id: x\ntitle: !!str 5\n", 2, "tags are not accepted"),
        ("id: x\ntitle: !python/object:os.system ls\n", 2, "tags are not accepted"),
        ("id: x\nshort: !new\n  text: y\n", 2, "tags are not accepted"),
        ("id: x\ntitle: y\ntitle: z\n", 3, "'title' stands twice here (first in line 2)"),
        ("id: x\nshort:\n  text: y\n  text: z\n", 4, "'text' stands twice here"),
        ("id: x\n? [a]\n: y\n", 2, "the name of a field must be a plain word"),
        ("id: x\n---\ntitle: y\n", 2, "a second document ('---') begins here"),
        ("id: x\npoints: " + "[" * 500, 2, "is nested too deeply"),
    ],
)
def test_unreadable_file_is_named_with_line_and_a_hint(
    folder: Folder, content: str | bytes, line: int, reason: str
) -> None:
    folder.write("about/new.yaml", content)

    problem = folder.problem()

    assert (problem.file, problem.line, problem.field) == ("about/new.yaml", line, "")
    assert reason in problem.reason
    assert "\n" not in problem.reason


def test_too_large_file(folder: Folder) -> None:
    folder.write("about/new.yaml", TOPIC + "# " + "x" * 2_000_000)

    problem = folder.problem()

    assert (problem.file, problem.line) == ("about/new.yaml", 0)
    assert problem.reason == "is larger than 2,000,000 bytes"


def test_a_folder_named_like_a_file(folder: Folder) -> None:
    (folder.path / "about" / "new.yaml").mkdir()

    assert folder.problem().reason.startswith("can't be read: ")


@pytest.mark.parametrize("start", ["\ufeff", "---\n", "# comment\n", "%YAML 1.1\n---\n"])
def test_harmless_beginnings_are_accepted(folder: Folder, start: str) -> None:
    folder.write("about/new.yaml", start + TOPIC)

    assert folder.problems() == []
    assert load(folder.path).topics["about.new"].title == "New"


def test_windows_line_ends_are_counted_right(folder: Folder) -> None:
    folder.write("about/new.yaml", TOPIC.replace("title: New", "titel: New").replace("\n", "\r\n"))

    assert [problem.line for problem in folder.problems()] == [1, 2]


def test_file_in_a_folder_that_is_not_read(folder: Folder) -> None:
    folder.write("misc/new.yaml", TOPIC)

    problem = folder.problem()

    assert (problem.file, problem.line) == ("misc/new.yaml", 0)
    assert "lies in no folder that is read; move it into one of: about," in problem.reason


def test_file_too_deep(folder: Folder) -> None:
    (folder.path / "about" / "more").mkdir()
    folder.write("about/more/new.yaml", TOPIC)

    assert "lies in no folder that is read" in folder.problem().reason


@pytest.mark.parametrize("name", ["about/new.yaml.txt", "about/new.YAML"])
def test_misnamed_file_is_not_passed_over(folder: Folder, name: str) -> None:
    folder.write(name, TOPIC)

    problem = folder.problem()

    assert (problem.file, problem.reason) == (name, "the name of the file must end in .yaml")


def test_hidden_and_other_files_are_left_alone(folder: Folder) -> None:
    folder.write("README.txt", "read me")
    folder.write("about/._new.yaml", b"\xff\xff")
    folder.write(".git/x.yaml", "broken: [")

    assert folder.problems() == []


@pytest.mark.parametrize(
    "name",
    [
        "notices.yaml",
        "editorial.yaml",
        "vocabulary/opioids.yaml",
        "vocabulary/emergencies.yaml",
        "vocabulary/decisions.yaml",
        "vocabulary/intents.yaml",
        "vocabulary/smalltalk.yaml",
        "vocabulary/words.yaml",
    ],
)
def test_missing_required_file_is_the_only_problem(folder: Folder, name: str) -> None:
    (folder.path / name).unlink()

    problem = folder.problem()

    assert str(problem) == f"{name}: error: this file is missing"


def test_no_folder_at_all(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="is no folder"):
        load(tmp_path / "nowhere")


def test_empty_folder_lists_every_file_it_needs(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as caught:
        load(tmp_path)

    assert [problem.reason for problem in caught.value.problems] == ["this file is missing"] * 13


def test_name_of_a_topic_file_must_fit_its_id(folder: Folder) -> None:
    folder.topic("id: about.new", "id: about.newer")

    problem = folder.problem()

    assert (problem.file, problem.line, problem.field) == ("about/new.yaml", 1, "id")
    assert "'about.newer' does not fit" in problem.reason
    assert "'about.new'" in problem.reason


def test_topic_in_the_folder_of_another_kind(folder: Folder) -> None:
    folder.write("dosing/what-is-ldn.yaml", TOPIC.replace("id: about.new", "id: about.what"))

    assert "the id must be 'dosing.what-is-ldn'" in folder.problem().reason


def test_name_of_a_study_file_must_fit_its_id(folder: Folder) -> None:
    (folder.path / "studies/berg-2020.yaml").rename(folder.path / "studies/berg.yaml")

    problem = folder.problem()

    assert (problem.file, problem.line, problem.field) == ("studies/berg.yaml", 1, "id")
    assert "the id must be 'berg'" in problem.reason
