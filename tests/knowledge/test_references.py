"""Ids: every one that is named exists, none is used twice, and one fault is told once."""

from __future__ import annotations

import pytest

from bot.knowledge import load
from tests.knowledge.folders import TOPIC, Folder


@pytest.mark.parametrize(
    ("name", "old", "new", "field", "reason"),
    [
        (
            "about/what-is-ldn.yaml",
            "[example-label]",
            "[example-labl]",
            "short.sources[0]",
            "there is no source 'example-labl'; did you mean 'example-label'?",
        ),
        (
            "conditions/fibromyalgia.yaml",
            "{berg-2020: no-difference}",
            "{moon-2020: no-difference}",
            "points[1].findings.moon-2020",
            "there is no study 'moon-2020'",
        ),
        (
            "conditions/fibromyalgia.yaml",
            "studies: [berg-2020]",
            "studies: [moon-1969]",
            "studies[0]",
            "there is no study 'moon-1969'",
        ),
        (
            "conditions/fibromyalgia.yaml",
            "subjects: [fibromyalgia]",
            "subjects: [fibromyalgia, weather]",
            "subjects[1]",
            "there is no vocabulary entry 'weather'",
        ),
        (
            "conditions/fibromyalgia.yaml",
            "subjects: [fibromyalgia]",
            "intents: [effect-of]",
            "intents[0]",
            "there is no intent 'effect-of'",
        ),
        (
            "conditions/fibromyalgia.yaml",
            "related: [study.berg-2020,",
            "related: [study.moon-1969,",
            "related[0]",
            "there is no topic 'study.moon-1969'",
        ),
        (
            "conditions/fibromyalgia.yaml",
            "outcome: pain, source: example-review",
            "outcome: pain, source: nowhere",
            "ratings[0].source",
            "there is no source 'nowhere'",
        ),
        (
            "conditions/fibromyalgia.yaml",
            "[example-article, example-trial]",
            "[example-article, hearsay]",
            "popular_claims[0].sources[1]",
            "there is no source 'hearsay'",
        ),
        (
            "studies/berg-2020.yaml",
            "conditions: [fibromyalgia]",
            "conditions: [weather]",
            "conditions[0]",
            "there is no vocabulary entry 'weather'",
        ),
        (
            "studies/berg-2020.yaml",
            "conditions: [fibromyalgia]",
            "overlaps: [moon-1969]",
            "overlaps[0]",
            "there is no study 'moon-1969'",
        ),
        (
            "studies/berg-2020.yaml",
            "  direction: no-difference",
            "  direction: no-difference\n  sources: [nowhere]",
            "outcomes[1].sources[0]",
            "there is no source 'nowhere'",
        ),
        (
            "studies/berg-2020.yaml",
            "adverse_events:",
            "points:\n- {text: More., sources: [nowhere]}\nadverse_events:",
            "points[0].sources[0]",
            "there is no source 'nowhere'",
        ),
        (
            "studies/berg-2020.yaml",
            "  sources: [example-trial]",
            "  sources: [nowhere]",
            "adverse_events.sources[0]",
            "there is no source 'nowhere'",
        ),
        (
            "studies/berg-2020.yaml",
            "related: [condition.fibromyalgia]",
            "related: [condition.weather]",
            "related[0]",
            "there is no topic 'condition.weather'",
        ),
        (
            "vocabulary/symptoms.yaml",
            "  terms: [dreams, nightmares]\n  broader: [side-effects]",
            "  broader: [weather]",
            "entities[1].broader[0]",
            "there is no vocabulary entry 'weather'",
        ),
        (
            "vocabulary/opioids.yaml",
            "topic: interaction.tramadol",
            "topic: interaction.weather",
            "opioids[1].topic",
            "there is no topic 'interaction.weather'",
        ),
        (
            "vocabulary/opioids.yaml",
            "  reason: An antidepressant.",
            "  reason: An antidepressant.\n  sources: [nowhere]",
            "look_alikes[0].sources[0]",
            "there is no source 'nowhere'",
        ),
        (
            "vocabulary/emergencies.yaml",
            "topic: safety.chest-pain",
            "topic: safety.weather",
            "emergencies[2].topic",
            "there is no topic 'safety.weather'",
        ),
        (
            "vocabulary/emergencies.yaml",
            "near: [breath]",
            "near: [breathing]",
            "emergencies[3].rules[0].near[0]",
            "there is no set of words 'breathing'; did you mean 'breath'?",
        ),
        (
            "vocabulary/emergencies.yaml",
            "window: 6, unless: [general, negation]",
            "window: 6, unless: [general, denial]",
            "emergencies[2].rules[0].unless[1]",
            "there is no set of words 'denial'",
        ),
        (
            "vocabulary/emergencies.yaml",
            "near: [breath]",
            "near: [breath], unless_asked: [asking]",
            "emergencies[3].rules[0].unless_asked[0]",
            "there is no set of words 'asking'",
        ),
        (
            "vocabulary/opioids.yaml",
            "drug_use_context:",
            "words: {patch: [patch]}\nimplied:\n- {id: patches, opioid: plaster, warning: full, "
            "rules: [{id: a, near: [patch]}]}\ndrug_use_context:",
            "implied[0].opioid",
            "there is no opioid 'plaster'",
        ),
        (
            "vocabulary/opioids.yaml",
            "drug_use_context:",
            "words: {patch: [patch]}\nimplied:\n- {id: patches, opioid: opioids, warning: full, "
            "rules: [{id: a, near: [plaster]}]}\ndrug_use_context:",
            "implied[0].rules[0].near[0]",
            "there is no set of words 'plaster'",
        ),
        (
            "vocabulary/decisions.yaml",
            "near: [should-i, act]",
            "near: [should-i, do]",
            "rules[0].near[1]",
            "there is no set of words 'do'",
        ),
        (
            "vocabulary/smalltalk.yaml",
            "topic: about.bot",
            "topic: about.weather",
            "smalltalk[0].topic",
            "there is no topic 'about.weather'",
        ),
        (
            "notices.yaml",
            "[example-label, project-advice]",
            "[example-label, nowhere]",
            "opioid_standard[0].sources[1]",
            "there is no source 'nowhere'",
        ),
    ],
)
def test_reference_to_nothing(
    folder: Folder, name: str, old: str, new: str, field: str, reason: str
) -> None:
    folder.edit(name, old, new)
    text = (folder.path / name).read_text(encoding="utf-8")
    place = text.index(new) + new.rindex(reason.split("'")[1])
    line = text[:place].count("\n") + 1

    problem = folder.problem()

    assert (problem.file, problem.field) == (name, field)
    assert problem.reason == reason
    assert problem.line == line


def test_each_entry_of_a_list_has_its_own_line(folder: Folder) -> None:
    folder.topic("  - example-trial", "  - nowhere")

    problem = folder.problem()

    assert (problem.line, problem.field) == (13, "points[0].sources[1]")


def test_opioids_ldn_and_aliases_may_be_referred_to(folder: Folder) -> None:
    folder.topic("related: [about.bot]", "related: [condition.fibro]\nsubjects: [ldn, loperamide]")

    assert folder.problems() == []


def test_same_id_in_two_source_files(folder: Folder) -> None:
    folder.write(
        "sources/more.yaml",
        "reviewed: 2026-11-20\n"
        "sources:\n"
        "- {id: new-one, type: news, title: New, level: secondary, checked: 2026-11-20}\n"
        "- title: Again\n"
        "  id: example-trial\n"
        "  type: rct\n"
        "  level: abstract\n"
        "  checked: 2026-11-20\n",
    )

    problem = folder.problem()

    assert (problem.file, problem.line) == ("sources/more.yaml", 5)
    assert problem.field == "sources[1].id"
    assert problem.reason == "the id 'example-trial' is already used in sources/examples.yaml:3"


def test_same_id_in_two_vocabulary_files(folder: Folder) -> None:
    folder.write(
        "vocabulary/places.yaml",
        "reviewed: 2026-11-20\nentities:\n- {id: fibromyalgia, kind: place, name: Fibro Town}\n",
    )

    problem = folder.problem()

    assert (problem.file, problem.line) == ("vocabulary/places.yaml", 3)
    assert problem.reason == "the id 'fibromyalgia' is already used in vocabulary/conditions.yaml:3"


def test_same_id_in_two_topic_files(folder: Folder) -> None:
    folder.topic()
    folder.write("about/new.yml", TOPIC)

    problem = folder.problem()

    assert (problem.file, problem.line, problem.field) == ("about/new.yml", 1, "id")
    assert problem.reason == "the id 'about.new' is already used in about/new.yaml:1"


def test_same_intent_twice(folder: Folder) -> None:
    folder.edit("vocabulary/intents.yaml", "{id: safety,", "{id: definition,")

    problem = folder.problem()

    assert (problem.line, problem.field) == (7, "intents[4].id")
    assert "'definition' is already used in vocabulary/intents.yaml:3" in problem.reason


def test_alias_that_is_another_topic(folder: Folder) -> None:
    folder.topic("title: New", "title: New\naliases:\n- about.newer\n- about.bot")

    problem = folder.problem()

    assert (problem.file, problem.line, problem.field) == ("about/new.yaml", 5, "aliases[1]")
    assert problem.reason == "the id 'about.bot' already leads to 'about.bot'"


def test_line_of_a_duplicate_alias(folder: Folder) -> None:
    folder.write(
        "side-effects/zzz.yaml",
        TOPIC.replace("about.new", "side-effect.zzz").replace(
            "title: New",
            "title: New\ncertainty: {level: unknown, reason: No.}\naliases:\n- condition.fibro",
        ),
    )

    problem = folder.problem()

    assert (problem.file, problem.line, problem.field) == ("side-effects/zzz.yaml", 5, "aliases[0]")


def test_faulty_topic_does_not_make_references_to_it_look_wrong(folder: Folder) -> None:
    folder.topic("title: New", "titel: New")
    folder.edit("about/bot.yaml", "[about.what-is-ldn]", "[about.new]")

    assert {p.file for p in folder.problems()} == {"about/new.yaml"}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("sources/examples.yaml", "year: 2020", "year: soon"),
        ("sources/examples.yaml", "reviewed: 2026-11-20", "\treviewed: 2026-11-20"),
        ("vocabulary/conditions.yaml", "name: fibromyalgia", "names: fibromyalgia"),
        ("vocabulary/conditions.yaml", "reviewed: 2026-11-20", "reviewed: a: b"),
        ("vocabulary/opioids.yaml", "reason: Acts in the gut.", "reason: 5"),
        ("vocabulary/opioids.yaml", "reason: Acts in the gut.", "reason: *gut"),
        ("vocabulary/intents.yaml", "reviewed: 2026-11-20", "reviewed: x"),
        ("vocabulary/intents.yaml", "reviewed: 2026-11-20", "reviewed: [x"),
        ("studies/berg-2020.yaml", "title: Berg 2020", "title: 5"),
        ("studies/berg-2020.yaml", "title: Berg 2020", "title: 'Berg"),
        ("safety/chest-pain.yaml", "title: Chest pain", "title: Chest: pain"),
        ("vocabulary/emergencies.yaml", "window: 30", "window: x"),
    ],
)
def test_one_fault_in_a_file_is_told_once(folder: Folder, name: str, old: str, new: str) -> None:
    folder.edit(name, old, new)

    assert {problem.file for problem in folder.problems()} == {name}


def test_version_changes_with_every_file(folder: Folder) -> None:
    before = load(folder.path).version
    folder.edit("about/bot.yaml", "I am not a doctor.", "I am no doctor.")
    changed = load(folder.path).version
    folder.edit("about/bot.yaml", "I am no doctor.", "I am not a doctor.")

    assert changed != before
    assert load(folder.path).version == before


def test_study_becomes_a_topic_and_a_name(folder: Folder) -> None:
    base = load(folder.path)
    topic = base.topics["study.berg-2020"]

    assert topic.subjects == ("study-berg-2020", "fibromyalgia")
    assert topic.short.text == base.studies["berg-2020"].short
    assert topic.points[0].text.startswith("Design (Norway): people were")
    assert "Pain (main outcome): 0.8 points lower" in topic.points[3].text
    assert topic.points[3].findings == {"berg-2020": "favours-ldn"}
    assert base.vocabulary.entities["study-berg-2020"].terms == ("fibromyalgia example trial",)
    assert base.studies_of(base.topics["condition.fibromyalgia"])[0].id == "berg-2020"


def test_former_ids_lead_to_the_topic(folder: Folder) -> None:
    base = load(folder.path)

    assert base.topic("condition.fibro") is base.topic("condition.fibromyalgia")
    assert base.topic("condition.nothing") is None
