"""Records that break the schema: each with file, line, field and a reason for curators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter

from bot.knowledge.loading import SINGLE_FILES
from bot.knowledge.schema import EntityFile, SourceFile, Study, Topic
from bot.knowledge.wording import PATTERNS
from tests.knowledge.folders import TOPIC, Folder

SHORT = "  text: Something new."


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "reason"),
    [
        ("title: New", "titel: New", 2, "titel", "is no known field (is it misspelt"),
        ("title: New", "title:", 2, "title", "has no value"),
        ("title: New", 'title: ""', 2, "title", "is empty"),
        ("title: New", 'title: "  "', 2, "title", "is empty"),
        ("title: New", "title: 2020", 2, "title", 'must be text; put it in quotes: "2020"'),
        ("title: New", "title: 1.5", 2, "title", "(YAML reads it as a number)"),
        ("title: New", "title: no", 2, "title", 'put it in quotes: "no" (YAML reads it as false)'),
        ("title: New", "title: 2026-11-20", 2, "title", "(YAML reads it as a date)"),
        ("title: New", "title: [a]", 2, "title", "must be text"),
        ("title: New", "title: {a: b}", 2, "title", "must be text"),
        ("reviewed: 2026-11-20", "reviewed: yesterday", 3, "reviewed", "a date like 2026-11-22"),
        ("reviewed: 2026-11-20", "reviewed: 2026-13-45", 3, "reviewed", "a date like 2026-11-22"),
        ("reviewed: 2026-11-20", "reviewed: 20.11.2026", 3, "reviewed", "found '20.11.2026'"),
        (
            "reviewed: 2026-11-20",
            "reviewed: 2026-11-20 10:00:00",
            3,
            "reviewed",
            "without the time",
        ),
        ("- what is new", "- no", 5, "phrasings[0]", 'put it in quotes: "no"'),
        ("- what is new", "- on", 5, "phrasings[0]", "(YAML reads it as true)"),
        ("- what is new", "- yes", 5, "phrasings[0]", 'put it in quotes: "yes"'),
        ("- what is new", "- a\n- a", 4, "phrasings", "'a' is listed twice"),
        ("- what is new", "  what is new", 4, "phrasings", "each entry on a line of its own"),
        (SHORT, "", 6, "short.text", "is missing"),
        (SHORT, "  text: " + "word " * 61, 6, "short", "61 words; a short answer has at most 60"),
        ("  sources: [example-label]", "", 6, "short.sources", "is missing"),
        ("sources: [example-label]", "sources: []", 8, "short.sources", "at least 1 entry"),
        ("[example-label]", "example-label", 8, "short.sources", "must be a list"),
        ("[example-label]", "[Label 2]", 8, "short.sources[0]", "small letters, digits and hyph"),
        ("- text: Second.\n  s", "- Second.\n- s", 14, "points[1]", "of the form 'name: value'"),
        ("- text: First.", "- txt: First.", 10, "points[0].text", "is missing"),
        ("  - example-trial", "  - example-label", 11, "points[0].sources", "is listed twice"),
        ("  - example-trial", "  - 2020", 13, "points[0].sources[1]", 'in quotes: "2020"'),
        (
            "berg-2020: favours-ldn",
            "berg-2020: good",
            17,
            "points[1].findings.berg-2020",
            "must be 'favours-ldn', 'favours-comparator', 'no-difference', 'mixed', ",
        ),
        ("berg-2020: fav", "Berg: fav", 17, "points[1].findings.Berg", "small letters, digits"),
        ("[about.bot]", "[bot]", 18, "related[0]", "must be a kind, a dot and a name"),
        ("[about.bot]", "[drug.bot]", 18, "related[0]", "the kinds are about, mechanism, "),
    ],
)
def test_faulty_topic(
    folder: Folder, old: str, new: str, line: int, field: str, reason: str
) -> None:
    folder.topic(old, new)

    found = {(p.file, p.line, p.field): p.reason for p in folder.problems()}

    assert reason in found["about/new.yaml", line, field]


@pytest.mark.parametrize("content", ["just text", "- a\n- b\n", "5\n", "null\n"])
def test_file_that_is_no_record(folder: Folder, content: str) -> None:
    folder.write("about/new.yaml", content)

    problem = folder.problem()

    assert (problem.line, problem.field) == (1, "")
    assert problem.reason in {"must be lines of the form 'name: value'", "has no value"} or (
        problem.reason.startswith("must be lines of the form 'name: value'; found ")
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "field", "reason"),
    [
        (
            "conditions/long-covid.yaml",
            "related:",
            "certainty: {level: probable, reason: Guess.}\nrelated:",
            "",
            "the certainty of a condition is computed from its studies",
        ),
        (
            "interactions/codeine.yaml",
            "interaction: {severity: contraindicated, reliability: label}\n",
            "",
            "",
            "'interaction' (severity, reliability) belongs to interaction topics",
        ),
        (
            "interactions/codeine.yaml",
            "severity: contraindicated, ",
            "",
            "interaction.severity",
            "is missing",
        ),
        (
            "interactions/codeine.yaml",
            "severity: contraindicated",
            "severity: bad",
            "interaction.severity",
            "must be 'contraindicated', 'serious', ",
        ),
        (
            "side-effects/insomnia.yaml",
            "certainty: {level: disputed, reason: Reports and the trial differ.}\n",
            "",
            "",
            "'certainty' is missing (level and reason)",
        ),
        (
            "side-effects/insomnia.yaml",
            "level: disputed",
            "level: high",
            "certainty.level",
            "must be 'established', 'probable', ",
        ),
        (
            "studies/berg-2020.yaml",
            "short: In this",
            f"short: {'word ' * 60} In this",
            "short",
            "words; a short answer has at most 60",
        ),
        (
            "studies/berg-2020.yaml",
            "interval: [-1.4, -0.2]",
            "interval: [-0.2, -1.4]",
            "outcomes[0].estimate.interval",
            "the lower limit stands first",
        ),
        (
            "studies/berg-2020.yaml",
            'p: "0.01"',
            "p: 0.01",
            "outcomes[0].estimate.p",
            'must be text; put it in quotes: "0.01"',
        ),
        (
            "studies/berg-2020.yaml",
            'p: "0.01"',
            'p: "p<0.01"',
            "outcomes[0].estimate.p",
            "must be a p value like 0.03 or <0.001; found 'p<0.01'",
        ),
        (
            "studies/berg-2020.yaml",
            "randomised: 120",
            "randomised: many",
            "participants.randomised",
            "must be a whole number; found 'many'",
        ),
        (
            "studies/berg-2020.yaml",
            "randomised: 120",
            "randomised: -1",
            "participants.randomised",
            "must be at least 0; found '-1'",
        ),
        (
            "studies/berg-2020.yaml",
            "primary: true",
            "primary: main",
            "outcomes[0].primary",
            "must be true or false; found 'main'",
        ),
        (
            "studies/berg-2020.yaml",
            "value: -0.8",
            "value: less",
            "outcomes[0].estimate.value",
            "must be a number; found 'less'",
        ),
        (
            "studies/berg-2020.yaml",
            "value: -0.8",
            "better: less, value: -0.8",
            "outcomes[0].estimate.better",
            "must be 'lower', 'higher' or 'unknown'",
        ),
        (
            "sources/examples.yaml",
            "doi: 10.1000",
            "doi: https://doi.org/10.1000",
            "sources[0].doi",
            "without 'https://doi.org/' before it",
        ),
        (
            "sources/examples.yaml",
            'pmid: "12345678"',
            "pmid: 12345678",
            "sources[1].pmid",
            'must be text; put it in quotes: "12345678"',
        ),
        (
            "sources/examples.yaml",
            "url: https://example.org/article",
            "url: www.example.org/article",
            "sources[3].url",
            "must be an address that begins with http://",
        ),
        (
            "sources/examples.yaml",
            "year: 2020",
            "year: 1066",
            "sources[0].year",
            "must be at least 1900; found '1066'",
        ),
        (
            "sources/examples.yaml",
            "type: rct",
            "type: trial",
            "sources[0].type",
            "must be 'rct', 'open-label-trial', ",
        ),
        (
            "vocabulary/conditions.yaml",
            "[fibro]",
            "[fibro, no]",
            "entities[0].terms[1]",
            'must be text; put it in quotes: "no"',
        ),
        (
            "vocabulary/conditions.yaml",
            "[fibro]",
            '["?!"]',
            "entities[0].terms[0]",
            "a term needs letters or digits; found '?!'",
        ),
        (
            "vocabulary/words.yaml",
            '"on", in',
            "on, in",
            "stop_words[12]",
            'put it in quotes: "on" (YAML reads it as true)',
        ),
        (
            "vocabulary/emergencies.yaml",
            "window: 30",
            "window: 300",
            "emergencies[1].rules[0].window",
            "must be at most ",
        ),
    ],
)
def test_faulty_record_of_the_folder(
    folder: Folder, name: str, old: str, new: str, field: str, reason: str
) -> None:
    folder.edit(name, old, new)
    line = folder.line(name, new.splitlines()[0]) if new and field else 1
    if field == "interaction.severity" and not new:
        line = folder.line(name, "interaction: {")

    found = {(p.file, p.line, p.field): p.reason for p in folder.problems()}

    assert reason in found[name, line, field]


@pytest.mark.parametrize(
    ("direction", "value", "reason"),
    [
        ("no-difference", "-0.8", "say which values speak for LDN: 'better: lower' or "),
        ("mixed", "-0.8", "say which values speak for LDN: 'better: lower' or "),
        ("favours-ldn", "0, better: lower", None),
        ("no-difference", "-0.8, better: unknown", None),
        ("favours-ldn", "-0.8, better: lower", None),
        ("favours-ldn", "-0.8, better: higher", "'favours-ldn' does not fit this value where "),
        ("favours-comparator", "-0.8, better: lower", "'favours-comparator' does not fit this"),
        ("uncontrolled-improvement", "-0.8, better: lower", "'better' belongs to a difference or"),
        ("uncontrolled-improvement", "-0.8", None),
    ],
)
def test_an_estimate_says_which_values_speak_for_ldn(
    folder: Folder, direction: str, value: str, reason: str | None
) -> None:
    name = "studies/berg-2020.yaml"
    folder.edit(name, "direction: favours-ldn", f"direction: {direction}")
    folder.edit(name, "value: -0.8", f"value: {value}")

    problems = folder.problems()

    if reason is None:
        assert problems == []
    else:
        (problem,) = problems
        assert (problem.file, problem.field) == (name, "outcomes[0]")
        assert problem.reason.startswith(reason)


def test_the_key_no_is_norwegian(folder: Folder) -> None:
    folder.edit("vocabulary/conditions.yaml", "{de: [", "{no: [")

    assert folder.problems() == []


def test_entity_of_a_study_has_its_place(folder: Folder) -> None:
    folder.edit("vocabulary/medicines.yaml", "kind: medicine", "kind: study")

    problem = next(p for p in folder.problems() if p.file == "vocabulary/medicines.yaml")

    assert (problem.line, problem.field) == (4, "entities[0].kind")
    assert problem.reason == "studies belong in studies/"


def test_everything_that_is_wrong_is_told_at_once(folder: Folder) -> None:
    folder.topic("title: New", "title: 5\nnote: x\nsubjects: [nothing]")
    folder.write("about/other.yaml", "id: about.other\n\tbroken: x\n")
    folder.write("misc/new.yaml", TOPIC)
    folder.edit("side-effects/insomnia.yaml", "[example-trial]", "[no-such-source]")
    folder.edit("sources/examples.yaml", "year: 2020", "year: soon")
    (folder.path / "vocabulary/smalltalk.yaml").unlink()

    assert [(p.file, p.line, p.field) for p in folder.problems()] == [
        ("about/new.yaml", 2, "title"),
        ("about/new.yaml", 3, "note"),
        ("about/other.yaml", 2, ""),
        ("misc/new.yaml", 0, ""),
        ("side-effects/insomnia.yaml", 11, "short.sources[0]"),
        ("sources/examples.yaml", 7, "sources[0].year"),
        ("vocabulary/smalltalk.yaml", 0, ""),
    ]


def test_problems_read_well(folder: Folder) -> None:
    folder.topic("[about.bot]", "[about.bott]")

    assert str(folder.problem()) == (
        "about/new.yaml:18: error: related[0]: there is no topic 'about.bott'; "
        "did you mean 'about.bot'?"
    )


def patterns(schema: object) -> Iterator[str]:
    """Every pattern in a JSON schema."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "pattern" and isinstance(value, str):
                yield value
            elif key == "patternProperties":
                yield from value
            yield from patterns(value)
    elif isinstance(schema, list):
        for entry in schema:
            yield from patterns(entry)


def test_every_pattern_has_words() -> None:
    models: list[Any] = [Topic, Study, SourceFile, EntityFile, *SINGLE_FILES.values()]

    found = {p for model in models for p in patterns(TypeAdapter(model).json_schema())}

    assert found == set(PATTERNS)
