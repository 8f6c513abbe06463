"""The evidence as a whole: conditions against kinds of study."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import Design, Direction, Study, Topic
from bot.pictures.model import Bubble, EvidenceMap, MapRow
from bot.pictures.selection import COMPARATORS, low_dose, reviewed
from bot.replies.certainty import overall_direction

KINDS = (
    "randomised, compared",
    "compared, not randomised",
    "no comparison",
    "case reports and series",
)
A_HANDFUL = 10
"""Conditions with case reports on fewer people, and nothing else, get no row of their own."""

_CASES = {Design.CASE_REPORT, Design.CASE_SERIES}


def evidence_map(knowledge: KnowledgeBase, topic: Topic) -> EvidenceMap | None:
    """Every condition that has a low-dose study with a result, most randomised people first.

    ``None`` if there are fewer than two such conditions. What a study found is read from its main
    outcomes by the rule of the certainty line. A study stands in the row of every condition whose
    topic lists it.
    """
    rows = []
    used: list[Study] = []
    for condition in knowledge.topics.values():
        if condition.kind != "condition":
            continue
        studies = low_dose(knowledge, knowledge.studies_of(condition))
        found = [(study, result) for study in studies if (result := _result(study)) is not None]
        if found:
            rows.append(MapRow(_name(knowledge, condition), _bubbles(found)))
            used += [study for study, _ in found]
    if len(rows) < 2:
        return None
    rows.sort(key=_rank)
    return EvidenceMap(
        kinds=KINDS,
        rows=tuple(row for row in rows if not _hardly_studied(row)),
        hardly_studied=tuple(row for row in rows if _hardly_studied(row)),
        reviewed=reviewed(topic, used),
    )


def _result(study: Study) -> Direction | None:
    direction = overall_direction(study)
    return None if direction is Direction.NOT_REPORTED else direction


def _kind(study: Study, result: Direction) -> int:
    if result.controlled and study.comparator in COMPARATORS:
        return 0 if study.design.randomised else 1
    return 3 if study.design in _CASES else 2


def _bubbles(found: Sequence[tuple[Study, Direction]]) -> tuple[Bubble | None, ...]:
    cells: list[list[tuple[Study, Direction]]] = [[] for _ in KINDS]
    for study, result in found:
        cells[_kind(study, result)].append((study, result))
    return tuple(_bubble(cell) if cell else None for cell in cells)


def _bubble(cell: Sequence[tuple[Study, Direction]]) -> Bubble:
    results = Counter(result for _, result in cell)
    counts = [study.participants.count for study, _ in cell]
    return Bubble(
        results=tuple((d, results[d]) for d in Direction if results[d]),
        people=sum(count or 0 for count in counts),
        uncounted=sum(count is None for count in counts),
        study_ids=tuple(study.id for study, _ in cell),
    )


def _name(knowledge: KnowledgeBase, topic: Topic) -> str:
    """The plain name of a condition, as the vocabulary has it."""
    entity = knowledge.vocabulary.entities.get(topic.subjects[0]) if topic.subjects else None
    name = entity.name if entity else topic.title
    return name[0].upper() + name[1:]


def _hardly_studied(row: MapRow) -> bool:
    *others, cases = row.bubbles
    return not any(others) and cases is not None and cases.people < A_HANDFUL


def _rank(row: MapRow) -> tuple[float | str, ...]:
    """Kind by kind: more people first; then by name."""
    return (*(-(bubble.people + 0.5) if bubble else 0 for bubble in row.bubbles), row.condition)
