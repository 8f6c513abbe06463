"""Ordinary English words, so that spelling repair leaves them alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from spellchecker import SpellChecker

from bot.language.text import fold

MIN_COUNT = 40
"""Rarer entries of the word list are often slips of the pen themselves."""

COMMON_COUNT = 5_000
"""From this count on a word is so common that an unknown one may be a slip of it."""


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """Folded English words of pyspellchecker's frequency list that occur often enough."""
    return _at_least(MIN_COUNT)


@lru_cache(maxsize=2)
def common_words(count: int = COMMON_COUNT) -> frozenset[str]:
    """The most common of :func:`english_words`: those that the list counts so often."""
    return _at_least(count)


def _at_least(count: int) -> frozenset[str]:
    return frozenset(fold(word) for word, found in _frequencies().items() if found >= count)


@lru_cache(maxsize=1)
def _frequencies() -> Mapping[str, int]:
    frequencies: Mapping[str, int] = SpellChecker(language="en").word_frequency.dictionary
    return frequencies
