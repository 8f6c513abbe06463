"""Turns a message in another language into English words, so that one understanding serves all.

Word by word from ``knowledge/languages/``: no grammar, no translation to show to anyone. What is
not in a list stays as it is (names of medicines), small words without meaning fall away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.knowledge.schema import LanguageFile
from bot.language.dictionary import english_words
from bot.language.function_words import LANGUAGES, function_words
from bot.language.text import words

_SIGNS = re.compile(r"([.!?;:,()\n…]+)")
_AGO = re.compile(
    r"\bago (\d+|an?|one|two|three|four|five|six) (minute|hour|day|week|month|year)s?\b"
)
"""French, Spanish and Portuguese say "ago" before the number."""


class Glosses:
    """The word lists of all languages.

    Args:
        languages: by ISO 639-1 code.
        neutral: words that belong to no language (names of medicines, of LDN).
    """

    def __init__(self, languages: Mapping[str, LanguageFile], neutral: frozenset[str]) -> None:
        self._neutral = neutral
        self._lists = {
            code: {key: value for term, value in file.words.items() if (key := words(term))}
            for code, file in languages.items()
        }
        self._longest = {
            code: max(map(len, entries), default=1) for code, entries in self._lists.items()
        }
        self._small = {code: function_words(code) for code in LANGUAGES if code != "en"}
        self._single = {
            code: small.union(key[0] for key in self._lists.get(code, ()) if len(key) == 1)
            for code, small in self._small.items()
        }

    def language_of(self, tokens: Sequence[str]) -> str:
        """ISO code of the language that most of ``tokens`` belong to; ``en`` if that is open."""
        tokens = [t for t in tokens if t.isalpha() and t not in self._neutral]
        best, most = "en", 0
        for code, known in self._single.items():
            own = sum(token in known and not self._is_english(token, code) for token in tokens)
            other = sum(token not in known and self._is_english(token, code) for token in tokens)
            shared = sum(token in known for token in tokens)
            if own > other and (weight := 2 * own + shared - other) > most:
                best, most = code, weight
        return best

    def _is_english(self, token: str, language: str) -> bool:
        """Whether a word speaks for English; a small word of ``language`` alone does not."""
        if token in function_words("en"):
            return True
        return token in english_words() and token not in self._small[language]

    def to_english(self, text: str, language: str) -> str:
        """``text`` with known words replaced by English ones, its punctuation kept."""
        entries = self._lists.get(language)
        if entries is None:
            return text
        pieces = _SIGNS.split(text)
        pieces[::2] = [" ".join(self._replaced(words(piece), language)) for piece in pieces[::2]]
        return _AGO.sub(r"\1 \2s ago", " ".join(filter(None, pieces)))

    def _replaced(self, tokens: Sequence[str], language: str) -> list[str]:
        entries, small = self._lists[language], self._small[language]
        result: list[str] = []
        position = 0
        while position < len(tokens):
            for length in range(min(self._longest[language], len(tokens) - position), 0, -1):
                english = entries.get(tuple(tokens[position : position + length]))
                if english is not None:
                    result.append(english)
                    position += length
                    break
            else:
                if tokens[position] not in small:
                    result.append(tokens[position])
                position += 1
        return result
