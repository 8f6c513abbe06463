"""How sure an answer is, computed from the studies behind it.

For conditions the rule is our own reading and is labelled so. It follows the idea of GRADE (start
from the design, lower for few people and for conflict) in a form simple enough to be checked by
hand; ``docs/certainty.md`` explains it. Published ratings are quoted beside it, never mixed in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.knowledge.schema import (
    CertaintyLevel,
    Design,
    Direction,
    DoseClass,
    Status,
    Study,
    Topic,
)
from bot.replies.model import CertaintyLine, Statement

FEW_PEOPLE = 100
"""Below this many people in all controlled studies together, certainty is very low."""

ENOUGH_PEOPLE = 400
"""From this many people on, agreeing controlled studies reach moderate certainty."""

LABELS = {
    CertaintyLevel.HIGH: "High certainty",
    CertaintyLevel.MODERATE: "Moderate certainty",
    CertaintyLevel.LOW: "Low certainty",
    CertaintyLevel.VERY_LOW: "Very low certainty",
    CertaintyLevel.NO_STUDIES: "No usable result",
    CertaintyLevel.ESTABLISHED: "Well established",
    CertaintyLevel.PROBABLE: "Probable",
    CertaintyLevel.DISPUTED: "Disputed",
    CertaintyLevel.HYPOTHESIS: "Only a theory",
    CertaintyLevel.UNKNOWN: "Not known",
}

_LOW_DOSES = {DoseClass.LOW, DoseClass.ULTRA_LOW}

_WHAT_A_DESIGN_SHOWS = {
    Design.PARALLEL_RCT: "People were assigned by chance, so it can show an effect of the "
    "treatment; one trial alone can still mislead.",
    Design.CROSSOVER_RCT: "Everyone had both treatments in a random order, so it can show an "
    "effect of the treatment; one trial alone can still mislead.",
    Design.FACTORIAL_RCT: "People were assigned by chance to combinations of treatments, so it "
    "can show an effect; one trial alone can still mislead.",
    Design.PLACEBO_CONTROLLED_NOT_RANDOMISED: "There was a placebo but no chance assignment: "
    "time or expectation may explain the result.",
    Design.CONTROLLED_NOT_RANDOMISED: "The groups were not made by chance, so they may have "
    "differed from the start.",
    Design.SINGLE_ARM_TRIAL: "Everyone got the treatment: without a comparison group it can't "
    "tell the medicine from time, placebo or chance.",
    Design.COHORT: "People were followed, not assigned: it can show what goes together, not what "
    "causes what.",
    Design.REGISTER_STUDY: "Prescription registers show what people collected, not how they felt, "
    "and can't show the cause.",
    Design.CHART_REVIEW: "A look back into clinic records without a comparison group: it can't "
    "tell the medicine from time, placebo or chance.",
    Design.CASE_SERIES: "A handful of selected patients: it can raise a question, not answer it.",
    Design.CASE_REPORT: "Single patients: it can raise a question, not answer it.",
    Design.SURVEY: "People who chose to answer, without a comparison group: it shows experiences, "
    "not effects.",
    Design.META_ANALYSIS: "A pooled analysis is as sure as the trials inside it; small or flawed "
    "trials stay so.",
    Design.SYSTEMATIC_REVIEW: "A review is as sure as the studies that it found.",
    Design.NARRATIVE_REVIEW: "A review without a fixed search: the authors chose what to include.",
    Design.LABORATORY: "Laboratory work shows what can happen in cells or blood, not whether "
    "patients feel better.",
    Design.PHARMACOLOGY: "It shows what the body does with the drug, not whether patients feel "
    "better.",
    Design.UNKNOWN: "The design could not be read, so nothing can be concluded from it.",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Counts of the controlled low-dose studies of a condition, and of the others.

    ``people`` adds up those of the controlled studies; ``uncounted`` is the number of controlled
    studies whose size was not read.
    """

    benefit: int
    no_difference: int
    mixed: int
    harm: int
    people: int
    uncounted: int
    uncontrolled: int
    awaited: int

    @property
    def controlled(self) -> int:
        """Number of controlled studies with a result."""
        return self.benefit + self.no_difference + self.mixed + self.harm


def evidence(studies: Sequence[Study]) -> Evidence:
    """Count what the studies found.

    Reviews, other doses or drugs, and second reports on the same people are left out.
    """
    results: Counter[Direction] = Counter()
    people = uncounted = uncontrolled = awaited = 0
    listed = {study.id for study in studies}
    for study in studies:
        if study.design.review or study.dose_class not in _LOW_DOSES:
            continue
        if listed & set(study.overlaps):
            continue
        direction = overall_direction(study)
        if direction is not None and direction.controlled and study.design.randomised:
            results[direction] += 1
            count = study.participants.count
            people += count or 0
            uncounted += count is None
        elif direction is not None and direction is not Direction.NOT_REPORTED:
            uncontrolled += 1
        elif study.status in {Status.RECRUITING, Status.PLANNED, Status.UNKNOWN}:
            awaited += 1
    return Evidence(
        benefit=results[Direction.FAVOURS_LDN],
        no_difference=results[Direction.NO_DIFFERENCE],
        mixed=results[Direction.MIXED],
        harm=results[Direction.FAVOURS_COMPARATOR],
        people=people,
        uncounted=uncounted,
        uncontrolled=uncontrolled,
        awaited=awaited,
    )


def overall_direction(study: Study) -> Direction | None:
    """What the study found on its primary outcomes (all outcomes if none is marked).

    Differing controlled results make it mixed; ``None`` if the study has no outcomes.
    """
    directions = {outcome.direction for outcome in study.primary_outcomes}
    directions.discard(Direction.NOT_REPORTED)
    if not directions:
        return Direction.NOT_REPORTED if study.outcomes else None
    if len(directions) == 1:
        return directions.pop()
    controlled = {direction for direction in directions if direction.controlled}
    if len(controlled) == 1:
        return controlled.pop()
    if controlled:
        return Direction.MIXED
    return Direction.UNCONTROLLED_IMPROVEMENT


def level_of(found: Evidence) -> CertaintyLevel:
    """Our reading of a condition's evidence; the rule stands in ``docs/certainty.md``."""
    if not found.controlled:
        return CertaintyLevel.VERY_LOW if found.uncontrolled else CertaintyLevel.NO_STUDIES
    if found.people < FEW_PEOPLE:
        return CertaintyLevel.VERY_LOW
    agree = found.controlled in {found.benefit, found.no_difference, found.harm}
    if found.controlled > 1 and agree and found.people >= ENOUGH_PEOPLE:
        return CertaintyLevel.MODERATE
    return CertaintyLevel.LOW


def condition_certainty(studies: Sequence[Study], quoted: tuple[Statement, ...]) -> CertaintyLine:
    """The certainty line of a condition, from its studies."""
    found = evidence(studies)
    level = level_of(found)
    return CertaintyLine(f"{LABELS[level]} (our reading)", _counted(found), quoted)


def study_certainty(study: Study) -> CertaintyLine:
    """What a study of this kind can and can't show."""
    return CertaintyLine("What it can show", _WHAT_A_DESIGN_SHOWS[study.design])


def stated_certainty(topic: Topic) -> CertaintyLine | None:
    """The certainty that the curators stated for a topic, if any."""
    if topic.certainty is None:
        return None
    return CertaintyLine(LABELS[CertaintyLevel(topic.certainty.level)], topic.certainty.reason)


def _counted(found: Evidence) -> str:
    sentences = []
    if found.controlled:
        results = [
            f"{number} found {what}"
            for number, what in (
                (found.benefit, "a benefit"),
                (found.no_difference, "no difference from the comparison"),
                (found.mixed, "mixed results"),
                (found.harm, "the comparator better"),
            )
            if number
        ]
        people = f"{found.people:,} people" if found.people else "number of people not read"
        if found.people and found.uncounted:
            people += f", {found.uncounted} of unknown size"
        studies = "study" if found.controlled == 1 else "studies"
        sentences.append(
            f"{found.controlled} randomised {studies} of a low dose ({people}): "
            f"{', '.join(results)}."
        )
    else:
        sentences.append("No randomised study of a low dose with a result was found.")
    if found.uncontrolled:
        studies = "study" if found.uncontrolled == 1 else "studies"
        sentences.append(f"{found.uncontrolled} {studies} without a randomised comparison.")
    if found.awaited:
        studies = "study has" if found.awaited == 1 else "studies have"
        sentences.append(f"{found.awaited} {studies} no published result yet.")
    return " ".join(sentences)
