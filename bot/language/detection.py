"""Tells the language of a short message from its function words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import stop_words

from bot.language.dictionary import english_words
from bot.language.text import words

LANGUAGES = {
    "en": "english",
    "de": "german",
    "fr": "french",
    "es": "spanish",
    "it": "italian",
    "pt": "portuguese",
    "nl": "dutch",
    "no": "norwegian",
    "sv": "swedish",
    "da": "danish",
    "fi": "finnish",
}
"""Languages that are told apart (ISO 639-1) and their names in the word lists."""

MARGIN = 1.2
"""How many times as many function words another language needs to win over English."""


@lru_cache(maxsize=1)
def _function_words() -> dict[str, frozenset[str]]:
    return {
        code: frozenset(word for entry in stop_words.get_stop_words(name) for word in words(entry))
        for code, name in LANGUAGES.items()
    }


def foreign_function_words() -> frozenset[str]:
    """Function words of the other languages that mean nothing in English."""
    lists = _function_words()
    foreign = frozenset(word for code, found in lists.items() if code != "en" for word in found)
    return foreign - lists["en"] - english_words()


def detect_language(tokens: Sequence[str]) -> str:
    """ISO code of the language that most function words of ``tokens`` belong to; ``en`` if open."""
    if not tokens:
        return "en"
    lists = _function_words()
    scores = dict.fromkeys(lists, 0.0)
    for token in tokens:
        owners = [code for code, entries in lists.items() if token in entries]
        for code in owners:
            # A word that few languages share says more.
            scores[code] += 1.0 / len(owners)
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] > MARGIN * scores["en"] else "en"
