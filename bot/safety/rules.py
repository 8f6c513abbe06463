"""Detection rules that a curator can read: sets of words that must stand near each other.

The form of rules and terms is described at :class:`bot.knowledge.schema.Rule`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.knowledge.schema import Rule
from bot.language.text import words
from bot.safety.reading import Reading

BESIDE = 2
"""How many words may stand between a word that silences and what it silences."""

BEHIND = 3
"""How many words may stand between a match and an ``unless_followed`` word behind it."""

GAP = 4
"""How many words ``...`` in a term stands for at most."""

_ANY_FEW, _NUMBER = "...", "#"
_NUMBER_WORDS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ]
    )
} | {
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "eighteen": 18,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "hundred": 100,
}

ALTERNATIVES = frozenset({"or", "nor", "oder", "ou", "eller", "tai"})
"""Words that carry a negation on ("no chest pain or trouble breathing")."""

CARRIED = 6
"""How many words may stand between a negation and what such a word carries it to."""

LONGEST_SILENCER = 10
"""How many words before a match an ``unless`` term begins at most."""

Span = tuple[int, int]
_Entry = tuple[str | None, tuple[str, ...]]
"""A set's name (none for phrases with another meaning) and the words of one of its terms."""

Found = dict[str, list[Span]]
"""For each set with a match: the spans (start, end exclusive) of its matches, by start."""


class WordSets:
    """Named sets of terms, and phrases that mean something else than their words say.

    Args:
        sets: the terms of each set.
        other_meanings: phrases ("dying to", "no idea"); what lies inside one is no match.
    """

    def __init__(
        self, sets: Mapping[str, Iterable[str]], other_meanings: Iterable[str] = ()
    ) -> None:
        # Patterns by their first word, by their first two, by a first word with an open ending,
        # and those that begin with a number by their second word ("" if that is a sign).
        self._index: dict[str, list[_Entry]] = {}
        self._pairs: dict[tuple[str, str], list[_Entry]] = {}
        self._prefixes: dict[str, list[_Entry]] = {}
        self._numbers: dict[str, list[_Entry]] = {}
        for term in other_meanings:
            self._add(None, _pattern(term))
        for name, terms in sets.items():
            for term in terms:
                self._add(name, _pattern(term))
        self._prefix_lengths = sorted({len(prefix) for prefix in self._prefixes})

    def _add(self, name: str | None, pattern: tuple[str, ...]) -> None:
        first, second = pattern[0], pattern[1] if len(pattern) > 1 else ""
        if first.endswith("*"):
            self._prefixes.setdefault(first[:-1], []).append((name, pattern))
        elif first.startswith(_NUMBER):
            key = second if second.isalnum() else ""
            self._numbers.setdefault(key, []).append((name, pattern))
        elif second and second.isalnum():
            self._pairs.setdefault((first, second), []).append((name, pattern))
        else:
            self._index.setdefault(first, []).append((name, pattern))

    def vocabulary(self) -> set[str]:
        """All whole words of the terms."""
        groups = (self._index, self._pairs, self._prefixes, self._numbers)
        patterns = [p for group in groups for entries in group.values() for _, p in entries]
        return {word for pattern in patterns for word in pattern if word.isalpha()}

    def find(self, reading: Reading) -> Found:
        """Every match of every set; a match lies within one sentence."""
        matches: list[tuple[str, Span]] = []
        masks: list[Span] = []
        for start in range(len(reading.tokens)):
            for known, (name, pattern) in self._candidates(reading.tokens, start):
                end = _end_of_match(pattern, known, reading, start)
                if end and name is None:
                    if reading.clauses[start] == reading.clauses[end - 1]:
                        masks.append((start, end))
                elif end and name:
                    matches.append((name, (start, end)))
        reach = _reach(masks, len(reading.tokens))
        found: Found = {}
        for name, span in matches:
            if reach[span[0]] < span[1]:
                found.setdefault(name, []).append(span)
        return found

    def _candidates(self, tokens: Sequence[str], start: int) -> Iterator[tuple[int, _Entry]]:
        """Patterns that may match at ``start``, and how many of their words are known to fit."""
        token = tokens[start]
        following = tokens[start + 1] if start + 1 < len(tokens) else None
        for entry in self._index.get(token, ()):
            yield 1, entry
        if following is not None:
            for entry in self._pairs.get((token, following), ()):
                yield 2, entry
        for length in self._prefix_lengths:
            if length > len(token):
                break
            for entry in self._prefixes.get(token[:length], ()):
                yield 1, entry
        if _value(token) is not None:
            for entry in self._numbers.get("", ()):
                yield 0, entry
            if following is not None:
                for entry in self._numbers.get(following, ()):
                    yield 0, entry


def fires(rule: Rule, found: Found, reading: Reading) -> Span | None:
    """Where a rule fires: the match of its first set, or ``None``."""
    for name in rule.near:
        if name not in found:
            return None
    anchors = [a for a in found[rule.near[0]] if not _silenced(a, rule, found, reading)]
    if not anchors:
        return None
    lists = [anchors, *(found[name] for name in rule.near[1:])]
    if rule.in_order:
        return next((a for a in anchors if _follow(a, lists[1:], rule.window)), None)
    starts = [[span[0] for span in spans] for spans in lists]
    for left in sorted({start for listed in starts for start in listed}):
        right = left + rule.window
        if all(
            _within(spans, begins, left, right) for spans, begins in zip(lists, starts, strict=True)
        ):
            return anchors[min(bisect_left(starts[0], left), len(anchors) - 1)]
    return None


def _within(spans: Sequence[Span], starts: Sequence[int], left: int, right: int) -> bool:
    position = bisect_left(starts, left)
    while position < len(spans) and starts[position] <= right:
        if spans[position][1] <= right:
            return True
        position += 1
    return False


def _follow(anchor: Span, others: Sequence[Sequence[Span]], window: int) -> bool:
    """Whether a match of each other set follows, one behind the other."""
    end = anchor[1]
    for spans in others:
        position = bisect_left(spans, (end, 0))
        ends = []
        while position < len(spans) and spans[position][0] <= anchor[0] + window:
            ends.append(spans[position][1])
            position += 1
        if not ends:
            return False
        end = min(ends)
    return end <= anchor[0] + window


def _silenced(anchor: Span, rule: Rule, found: Found, reading: Reading) -> bool:
    start, end = anchor
    clause, sentence = reading.clauses[start], reading.sentences[start]
    if rule.unless:
        alternative = not ALTERNATIVES.isdisjoint(reading.tokens[max(0, start - BESIDE) : start])
        beside = CARRIED if alternative else BESIDE
        for name in rule.unless:
            for _, high in _starting(found.get(name, ()), start - LONGEST_SILENCER, start):
                if high <= start and start - high <= beside and reading.clauses[high - 1] == clause:
                    return True
    for name in rule.unless_asked:
        for low, high in _starting(found.get(name, ()), 0, end):
            if reading.sentences[low] < sentence:
                break
            if high <= end:
                return True
    return any(
        reading.sentences[low] == sentence
        for name in rule.unless_followed
        for low, _ in _starting(found.get(name, ()), end, end + BEHIND + 1)
    )


def _starting(spans: Sequence[Span], low: int, high: int) -> Iterator[Span]:
    """Spans that start from ``low`` to before ``high``, the last first."""
    position = bisect_left(spans, (high, 0)) - 1
    while position >= 0 and spans[position][0] >= low:
        yield spans[position]
        position -= 1


def _reach(masks: Iterable[Span], length: int) -> list[int]:
    """For each position: how far the masks that begin there or earlier reach."""
    reach = [0] * (length + 1)
    for low, high in masks:
        reach[low] = max(reach[low], high)
    for position in range(1, length + 1):
        reach[position] = max(reach[position], reach[position - 1])
    return reach


def _pattern(term: str) -> tuple[str, ...]:
    """The words of a term, with the signs for any ending, any number and a gap kept."""
    result: list[str] = []
    for piece in term.split():
        if piece == _ANY_FEW or piece.startswith(_NUMBER):
            result.append(piece)
            continue
        result += words(piece)
        if piece.endswith("*") and result:
            result[-1] += "*"
    return tuple(result)


def _end_of_match(pattern: tuple[str, ...], known: int, reading: Reading, start: int) -> int:
    """Position behind the shortest match of ``pattern`` at ``start``; 0 if there is none.

    Its first ``known`` words are known to fit.
    """
    sentence, step = reading.sentences[start], start + known
    if known == 2 and reading.sentences[step - 1] != sentence:
        return 0
    return step if known == len(pattern) else _match(pattern, known, reading, step, sentence)


def _match(
    pattern: tuple[str, ...], step: int, reading: Reading, position: int, sentence: int
) -> int:
    tokens, sentences = reading.tokens, reading.sentences
    while step < len(pattern):
        if pattern[step] == _ANY_FEW:
            for skipped in range(GAP + 1):
                if end := _match(pattern, step + 1, reading, position + skipped, sentence):
                    return end
            return 0
        if position >= len(tokens) or sentences[position] != sentence:
            return 0
        if not _fits(pattern[step], tokens[position]):
            return 0
        step += 1
        position += 1
    return position


def _fits(expected: str, token: str) -> bool:
    if expected.endswith("*"):
        return token.startswith(expected[:-1])
    if expected.startswith(_NUMBER):
        value = _value(token)
        return value is not None and value >= float(expected[1:].rstrip("+") or 0)
    return token == expected


def _value(token: str) -> float | None:
    """The number that a word says (``"4,5"``, ``"ten"``), or ``None``."""
    if token[0].isdecimal():
        whole, _, rest = token.replace(",", ".").partition(".")
        return float(f"{whole[:12]}.{rest.replace('.', '')[:6]}")
    return _NUMBER_WORDS.get(token)
