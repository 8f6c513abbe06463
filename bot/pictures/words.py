"""Pictures in words: the text alternative and the caption."""

from __future__ import annotations

from bot.knowledge.schema import Direction
from bot.pictures.evidence_map import A_HANDFUL
from bot.pictures.figures import DIRECTIONS, day
from bot.pictures.model import (
    Bubble,
    EvidenceMap,
    ForestPlot,
    MapRow,
    OutcomePlot,
    Panel,
    Plot,
    StudyRows,
)

CAPTION_LENGTH = 1024

RESULTS = {
    Direction.FAVOURS_LDN: "better on LDN",
    Direction.FAVOURS_COMPARATOR: "worse on LDN",
    Direction.NO_DIFFERENCE: "no clear difference",
    Direction.MIXED: "mixed",
    Direction.UNCONTROLLED_IMPROVEMENT: "improved, without comparison",
    Direction.UNCONTROLLED_NO_IMPROVEMENT: "not improved, without comparison",
}


def alternative(plot: Plot) -> str:
    """Everything that the picture shows, with every study in it, for those who can't see it.

    Each study, axis or condition has a line of its own.
    """
    return "\n".join(line for line in (*_told(plot), closing(plot)) if line)


def caption(plot: Plot) -> str:
    """The picture in a few sentences, within the limit of a caption."""
    text = f"{_summary(plot)} {closing(plot)}"
    return text if len(text) <= CAPTION_LENGTH else f"{text[: CAPTION_LENGTH - 1]}…"


def _told(plot: Plot) -> list[str]:
    match plot:
        case OutcomePlot():
            studies = [_study(rows) for rows in plot.studies]
            panels = [_panel(panel) for panel in plot.panels]
            return [_opening(plot), *studies, *panels, *_left_out(plot.left_out)]
        case ForestPlot():
            panels = [_panel(panel) for panel in plot.panels]
            opening = f"Forest plot: {plot.title}. {plot.remark}"
            return [opening, *panels, *_left_out(plot.left_out)]
        case EvidenceMap():
            opening = "Map of the evidence: people and studies by condition and kind of study."
            rows = [_row(plot.kinds, row) for row in (*plot.rows, *plot.hardly_studied)]
            return [opening, *rows, hardly_studied(plot)]


def _summary(plot: Plot) -> str:
    match plot:
        case OutcomePlot():
            names = ", ".join(rows.study_id for rows in plot.studies)
            return f"{_opening(plot)} Studies: {names}."
        case ForestPlot():
            points = (point for panel in plot.panels for point in panel.points)
            names = ", ".join(dict.fromkeys(point.study_id for point in points))
            return f"{plot.title}: estimates with their intervals. {plot.remark} Analyses: {names}."
        case EvidenceMap():
            conditions = len(plot.rows) + len(plot.hardly_studied)
            return (
                f"Low-dose studies with a result on record for {conditions} conditions. Only the "
                "first column can show an effect of LDN. A study may stand in several rows."
            )


def _left_out(studies: tuple[tuple[str, str], ...]) -> list[str]:
    return [left_out(studies)] if studies else []


def _row(kinds: tuple[str, ...], row: MapRow) -> str:
    cells = [
        f"{kind}: {bubble_in_words(bubble)}"
        for kind, bubble in zip(kinds, row.bubbles, strict=True)
        if bubble is not None
    ]
    return f"{row.condition}: {'; '.join(cells)}."


def closing(plot: Plot) -> str:
    """The date of the knowledge."""
    return f"Records last reviewed on {day(plot.reviewed)}."


def hardly_studied(plot: EvidenceMap) -> str:
    """Which conditions have no row of their own; empty if all have one."""
    if not plot.hardly_studied:
        return ""
    names = ", ".join(row.condition for row in plot.hardly_studied)
    return f"Only case reports on fewer than {A_HANDFUL} people: {names}."


def left_out(studies: tuple[tuple[str, str], ...]) -> str:
    """Which studies have no place in the picture, by reason."""
    reasons: dict[str, list[str]] = {}
    for study_id, reason in studies:
        reasons.setdefault(reason, []).append(study_id)
    told = "; ".join(f"{', '.join(ids)} ({reason})" for reason, ids in reasons.items())
    return f"Not drawn: {told}."


def bubble_in_words(bubble: Bubble) -> str:
    """A bubble of the map: people, studies by name, results."""
    known = f"{bubble.people:,} {'person' if bubble.people == 1 else 'people'}"
    if not bubble.people:
        known = "number of people not on record"
    if bubble.people and bubble.uncounted:
        known += f" and {bubble.uncounted} of unknown size"
    results = ", ".join(f"{count} {RESULTS[direction]}" for direction, count in bubble.results)
    return f"{known} ({', '.join(bubble.study_ids)}), {results}"


def _opening(plot: OutcomePlot) -> str:
    return (
        f"{plot.title}: main results of {len(plot.studies)} controlled low-dose studies, LDN "
        f"against {plot.comparison}. Nothing is pooled."
    )


def _study(rows: StudyRows) -> str:
    results = "; ".join(
        f"{r.measure}: {DIRECTIONS[r.direction]} ({r.figures})" for r in rows.results
    )
    return f"{rows.study_id} ({rows.about}; {rows.treatment}): {results}."


def _panel(panel: Panel) -> str:
    points = "; ".join(f"{p.study_id} ({p.year}), {p.measure}: {p.figures}" for p in panel.points)
    left, right = ("above", "below") if panel.downwards else ("below", "above")
    return (
        f"{panel.title} ({left} {panel.null:g} {panel.left}, {right} {panel.null:g} "
        f"{panel.right}): {points}."
    )
