"""What has changed in the evidence on a topic between two states of the knowledge.

The state of a topic is small enough to be stored: its studies with what they found, how sure it
is, and the numbers that this rests on. Corrected wording is no change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import (
    CertaintyLevel,
    Design,
    Direction,
    Outcome,
    Severity,
    Status,
    Study,
    Topic,
)
from bot.replies import certainty
from bot.replies.composition import DESIGN_LABELS, finding_label

MOST_LINES = 8
"""More changes than these are only counted in a note."""

NOTE_END = (
    "You get this note because you watch this topic. One study rarely settles a question, so "
    "please don't change your treatment because of a note. Your prescriber can tell you what it "
    "means for you."
)

_SEVERITIES = {
    Severity.CONTRAINDICATED: "must not be taken together",
    Severity.SERIOUS: "serious",
    Severity.MODERATE: "moderate",
    Severity.MINOR: "minor",
    Severity.NONE_FOUND: "no problem found",
    Severity.UNKNOWN: "not known",
}


class _State(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StudyState(_State):
    """A study as far as the answer rests on it. ``figures`` are its main results in numbers."""

    name: str
    design: Design
    people: int | None
    direction: Direction | None
    status: Status
    figures: tuple[str, ...]
    retracted: bool

    @property
    def finding(self) -> str:
        """What it found, or where it stands."""
        return finding_label(self.direction, self.status)

    @property
    def result(self) -> Direction | None:
        """What it found, ``None`` if nothing is known of that."""
        return None if self.direction is Direction.NOT_REPORTED else self.direction


class TopicState(_State):
    """The evidence on a topic. ``form`` grows with every change of what a state holds."""

    form: Literal[1] = 1
    certainty: CertaintyLevel | None
    ratings: tuple[tuple[str, str], ...]
    severity: Severity | None
    studies: Mapping[str, StudyState]


@dataclass(frozen=True, slots=True)
class News:
    """The states to store, and what they mean for those who watch."""

    states: Mapping[str, str]
    notes_on: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)


def can_change(topic: Topic) -> bool:
    """Whether there is evidence on a topic that could change (not on the bot, not on words)."""
    return topic.kind != "about"


def state_of(knowledge: KnowledgeBase, topic: Topic) -> TopicState:
    """The evidence on a topic as it is in ``knowledge``."""
    studies = knowledge.studies_of(topic)
    level = CertaintyLevel(topic.certainty.level) if topic.certainty else None
    if topic.kind == "condition":
        level = certainty.level_of(certainty.evidence(studies))
    return TopicState(
        certainty=level,
        ratings=tuple((rating.outcome, rating.rating) for rating in topic.ratings),
        severity=topic.interaction.severity if topic.interaction else None,
        studies={study.id: _study_state(knowledge, study) for study in studies},
    )


def read_state(stored: str) -> TopicState | None:
    """A state from its JSON; ``None`` if it has another form than states have now."""
    try:
        return TopicState.model_validate_json(stored)
    except ValidationError:
        return None


def compare(knowledge: KnowledgeBase, stored: Mapping[str, str]) -> News:
    """What is new in ``knowledge``, given the stored states.

    A topic that was never seen, or whose state has an old form, is no news: it is only stored.
    """
    renamed = {
        former: topic.id
        for former in stored
        if former not in knowledge.topics and (topic := knowledge.topic(former))
    }
    known = {**{renamed[former]: stored[former] for former in renamed}, **stored}
    states: dict[str, str] = {}
    notes_on: dict[str, str] = {}
    for topic in knowledge.topics.values():
        now = state_of(knowledge, topic)
        state = now.model_dump_json()
        if stored.get(topic.id) != state:
            states[topic.id] = state
        before = read_state(known[topic.id]) if topic.id in known else None
        lines = changes(before, now) if before else ()
        if lines:
            notes_on[topic.id] = note(topic.title, lines)
    return News(states, notes_on, renamed)


def changes(before: TopicState, now: TopicState) -> tuple[str, ...]:
    """What is new, one sentence or two for each change, the most important first."""
    return (
        *_retractions(before, now),
        *_new_studies(before, now),
        *_new_results(before, now),
        *_judgements(before, now),
        *_corrections(before, now),
        *_removals(before, now),
    )


def note(title: str, lines: tuple[str, ...]) -> str:
    """The note to those who watch the topic with this title, as plain text."""
    shown = [f"• {line}" for line in lines[:MOST_LINES]]
    more = len(lines) - len(shown)
    if more:
        shown.append(f"• {more} more {'change' if more == 1 else 'changes'}.")
    return "\n\n".join([f"News on the evidence: {title}", "\n".join(shown), NOTE_END])


def _study_state(knowledge: KnowledgeBase, study: Study) -> StudyState:
    return StudyState(
        name=study.title,
        design=study.design,
        people=study.participants.count,
        direction=certainty.overall_direction(study),
        status=study.status,
        figures=tuple(sorted(_figures(outcome) for outcome in study.primary_outcomes)),
        retracted=any(knowledge.sources[source].retracted for source in study.sources),
    )


def _figures(outcome: Outcome) -> str:
    estimate = outcome.estimate
    if estimate is None:
        return outcome.direction.value
    return f"{outcome.direction.value} {estimate.value} {estimate.interval} {estimate.p}"


def _retractions(before: TopicState, now: TopicState) -> Iterator[str]:
    for study_id, study in now.studies.items():
        known = before.studies.get(study_id)
        if study.retracted and known and not known.retracted:
            yield (
                f"{study.name} was retracted: its publisher took it back, so its results should "
                "not be relied on."
            )


def _new_studies(before: TopicState, now: TopicState) -> Iterator[str]:
    for study_id, study in now.studies.items():
        if study_id not in before.studies:
            people = "" if study.people is None else f", {_people(study.people)}"
            retracted = " Its publisher took it back (retracted)." if study.retracted else ""
            yield (
                f"New study: {study.name} ({DESIGN_LABELS[study.design]}{people}). "
                f"Result: {study.finding}.{retracted}"
            )


def _new_results(before: TopicState, now: TopicState) -> Iterator[str]:
    for study, known in _both(before, now):
        if study.result is not known.result and known.result is None:
            yield f"First result of {study.name}: {study.finding}."
        elif study.finding != known.finding:
            yield f"{study.name}: now “{study.finding}”, before “{known.finding}”."


def _judgements(before: TopicState, now: TopicState) -> Iterator[str]:
    if now.certainty is not before.certainty:
        yield _turned(
            "How sure this is", _certainty_label(before.certainty), _certainty_label(now.certainty)
        )
    if now.severity is not before.severity:
        yield _turned("How serious it is", _severity(before.severity), _severity(now.severity))
    for outcome, rating in now.ratings:
        if (outcome, rating) not in before.ratings:
            yield f"A published review now rates the evidence on {outcome} as {rating} certainty."


def _corrections(before: TopicState, now: TopicState) -> Iterator[str]:
    for study, known in _both(before, now):
        if study.finding != known.finding:
            continue  # told as a result already
        if study.people != known.people and study.people is not None:
            yield f"{study.name}: now counted with {_people(study.people)}."
        elif study.figures != known.figures:
            yield f"{study.name}: its figures were corrected or completed."


def _removals(before: TopicState, now: TopicState) -> Iterator[str]:
    for study_id, study in before.studies.items():
        if study_id not in now.studies:
            yield f"{study.name} is no longer listed here."


def _both(before: TopicState, now: TopicState) -> Iterator[tuple[StudyState, StudyState]]:
    """Each study that is in both states, as it is and as it was."""
    for study_id, study in now.studies.items():
        if study_id in before.studies:
            yield study, before.studies[study_id]


def _turned(what: str, before: str, now: str) -> str:
    return f"{what}: now “{now}”, before “{before}”."


def _certainty_label(level: CertaintyLevel | None) -> str:
    return certainty.LABELS[level] if level else "not rated"


def _severity(severity: Severity | None) -> str:
    return _SEVERITIES[severity] if severity else "not rated"


def _people(number: int) -> str:
    return f"{number:,} {'person' if number == 1 else 'people'}"
