"""Finds many phrases in a list of words in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.language.text import words

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """A phrase found at words ``start`` to ``end`` (exclusive), with what it stands for."""

    start: int
    end: int
    value: T


class PhraseIndex(Generic[T]):
    """Phrases of one or more words, looked up by their first word and length.

    ``key`` turns each word into the form that is compared, for example its stem.
    """

    def __init__(self, key: Callable[[str], str] = str) -> None:
        self._key = key
        self._by_first: dict[str, dict[int, dict[tuple[str, ...], list[T]]]] = {}

    def add(self, phrase: str, value: T) -> None:
        """Add a phrase; one without any word is ignored."""
        keys = tuple(map(self._key, words(phrase)))
        if not keys:
            return
        of_length = self._by_first.setdefault(keys[0], {}).setdefault(len(keys), {})
        values = of_length.setdefault(keys, [])
        if value not in values:
            values.append(value)

    def find(self, tokens: Sequence[str]) -> Iterator[Hit[T]]:
        """Every occurrence, by position."""
        keys = tuple(map(self._key, tokens))
        for start, first in enumerate(keys):
            for length, phrases in self._by_first.get(first, {}).items():
                end = start + length
                for value in phrases.get(keys[start:end], ()):
                    yield Hit(start, end, value)

    def vocabulary(self) -> set[str]:
        """All words that occur in phrases, as compared."""
        return {
            word
            for lengths in self._by_first.values()
            for phrases in lengths.values()
            for phrase in phrases
            for word in phrase
        }


def longest(hits: Iterable[Hit[T]]) -> list[Hit[T]]:
    """Hits that are not inside a longer one; different hits on the same words all stay."""
    ordered = sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start))
    kept: list[Hit[T]] = []
    for hit in ordered:
        inside = any(
            other.start <= hit.start and hit.end <= other.end and width(other) > width(hit)
            for other in kept
        )
        if not inside:
            kept.append(hit)
    return sorted(kept, key=lambda hit: (hit.start, hit.end))


def width(hit: Hit[T]) -> int:
    """Number of words of a hit."""
    return hit.end - hit.start
