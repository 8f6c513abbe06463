"""Composes the topic of a study from its structured record, so that nothing is typed twice."""

from __future__ import annotations

from bot.knowledge.made_entities import study_entity_id
from bot.knowledge.schema import Claim, Comparator, Outcome, Participants, Status, Study, Topic

_STATUS = {
    Status.RECRUITING: "The study is recruiting; it has no results yet",
    Status.PLANNED: "The study is planned; it has no results yet",
    Status.TERMINATED: "The study was stopped early",
    Status.WITHDRAWN: "The study was withdrawn before it started",
    Status.UNKNOWN: "No published result of this study was found",
    Status.NOT_FOUND: "No publication or registration of this study was found",
}

_COMPARATORS = {
    Comparator.PLACEBO: "placebo",
    Comparator.ACTIVE: "another treatment",
    Comparator.USUAL_CARE: "usual care",
    Comparator.HEALTHY_PEOPLE: "healthy people",
    Comparator.VARIES: "different things in different studies",
    Comparator.UNKNOWN: "not known",
    Comparator.NONE: "nothing (no control group)",
}


def study_topic(study: Study) -> Topic:
    """The topic ``study.<id>``: short answer, design, people, every outcome, harms, limits."""
    facts = [_design(study), *_people(study), *_treatment(study)]
    if study.status in _STATUS and not (study.status is Status.UNKNOWN and study.outcomes):
        note = f" ({study.status_note})" if study.status_note else ""
        facts.append(f"{_STATUS[study.status]}{note}.")
    points = [_claim(fact, study) for fact in facts]
    points += [_outcome(outcome, study) for outcome in study.outcomes]
    if study.adverse_events:
        points.append(study.adverse_events)
    points += study.points
    return Topic(
        id=study.topic_id,
        title=study.title,
        aliases=study.aliases,
        reviewed=study.reviewed,
        subjects=(study_entity_id(study), *study.conditions),
        phrasings=study.phrasings,
        short=_claim(study.short, study),
        points=tuple(points),
        caveats=_limits(study),
        studies=(study.id,),
        popular_claims=study.popular_claims,
        related=study.related,
    )


def _claim(text: str, study: Study) -> Claim:
    return Claim(text=text, sources=study.sources)


def _sentence(text: str) -> str:
    text = text[0].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _design(study: Study) -> str:
    place = f" ({study.country})" if study.country else ""
    return _sentence(f"Design{place}: {study.design_note}")


def _people(study: Study) -> list[str]:
    counts = _counts(study.participants)
    if study.population and counts:
        return [_sentence(f"Who took part: {study.population} ({counts})")]
    if study.population or counts:
        return [_sentence(f"Who took part: {study.population or counts}")]
    return []


def _counts(people: Participants) -> str:
    named = (
        ("planned", people.planned),
        ("enrolled", people.enrolled),
        ("randomised", people.randomised),
        ("analysed", people.analysed),
    )
    return ", ".join(f"{number:,} {word}" for word, number in named if number is not None)


def _treatment(study: Study) -> list[str]:
    parts = []
    if study.dose:
        parts.append(f"dose: {study.dose}")
    parts.append(f"compared with: {study.comparator_note or _COMPARATORS[study.comparator]}")
    if study.duration:
        parts.append(f"length: {study.duration}")
    return [_sentence("; ".join(parts))]


def _outcome(outcome: Outcome, study: Study) -> Claim:
    main = " (main outcome)" if outcome.primary else ""
    return Claim(
        text=_sentence(f"{outcome.measure}{main}: {outcome.result}"),
        sources=outcome.sources or study.sources,
        findings={study.id: outcome.direction},
    )


def _limits(study: Study) -> tuple[Claim, ...]:
    if not study.limitations:
        return ()
    return (_claim(_sentence(f"Limits of the study: {'; '.join(study.limitations)}"), study),)
