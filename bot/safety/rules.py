"""Detection rules that a curator can read: sets of words that must stand near each other.

The form of rules is described at :class:`bot.knowledge.schema.Rule`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.knowledge.schema import Rule
from bot.language.text import words

EDGE = 3
"""How many words before a match an ``unless`` word may stand to silence it."""


class WordSets:
    """Named sets of phrases; ``*`` at the end of a word stands for any ending."""

    def __init__(self, sets: Mapping[str, Iterable[str]]) -> None:
        self._sets = {name: [_pattern(term) for term in terms] for name, terms in sets.items()}
        self._first: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        self._prefixes: list[tuple[str, str, tuple[str, ...]]] = []
        for name, patterns in self._sets.items():
            for pattern in patterns:
                if pattern[0].endswith("*"):
                    self._prefixes.append((pattern[0][:-1], name, pattern))
                else:
                    self._first.setdefault(pattern[0], []).append((name, pattern))

    def positions(self, tokens: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
        """For each set with a match: the spans (start, end exclusive) of its matches."""
        found: dict[str, list[tuple[int, int]]] = {}
        for start, token in enumerate(tokens):
            candidates = list(self._first.get(token, ()))
            candidates += [
                (name, pattern)
                for prefix, name, pattern in self._prefixes
                if token.startswith(prefix)
            ]
            for name, pattern in candidates:
                end = start + len(pattern)
                if end <= len(tokens) and all(map(_fits, pattern, tokens[start:end])):
                    found.setdefault(name, []).append((start, end))
        return found


def fires(rule: Rule, positions: Mapping[str, Sequence[tuple[int, int]]]) -> bool:
    """Whether every set of ``rule.near`` has a match within its window and nothing silences it."""
    if any(name not in positions for name in rule.near):
        return False
    anchors = positions[rule.near[0]]
    for anchor in anchors:
        span = _nearest(anchor, [positions[name] for name in rule.near[1:]], rule.window)
        if span is not None and not _silenced(span, rule, positions):
            return True
    return False


def _nearest(
    anchor: tuple[int, int], others: Sequence[Sequence[tuple[int, int]]], window: int
) -> tuple[int, int] | None:
    """The span from the anchor over the nearest match of each other set, if it fits the window."""
    start, end = anchor
    for spans in others:
        free = [span for span in spans if span[1] <= anchor[0] or span[0] >= anchor[1]]
        if not free:
            return None
        nearest = min(free, key=lambda span: max(end, span[1]) - min(start, span[0]))
        start, end = min(start, nearest[0]), max(end, nearest[1])
    return (start, end) if end - start <= window else None


def _silenced(
    span: tuple[int, int], rule: Rule, positions: Mapping[str, Sequence[tuple[int, int]]]
) -> bool:
    start, end = span
    return any(
        start - EDGE <= other[0] and other[1] <= end + 1
        for name in rule.unless
        for other in positions.get(name, ())
    )


def _pattern(term: str) -> tuple[str, ...]:
    """The words of a term, with the mark of an open ending kept."""
    result: list[str] = []
    for piece in term.split():
        result += words(piece)
        if piece.endswith("*") and result:
            result[-1] += "*"
    return tuple(result)


def _fits(pattern: str, token: str) -> bool:
    return token.startswith(pattern[:-1]) if pattern.endswith("*") else token == pattern
