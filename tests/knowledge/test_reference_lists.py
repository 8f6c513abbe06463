"""Contacts, glossary and the reading level of short answers."""

from __future__ import annotations

import pytest

from bot.knowledge import Gravity, load
from tests.knowledge.folders import Folder
from tests.knowledge.test_editorial import found, only

CONTACTS = "contacts.yaml"
GLOSSARY = "glossary.yaml"
HARD = "Pharmacological interventions necessitate individualised multidisciplinary consideration."


@pytest.mark.parametrize(
    ("name", "old", "new", "field"),
    [
        (
            CONTACTS,
            "crisis_topics: [safety.suicidal-thoughts]",
            "crisis_topics: [safety.x]",
            "crisis",
        ),
        (CONTACTS, "poison_topics: [safety.withdrawal]", "poison_topics: [safety.x]", "poison"),
        (GLOSSARY, "sources: [example-trial]", "sources: [unread]", "words[0].sources"),
    ],
)
def test_what_they_name_must_exist(
    folder: Folder, name: str, old: str, new: str, field: str
) -> None:
    folder.edit(name, old, new)

    problem = folder.problem()

    assert problem.file == name
    assert problem.line == folder.line(name, new)
    assert problem.field.startswith(field)
    assert "there is no" in problem.reason


def test_a_word_becomes_a_topic(folder: Folder) -> None:
    topic = load(folder.path).topic("about.word-placebo")

    assert topic is not None
    assert topic.short.text.startswith("placebo: ")
    assert "what does sugar pill mean" in topic.phrasings


def test_two_words_with_one_id(folder: Folder) -> None:
    path = folder.path / GLOSSARY
    lines = path.read_text(encoding="utf-8")
    folder.write(GLOSSARY, lines + lines[lines.index("- {id") :])

    assert "is already used" in folder.problem().reason


def test_a_short_answer_that_is_hard_to_read(folder: Folder) -> None:
    folder.topic("Something new.", HARD)

    problem = only(folder)

    assert problem.gravity is Gravity.WARNING
    assert problem.line == folder.line("about/new.yaml", "short:")
    assert "reads at school year" in problem.reason


def test_an_exception_with_a_reason(folder: Folder) -> None:
    folder.topic("Something new.", HARD)
    path = folder.path / "editorial.yaml"
    text = path.read_text(encoding="utf-8")
    folder.write("editorial.yaml", text + "hard_to_read:\n  about.new: It quotes a name.\n")

    assert found(folder) == []
