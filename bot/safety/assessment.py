"""What must come first: looks at the whole message before anything is matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import LDN_MENTION, OPIOID_MENTION, Emergency, WarningLevel
from bot.language.dictionary import english_words
from bot.language.phrases import PhraseIndex
from bot.language.text import words
from bot.language.understanding import Understanding
from bot.safety.medicines import UnknownMedicineFinder
from bot.safety.opioids import OpioidDetector, OpioidMention
from bot.safety.rules import WordSets, fires


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found: opioids, an emergency, a personal decision, medicines nobody here knows."""

    opioids: tuple[OpioidMention, ...] = ()
    emergency: Emergency | None = None
    refer: bool = False
    unknown_medicines: tuple[str, ...] = ()

    @property
    def warning(self) -> WarningLevel:
        """The strongest opioid warning that the message itself calls for (``none`` if nothing)."""
        levels = [mention.level for mention in self.opioids]
        if self.unknown_medicines:
            levels.append(WarningLevel.CAUTION)
        return max(levels, key=lambda level: level.rank, default=WarningLevel.NONE)


class SafetyAssessor:
    """The detectors: opioid, emergency, personal decision, and the net for unknown medicines."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        vocabulary = knowledge.vocabulary
        opioid_ids = {opioid.id for opioid in vocabulary.opioids.opioids}
        other_names = {
            word
            for entity in vocabulary.entities.values()
            if entity.id not in opioid_ids
            for name in (*entity.names, *entity.foreign_names)
            for word in words(name)
        }
        known = english_words() | other_names | set(vocabulary.words.known)
        self._opioids = OpioidDetector(vocabulary.opioids, known)
        self._emergencies = vocabulary.emergencies
        self._emergency_words = WordSets(vocabulary.emergencies.words)
        self._ldn: PhraseIndex[None] = PhraseIndex()
        for name in vocabulary.words.subject:
            self._ldn.add(name, None)
        self._decisions = vocabulary.decisions
        self._decision_words = WordSets(vocabulary.decisions.words)
        topic_words = {
            word
            for topic in knowledge.topics.values()
            for text in (topic.title, *topic.phrasings)
            for word in words(text)
        }
        self._unknown = UnknownMedicineFinder(known | topic_words, vocabulary.words.joining_words)

    def assess(self, message: Understanding) -> Findings:
        """Assess a whole message."""
        typed, repaired = message.whole.typed, message.whole.tokens
        readings = tuple(dict.fromkeys((typed, repaired)))
        found = {reading: self._opioids.find(reading) for reading in readings}
        opioids = found[typed]
        seen = {mention.opioid.id for mention in opioids}
        opioids += tuple(m for m in found[repaired] if m.opioid.id not in seen)
        taken = {word for m in found[typed] for word in typed[m.start : m.end]}
        unknown = () if message.language != "en" else self._unknown.find(typed, repaired)
        return Findings(
            opioids=opioids,
            emergency=self._emergency(found),
            refer=self._asks_for_decision(message),
            unknown_medicines=tuple(word for word in unknown if word not in taken),
        )

    def _emergency(
        self, readings: Mapping[tuple[str, ...], Sequence[OpioidMention]]
    ) -> Emergency | None:
        """The first emergency, in the file's order, of which a rule fires on some reading."""
        positions = []
        for tokens, opioids in readings.items():
            found = self._emergency_words.positions(tokens)
            found[OPIOID_MENTION] = [(mention.start, mention.end) for mention in opioids]
            found[LDN_MENTION] = [(hit.start, hit.end) for hit in self._ldn.find(tokens)]
            positions.append({name: spans for name, spans in found.items() if spans})
        for emergency in self._emergencies.emergencies:
            for rule in emergency.rules:
                if any(fires(rule, found) for found in positions):
                    return emergency
        return None

    def _asks_for_decision(self, message: Understanding) -> bool:
        positions = self._decision_words.positions(message.whole.tokens)
        return any(fires(rule, positions) for rule in self._decisions.rules)
