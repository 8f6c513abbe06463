"""Which estimates may share an axis."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import Better, Metric, Outcome, Study
from bot.pictures.figures import METRICS, interval, number, year
from bot.pictures.model import Panel, Point

_NAMED_SCALE = re.compile(r"\b0-\d+ scale\b")
_STANDARDISED = Metric.STANDARDISED_MEAN_DIFFERENCE
_RATIOS = {Metric.RISK_RATIO, Metric.ODDS_RATIO, Metric.HAZARD_RATIO, Metric.INCIDENCE_RATE_RATIO}


@dataclass(frozen=True, slots=True)
class Axis:
    """What estimates must have in common to stand on one axis.

    ``what`` was measured on which scale, in words; ``owner`` is the one result that may use an axis
    whose scale isn't named.
    """

    metric: Metric
    better: Better
    what: str = ""
    owner: str = ""


def difference_panels(
    knowledge: KnowledgeBase,
    pairs: Iterable[tuple[Study, Outcome]],
    *,
    studies_needed: int,
) -> tuple[Panel, ...]:
    """Panels of differences, one for each scale on which enough studies have a value.

    Args:
        knowledge: for the year of the sources.
        pairs: the outcomes to choose from, with their studies.
        studies_needed: fewer studies than this on a scale make no panel.

    Returns:
        Panels in which at least one estimate has an interval. Two outcomes share a panel only if
        the metric, the direction of the scale and either the standardisation or both the named
        scale and what was measured are the same.
    """
    grouped: dict[Axis, list[tuple[Study, Outcome]]] = {}
    for study, outcome in pairs:
        axis = _difference_axis(study, outcome)
        if axis is not None:
            grouped.setdefault(axis, []).append((study, outcome))
    chosen = [
        (axis, members)
        for axis, members in grouped.items()
        if len({study.id for study, _ in members}) >= studies_needed
        and any(o.estimate is not None and o.estimate.interval is not None for _, o in members)
    ]
    chosen.sort(key=lambda item: -len(item[1]))
    return tuple(_panel(knowledge, axis, members) for axis, members in chosen)


def ratio_panels(
    knowledge: KnowledgeBase, pairs: Iterable[tuple[Study, Outcome]]
) -> tuple[Panel, ...]:
    """Panels of ratios with an interval, one for each kind of ratio and of event.

    Their sides are 'fewer' and 'more': where lower values speak for LDN, the ratio is that of an
    unwanted event on LDN to one on the comparator.
    """
    grouped: dict[Axis, list[tuple[Study, Outcome]]] = {}
    for study, outcome in pairs:
        estimate = outcome.estimate
        if (
            estimate is not None
            and estimate.metric in _RATIOS
            and outcome.better is not None
            and estimate.interval is not None
            and estimate.interval[0] > 0
        ):
            axis = Axis(estimate.metric, outcome.better)
            grouped.setdefault(axis, []).append((study, outcome))
    return tuple(_panel(knowledge, axis, members) for axis, members in grouped.items())


def _difference_axis(study: Study, outcome: Outcome) -> Axis | None:
    estimate, better = outcome.estimate, outcome.better
    if estimate is None or better is None or estimate.metric in _RATIOS:
        return None
    if estimate.metric is _STANDARDISED:
        return Axis(estimate.metric, better)
    name = METRICS[estimate.metric]
    if estimate.unit is None:
        return None
    if _NAMED_SCALE.search(estimate.unit):
        measured = outcome.measure.split(",")[0]
        return Axis(estimate.metric, better, f"{measured}: {name}, {estimate.unit}")
    # Points of a scale that isn't named: nobody else's estimate may share it.
    unit = "points (scale not on record)" if estimate.unit == "points" else estimate.unit
    return Axis(estimate.metric, better, f"{name}, {unit}", f"{study.id} {outcome.measure}")


def _panel(knowledge: KnowledgeBase, axis: Axis, members: Sequence[tuple[Study, Outcome]]) -> Panel:
    ratio = axis.metric in _RATIOS
    higher = axis.better is Better.HIGHER
    title = (axis.what or METRICS[axis.metric]) + (" (more is better)" if higher else "")
    left, right = ("fewer", "more") if ratio else ("better", "worse")
    if ratio and higher:  # a wanted event: more of it is the good side, which is always left
        left, right = right, left
    return Panel(
        title=title[0].upper() + title[1:],
        left=f"{left} on LDN",
        right=f"{right} on LDN",
        null=axis.metric.null_value or 0.0,
        downwards=higher,
        logarithmic=ratio,
        points=tuple(_point(knowledge, study, outcome) for study, outcome in members),
    )


def _point(knowledge: KnowledgeBase, study: Study, outcome: Outcome) -> Point:
    estimate = outcome.estimate
    assert estimate is not None  # noqa: S101 - only outcomes with a value have an axis
    assert estimate.value is not None  # noqa: S101
    low, high = estimate.interval or (None, None)
    span = "no interval on record" if low is None or high is None else interval(low, high)
    return Point(
        study_id=study.id,
        year=year(knowledge, study),
        measure=outcome.measure,
        value=estimate.value,
        low=low,
        high=high,
        figures=f"{number(estimate.value)} ({span})",
    )
