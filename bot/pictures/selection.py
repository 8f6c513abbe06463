"""Which studies count as low-dose studies of a condition, and which of their results are drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import Comparator, DoseClass, Outcome, Study, Topic

COMPARATORS = {Comparator.PLACEBO, Comparator.ACTIVE, Comparator.USUAL_CARE}
_LOW_DOSES = {DoseClass.LOW, DoseClass.ULTRA_LOW}


def low_dose(knowledge: KnowledgeBase, studies: Sequence[Study]) -> tuple[Study, ...]:
    """The studies of LDN by mouth that are no reviews, each group of people once.

    Left out, as for the certainty line: other doses and drugs, reviews (they hold the same trials
    again), second reports on the same people. Studies with a retracted source are left out too.
    """
    listed = {study.id for study in studies}
    return tuple(
        study
        for study in studies
        if not study.design.review
        and study.dose_class in _LOW_DOSES
        and not listed & set(study.overlaps)
        and not retracted(knowledge, study)
    )


def retracted(knowledge: KnowledgeBase, study: Study) -> bool:
    """True if a source of the study was retracted."""
    return any(knowledge.sources[source].retracted for source in study.sources)


def compared(study: Study) -> tuple[Outcome, ...]:
    """The main outcomes that were compared with something (all, where none is marked as main)."""
    if study.comparator not in COMPARATORS:
        return ()
    return tuple(o for o in study.primary_outcomes if o.direction.controlled)


def reviewed(topic: Topic, studies: Iterable[Study]) -> dt.date:
    """The latest day on which a curator went over what is drawn."""
    return max([topic.reviewed, *(study.reviewed for study in studies)])
