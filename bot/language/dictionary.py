"""Ordinary English words, so that spelling repair leaves them alone."""

from __future__ import annotations

from functools import lru_cache

from spellchecker import SpellChecker

from bot.language.text import fold

MIN_COUNT = 40
"""Rarer entries of the word list are often slips of the pen themselves."""


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """Folded English words of pyspellchecker's frequency list that occur often enough."""
    frequencies = SpellChecker(language="en").word_frequency.dictionary
    return frozenset(fold(word) for word, count in frequencies.items() if count >= MIN_COUNT)
