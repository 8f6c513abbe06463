"""The certainty line is computed from study records by the rule in docs/certainty.md."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.knowledge.schema import (
    CertaintyLevel,
    Comparator,
    Design,
    Direction,
    DoseClass,
    Outcome,
    Participants,
    Status,
    Study,
)
from bot.replies.certainty import condition_certainty, evidence, level_of, overall_direction


def study(
    name: str = "berg-2020",
    direction: Direction | None = Direction.NO_DIFFERENCE,
    people: int | None = 60,
    design: Design = Design.PARALLEL_RCT,
    dose_class: DoseClass = DoseClass.LOW,
    status: Status = Status.COMPLETED,
    overlaps: tuple[str, ...] = (),
) -> Study:
    outcomes: tuple[Outcome, ...] = ()
    if direction is not None:
        outcomes = (Outcome(measure="pain", primary=True, result="x", direction=direction),)
    return Study(
        id=name,
        title=name,
        reviewed=dt.date(2026, 11, 22),
        sources=("berg-2020",),
        design=design,
        design_note="x",
        dose_class=dose_class,
        comparator=Comparator.PLACEBO,
        participants=Participants(randomised=people),
        status=status,
        short="x",
        outcomes=outcomes,
        overlaps=overlaps,
    )


@pytest.mark.parametrize(
    ("studies", "level"),
    [
        ([], CertaintyLevel.NO_STUDIES),
        ([study(direction=None, status=Status.RECRUITING)], CertaintyLevel.NO_STUDIES),
        (
            [study(design=Design.CHART_REVIEW, direction=Direction.UNCONTROLLED_IMPROVEMENT)],
            CertaintyLevel.VERY_LOW,
        ),
        ([study(people=99)], CertaintyLevel.VERY_LOW),
        ([study(people=100)], CertaintyLevel.LOW),
        ([study(people=1000)], CertaintyLevel.LOW),
        ([study("a-1", people=200), study("b-1", people=199)], CertaintyLevel.LOW),
        ([study("a-1", people=200), study("b-1", people=200)], CertaintyLevel.MODERATE),
        (
            [
                study("a-1", Direction.FAVOURS_LDN, 500),
                study("b-1", Direction.NO_DIFFERENCE, 500),
            ],
            CertaintyLevel.LOW,
        ),
    ],
)
def test_levels(studies: list[Study], level: CertaintyLevel) -> None:
    assert level_of(evidence(studies)) is level


def test_reviews_other_doses_and_second_reports_are_not_counted() -> None:
    found = evidence(
        [
            study("a-1", people=100),
            study("a-2", people=100, overlaps=("a-1",)),
            study("b-1", design=Design.META_ANALYSIS),
            study("c-1", dose_class=DoseClass.STANDARD),
            study("d-1", dose_class=DoseClass.OTHER_DRUG),
        ]
    )
    assert (found.controlled, found.people, found.uncontrolled) == (1, 100, 0)


def test_a_second_report_counts_where_the_first_is_not_listed() -> None:
    assert evidence([study("a-2", people=100, overlaps=("a-1",))]).people == 100


def test_differing_primary_outcomes_are_mixed() -> None:
    both = study().model_copy(
        update={
            "outcomes": tuple(
                Outcome(measure="m", primary=True, result="x", direction=direction)
                for direction in (Direction.FAVOURS_LDN, Direction.NO_DIFFERENCE)
            )
        }
    )
    assert overall_direction(both) is Direction.MIXED


def test_the_line_counts_people_and_results() -> None:
    line = condition_certainty(
        [
            study("a-1", Direction.FAVOURS_LDN, 31),
            study("b-1", Direction.NO_DIFFERENCE, 99),
            study("c-1", Direction.UNCONTROLLED_IMPROVEMENT, design=Design.CHART_REVIEW),
            study("d-1", None, status=Status.RECRUITING),
        ],
        (),
    )
    assert line.label == "Low certainty (our reading)"
    assert "2 randomised studies of a low dose (130 people): 1 found a benefit" in line.reason
    assert "1 found no difference" in line.reason
    assert "1 study without a randomised comparison" in line.reason
    assert "1 study has no published result yet" in line.reason
