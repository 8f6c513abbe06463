"""Notices opioids, and what acts like them, in whatever way they are written.

The names and the look-alikes stand in ``knowledge/vocabulary/opioids.yaml``. Detection errs on the
side of warning: a missed opioid is worse than a warning too many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.knowledge.schema import Opioid, OpioidFile, WarningLevel
from bot.language.phrases import PhraseIndex
from bot.language.text import words

SHORTEST_INSIDE = 6
"""Shortest name looked for inside a longer word ("tramadoltropfen"): shorter ones hit by chance."""

SHORTEST_MISSPELT = 6
SHORTEST_JOINED = 5
LONG_NAME = 9
"""From this length on two slips are tolerated instead of one."""

MOST_PIECES = 12
"""Longest run of pieces ("t r a m a d o l") that is read as one word."""

_LOOKS_LIKE = str.maketrans("013457", "oleast")


@dataclass(frozen=True, slots=True)
class OpioidMention:
    """An opioid at words ``start`` to ``end`` (exclusive); ``negated`` if said not to be taken."""

    opioid: Opioid
    start: int
    end: int
    negated: bool = False

    @property
    def level(self) -> WarningLevel:
        """The warning that this mention calls for."""
        level = WarningLevel(self.opioid.warning)
        if self.negated and level is WarningLevel.FULL:
            return WarningLevel.CAUTION
        return level


class OpioidDetector:
    """Finds opioids in the words of a message.

    Args:
        vocabulary: the names, look-alikes and context words.
        right_words: words that are right as they stand (English words, names of other medicines)
            and therefore no misspelt opioid.
    """

    def __init__(self, vocabulary: OpioidFile, right_words: Iterable[str]) -> None:
        self._names: PhraseIndex[Opioid] = PhraseIndex()
        self._brands: PhraseIndex[Opioid] = PhraseIndex()
        self._slang: PhraseIndex[Opioid] = PhraseIndex()
        self._single: dict[str, Opioid] = {}
        self._joined: dict[str, Opioid] = {}
        for opioid in vocabulary.opioids:
            for name in opioid.plain_names:
                self._add(name, opioid)
            for name in opioid.ambiguous_brands:
                self._brands.add(name, opioid)
            for name in opioid.ambiguous_slang:
                self._slang.add(name, opioid)
        self._look_alikes: PhraseIndex[None] = PhraseIndex()
        look_alike_words: set[str] = set()
        for look_alike in vocabulary.look_alikes:
            for term in look_alike.terms:
                self._look_alikes.add(term, None)
                if len(words(term)) == 1:
                    look_alike_words.update(words(term))
        self._right_words = ({*right_words} - self._single.keys()) | look_alike_words
        self._look_alike_words = look_alike_words
        self._medicine_context = _word_set(vocabulary.medicine_context)
        self._drug_use_context = _word_set(vocabulary.drug_use_context)
        self._negations: PhraseIndex[None] = PhraseIndex()
        for phrase in vocabulary.negations:
            self._negations.add(phrase, None)
        self._recognise = lru_cache(maxsize=8192)(self._recognise_word)

    def _add(self, name: str, opioid: Opioid) -> None:
        self._names.add(name, opioid)
        parts = words(name)
        if len(parts) == 1:
            self._single.setdefault(parts[0], opioid)
        compact = "".join(parts)
        if len(compact) >= SHORTEST_JOINED and compact.isalpha():
            self._joined.setdefault(compact, opioid)

    def find(self, tokens: Sequence[str]) -> tuple[OpioidMention, ...]:
        """All mentions in ``tokens`` (as typed, folded), in order."""
        masked = self._masked(tokens)
        found: dict[tuple[int, int, str], OpioidMention] = {}
        for start, end, opioid in self._candidates(tokens):
            if any(low <= start and end <= high for low, high in masked):
                continue
            negated = self._is_negated(tokens, start)
            found[start, end, opioid.id] = OpioidMention(opioid, start, end, negated)
        return tuple(sorted(found.values(), key=lambda mention: (mention.start, mention.end)))

    def _masked(self, tokens: Sequence[str]) -> list[tuple[int, int]]:
        """Spans of look-alikes, unless a longer opioid name contains them ("nurofen plus")."""
        names = [(hit.start, hit.end) for hit in self._names.find(tokens)]
        return [
            (hit.start, hit.end)
            for hit in self._look_alikes.find(tokens)
            if not any(
                start <= hit.start and hit.end <= end and end - start > hit.end - hit.start
                for start, end in names
            )
        ]

    def _candidates(self, tokens: Sequence[str]) -> Iterator[tuple[int, int, Opioid]]:
        for hit in self._names.find(tokens):
            yield hit.start, hit.end, hit.value
        present = set(tokens)
        if present & self._medicine_context:
            yield from ((hit.start, hit.end, hit.value) for hit in self._brands.find(tokens))
        if present & self._drug_use_context:
            yield from ((hit.start, hit.end, hit.value) for hit in self._slang.find(tokens))
        for position, token in enumerate(tokens):
            opioid = self._recognise(token)
            if opioid:
                yield position, position + 1, opioid
        yield from self._in_pieces(tokens)

    def _recognise_word(self, token: str) -> Opioid | None:
        """An opioid written as one word: plural, inside a longer word, or with a slip."""
        if token in self._look_alike_words:
            return None
        if token in self._single:
            return self._single[token]
        if token.endswith("s") and token[:-1] in self._single and len(token) > SHORTEST_JOINED:
            return self._single[token[:-1]]
        if token in self._right_words:
            return None
        return self._inside(token) or self._misspelt(token)

    def _inside(self, token: str) -> Opioid | None:
        longest_name = ""
        for name in self._single:
            if SHORTEST_INSIDE <= len(name) < len(token) and name in token:
                longest_name = max(longest_name, name, key=len)
        return self._single.get(longest_name)

    def _misspelt(self, token: str) -> Opioid | None:
        if len(token) < SHORTEST_MISSPELT - 1 or len(token) > 40:
            return None
        slips = 2 if len(token) >= LONG_NAME else 1
        names = (name for name in self._single if len(name) >= SHORTEST_MISSPELT)
        match = process.extractOne(token, names, scorer=OSA.distance, score_cutoff=slips)
        if match is None:
            return None
        name, distance, _ = match
        allowed = 2 if len(name) >= LONG_NAME else 1
        return self._single[name] if distance <= allowed else None

    def _in_pieces(self, tokens: Sequence[str]) -> Iterator[tuple[int, int, Opioid]]:
        """Names taken apart: "t r a m a d o l", "oxy codone", "tramad0l"."""
        for start in range(len(tokens)):
            joined = tokens[start]
            for end in range(start + 2, min(len(tokens), start + MOST_PIECES) + 1):
                joined += tokens[end - 1]
                if len(joined) > 30:
                    break
                if end - start > 3 and any(len(piece) > 2 for piece in tokens[start:end]):
                    break
                opioid = self._joined.get(joined.translate(_LOOKS_LIKE))
                if opioid:
                    yield start, end, opioid

    def _is_negated(self, tokens: Sequence[str], start: int) -> bool:
        before = tokens[max(0, start - 8) : start]
        return any(hit.end == len(before) for hit in self._negations.find(before))


def _word_set(terms: Iterable[str]) -> frozenset[str]:
    return frozenset(word for term in terms for word in words(term))
