"""Small words without a meaning of their own, by language."""

from __future__ import annotations

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

UNREADABLE = (
    "polish",
    "czech",
    "slovak",
    "hungarian",
    "romanian",
    "turkish",
    "indonesian",
    "malaysian",
    "vietnamese",
)
"""Languages in Latin letters that are told from the others, but can't be read."""


@lru_cache(maxsize=len(LANGUAGES))
def function_words(language: str) -> frozenset[str]:
    """Function words of a language of :data:`LANGUAGES`."""
    entries = stop_words.get_stop_words(LANGUAGES[language])
    return frozenset(word for entry in entries for word in words(entry))


def foreign_function_words() -> frozenset[str]:
    """Function words of the other languages that mean nothing in English."""
    foreign = frozenset[str]().union(*map(function_words, LANGUAGES.keys() - {"en"}))
    return foreign - function_words("en") - english_words()


def unreadable_function_words() -> frozenset[str]:
    """Function words of the languages of :data:`UNREADABLE`."""
    entries = (entry for name in UNREADABLE for entry in stop_words.get_stop_words(name))
    return frozenset(word for entry in entries for word in words(entry))
