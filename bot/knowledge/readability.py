"""How many years of school a text asks for."""

from __future__ import annotations

import re
from functools import lru_cache

import pyphen

_SENTENCE_END = re.compile(r"[.!?:;]+(?=\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_E = re.compile(r"(?<=[^aeiouy])(?:e|es|ed)$")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d.,]*")


@lru_cache(maxsize=1)
def _hyphenation() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")


@lru_cache(maxsize=8192)
def _syllables(word: str) -> int:
    # Hyphenation never leaves single letters at an edge ("a-ny"), so vowels are counted too.
    spoken = _SILENT_E.sub("", word.lower())
    return max(len(_hyphenation().positions(word)) + 1, len(_VOWELS.findall(spoken)), 1)


def grade(text: str) -> float:
    """Flesch-Kincaid grade of an English text: US school years needed to read it.

    Formula: 0.39 words per sentence + 11.8 syllables per word - 15.59 (Kincaid and others, US Navy
    report 8-75, 1975). Syllables are the parts that pyphen's hyphenation makes, or the groups of
    vowels if those are more. A text without words has grade 0.
    """
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = max(1, len(_SENTENCE_END.findall(text)))
    syllables = sum(map(_syllables, words))
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
