"""Numbers of the records in words, exactly as they stand there."""

from __future__ import annotations

import datetime as dt

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import Comparator, Design, Direction, Estimate, Metric, Outcome, Study

METRICS = {
    Metric.MEAN_DIFFERENCE: "mean difference",
    Metric.MEDIAN_DIFFERENCE: "median difference",
    Metric.STANDARDISED_MEAN_DIFFERENCE: "standardised mean difference",
    Metric.RISK_RATIO: "risk ratio",
    Metric.INCIDENCE_RATE_RATIO: "incidence rate ratio",
    Metric.HAZARD_RATIO: "hazard ratio",
    Metric.ODDS_RATIO: "odds ratio",
    Metric.PERCENTAGE_POINT_DIFFERENCE: "difference",
    Metric.NUMBER_NEEDED_TO_TREAT: "number needed to treat",
    Metric.WITHIN_GROUP_CHANGE: "change within the group",
    Metric.PROPORTION: "share",
}

COMPARATORS = {
    Comparator.PLACEBO: "placebo",
    Comparator.ACTIVE: "another treatment",
    Comparator.USUAL_CARE: "usual care",
}

DIRECTIONS = {
    Direction.FAVOURS_LDN: "better on LDN",
    Direction.FAVOURS_COMPARATOR: "worse on LDN",
    Direction.NO_DIFFERENCE: "no clear difference",
    Direction.MIXED: "mixed",
}

_DESIGNS = {
    Design.PARALLEL_RCT: "randomised",
    Design.CROSSOVER_RCT: "randomised crossover",
    Design.FACTORIAL_RCT: "randomised, several treatments",
    Design.META_ANALYSIS: "pooled analysis",
}


def number(value: float) -> str:
    """A number without needless zeros and with a real minus sign."""
    return f"{value:.6g}".replace("-", "−")


def interval(low: float, high: float) -> str:
    """The two ends of an interval."""
    return f"{number(low)} to {number(high)}"


def figures(outcome: Outcome, comparison: str) -> str:
    """The figures of an outcome: the two groups, value, unit, interval and p, as far as recorded.

    Where the record has no such figures, its result in words.
    """
    estimate = outcome.estimate
    if estimate is None:
        return outcome.result
    parts = [_groups(estimate, comparison), _value(estimate), _p(estimate.p)]
    return "; ".join(part for part in parts if part) or outcome.result


def about(knowledge: KnowledgeBase, study: Study) -> str:
    """Year of the main source, number of people and design of a study."""
    design = _DESIGNS.get(study.design, "not randomised")
    parts = (year(knowledge, study), people(study), design)
    return " · ".join(part for part in parts if part)


def year(knowledge: KnowledgeBase, study: Study) -> str:
    """The year of a study's main source."""
    published = knowledge.sources[study.sources[0]].year
    return str(published) if published else "year not on record"


def people(study: Study) -> str:
    """How many people took part, and in which sense; empty for a review without a number."""
    counts = study.participants
    for value, word in (
        (counts.randomised, "randomised"),
        (counts.enrolled, "enrolled"),
        (counts.analysed, "analysed"),
    ):
        if value is not None:
            return f"n = {value:,}" if word == "randomised" else f"n = {value:,} {word}"
    return "" if study.design.review else "n not on record"


def treatment(study: Study) -> str:
    """Dose and comparator."""
    against = study.comparator_note or COMPARATORS.get(study.comparator, "not known")
    return f"{study.dose or 'low dose, amount not on record'}; against {against}"


def day(date: dt.date) -> str:
    """A date in words, the same in every locale."""
    months = "January February March April May June July August September October November December"
    return f"{date.day} {months.split()[date.month - 1]} {date.year}"


def _groups(estimate: Estimate, comparison: str) -> str:
    if estimate.ldn is None or estimate.comparator is None:
        return ""
    unit = f" ({estimate.unit})" if estimate.unit and estimate.value is None else ""
    return f"LDN {number(estimate.ldn)}, {comparison} {number(estimate.comparator)}{unit}"


def _value(estimate: Estimate) -> str:
    if estimate.value is None:
        return ""
    text = f"{METRICS.get(estimate.metric, 'estimate')} {number(estimate.value)}"
    if estimate.unit and estimate.metric is not Metric.STANDARDISED_MEAN_DIFFERENCE:
        text += f" {estimate.unit}"
    if estimate.interval is not None:
        text += f" ({interval(*estimate.interval)})"
    return f"{text}, our arithmetic" if estimate.derived else text


def _p(p: str | None) -> str:
    if p is None:
        return ""
    sign = p[0] if p[0] in "<>=" else "="
    return f"p {sign} {p.lstrip('<>=')}"
