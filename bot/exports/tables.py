"""Tables: the studies as CSV, and the popular claims with their verdicts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import Outcome, Study

STUDY_COLUMNS = (
    "id",
    "title",
    "conditions",
    "design",
    "dose_class",
    "dose",
    "comparator",
    "country",
    "planned",
    "enrolled",
    "randomised",
    "analysed",
    "status",
    "outcome",
    "primary",
    "result",
    "direction",
    "metric",
    "value",
    "low",
    "high",
    "p",
    "better",
    "sources",
)


def studies_csv(knowledge: KnowledgeBase) -> str:
    """One row for each outcome of each study (one row for a study without outcomes)."""
    target = io.StringIO()
    writer = csv.DictWriter(target, STUDY_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for study in knowledge.studies.values():
        for outcome in study.outcomes or (None,):
            writer.writerow(_row(study, outcome))
    return target.getvalue()


def _row(study: Study, outcome: Outcome | None) -> dict[str, object]:
    row: dict[str, object] = {
        "id": study.id,
        "title": study.title,
        "conditions": " ".join(study.conditions),
        "design": study.design.value,
        "dose_class": study.dose_class.value,
        "dose": study.dose,
        "comparator": study.comparator.value,
        "country": study.country,
        **study.participants.model_dump(),
        "status": study.status.value,
        "sources": " ".join(study.sources),
    }
    if outcome:
        row |= {
            "outcome": outcome.measure,
            "primary": outcome.primary,
            "result": outcome.result,
            "direction": outcome.direction.value,
            "sources": " ".join(outcome.sources or study.sources),
        }
        if outcome.estimate:
            low, high = outcome.estimate.interval or (None, None)
            row |= {
                "metric": outcome.estimate.metric.value,
                "value": outcome.estimate.value,
                "low": low,
                "high": high,
                "p": outcome.estimate.p,
                "better": outcome.better.value if outcome.better else None,
            }
    return row


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A popular claim, our verdict, what the source says, and the topic that answers it."""

    claim: str
    verdict: str
    finding: str
    topic_id: str
    sources: tuple[str, ...]


def claims_table(knowledge: KnowledgeBase) -> Iterator[ClaimRow]:
    """Every popular claim of the knowledge base, by topic."""
    for topic in knowledge.topics.values():
        for claim in topic.popular_claims:
            yield ClaimRow(claim.claim, claim.verdict, claim.finding, topic.id, claim.sources)
