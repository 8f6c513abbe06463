"""What must come first: looks at the whole message before anything is matched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import (
    LDN_MENTION,
    OPIOID_MENTION,
    QUESTION_MARK,
    Emergency,
    EntityKind,
    WarningLevel,
)
from bot.language.dictionary import common_words, english_words
from bot.language.function_words import (
    LANGUAGES,
    function_words,
    unreadable_function_words,
)
from bot.language.phrases import PhraseIndex
from bot.language.text import words
from bot.language.understanding import LONGEST_SHORT, Part, Understanding
from bot.safety.medicines import UnknownMedicineFinder, UnreadableLanguage
from bot.safety.net import Caught, SafetyNet
from bot.safety.opioids import OpioidDetector, OpioidMention
from bot.safety.reading import Reading, Repairer
from bot.safety.rules import Found, WordSets, fires


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found: opioids, an emergency, a personal decision, medicines nobody here knows.

    ``unreadable`` if most of the message is in a language that can't be read.
    """

    opioids: tuple[OpioidMention, ...] = ()
    emergency: Emergency | None = None
    refer: bool = False
    unknown_medicines: tuple[str, ...] = ()
    unreadable: bool = False

    @property
    def warning(self) -> WarningLevel:
        """The strongest opioid warning that the message itself calls for (``none`` if nothing)."""
        levels = [mention.level for mention in self.opioids]
        if self.unknown_medicines or self.unreadable:
            levels.append(WarningLevel.CAUTION)
        return max(levels, key=lambda level: level.rank, default=WarningLevel.NONE)


class SafetyAssessor:
    """The detectors: opioid, emergency, personal decision, and the net for unknown medicines.

    Opioids are looked for in what was typed and in what the spelling repair made of it; rules are
    tried on what was typed and on a reading of their own, repaired towards the words of the rules.
    """

    def __init__(self, knowledge: KnowledgeBase, net: SafetyNet | None = None) -> None:
        """``net`` finds emergencies and decisions that no rule has words for."""
        self._net = net
        vocabulary = knowledge.vocabulary
        opioids, emergencies = vocabulary.opioids, vocabulary.emergencies
        self._vocabulary = vocabulary
        self._opioid_words = WordSets(opioids.words, opioids.other_meanings)
        self._emergency_words = WordSets(emergencies.words, emergencies.other_meanings)
        self._rules = [
            (emergency, rule, frozenset(rule.near))
            for emergency in emergencies.emergencies
            for rule in emergency.rules
        ]
        self._decision_words = WordSets(
            vocabulary.decisions.words, vocabulary.decisions.other_meanings
        )
        self._ldn: PhraseIndex[None] = PhraseIndex()
        for name in vocabulary.words.subject:
            self._ldn.add(name, None)
        opioid_ids = {opioid.id for opioid in opioids.opioids}
        self._records = {opioid.id: opioid for opioid in opioids.opioids}
        others = [entity for entity in vocabulary.entities.values() if entity.id not in opioid_ids]
        names = {
            entity.id: {
                word for name in (*entity.names, *entity.foreign_names) for word in words(name)
            }
            for entity in others
        }
        rule_words = set().union(
            *(
                sets.vocabulary()
                for sets in (self._opioid_words, self._emergency_words, self._decision_words)
            )
        )
        known = english_words() | set().union(*names.values()) | set(vocabulary.words.known)
        right_words = known | rule_words.union(*map(function_words, LANGUAGES))
        self._opioids = OpioidDetector(
            opioids,
            right_words,
            chain.from_iterable(names[e.id] for e in others if e.kind is EntityKind.MEDICINE),
        )
        self._clause_starts = frozenset(
            word for term in emergencies.clause_starts for word in words(term)
        )
        subject = {word for name in vocabulary.words.subject for word in words(name)}
        self._repairer = Repairer(
            rule_words | subject, right_words | self._opioids.kept_words, emergencies.spellings
        )
        topic_words = {
            word
            for topic in knowledge.topics.values()
            for text in (topic.title, *topic.phrasings)
            for word in words(text)
        }
        readable = set(chain.from_iterable(map(function_words, LANGUAGES.keys() - {"en"})))
        for file in knowledge.languages.values():
            readable.update(word for term in file.words for word in words(term))
        medicines = chain.from_iterable(
            names[e.id] for e in others if e.kind is EntityKind.MEDICINE
        )
        known |= topic_words | self._opioids.kept_words
        self._unknown = UnknownMedicineFinder(
            known,
            vocabulary.words.joining_words,
            {word for word in medicines if len(word) > LONGEST_SHORT} - common_words(),
            set().union(*names.values()),
            readable,
        )
        self._languages = UnreadableLanguage(known, readable, unreadable_function_words())

    def assess(self, message: Understanding) -> Findings:
        """Assess a whole message."""
        texts = dict.fromkeys((message.text, message.english))
        written = {text: Reading.of(text, self._clause_starts) for text in texts}
        mended = map(self._repairer.repair, written.values())
        readings = tuple({r.tokens: r for r in (*written.values(), *mended)}.values())
        spelt = Reading.of_parts(map(self._spelt, message.parts))
        named = {r.tokens: self._opioids.find(r, text) for text, r in written.items()}
        for reading in (*readings, spelt):
            if reading.tokens not in named:
                named[reading.tokens] = self._opioids.find(reading)
        typed = written[message.text]
        opioids = named[typed.tokens]
        for mentions in named.values():
            seen = {mention.opioid.id for mention in opioids}
            opioids += tuple(mention for mention in mentions if mention.opioid.id not in seen)
        implied = {reading.tokens: self._implied(reading) for reading in readings}
        opioids += tuple(chain.from_iterable(implied.values()))
        taken = {word for m in named[typed.tokens] for word in typed.tokens[m.start : m.end]}
        repaired = self._repaired(message.parts)
        unknown = self._unknown.find(typed.tokens, repaired, message.text, message.language)
        unreadable = self._languages.covers(typed.tokens, repaired, message.language, message.text)
        # The net has a meaning for anything, also for words that it can't read.
        net = None if unreadable else self._net
        caught = net.look(message.whole.tokens) if net else Caught()
        emergency = self._emergency([(r, (*named[r.tokens], *implied[r.tokens])) for r in readings])
        if emergency and net and message.whole.tokens:
            read = (message.whole.tokens, *(part.tokens for part in message.parts if part.tokens))
            emergency = emergency if net.confirms(read) else None
        return Findings(
            opioids=opioids,
            emergency=emergency or caught.emergency,
            refer=any(map(self._asks_for_decision, readings)) or caught.decision,
            unknown_medicines=tuple(word for word in unknown if word not in taken),
            unreadable=unreadable,
        )

    def _repaired(self, parts: Iterable[Part]) -> dict[str, str]:
        """The words that spelling repair changed, with what it made of them ("" if unclear)."""
        repaired: dict[str, str] = {}
        for part in parts:
            if len(part.typed) == len(part.tokens):
                pairs = zip(part.typed, self._spelt(part), strict=True)
                repaired |= {typed: token for typed, token in pairs if typed != token}
            else:
                repaired |= dict.fromkeys(set(part.typed) - set(part.tokens), "")
        return repaired

    def _spelt(self, part: Part) -> Sequence[str]:
        """The repaired words of a sentence, but for those that are right as they stand."""
        if len(part.typed) != len(part.tokens):
            return part.tokens
        return [
            typed
            if typed in self._opioids.kept_words or self._opioids.is_person(part.typed, position)
            else token
            for position, (typed, token) in enumerate(zip(part.typed, part.tokens, strict=True))
        ]

    def _implied(self, reading: Reading) -> tuple[OpioidMention, ...]:
        """Opioids that are spoken of without a name."""
        found = self._found(self._opioid_words, reading)
        return tuple(
            OpioidMention(
                self._records[implied.opioid], *span, implied=WarningLevel(implied.warning)
            )
            for implied in self._vocabulary.opioids.implied
            for rule in implied.rules
            if (span := fires(rule, found, reading))
        )

    def _emergency(
        self, readings: Sequence[tuple[Reading, tuple[OpioidMention, ...]]]
    ) -> Emergency | None:
        """The first emergency, in the file's order, of which a rule fires on some reading."""
        found = []
        for reading, opioids in readings:
            sets = self._found(self._emergency_words, reading)
            spans = sorted((m.start, m.end) for m in opioids if m.level is WarningLevel.FULL)
            found.append((sets | {OPIOID_MENTION: spans} if spans else sets, reading))
        matched = {name for sets, _ in found for name in sets}
        for emergency, rule, needed in self._rules:
            if needed <= matched and any(fires(rule, sets, reading) for sets, reading in found):
                return emergency
        return None

    def _asks_for_decision(self, reading: Reading) -> bool:
        found = self._found(self._decision_words, reading)
        return any(fires(rule, found, reading) for rule in self._vocabulary.decisions.rules)

    def _found(self, sets: WordSets, reading: Reading) -> Found:
        """Matches of a file's sets and of the sets that are made here."""
        found = sets.find(reading)
        made = {
            LDN_MENTION: [(hit.start, hit.end) for hit in self._ldn.find(reading.tokens)],
            QUESTION_MARK: [(position, position) for position in reading.questions],
        }
        return found | {name: spans for name, spans in made.items() if spans}
