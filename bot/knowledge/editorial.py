"""Editorial checks: what a valid knowledge base should also be (``ldn-bot check``)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.loading import LoadedKnowledge
from bot.knowledge.problems import Gravity, Origin, Problem
from bot.knowledge.readability import grade
from bot.knowledge.schema import Claim, Direction, Outcome, Study, Topic
from bot.knowledge.yaml_reader import Keys

_STUDY_TEXTS = (
    "short",
    "design_note",
    "dose",
    "comparator_note",
    "population",
    "duration",
    "status_note",
)

MOST_GRADE = 9.0
"""Highest Flesch-Kincaid grade of a short answer."""

REVIEW_EVERY = dt.timedelta(days=365)


def review(loaded: LoadedKnowledge, today: dt.date) -> list[Problem]:
    """Every finding in the knowledge base, in file order. ``today`` dates the review check."""
    base, origins = loaded.base, loaded.origins
    found: list[Problem] = []
    found += _links(base, origins)
    found += _unused_sources(base, origins)
    found += _shared_phrasings(base, origins)
    found += _hard_to_read(base, origins)
    found += _stale(base, origins, today)
    found += _contradictions(base, origins)
    found += _implausible_outcomes(base, origins)
    found += _banned_phrases(base, origins)
    return sorted(found)


def _links(base: KnowledgeBase, origins: dict[str, Origin]) -> Iterator[Problem]:
    mirrors = tuple(f".{host.casefold()}" for host in base.editorial.mirror_hosts)
    for source in base.sources.values():
        if source.url is None:
            continue
        host = (urlsplit(source.url).hostname or "").casefold()
        if f".{host}".endswith(mirrors):
            reason = f"{host} only copies publications; link the original or leave the link out"
            yield origins[source.id].problem(reason, "url")
        elif source.doi and source.link != source.url:
            reason = "has a DOI, so readers are sent there; leave the address out"
            yield origins[source.id].problem(reason, "url", gravity=Gravity.WARNING)


def _unused_sources(base: KnowledgeBase, origins: dict[str, Origin]) -> Iterator[Problem]:
    used = {source for topic in base.topics.values() for source in _sources_of(topic)}
    used |= {s for study in base.studies.values() for s in study.sources}
    opioids = base.vocabulary.opioids
    used |= {s for opioid in opioids.opioids for s in opioid.sources}
    used |= {s for look_alike in opioids.look_alikes for s in look_alike.sources}
    used |= {
        s for entry in base.vocabulary.emergencies.emergencies for s in entry.first_line.sources
    }
    used |= {s for contact in base.contacts.contacts for s in contact.sources}
    used |= {*base.contacts.anywhere.sources}
    for name in type(base.notices).model_fields.keys() - {"reviewed"}:
        used |= {s for claim in getattr(base.notices, name) for s in claim.sources}
    for source_id in base.sources.keys() - used:
        yield origins[source_id].problem(
            f"the source {source_id!r} is not used anywhere", "id", gravity=Gravity.WARNING
        )


def _sources_of(topic: Topic) -> Iterator[str]:
    for claim in topic.claims():
        yield from claim.sources
    for popular in topic.popular_claims:
        yield from popular.sources
    for rating in topic.ratings:
        yield rating.source


def _shared_phrasings(base: KnowledgeBase, origins: dict[str, Origin]) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for topic in base.topics.values():
        for index, phrasing in enumerate(topic.phrasings):
            key = " ".join(re.findall(r"\w+", phrasing.casefold()))
            other = owner.setdefault(key, topic.id)
            if other != topic.id:
                reason = f"{phrasing!r} also stands in {other}"
                yield origins[topic.id].problem(reason, "phrasings", index)


def _hard_to_read(base: KnowledgeBase, origins: dict[str, Origin]) -> Iterator[Problem]:
    for topic in base.topics.values():
        found = grade(topic.short.text)
        if topic.is_word or topic.id in base.editorial.hard_to_read or found <= MOST_GRADE:
            continue
        yield origins[topic.id].problem(
            f"reads at school year {found:.1f}; {MOST_GRADE:.0f} at most: shorter sentences, "
            "plainer words",
            "short",
            gravity=Gravity.WARNING,
        )


def _stale(base: KnowledgeBase, origins: dict[str, Origin], today: dt.date) -> Iterator[Problem]:
    for topic in base.topics.values():
        if today - topic.reviewed > REVIEW_EVERY:
            yield origins[topic.id].problem(
                f"was last reviewed on {topic.reviewed}, more than a year ago",
                "reviewed",
                gravity=Gravity.WARNING,
            )
        if topic.reviewed > today:
            yield origins[topic.id].problem(
                f"{topic.reviewed} lies in the future", "reviewed", gravity=Gravity.WARNING
            )


def _contradictions(base: KnowledgeBase, origins: dict[str, Origin]) -> Iterator[Problem]:
    """Claims that say something else about a study than the study's own outcomes."""
    for origin, path, claim in _claims(base, origins):
        for study_id, direction in claim.findings.items():
            if not _supported(base.studies[study_id], direction):
                reason = (
                    f"says {direction.value!r} for {study_id}, but no outcome of that study says so"
                )
                yield origin.problem(reason, *path, "findings", study_id)


def _supported(study: Study, direction: Direction) -> bool:
    directions = {outcome.direction for outcome in study.outcomes}
    if direction is Direction.MIXED:
        return Direction.MIXED in directions or len(directions) > 1
    return direction in directions


def _implausible_outcomes(base: KnowledgeBase, origins: dict[str, Origin]) -> Iterator[Problem]:
    """Outcomes whose direction does not fit their interval."""
    for study in base.studies.values():
        for index, outcome in enumerate(study.outcomes):
            reason = _misfit(outcome)
            if reason:
                yield origins[study.topic_id].problem(
                    reason, "outcomes", index, "direction", gravity=Gravity.WARNING
                )


def _misfit(outcome: Outcome) -> str | None:
    estimate = outcome.estimate
    if estimate is None or estimate.interval is None or estimate.metric.null_value is None:
        return None
    low, high = estimate.interval
    excludes = not low <= estimate.metric.null_value <= high
    if excludes and outcome.direction is Direction.NO_DIFFERENCE:
        return f"'no-difference', but the interval {low} to {high} excludes no difference"
    favours = {Direction.FAVOURS_LDN, Direction.FAVOURS_COMPARATOR}
    if not excludes and outcome.direction in favours:
        return f"{outcome.direction.value!r}, but the interval {low} to {high} includes none"
    return None


def _banned_phrases(base: KnowledgeBase, origins: dict[str, Origin]) -> Iterator[Problem]:
    reasons = {phrase.casefold(): why for phrase, why in base.editorial.banned_phrases.items()}
    phrases = "|".join(map(re.escape, sorted(reasons, key=len, reverse=True)))
    pattern = re.compile(rf"\b(?:{phrases})\b", re.IGNORECASE)
    for origin, path, text in _texts(base, origins) if reasons else ():
        for found in dict.fromkeys(match.casefold() for match in pattern.findall(text)):
            yield origin.problem(f"{found!r} must not stand here: {reasons[found]}", *path)


def _claims(
    base: KnowledgeBase, origins: dict[str, Origin]
) -> Iterator[tuple[Origin, Keys, Claim]]:
    """Every typed claim of topics, studies, notices and emergencies, and where it stands."""
    for topic in base.topics.values():
        if topic.kind != "study":
            yield origins[topic.id], ("short",), topic.short
            yield from _numbered(origins[topic.id], "points", topic.points)
            yield from _numbered(origins[topic.id], "caveats", topic.caveats)
    for study in base.studies.values():
        yield from _numbered(origins[study.topic_id], "points", study.points)
        if study.adverse_events:
            yield origins[study.topic_id], ("adverse_events",), study.adverse_events
    for name in type(base.notices).model_fields.keys() - {"reviewed"}:
        yield from _numbered(origins["notices.yaml"], name, getattr(base.notices, name))
    emergencies = origins["vocabulary/emergencies.yaml"]
    for index, emergency in enumerate(base.vocabulary.emergencies.emergencies):
        yield emergencies, ("emergencies", index, "first_line"), emergency.first_line


def _numbered(
    origin: Origin, name: str, claims: Iterable[Claim]
) -> Iterator[tuple[Origin, Keys, Claim]]:
    for index, claim in enumerate(claims):
        yield origin, (name, index), claim


def _texts(base: KnowledgeBase, origins: dict[str, Origin]) -> Iterator[tuple[Origin, Keys, str]]:
    """Every text of ours that readers see. A popular claim itself is quoted, not ours."""
    for origin, path, claim in _claims(base, origins):
        yield origin, (*path, "text"), claim.text
    for topic in base.topics.values():
        origin = origins[topic.id]
        yield origin, ("title",), topic.title
        if topic.certainty:
            yield origin, ("certainty", "reason"), topic.certainty.reason
        for index, popular in enumerate(topic.popular_claims):
            yield origin, ("popular_claims", index, "finding"), popular.finding
    for study in base.studies.values():
        origin = origins[study.topic_id]
        for name in _STUDY_TEXTS:
            yield origin, (name,), getattr(study, name) or ""
        for index, outcome in enumerate(study.outcomes):
            yield origin, ("outcomes", index, "measure"), outcome.measure
            yield origin, ("outcomes", index, "result"), outcome.result
        for index, limit in enumerate(study.limitations):
            yield origin, ("limitations", index), limit
