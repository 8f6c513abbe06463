"""Turns a message in another language into English words, so that one understanding serves all.

Word by word from ``knowledge/languages/``: no grammar, no translation to show to anyone. A word
that is not in a list may be made of two that are, or be a slip; else it stays as it is (names of
medicines). Small words without meaning fall away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.knowledge.schema import LanguageFile
from bot.language.dictionary import common_words, english_words
from bot.language.function_words import LANGUAGES, function_words
from bot.language.text import words

COMPOUNDING = frozenset({"da", "de", "fi", "nl", "no", "sv"})
"""Languages that write "blood pressure tablets" as one word."""

LINKS = ("", "s", "n", "e", "en", "es")
"""What may stand between the parts of such a word."""

SHORTEST_PART = 4
"""Letters of a part; shorter ones are found in any word."""

LONG_ENOUGH_FOR_A_SLIP = 7
"""Letters from which a word that is one slip away from a known one is taken for it."""

_ELISIONS = {
    "fr": r"l|d|j|m|t|s|n|c|qu|jusqu|lorsqu|puisqu",
    "it": r"l|d|c|m|t|s|v|un|all|dall|dell|nell|sull|quell|quest|anch|dov|com",
}
"""Words that lose their end before a vowel ("l'Ixprim", "dell'alcol")."""
_ELIDED = {
    code: re.compile(rf"\b({short})['’`´ʼ](\w+)", re.IGNORECASE)  # noqa: RUF001 - all are typed
    for code, short in _ELISIONS.items()
}

_ENDINGS = {
    "fi": r"n|a|ä|aa|ää|ta|tä|na|nä|ssa|ssä|sta|stä|lla|llä|lle|lta|ltä|ksi|tta|ttä|in|hin|iin|een",
    "sv": r"s|n|en|et|t|ns|ens",
}
"""What these languages hang on abbreviations with a colon ("LDN:n")."""
_ENDED = {
    code: re.compile(rf"(?<=\w):(?:{endings})\b", re.IGNORECASE)
    for code, endings in _ENDINGS.items()
}

UNITS = frozenset({"mg", "ml", "mcg"})

COMMON_IN_ENGLISH = 20_000
"""Count from which a short word is English ("la" and "de" occur in English texts as well)."""

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
        english: words that are usual in English questions.
    """

    def __init__(
        self,
        languages: Mapping[str, LanguageFile],
        neutral: frozenset[str],
        english: frozenset[str],
    ) -> None:
        self._neutral = neutral | UNITS
        self._english = english
        # The list of small English words has every code of a country.
        self._english_small = function_words("en") & (english | common_words(COMMON_IN_ENGLISH))
        self._lists = {
            code: {key: value for term, value in file.words.items() if (key := words(term))}
            for code, file in languages.items()
        }
        self._capitals = {
            code: (re.compile(rf"\b({'|'.join(map(re.escape, file.capitals))})\b"), file.capitals)
            for code, file in languages.items()
            if file.capitals
        }
        self._longest = {
            code: max(map(len, entries), default=1) for code, entries in self._lists.items()
        }
        self._long = {
            code: [
                key[0]
                for key in entries
                if len(key) == 1 and len(key[0]) >= LONG_ENOUGH_FOR_A_SLIP - 1
            ]
            for code, entries in self._lists.items()
        }
        self._small = {code: function_words(code) for code in LANGUAGES if code != "en"}
        self._single = {
            code: small.union(key[0] for key in self._lists.get(code, ()) if len(key) == 1)
            for code, small in self._small.items()
        }

    def language_of(self, tokens: Sequence[str]) -> str:
        """ISO code of the language that most of ``tokens`` belong to; ``en`` if that is open."""
        tokens = [t for t in tokens if t.isalpha() and len(t) > 1 and t not in self._neutral]
        best, most = "en", 0
        for code, known in self._single.items():
            own = [t for t in tokens if t in known and not self._is_english(t, code)]
            # One rare word that English has as well ("urticaria") tells nothing.
            if all(t in english_words() and t not in self._small[code] for t in own):
                continue
            other = sum(token not in known and self._is_english(token, code) for token in tokens)
            shared = sum(token in known for token in tokens)
            if len(own) > other and (weight := 2 * len(own) + shared - other) > most:
                best, most = code, weight
        return best

    def _is_english(self, token: str, language: str) -> bool:
        """Whether a word speaks for English; a small word of ``language`` alone does not."""
        if token in self._english_small:
            return True
        return token in self._english and token not in self._small[language]

    def taken_apart(self, text: str, language: str) -> str:
        """``text`` with "l'Ixprim" as two words and "LDN:n" without its ending, so that names show.

        A list may have both as one word, as words without their apostrophes are ("jai").
        """
        if ended := _ENDED.get(language):
            return ended.sub("", text)
        if elided := _ELIDED.get(language):
            known = self._single[language]
            return elided.sub(
                lambda match: match[0] if words(match[0])[0] in known else f"{match[1]} {match[2]}",
                text,
            )
        return text

    def to_english(self, text: str, language: str) -> str:
        """``text`` with known words replaced by English ones, its punctuation kept."""
        entries = self._lists.get(language)
        if entries is None:
            return text
        if language in self._capitals and not text.isupper():
            pattern, meanings = self._capitals[language]
            text = pattern.sub(lambda match: meanings[match[0]], text)
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
                    result.append(self._guessed(tokens[position], language))
                position += 1
        return result

    def _guessed(self, token: str, language: str) -> str:
        """The English for a word that is not in the list, or the word itself."""
        if token in self._neutral or token in english_words() or not token.isalpha():
            return token
        parts = self._parts(token, language) if language in COMPOUNDING else None
        if parts is None and len(token) >= LONG_ENOUGH_FOR_A_SLIP:
            near = process.extractOne(
                token, self._long[language], scorer=OSA.distance, score_cutoff=1
            )
            return self._lists[language][near[0],] if near else token
        return parts or token

    def _parts(self, token: str, language: str) -> str | None:
        """The English for a word made of two known ones ("Hautarzt"), the longest first part."""
        entries = self._lists[language]
        for cut in range(len(token) - SHORTEST_PART, SHORTEST_PART - 1, -1):
            second = entries.get((token[cut:],))
            for link in LINKS if second else ():
                first = token[:cut].removesuffix(link)
                if len(first) < SHORTEST_PART:
                    continue
                english = first if first in self._neutral else entries.get((first,))
                if english:
                    return f"{english} {second}"
        return None
