"""Pictures of the shipped knowledge, and the knowledge that can't carry one."""

from __future__ import annotations

import dataclasses
import io
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from matplotlib.image import imread

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import Better, Direction, Estimate, Metric, Outcome, Source, Study
from bot.pictures import Picture, picture, picture_key, picture_topics
from bot.pictures.model import EvidenceMap, ForestPlot, OutcomePlot, Panel, Plot, Point
from bot.pictures.plots import plot_of
from bot.replies.certainty import evidence

CONDITIONS = (
    "condition.chronic-pain",
    "condition.depression",
    "condition.fibromyalgia",
    "condition.multiple-sclerosis",
)
POOLED = "evidence.meta-analyses"
MAP = "evidence.overview"
ALL = (*CONDITIONS, POOLED, MAP)


def made(knowledge: KnowledgeBase, topic_id: str, *, dark: bool = False) -> Picture:
    result = picture(knowledge, topic_id, dark=dark)
    assert result is not None
    return result


def pixels(drawn: Picture) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.asarray(imread(io.BytesIO(drawn.png), format="png"), dtype=np.float32)[..., :3]


def with_studies(knowledge: KnowledgeBase, studies: Sequence[Study]) -> KnowledgeBase:
    """The knowledge with some studies changed."""
    changed = {**knowledge.studies, **{study.id: study for study in studies}}
    return dataclasses.replace(knowledge, studies=changed)


def outcome(estimate: Estimate, direction: Direction) -> Outcome:
    return Outcome(measure="Pain", result="x", direction=direction, estimate=estimate)


def studies_in(plot: Plot | None) -> set[str]:
    if isinstance(plot, OutcomePlot):
        return {rows.study_id for rows in plot.studies}
    if isinstance(plot, ForestPlot):
        return {point.study_id for panel in plot.panels for point in panel.points}
    assert isinstance(plot, EvidenceMap)
    bubbles = [b for row in (*plot.rows, *plot.hardly_studied) for b in row.bubbles if b]
    return {study_id for bubble in bubbles for study_id in bubble.study_ids}


def points_of(
    plot: OutcomePlot | ForestPlot, knowledge: KnowledgeBase
) -> Iterator[tuple[Panel, Point, Estimate]]:
    """Every value on an axis, with the estimate on record that it shows."""
    for panel in plot.panels:
        for point in panel.points:
            study = knowledge.studies[point.study_id]
            (recorded,) = [o for o in study.outcomes if o.measure == point.measure]
            assert recorded.estimate is not None
            yield panel, point, recorded.estimate


def plain(value: float) -> str:
    return f"{value:g}".replace("-", "−")


@pytest.fixture(scope="module")
def light(shipped_knowledge: KnowledgeBase) -> dict[str, Picture]:
    return {topic_id: made(shipped_knowledge, topic_id) for topic_id in ALL}


# Which topics have a picture ---------------------------------------------------------------------


def test_topics_with_a_picture(shipped_knowledge: KnowledgeBase) -> None:
    assert set(picture_topics(shipped_knowledge)) == {*ALL, "evidence.conditions-ranked"}


def test_a_condition_has_a_picture_only_with_two_compared_studies(
    shipped_knowledge: KnowledgeBase,
) -> None:
    for topic in shipped_knowledge.topics.values():
        if topic.kind != "condition":
            continue
        found = evidence(shipped_knowledge.studies_of(topic))
        drawn = plot_of(shipped_knowledge, topic.id)
        if found.controlled >= 2:
            assert drawn is not None, topic.id
        if found.controlled + found.uncontrolled < 2:
            assert drawn is None, topic.id


@pytest.mark.parametrize(
    "topic_id",
    [
        "condition.crohns-disease",  # one trial with a compared result; the other has none
        "condition.migraine",  # combinations with another drug
        "condition.autism",  # full doses
        "condition.me-cfs",  # nothing compared
        "condition.lupus",  # no study
        "study.bruun-2024",  # a single study
        "evidence.quality",
        "nothing.known",
        "",
    ],
)
def test_no_picture_where_the_records_carry_none(
    shipped_knowledge: KnowledgeBase, topic_id: str
) -> None:
    assert picture(shipped_knowledge, topic_id) is None
    assert picture_key(shipped_knowledge, topic_id) is None


def test_small_knowledge_has_no_pictures(small_knowledge: KnowledgeBase) -> None:
    assert picture_topics(small_knowledge) == ()


def test_former_id_gives_the_same_picture(shipped_knowledge: KnowledgeBase) -> None:
    former = "evidence.meta-analyses-disagree"
    assert picture_key(shipped_knowledge, former) == picture_key(shipped_knowledge, POOLED)


def test_retracted_studies_are_not_drawn(shipped_knowledge: KnowledgeBase) -> None:
    source = shipped_knowledge.sources["mischoulon-2017"]
    sources: dict[str, Source] = {
        **shipped_knowledge.sources,
        source.id: source.model_copy(update={"retracted": True}),
    }
    changed = dataclasses.replace(shipped_knowledge, sources=sources)
    assert picture_key(shipped_knowledge, "condition.depression") is not None
    assert picture_key(changed, "condition.depression") is None


# The file ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("topic_id", ALL)
def test_png_opens_with_the_stated_size(light: dict[str, Picture], topic_id: str) -> None:
    drawn = light[topic_id]
    assert pixels(drawn).shape == (drawn.height, drawn.width, 3)
    assert drawn.width == 1080
    assert len(drawn.png) < 2_000_000
    # Telegram takes photos with sides of 10,000 in sum and 20 to 1; a phone less.
    assert drawn.height <= 3 * drawn.width


@pytest.mark.parametrize("topic_id", ALL)
def test_nothing_touches_the_edge(light: dict[str, Picture], topic_id: str) -> None:
    edge = pixels(light[topic_id])[:, -10:]
    # Only the ground and the bands of rows reach the edge.
    assert len(np.unique(edge.reshape(-1, 3), axis=0)) <= 2
    assert (edge == edge[:, :1]).all()


@pytest.mark.parametrize("topic_id", ALL)
def test_dark_differs_from_light_in_colour_only(
    shipped_knowledge: KnowledgeBase, light: dict[str, Picture], topic_id: str
) -> None:
    dark = made(shipped_knowledge, topic_id, dark=True)
    bright = light[topic_id]
    assert (dark.alt, dark.caption, dark.height) == (bright.alt, bright.caption, bright.height)
    assert dark.key != bright.key
    assert pixels(bright).mean() > 0.8
    assert pixels(dark).mean() < 0.25


def test_same_bytes_every_time(shipped_knowledge: KnowledgeBase, light: dict[str, Picture]) -> None:
    again = made(shipped_knowledge, "condition.fibromyalgia")
    assert again == light["condition.fibromyalgia"]


def test_same_bytes_from_many_threads(
    shipped_knowledge: KnowledgeBase, light: dict[str, Picture]
) -> None:
    drawn: list[Picture] = []
    threads = [
        threading.Thread(
            target=lambda: drawn.append(made(shipped_knowledge, "condition.depression"))
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn == [light["condition.depression"]] * 4


def test_key_is_known_without_drawing() -> None:
    code = (
        "import sys\n"
        "from bot.knowledge import default_directory, load\n"
        "from bot.pictures import picture_key\n"
        "print(picture_key(load(default_directory()), 'condition.depression'))\n"
        "assert 'matplotlib' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert re.fullmatch("[0-9a-f]{32}\n", done.stdout)


def test_key_follows_what_is_drawn(
    shipped_knowledge: KnowledgeBase, light: dict[str, Picture]
) -> None:
    topic_id = "condition.depression"
    assert picture_key(shipped_knowledge, topic_id) == light[topic_id].key
    study = shipped_knowledge.studies["moloney-2026"]
    unseen = with_studies(
        shipped_knowledge, [study.model_copy(update={"phrasings": ("other words",)})]
    )
    assert picture_key(unseen, topic_id) == light[topic_id].key
    seen = with_studies(shipped_knowledge, [study.model_copy(update={"dose": "3 mg"})])
    assert picture_key(seen, topic_id) != light[topic_id].key


def test_no_picture_needs_the_state_of_pyplot(light: dict[str, Picture]) -> None:
    assert light
    assert "matplotlib.pyplot" not in sys.modules


# What is drawn -----------------------------------------------------------------------------------


@pytest.mark.parametrize("topic_id", ALL)
def test_words_name_every_study_drawn(
    shipped_knowledge: KnowledgeBase, light: dict[str, Picture], topic_id: str
) -> None:
    drawn = studies_in(plot_of(shipped_knowledge, topic_id))
    assert len(drawn) >= 2
    named = set(re.findall(r"[a-z0-9-]+", light[topic_id].alt))
    assert drawn <= named
    assert "22 November 2026" in light[topic_id].alt
    assert len(light[topic_id].caption) <= 1024
    lines = light[topic_id].alt.splitlines()
    assert len(lines) > 2
    assert max(map(len, lines)) < 1000  # read line by line, and sent in messages


@pytest.mark.parametrize("topic_id", CONDITIONS)
def test_rows_have_the_figures_of_the_records(
    shipped_knowledge: KnowledgeBase, topic_id: str
) -> None:
    plot = plot_of(shipped_knowledge, topic_id)
    assert isinstance(plot, OutcomePlot)
    for rows in plot.studies:
        study = shipped_knowledge.studies[rows.study_id]
        outcomes = [o for o in study.primary_outcomes if o.direction.controlled]
        assert [result.measure for result in rows.results] == [o.measure for o in outcomes]
        assert str(study.participants.count) in rows.about
        assert study.dose is None or study.dose in rows.treatment
        for result, recorded in zip(rows.results, outcomes, strict=True):
            assert result.direction is recorded.direction
            estimate = recorded.estimate
            if estimate is None:
                assert result.figures == recorded.result
                continue
            numbers = [estimate.value, estimate.ldn, estimate.comparator]
            numbers += estimate.interval or ()
            for number in numbers:
                assert number is None or plain(number) in result.figures
            assert (estimate.p or "").lstrip("<>=") in result.figures
            assert estimate.derived == ("our arithmetic" in result.figures)
            assert estimate.interval is not None or " to " not in result.figures


@pytest.mark.parametrize("topic_id", [*CONDITIONS, POOLED])
def test_points_are_those_of_the_records(shipped_knowledge: KnowledgeBase, topic_id: str) -> None:
    plot = plot_of(shipped_knowledge, topic_id)
    assert isinstance(plot, OutcomePlot | ForestPlot)
    for panel, point, recorded in points_of(plot, shipped_knowledge):
        assert recorded.value == point.value
        assert recorded.interval == (None if point.low is None else (point.low, point.high))
        assert recorded.metric.null_value == panel.null


def test_fibromyalgia_in_detail(shipped_knowledge: KnowledgeBase) -> None:
    plot = plot_of(shipped_knowledge, "condition.fibromyalgia")
    assert isinstance(plot, OutcomePlot)
    assert {rows.study_id for rows in plot.studies} == {
        "bruun-2024",
        "innova",
        "bested-2023",
        "younger-2013",
        "de-paula-2023",
        "younger-2009",
    }
    (panel,) = plot.panels
    assert [(p.study_id, p.value, p.low, p.high) for p in panel.points] == [
        ("bruun-2024", -0.34, -0.95, 0.27),
        ("innova", 0.49, None, None),
    ]
    assert not panel.downwards
    assert dict(plot.left_out) == {
        "bruun-2025": "same people as another study",
        "younger-2009-50mg": "not LDN alone by mouth",
    }


def test_pooled_estimates_share_an_axis_only_when_standardised(
    shipped_knowledge: KnowledgeBase,
) -> None:
    plot = plot_of(shipped_knowledge, POOLED)
    assert isinstance(plot, ForestPlot)
    panels = {panel.title: [point.study_id for point in panel.points] for panel in plot.panels}
    assert set(panels["Standardised mean difference"]) == {
        "ann-med-surg-2025",
        "hegde-2025",
        "ologunowa-2025",
    }
    in_points = [p.points for p in plot.panels if p.title.startswith("Mean difference, points")]
    assert [[point.study_id for point in points] for points in in_points] == [
        ["vatvani-2024"],
        ["saif-2026"],
    ]
    assert panels["Standardised mean difference (more is better)"] == ["ann-med-surg-2025"]
    assert all(point.low is not None for panel in plot.panels for point in panel.points)


def test_map_agrees_with_the_certainty_line(shipped_knowledge: KnowledgeBase) -> None:
    plot = plot_of(shipped_knowledge, MAP)
    assert isinstance(plot, EvidenceMap)
    rows = {row.condition: row.bubbles for row in (*plot.rows, *plot.hardly_studied)}
    for topic in shipped_knowledge.topics.values():
        if topic.kind != "condition":
            continue
        entity = shipped_knowledge.vocabulary.entities.get(topic.subjects[0])
        name = (entity.name if entity else topic.title)[:1].upper()
        name += (entity.name if entity else topic.title)[1:]
        found = evidence(shipped_knowledge.studies_of(topic))
        randomised = rows[name][0] if name in rows else None
        assert (randomised.studies if randomised else 0) == found.controlled, topic.id
        assert (randomised.people if randomised else 0) == found.people, topic.id
        others = sum(b.studies for b in rows.get(name, ())[1:] if b)
        assert others == found.uncontrolled, topic.id


# On which side LDN is better ---------------------------------------------------------------------


@pytest.mark.parametrize("topic_id", [*CONDITIONS, POOLED])
def test_every_value_on_an_axis_has_its_side_on_record(
    shipped_knowledge: KnowledgeBase, topic_id: str
) -> None:
    plot = plot_of(shipped_knowledge, topic_id)
    assert isinstance(plot, OutcomePlot | ForestPlot)
    for panel, _, recorded in points_of(plot, shipped_knowledge):
        assert recorded.better == ("higher" if panel.downwards else "lower")


@pytest.mark.parametrize(
    ("better", "value", "direction", "side"),
    [
        (Better.LOWER, -0.3, "no-difference", Better.LOWER),
        (Better.HIGHER, -0.3, "mixed", Better.HIGHER),
        (Better.UNKNOWN, 1.5, "no-difference", None),
        (Better.UNKNOWN, 1.5, "favours-ldn", None),
        (None, 3.3, "favours-ldn", Better.HIGHER),
        (None, 3.3, "favours-comparator", Better.LOWER),
        (None, -3.3, "favours-ldn", Better.LOWER),
        (None, -3.3, "uncontrolled-improvement", None),
        (None, None, "no-difference", None),
    ],
)
def test_the_better_side_is_said_or_follows_from_a_clear_direction(
    better: Better | None, value: float | None, direction: str, side: Better | None
) -> None:
    estimate = Estimate(metric=Metric.MEAN_DIFFERENCE, value=value, better=better)
    assert outcome(estimate, Direction(direction)).better is side


def test_what_nobody_knows_the_side_of_is_not_drawn(shipped_knowledge: KnowledgeBase) -> None:
    study = shipped_knowledge.studies["vatvani-2024"]
    first, *others = study.outcomes
    assert first.estimate is not None
    unknown = first.estimate.model_copy(update={"better": Better.UNKNOWN})
    outcomes = (first.model_copy(update={"estimate": unknown}), *others)
    changed = study.model_copy(update={"outcomes": outcomes})
    assert "vatvani-2024" in studies_in(plot_of(shipped_knowledge, POOLED))
    plot = plot_of(with_studies(shipped_knowledge, [changed]), POOLED)
    assert "vatvani-2024" not in studies_in(plot)


def test_a_ratio_of_a_wanted_event_has_more_on_the_left(shipped_knowledge: KnowledgeBase) -> None:
    study = shipped_knowledge.studies["saif-2026"]
    estimate = Estimate(
        metric=Metric.RISK_RATIO, value=1.5, interval=(1.1, 2.0), better=Better.HIGHER
    )
    relieved = Outcome(
        measure="Much less pain", result="x", direction=Direction.FAVOURS_LDN, estimate=estimate
    )
    changed = study.model_copy(update={"outcomes": (*study.outcomes, relieved)})
    knowledge = with_studies(shipped_knowledge, [changed])
    plot = plot_of(knowledge, POOLED)
    assert isinstance(plot, ForestPlot)
    (panel,) = [p for p in plot.panels if p.title == "Risk ratio (more is better)"]
    assert (panel.left, panel.right, panel.downwards) == ("more on LDN", "fewer on LDN", True)
    assert "above 1 more on LDN, below 1 fewer on LDN" in made(knowledge, POOLED).alt


def test_a_scale_on_which_more_is_better_runs_downwards(shipped_knowledge: KnowledgeBase) -> None:
    changed = []
    for study_id in ("moloney-2026", "mischoulon-2017"):
        study = shipped_knowledge.studies[study_id]
        estimate = Estimate(
            metric=Metric.MEAN_DIFFERENCE,
            value=2.0,
            interval=(1.0, 3.0),
            unit="points on a 0-10 scale",
        )
        better = outcome(estimate, Direction.FAVOURS_LDN)
        changed.append(study.model_copy(update={"outcomes": (better,)}))
    knowledge = with_studies(shipped_knowledge, changed)
    plot = plot_of(knowledge, "condition.depression")
    assert isinstance(plot, OutcomePlot)
    (panel,) = plot.panels
    assert panel.downwards
    assert made(knowledge, "condition.depression").png
    assert (
        "above 0 better on LDN, below 0 worse on LDN" in made(knowledge, "condition.depression").alt
    )


def test_values_without_any_interval_make_no_panel(shipped_knowledge: KnowledgeBase) -> None:
    changed = []
    for study_id in ("moloney-2026", "mischoulon-2017"):
        study = shipped_knowledge.studies[study_id]
        estimate = Estimate(
            metric=Metric.MEAN_DIFFERENCE, value=2.0, p="0.03", unit="points on a 0-10 scale"
        )
        better = outcome(estimate, Direction.FAVOURS_LDN)
        changed.append(study.model_copy(update={"outcomes": (better,)}))
    plot = plot_of(with_studies(shipped_knowledge, changed), "condition.depression")
    assert isinstance(plot, OutcomePlot)
    assert plot.panels == ()
