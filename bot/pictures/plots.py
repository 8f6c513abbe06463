"""From the knowledge to what is drawn, or to nothing where the records don't carry a picture."""

from __future__ import annotations

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import Comparator, Design, DoseClass, Outcome, Study, Topic
from bot.pictures.evidence_map import evidence_map
from bot.pictures.figures import about, figures, treatment
from bot.pictures.model import ForestPlot, OutcomePlot, Plot, Result, StudyRows
from bot.pictures.panels import difference_panels, ratio_panels
from bot.pictures.selection import COMPARATORS, compared, low_dose, retracted, reviewed

POOLED = "evidence.meta-analyses"
MAPS = ("evidence.overview", "evidence.conditions-ranked")
STUDIES_NEEDED = 2


def plot_of(knowledge: KnowledgeBase, topic_id: str) -> Plot | None:
    """What the picture of a topic shows.

    Args:
        knowledge: the knowledge base.
        topic_id: a present or former topic id; any text is allowed.

    Returns:
        For a condition, the results of its controlled low-dose studies, if there are two or more;
        for the topic on pooled analyses, their estimates; for those on the evidence as a whole, a
        map of it. ``None`` for everything else: a single study is told better in words, and
        results without a comparison can't show an effect.
    """
    topic = knowledge.topic(topic_id)
    if topic is None:
        return None
    if topic.kind == "condition":
        return outcome_plot(knowledge, topic)
    if topic.id == POOLED:
        return pooled_plot(knowledge, topic)
    if topic.id in MAPS:
        return evidence_map(knowledge, topic)
    return None


def outcome_plot(knowledge: KnowledgeBase, topic: Topic) -> OutcomePlot | None:
    """What each controlled low-dose study of a condition found on its main outcomes.

    ``None`` for fewer than two such studies with a result. Panels are added where two studies or
    more have values on the same scale and at least one of them an interval; a value without an
    interval on record stays a bare point, and a p value never becomes an interval.
    """
    studies = low_dose(knowledge, knowledge.studies_of(topic))
    drawn = [(study, compared(study)) for study in studies]
    drawn = [(study, outcomes) for study, outcomes in drawn if outcomes]
    if len(drawn) < STUDIES_NEEDED:
        return None
    only_placebo = all(study.comparator is Comparator.PLACEBO for study, _ in drawn)
    pairs = [(study, outcome) for study, outcomes in drawn for outcome in outcomes]
    return OutcomePlot(
        title=topic.title,
        comparison="placebo" if only_placebo else "placebo or another comparison",
        studies=tuple(_rows(knowledge, study, outcomes) for study, outcomes in drawn),
        panels=difference_panels(knowledge, pairs, studies_needed=STUDIES_NEEDED),
        left_out=_without_row(knowledge, topic, {study.id for study, _ in drawn}),
        reviewed=reviewed(topic, [study for study, _ in drawn]),
    )


def pooled_plot(knowledge: KnowledgeBase, topic: Topic) -> ForestPlot | None:
    """The estimates of the placebo-controlled pooled analyses that a topic lists.

    Drawn are estimates with an interval whose side is on record; harms are drawn beside benefits.
    ``None`` for fewer than two analyses.
    """
    listed = [
        study
        for study in knowledge.studies_of(topic)
        if study.design is Design.META_ANALYSIS
        and study.dose_class is DoseClass.LOW
        and study.comparator is Comparator.PLACEBO
        and not retracted(knowledge, study)
    ]
    pairs = [
        (study, outcome)
        for study in listed
        for outcome in study.outcomes
        if outcome.direction.controlled and outcome.estimate and outcome.estimate.interval
    ]
    panels = (
        *difference_panels(knowledge, pairs, studies_needed=1),
        *ratio_panels(knowledge, pairs),
    )
    drawn = {point.study_id for panel in panels for point in panel.points}
    if len(drawn) < STUDIES_NEEDED:
        return None
    return ForestPlot(
        title=topic.title,
        remark="The analyses count the same trials again and again: they are not separate proofs.",
        panels=panels,
        left_out=tuple((s.id, "no comparable estimate") for s in listed if s.id not in drawn),
        reviewed=reviewed(topic, [study for study in listed if study.id in drawn]),
    )


def _rows(knowledge: KnowledgeBase, study: Study, outcomes: tuple[Outcome, ...]) -> StudyRows:
    comparison = "placebo" if study.comparator is Comparator.PLACEBO else "comparator"
    return StudyRows(
        study_id=study.id,
        about=about(knowledge, study),
        treatment=treatment(study),
        results=tuple(Result(o.measure, o.direction, figures(o, comparison)) for o in outcomes),
    )


def _without_row(
    knowledge: KnowledgeBase, topic: Topic, drawn: set[str]
) -> tuple[tuple[str, str], ...]:
    """Studies against a comparator, listed by the topic or naming its condition, without a row."""
    named = set(topic.studies)
    named |= {s.id for s in knowledge.studies.values() if set(topic.subjects[:1]) & {*s.conditions}}
    reasons = []
    for study in knowledge.studies.values():
        if study.id not in named or study.id in drawn:
            continue
        if study.design.review or study.comparator not in COMPARATORS:
            continue
        if named & set(study.overlaps):
            reason = "same people as another study"
        elif retracted(knowledge, study):
            reason = "retracted"
        elif not low_dose(knowledge, [study]):
            reason = "not LDN alone by mouth"
        elif not compared(study):
            reason = "no compared main result on record"
        else:
            reason = "not among the studies of this answer"
        reasons.append((study.id, reason))
    return tuple(reasons)
