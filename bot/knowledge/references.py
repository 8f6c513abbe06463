"""References between records: every id that is named must exist."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.problems import Origin, Problem
from bot.knowledge.schema import MADE_SETS, NoticeFile, Rule, Topic


def dangling(base: KnowledgeBase, origins: dict[str, Origin]) -> Iterator[Problem]:
    """References to records that don't exist."""
    for topic in base.topics.values():
        yield from _dangling_of_topic(base, topic, origins[topic.id])
    for study in base.studies.values():
        origin = origins[study.topic_id]
        yield from _missing(base.sources, "source", study.sources, origin, "sources")
        yield from _missing(
            base.vocabulary.entities, "vocabulary entry", study.conditions, origin, "conditions"
        )
        yield from _missing(base.studies, "study", study.overlaps, origin, "overlaps")
    for entity in base.vocabulary.entities.values():
        origin_or_none = origins.get(f"entity {entity.id}")
        if origin_or_none:
            yield from _missing(
                base.vocabulary.entities, "entity", entity.broader, origin_or_none, "broader"
            )
    yield from _dangling_of_vocabulary(base, origins)


def _dangling_of_topic(base: KnowledgeBase, topic: Topic, origin: Origin) -> Iterator[Problem]:
    composed = topic.kind == "study"
    groups = (("points", topic.points), ("caveats", topic.caveats))
    if composed:
        study = base.studies[topic.studies[0]]
        groups = (("points", study.points), ("caveats", ()))
    else:
        yield from _missing(base.sources, "source", topic.short.sources, origin, "short", "sources")
        yield from _missing(
            base.vocabulary.entities, "vocabulary entry", topic.subjects, origin, "subjects"
        )
    for name, claims in groups:
        for index, claim in enumerate(claims):
            yield from _missing(
                base.sources, "source", claim.sources, origin, name, index, "sources"
            )
            yield from _missing(
                base.studies, "study", claim.findings, origin, name, index, "findings"
            )
    if composed:
        study = base.studies[topic.studies[0]]
        for index, outcome in enumerate(study.outcomes):
            yield from _missing(
                base.sources, "source", outcome.sources, origin, "outcomes", index, "sources"
            )
        if study.adverse_events:
            yield from _missing(
                base.sources,
                "source",
                study.adverse_events.sources,
                origin,
                "adverse_events",
                "sources",
            )
    yield from _missing(base.studies, "study", topic.studies, origin, "studies")
    yield from _missing(base.vocabulary.intents, "intent", topic.intents, origin, "intents")
    for index, popular in enumerate(topic.popular_claims):
        yield from _missing(
            base.sources, "source", popular.sources, origin, "popular_claims", index, "sources"
        )
    for index, rating in enumerate(topic.ratings):
        yield from _missing(base.sources, "source", (rating.source,), origin, "ratings", index)
    known = {*base.topics, *base.aliases}
    yield from _missing(known, "topic", topic.related, origin, "related")


def _dangling_of_vocabulary(base: KnowledgeBase, origins: dict[str, Origin]) -> Iterator[Problem]:
    vocabulary = base.vocabulary
    known = {*base.topics, *base.aliases}
    origin = origins["vocabulary/opioids.yaml"]
    for index, opioid in enumerate(vocabulary.opioids.opioids):
        yield from _missing(known, "topic", (opioid.topic,), origin, "opioids", index, "topic")
        yield from _missing(
            base.sources, "source", opioid.sources, origin, "opioids", index, "sources"
        )
    for index, look_alike in enumerate(vocabulary.opioids.look_alikes):
        yield from _missing(
            base.sources, "source", look_alike.sources, origin, "look_alikes", index, "sources"
        )
    origin = origins["vocabulary/emergencies.yaml"]
    for index, emergency in enumerate(vocabulary.emergencies.emergencies):
        path = ("emergencies", index)
        yield from _missing(known, "topic", (emergency.topic,), origin, *path, "topic")
        yield from _missing(
            base.sources, "source", emergency.first_line.sources, origin, *path, "first_line"
        )
        for number, rule in enumerate(emergency.rules):
            yield from _missing_words(
                rule, vocabulary.emergencies.words, origin, *path, "rules", number
            )
    origin = origins["vocabulary/decisions.yaml"]
    for index, rule in enumerate(vocabulary.decisions.rules):
        yield from _missing_words(rule, vocabulary.decisions.words, origin, "rules", index)
    origin = origins["vocabulary/smalltalk.yaml"]
    for index, talk in enumerate(vocabulary.smalltalk):
        yield from _missing(known, "topic", (talk.topic,), origin, "smalltalk", index, "topic")
    origin = origins["notices.yaml"]
    for name in NoticeFile.model_fields.keys() - {"reviewed"}:
        for index, claim in enumerate(getattr(base.notices, name)):
            yield from _missing(base.sources, "source", claim.sources, origin, name, index)


def _missing_words(
    rule: Rule, words: Mapping[str, object], origin: Origin, *keys: str | int
) -> Iterator[Problem]:
    known = {*words, *MADE_SETS}
    yield from _missing(known, "set of words", rule.near, origin, *keys, "near")
    yield from _missing(known, "set of words", rule.unless, origin, *keys, "unless")


def _missing(
    known: Container[str], what: str, ids: Iterable[str], origin: Origin, *keys: str | int
) -> Iterator[Problem]:
    for record_id in ids:
        if record_id not in known:
            yield origin.problem(f"there is no {what} {record_id!r}", *keys)
