"""What was said: the words of a message, what they are about and what the person wants to know."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from bot.knowledge import KnowledgeBase
from bot.knowledge.made_entities import LDN
from bot.knowledge.schema import EntityKind
from bot.language.dictionary import common_words, english_words
from bot.language.entities import EntityFinder, Mention
from bot.language.gloss import Glosses
from bot.language.names import UsualNames
from bot.language.phrases import PhraseIndex, longest
from bot.language.pronouns import with_subject
from bot.language.spelling import Speller, is_slip
from bot.language.text import Sentence, clean, sentences, stem, words

LONGEST_SHORT = 4
"""Names of so many letters lie too near to each other to be taken for slips."""

USUAL = 3
"""From so many phrasings on, a word is usual in English questions."""

_CLAUSE_END = re.compile(r"[,:](?!\d)|[;()\u2013\u2014]|\s[-/]+\s")
"""A comma or a dash; none is in "4,5 mg" or "10:30"."""

NAME_WEIGHT = 10.0
"""A name is expected as often as a word that occurs in so many phrasings."""


@dataclass(frozen=True, slots=True)
class Part:
    """One sentence of a message.

    ``tokens`` are its words after abbreviations were written out, slips repaired and rare names
    replaced by usual ones; ``typed`` are the words as they stood. ``question`` says whether it asks
    something. ``start`` is the place of its first token among those of the message. ``borders`` are
    the places in ``tokens`` behind a comma or a dash.
    """

    typed: tuple[str, ...]
    tokens: tuple[str, ...]
    mentions: tuple[Mention, ...]
    intents: Mapping[str, float]
    question: bool
    start: int = 0
    borders: tuple[int, ...] = ()

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """Ids of the entities named, LDN itself left out, in order and without repetition."""
        return tuple(dict.fromkeys(m.entity.id for m in self.mentions if m.entity.id != LDN))

    @property
    def names_ldn(self) -> bool:
        """True if low-dose naltrexone is named."""
        return any(mention.entity.id == LDN for mention in self.mentions)

    def piece(self, start: int, end: int) -> Part:
        """The words ``start`` to ``end`` (exclusive) with what they name."""
        mentions = tuple(
            replace(mention, start=mention.start - start, end=mention.end - start)
            for mention in self.mentions
            if start <= mention.start and mention.end <= end
        )
        tokens = self.tokens[start:end]
        first = self.start + start
        return replace(
            self, typed=tokens, tokens=tokens, mentions=mentions, start=first, borders=()
        )


@dataclass(frozen=True, slots=True)
class Understanding:
    """A whole message: its parts, and all of them read as one (``whole``).

    ``text`` is what was typed, elided words taken apart, ``english`` the same with the words of
    another language replaced; the parts are made of it.
    """

    text: str
    english: str
    whole: Part
    parts: tuple[Part, ...]
    language: str


class Understander:
    """Turns text into :class:`Understanding`, with the words of one knowledge base."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        vocabulary = knowledge.vocabulary
        self._finder = EntityFinder(knowledge)
        self._usual_names = UsualNames(knowledge)
        self._cues: PhraseIndex[str] = PhraseIndex(stem)
        for intent in vocabulary.intents.values():
            for cue in (*intent.cues, *(c for cues in intent.languages.values() for c in cues)):
                self._cues.add(cue, intent.id)
        self._abbreviations: PhraseIndex[tuple[str, ...]] = PhraseIndex()
        for short, long in vocabulary.words.abbreviations.items():
            self._abbreviations.add(short, words(long))
        self._question_words = frozenset(
            word for entry in vocabulary.words.question_words for word in words(entry)
        )
        self._speller = _speller(knowledge)
        self._meant = vocabulary.words.capitals
        # Not in "HELP ME" or "ME/CFS".
        among = "|".join(map(re.escape, self._meant))
        self._capitals = (
            re.compile(rf"(?<![A-Z] )\b({among})\b(?![/-]| [A-Z]{{2}})") if among else None
        )
        names = {
            word
            for entity in vocabulary.entities.values()
            if entity.kind in {EntityKind.MEDICINE, EntityKind.CONCEPT, EntityKind.CONDITION}
            for name in entity.names
            for word in words(name)
        }
        self._glosses = Glosses(
            knowledge.languages,
            frozenset(names - english_words())
            | {w for n in vocabulary.words.subject for w in words(n)},
            _usual_english(knowledge),
        )

    def read(self, text: str) -> Understanding:
        """Understand one message (any text, also an empty one)."""
        text = clean(text)
        language = self._glosses.language_of(words(text))
        text = self._glosses.taken_apart(text, language)
        english = self._glosses.to_english(text, language)
        if language == "en" and self._capitals and not text.isupper():
            english = self._capitals.sub(lambda match: self._meant[match[0]], english)
        parts: list[Part] = []
        start = 0
        for sentence in sentences(english):
            parts.append(self._part(sentence, start))
            start += len(parts[-1].tokens)
        whole = parts[0] if len(parts) == 1 else self._joined(parts)
        return Understanding(text, english, whole, tuple(parts), language)

    def tokens(self, text: str) -> tuple[str, ...]:
        """The words of a text after abbreviations were written out and slips repaired."""
        return self._repaired(words(text))

    def _repaired(self, typed: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._speller.correct(word) for word in self._written_out(typed))

    def _part(self, sentence: Sentence, start: int) -> Part:
        typed = words(sentence.text)
        clauses = list(filter(None, map(words, _CLAUSE_END.split(sentence.text))))
        tokens, borders = self._clause_by_clause(clauses)
        question = sentence.asks or bool(tokens and tokens[0] in self._question_words)
        mentions = self._finder.find(tokens)
        if not (start or any(mention.entity.id == LDN for mention in mentions)):
            plain = with_subject(tokens, mentions)
            if plain != tokens:
                tokens, mentions = plain, self._finder.find(plain)
        return Part(typed, tokens, mentions, self._intents(tokens), question, start, borders)

    def _clause_by_clause(
        self, clauses: Sequence[tuple[str, ...]]
    ) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """The repaired words of clauses with usual names, and where each but the first begins."""
        tokens: list[str] = []
        borders = []
        for clause in clauses:
            if tokens:
                borders.append(len(tokens))
            repaired = self._repaired(clause)
            tokens += self._usual_names.write(repaired, self._finder.find(repaired))
        return tuple(tokens), tuple(borders)

    def _joined(self, parts: Sequence[Part]) -> Part:
        typed = tuple(word for part in parts for word in part.typed)
        tokens = tuple(word for part in parts for word in part.tokens)
        asks = any(part.question for part in parts)
        return Part(typed, tokens, self._finder.find(tokens), self._intents(tokens), asks)

    def _written_out(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        result: list[str] = []
        position = 0
        for hit in longest(self._abbreviations.find(tokens)):
            if hit.start < position:
                continue
            result += tokens[position : hit.start]
            result += hit.value
            position = hit.end
        return (*result, *tokens[position:])

    def _intents(self, tokens: tuple[str, ...]) -> dict[str, float]:
        """Weight of each intent that shows, the clearest at 1; longer cues count more."""
        weights: dict[str, float] = {}
        for hit in longest(self._cues.find(tokens)):
            gain = 1.0 + 0.5 * (hit.end - hit.start - 1)
            weights[hit.value] = weights.get(hit.value, 0.0) + gain
        top = max(weights.values(), default=1.0)
        return {intent: weight / top for intent, weight in weights.items()}


def _usual_english(knowledge: KnowledgeBase) -> frozenset[str]:
    """Words that are common in English or in the example questions."""
    said = Counter(
        word
        for topic in knowledge.topics.values()
        for phrasing in (topic.title, *topic.phrasings)
        for word in set(words(phrasing))
    )
    usual = {word for word, phrasings in said.items() if phrasings >= USUAL}
    return common_words() | (usual & english_words())


def _speller(knowledge: KnowledgeBase) -> Speller:
    """A speller that repairs towards the words of names, phrasings and everyday English.

    How common a word is in phrasings and names counts most: patients write about the same things.
    """
    vocabulary = knowledge.vocabulary
    english = english_words()
    expected: Counter[str] = Counter(common_words())
    for topic in knowledge.topics.values():
        for phrasing in (topic.title, *topic.phrasings):
            expected.update(word for word in words(phrasing) if word in english)
    for intent in vocabulary.intents.values():
        expected.update(word for cue in intent.cues for word in words(cue))
    names = Counter(
        word
        for entity in vocabulary.entities.values()
        if entity.kind is not EntityKind.STUDY
        for name in entity.names
        for word in words(name)
    )
    foreign = {
        word
        for entity in vocabulary.entities.values()
        for name in (*entity.foreign_names, *(entry.term for entry in entity.ambiguous))
        for word in words(name)
    }
    no_opioids = {
        word
        for entry in vocabulary.opioids.look_alikes
        for term in entry.terms
        for word in words(term)
    }
    polite = {word for t in vocabulary.smalltalk for text in t.phrases for word in words(text)}
    known = {
        *english,
        *names,
        *foreign,
        *polite,
        *vocabulary.words.known,
        *no_opioids,
    }
    targets = {word: float(count) for word, count in expected.items()}
    for word in names:
        targets[word] = targets.get(word, 0.0) + NAME_WEIGHT
    return Speller(targets, known, vocabulary.words.confusable, _slips_in_names(knowledge))


def _slips_in_names(knowledge: KnowledgeBase) -> dict[str, str]:
    """Misspelt names that the vocabulary lists ("insomia"), with the right word of the name."""
    english = english_words()
    confusable = {word for group in knowledge.vocabulary.words.confusable for word in group}
    found: dict[str, str] = {}
    for entity in knowledge.vocabulary.entities.values():
        right = [word for word in words(entity.name) if len(word) > LONGEST_SHORT]
        right += [w for n in entity.names for w in words(n) if w in english and w not in right]
        for word in {word for name in entity.names for word in words(name)}:
            if len(word) > LONGEST_SHORT and not (word in english or word in confusable):
                near = [one for one in right if one != word and is_slip(word, one)]
                if near and word not in right:
                    found[word] = min(near, key=lambda one: (OSA.distance(word, one), one))
    return found
