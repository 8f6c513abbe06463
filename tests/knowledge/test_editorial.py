"""Editorial rules: each fires, and not without reason."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.knowledge import Gravity, Problem
from bot.knowledge.editorial import review
from bot.knowledge.loading import load_with_origins
from tests.knowledge.folders import Folder

TODAY = dt.date(2026, 11, 22)

FIBRO = "conditions/fibromyalgia.yaml"
STUDY = "studies/berg-2020.yaml"
SOURCES = "sources/examples.yaml"


def found(folder: Folder, today: dt.date = TODAY) -> list[Problem]:
    return review(load_with_origins(folder.path), today)


def only(folder: Folder, today: dt.date = TODAY) -> Problem:
    problems = found(folder, today)
    assert len(problems) == 1, "\n".join(map(str, problems))
    return problems[0]


def test_small_folder_is_clean(folder: Folder) -> None:
    assert found(folder) == []


@pytest.mark.parametrize("host", ["mirror.example", "www.mirror.example", "MIRROR.example:8080"])
def test_link_to_a_mirror(folder: Folder, host: str) -> None:
    folder.edit(SOURCES, "https://example.org/article", f"https://{host}/x")

    problem = only(folder)

    assert problem.file == SOURCES
    assert problem.line == folder.line(SOURCES, f"https://{host}/x")
    assert problem.field == "sources[3].url"
    assert problem.gravity is Gravity.ERROR
    assert "mirror.example only copies publications" in problem.reason


@pytest.mark.parametrize("host", ["notmirror.example", "mirror.example.org"])
def test_host_that_only_looks_like_a_mirror(folder: Folder, host: str) -> None:
    folder.edit(SOURCES, "https://example.org/article", f"https://{host}/x")

    assert found(folder) == []


def test_address_beside_a_doi(folder: Folder) -> None:
    folder.edit(SOURCES, "  year: 2020\n", "  year: 2020\n  url: https://example.org/paper\n")

    problem = only(folder)

    assert (problem.field, problem.gravity) == ("sources[0].url", Gravity.WARNING)
    assert problem.line == folder.line(SOURCES, "https://example.org/paper")
    assert "has a DOI" in problem.reason


def test_address_that_is_the_doi(folder: Folder) -> None:
    url = "https://doi.org/10.1000/x"
    folder.edit(SOURCES, "doi: 10.1000/ldn.2020(1)<7::aid>3", f"doi: 10.1000/x\n  url: {url}")

    assert found(folder) == []


def test_unused_source(folder: Folder) -> None:
    folder.edit(FIBRO, "[example-article, example-trial]", "[example-trial]")

    problem = only(folder)

    assert (problem.file, problem.field) == (SOURCES, "sources[3].id")
    assert problem.line == folder.line(SOURCES, "id: example-article")
    assert problem.gravity is Gravity.WARNING
    assert "'example-article' is not used anywhere" in problem.reason


OPIOIDS = "vocabulary/opioids.yaml"
CITED = "  sources: [example-article]\n"
POPULAR = "popular_claims:\n- {claim: A, verdict: opinion, finding: %s., sources: [%s]}\n"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (STUDY, "  result: no diff", f"{CITED}  result: no diff"),
        (STUDY, "status: completed\n", f"status: completed\n{POPULAR % ('B', 'example-article')}"),
        (FIBRO, "source: example-review}", "source: example-article}"),
        (OPIOIDS, "  reason: An antidep", f"{CITED}  reason: An antidep"),
        (
            OPIOIDS,
            "  generic: [loperamide]\n  sources: [example-label]\n",
            f"  generic: [loperamide]\n{CITED}",
        ),
        ("notices.yaml", "[example-label, project-advice]", "[example-article]"),
    ],
)
def test_source_used_in_an_odd_place(folder: Folder, name: str, old: str, new: str) -> None:
    folder.edit(FIBRO, "[example-article, example-trial]", "[example-trial]")
    folder.edit(name, old, new)

    assert found(folder) == []


def test_phrasing_of_two_topics(folder: Folder) -> None:
    folder.edit("side-effects/insomnia.yaml", "- can't sleep on ldn", "- Vivid dreams on LDN?")

    problem = only(folder)

    assert problem.gravity is Gravity.ERROR
    assert problem.file == "side-effects/vivid-dreams.yaml"
    assert (problem.line, problem.field) == (6, "phrasings[0]")
    assert problem.reason == "'vivid dreams on ldn' also stands in side-effect.insomnia"


def test_phrasing_of_a_study_and_a_topic(folder: Folder) -> None:
    folder.edit(STUDY, "- what did berg 2020 find", "- ldn for long haulers")

    assert "'ldn for long haulers' also stands in" in only(folder).reason


@pytest.mark.parametrize(
    ("today", "count"), [(dt.date(2027, 11, 20), 0), (dt.date(2027, 11, 21), 1)]
)
def test_review_is_due_after_a_year(folder: Folder, today: dt.date, count: int) -> None:
    for file in folder.path.rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("2026-11-20", "2026-12-20"), encoding="utf-8")
    folder.edit(FIBRO, "reviewed: 2026-12-20", "reviewed: 2026-11-20")

    problems = found(folder, today)

    assert len(problems) == count
    for problem in problems:
        assert (problem.file, problem.line, problem.field) == (FIBRO, 4, "reviewed")
        assert problem.gravity is Gravity.WARNING
        assert problem.reason == "was last reviewed on 2026-11-20, more than a year ago"


def test_review_of_a_study_is_due_too(folder: Folder) -> None:
    folder.edit(STUDY, "reviewed: 2026-11-20", "reviewed: 2020-01-01")

    assert (only(folder).file, only(folder).line) == (STUDY, 4)


def test_review_in_the_future(folder: Folder) -> None:
    folder.edit(FIBRO, "reviewed: 2026-11-20", "reviewed: 2026-11-23")

    assert only(folder).reason == "2026-11-23 lies in the future"


def test_finding_that_the_study_does_not_have(folder: Folder) -> None:
    folder.edit(FIBRO, "{berg-2020: no-difference}", "{berg-2020: favours-comparator}")

    problem = only(folder)

    assert problem.gravity is Gravity.ERROR
    assert problem.file == FIBRO
    assert problem.line == folder.line(FIBRO, "favours-comparator")
    assert problem.field == "points[1].findings.berg-2020"
    assert problem.reason == (
        "says 'favours-comparator' for berg-2020, but no outcome of that study says so"
    )


def test_finding_in_the_points_of_a_study(folder: Folder) -> None:
    folder.edit(
        STUDY,
        "adverse_events:",
        "points:\n- text: More.\n  sources: [example-trial]\n"
        "  findings: {berg-2020: favours-comparator}\nadverse_events:",
    )

    assert only(folder).field == "points[0].findings.berg-2020"


def test_mixed_needs_different_outcomes(folder: Folder) -> None:
    folder.edit(FIBRO, "{berg-2020: no-difference}", "{berg-2020: mixed}")
    assert found(folder) == []

    folder.edit(STUDY, "direction: no-difference", "direction: favours-ldn")
    assert [p.field for p in found(folder)] == ["points[1].findings.berg-2020"]


@pytest.mark.parametrize(
    ("direction", "interval", "reason"),
    [
        ("no-difference", "[-1.4, -0.2]", "'no-difference', but the interval -1.4 to -0.2 excl"),
        ("favours-ldn", "[-1.4, 0.2]", "'favours-ldn', but the interval -1.4 to 0.2 includes none"),
    ],
)
def test_direction_against_its_interval(
    folder: Folder, direction: str, interval: str, reason: str
) -> None:
    folder.edit(STUDY, "direction: favours-ldn", f"direction: {direction}")
    folder.edit(STUDY, "interval: [-1.4, -0.2]", f"interval: {interval}, better: lower")

    problem = next(p for p in found(folder) if p.gravity is Gravity.WARNING)

    assert (problem.file, problem.field) == (STUDY, "outcomes[0].direction")
    assert problem.line == 22
    assert problem.reason.startswith(reason)


def test_interval_of_a_ratio_is_compared_with_one(folder: Folder) -> None:
    folder.edit(STUDY, "mean-difference", "odds-ratio")
    folder.edit(STUDY, "interval: [-1.4, -0.2]", "interval: [0.4, 0.8]")

    assert found(folder) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "field"),
    [
        (FIBRO, "  text: One randomised", "  text: A miracle. One randomised", "short.text"),
        (FIBRO, "- text: Sleep did", "- text: A Miracle! Sleep did", "points[1].text"),
        (FIBRO, "The trial lasted", "The miracle lasted", "caveats[0].text"),
        (FIBRO, "title: Fibromyalgia", "title: Miracle", "title"),
        (FIBRO, "finding: in the", "finding: no miracle, in the", "popular_claims[0].finding"),
        ("interactions/codeine.yaml", "It is how", "A miracle is how", "certainty.reason"),
        (STUDY, "short: In this", "short: A miracle. In this", "short"),
        (STUDY, "result: no difference", "result: a miracle, no difference", "outcomes[1].result"),
        (STUDY, "measure: Sleep", "measure: Miracle", "outcomes[1].measure"),
        (STUDY, "text: Vivid dreams", "text: Miracle dreams", "adverse_events.text"),
        (STUDY, "[one country, short]", "[one country, no miracle]", "limitations[1]"),
        (STUDY, "design_note: people", "design_note: miracle people", "design_note"),
        (
            STUDY,
            "adverse_events:",
            "points:\n- {text: A miracle., sources: [example-trial]}\nadverse_events:",
            "points[0].text",
        ),
        (
            STUDY,
            "status: completed\n",
            f"status: completed\n{POPULAR % ('Miracle', 'example-trial')}",
            "popular_claims[0].finding",
        ),
        ("notices.yaml", "Ask a pharmacist", "Ask a miracle", "opioid_caution[0].text"),
        (
            "vocabulary/emergencies.yaml",
            "This can be sudden",
            "This miracle can be sudden",
            "emergencies[1].first_line.text",
        ),
    ],
)
def test_banned_phrase(folder: Folder, name: str, old: str, new: str, field: str) -> None:
    folder.edit(name, old, new)

    problem = only(folder)

    assert (problem.file, problem.field) == (name, field)
    assert problem.gravity is Gravity.ERROR
    lines = (folder.path / name).read_text(encoding="utf-8").splitlines()
    assert "iracle" in lines[problem.line - 1]
    assert problem.reason == "'miracle' must not stand here: Hype."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("claim: LDN works for", "claim: LDN is a miracle for"),  # quoted, not said by us
        ("Sleep did not differ.", "Miracles and imperfectly safe sleep did not differ."),
        ("- ldn for fibro pain", "- is ldn a miracle"),
    ],
)
def test_words_that_may_stand_there(folder: Folder, old: str, new: str) -> None:
    folder.edit(FIBRO, old, new)

    assert found(folder) == []


def test_phrase_of_two_words_with_its_reason(folder: Folder) -> None:
    folder.edit(FIBRO, "Sleep did not differ.", "It was Perfectly Safe, PERFECTLY safe.")

    assert only(folder).reason == (
        "'perfectly safe' must not stand here: Nothing was shown to be safe for everyone."
    )


def test_no_banned_phrases_at_all(folder: Folder) -> None:
    folder.write("editorial.yaml", "reviewed: 2026-11-20\nbanned_phrases: {}\nmirror_hosts: []\n")
    folder.edit(FIBRO, "Sleep did not differ.", "A miracle.")

    assert found(folder) == []


def test_findings_are_in_the_order_of_the_files(folder: Folder) -> None:
    folder.edit(STUDY, "measure: Sleep", "measure: Miracle")
    folder.edit(FIBRO, "title: Fibromyalgia", "title: Miracle")
    folder.edit(SOURCES, "https://example.org/article", "https://mirror.example/x")

    assert [problem.file for problem in found(folder)] == [FIBRO, SOURCES, STUDY]
