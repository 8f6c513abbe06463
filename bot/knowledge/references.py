"""References between records: every id that is named must exist."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from rapidfuzz import fuzz, process

from bot.knowledge.problems import Origin, Problem
from bot.knowledge.records import Ids, Records
from bot.knowledge.schema import (
    MADE_SETS,
    Claim,
    ContactFile,
    DecisionFile,
    EmergencyExampleFile,
    EmergencyFile,
    GlossaryFile,
    LanguageFile,
    NoticeFile,
    OpioidFile,
    PopularClaim,
    Rule,
    SmallTalkFile,
    Study,
    Topic,
)

_SIMILAR = 75
"""From which likeness on (of 100) an existing id is suggested for one that does not exist."""


def dangling(records: Records) -> Iterator[Problem]:
    """References to records that don't exist."""
    yield from _Checker(records).run()


class _Checker:
    def __init__(self, records: Records) -> None:
        self.records = records
        self.ids = records.ids

    def run(self) -> Iterator[Problem]:
        origins = self.records.origins
        for topic in self.records.topics.values():
            yield from self._topic(topic, origins[topic.id])
        for study in self.records.studies.values():
            yield from self._study(study, origins[study.topic_id])
        for entity in self.records.entities.values():
            origin = origins[f"entity {entity.id}"]
            yield from self._missing("vocabulary entry", entity.broader, origin, "broader")
        checks: dict[str, Callable[[Any, Origin], Iterator[Problem]]] = {
            "vocabulary/opioids.yaml": self._opioids,
            "vocabulary/emergencies.yaml": self._emergencies,
            "vocabulary/emergency_examples.yaml": self._examples,
            "vocabulary/decisions.yaml": self._decisions,
            "vocabulary/smalltalk.yaml": self._smalltalk,
            "notices.yaml": self._notices,
            "contacts.yaml": self._contacts,
            "glossary.yaml": self._glossary,
        }
        for name, check in checks.items():
            if name in self.records.files:
                yield from check(self.records.files[name], origins[name])
        for file in self.records.languages.values():
            yield from self._language(file, origins[f"language {file.language}"])

    # -- records

    def _topic(self, topic: Topic, origin: Origin) -> Iterator[Problem]:
        yield from self._missing("vocabulary entry", topic.subjects, origin, "subjects")
        yield from self._missing("intent", topic.intents, origin, "intents")
        yield from self._claim(topic.short, origin, "short")
        yield from self._claims(topic.points, origin, "points")
        yield from self._claims(topic.caveats, origin, "caveats")
        for index, rating in enumerate(topic.ratings):
            yield from self._missing("source", rating.source, origin, "ratings", index, "source")
        yield from self._missing("study", topic.studies, origin, "studies")
        yield from self._popular_claims(topic.popular_claims, origin)
        yield from self._missing("topic", topic.related, origin, "related")

    def _study(self, study: Study, origin: Origin) -> Iterator[Problem]:
        yield from self._missing("source", study.sources, origin, "sources")
        yield from self._missing("vocabulary entry", study.conditions, origin, "conditions")
        yield from self._missing("study", study.overlaps, origin, "overlaps")
        for index, outcome in enumerate(study.outcomes):
            yield from self._missing(
                "source", outcome.sources, origin, "outcomes", index, "sources"
            )
        if study.adverse_events:
            yield from self._claim(study.adverse_events, origin, "adverse_events")
        yield from self._claims(study.points, origin, "points")
        yield from self._popular_claims(study.popular_claims, origin)
        yield from self._missing("topic", study.related, origin, "related")

    def _claims(self, claims: Iterable[Claim], origin: Origin, name: str) -> Iterator[Problem]:
        for index, claim in enumerate(claims):
            yield from self._claim(claim, origin, name, index)

    def _claim(self, claim: Claim, origin: Origin, *keys: str | int) -> Iterator[Problem]:
        yield from self._missing("source", claim.sources, origin, *keys, "sources")
        yield from self._missing("study", claim.findings, origin, *keys, "findings")

    def _popular_claims(self, claims: Iterable[PopularClaim], origin: Origin) -> Iterator[Problem]:
        for index, claim in enumerate(claims):
            yield from self._missing(
                "source", claim.sources, origin, "popular_claims", index, "sources"
            )

    # -- files of their own

    def _opioids(self, file: OpioidFile, origin: Origin) -> Iterator[Problem]:
        for index, opioid in enumerate(file.opioids):
            place = origin.at("opioids", index)
            yield from self._missing("topic", opioid.topic, place, "topic")
            yield from self._missing("source", opioid.sources, place, "sources")
        for index, look_alike in enumerate(file.look_alikes):
            place = origin.at("look_alikes", index)
            yield from self._missing("source", look_alike.sources, place, "sources")
        opioids = Ids(opioid.id for opioid in file.opioids)
        for index, implied in enumerate(file.implied):
            place = origin.at("implied", index)
            yield from _missing(opioids, "opioid", implied.opioid, place, "opioid")
            yield from self._rules(implied.rules, file.words, place)

    def _emergencies(self, file: EmergencyFile, origin: Origin) -> Iterator[Problem]:
        for index, emergency in enumerate(file.emergencies):
            place = origin.at("emergencies", index)
            yield from self._missing("topic", emergency.topic, place, "topic")
            yield from self._claim(emergency.first_line, place, "first_line")
            yield from self._rules(emergency.rules, file.words, place)

    def _emergency_ids(self) -> Ids:
        file: EmergencyFile | None = self.records.files.get("vocabulary/emergencies.yaml")
        known = Ids(emergency.id for emergency in file.emergencies) if file else Ids()
        known.open = file is None
        return known

    def _examples(self, file: EmergencyExampleFile, origin: Origin) -> Iterator[Problem]:
        known = self._emergency_ids()
        yield from _missing(known, "emergency", file.emergencies, origin, "emergencies")

    def _language(self, file: LanguageFile, origin: Origin) -> Iterator[Problem]:
        known = self._emergency_ids()
        yield from _missing(known, "emergency", file.emergencies, origin, "emergencies")
        translated = Ids(file.emergencies)
        for emergency_id in sorted(known):
            if emergency_id not in translated:
                reason = f"the first line of the emergency {emergency_id!r} is missing"
                yield origin.problem(reason, "emergencies")

    def _decisions(self, file: DecisionFile, origin: Origin) -> Iterator[Problem]:
        yield from self._rules(file.rules, file.words, origin)

    def _smalltalk(self, file: SmallTalkFile, origin: Origin) -> Iterator[Problem]:
        for index, talk in enumerate(file.smalltalk):
            yield from self._missing("topic", talk.topic, origin, "smalltalk", index, "topic")

    def _notices(self, file: NoticeFile, origin: Origin) -> Iterator[Problem]:
        for name in NoticeFile.model_fields.keys() - {"reviewed"}:
            yield from self._claims(getattr(file, name), origin, name)

    def _contacts(self, file: ContactFile, origin: Origin) -> Iterator[Problem]:
        yield from self._missing("source", file.anywhere.sources, origin, "anywhere", "sources")
        yield from self._missing("topic", file.crisis_topics, origin, "crisis_topics")
        yield from self._missing("topic", file.poison_topics, origin, "poison_topics")
        for index, contact in enumerate(file.contacts):
            place = origin.at("contacts", index)
            yield from self._missing("source", contact.sources, place, "sources")

    def _glossary(self, file: GlossaryFile, origin: Origin) -> Iterator[Problem]:
        for index, word in enumerate(file.words):
            place = origin.at("words", index)
            yield from self._missing("source", word.sources, place, "sources")

    def _rules(
        self, rules: Iterable[Rule], words: Mapping[str, object], origin: Origin
    ) -> Iterator[Problem]:
        sets = Ids((*words, *MADE_SETS))
        for index, rule in enumerate(rules):
            place = origin.at("rules", index)
            for name in ("near", "unless", "unless_asked", "unless_followed"):
                yield from _missing(sets, "set of words", getattr(rule, name), place, name)

    def _missing(
        self, kind: str, named: str | Iterable[str], origin: Origin, *keys: str | int
    ) -> Iterator[Problem]:
        yield from _missing(self.ids[kind], kind, named, origin, *keys)


def _missing(
    known: Ids, kind: str, named: str | Iterable[str], origin: Origin, *keys: str | int
) -> Iterator[Problem]:
    """A problem for each id in ``named`` (one, a list, or the keys of a mapping) not ``known``."""
    if isinstance(named, str):
        places: Iterable[tuple[str, tuple[str | int, ...]]] = [(named, keys)]
    elif isinstance(named, Mapping):
        places = [(record_id, (*keys, record_id)) for record_id in named]
    else:
        places = [(record_id, (*keys, index)) for index, record_id in enumerate(named)]
    for record_id, path in places:
        if record_id not in known:
            similar = process.extractOne(
                record_id, sorted(known), scorer=fuzz.ratio, score_cutoff=_SIMILAR
            )
            hint = f"; did you mean {similar[0]!r}?" if similar else ""
            yield origin.problem(f"there is no {kind} {record_id!r}{hint}", *path)
