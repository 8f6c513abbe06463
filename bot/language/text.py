"""From what a person typed to plain lower-case words.

Everything that is compared (questions, terms, phrasings) goes through :func:`words`, so that both
sides always look alike.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import Stemmer

MAX_LENGTH = 10_000
"""Longest text looked at, in characters; Telegram's limit of a message is 4096."""

_LETTERS_THAT_DO_NOT_DECOMPOSE = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)
_APOSTROPHES = re.compile(r"(?<=\w)['’`´ʼ](?=\w)")  # noqa: RUF001 - all are typed
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?;]+(?=\s|$)|\n+")
_SPOKEN = {"&": "and", "+": "plus"}
_SIGN_BETWEEN_WORDS = re.compile(r"(?<=\s)[&+](?=\s)")
_NEXT_QUESTION = re.compile(
    r"(?:,\s*|,?\s+(?:and|but|also|plus|n)\s+)(?=(?:what|how|is|are|does|do|did|can|could|will|would|"
    r"when|where|who|which|why|should|has|have)\b)|(?:^|\s)\d\s?[.)]\s+",
    re.IGNORECASE,
)
"""Where a second question is tied on ("can I drink and what about edibles", "1) ... 2) ...")."""
_stemmer = Stemmer.Stemmer("english")


def clean(text: str) -> str:
    """Readable text without control, zero-width and direction marks, cut to ``MAX_LENGTH``."""
    text = unicodedata.normalize("NFKC", text[: 4 * MAX_LENGTH])
    text = _SIGN_BETWEEN_WORDS.sub(lambda sign: _SPOKEN[sign.group()], text)
    kept = (" " if unicodedata.category(char) in {"Cc", "So", "Sk"} else char for char in text)
    visible = "".join(char for char in kept if unicodedata.category(char) not in {"Cf", "Cs", "Co"})
    return " ".join(visible.split())[:MAX_LENGTH]


def fold(text: str) -> str:
    """Lower case without accents: ``"Codéine"`` -> ``"codeine"``."""
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered.translate(_LETTERS_THAT_DO_NOT_DECOMPOSE))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@lru_cache(maxsize=65536)
def words(text: str) -> tuple[str, ...]:
    """The words and numbers of a text, folded.

    An apostrophe inside a word vanishes (``crohn's`` -> ``crohns``), letters and digits are split
    (``50mg`` -> ``50``, ``mg``), every other sign separates.
    """
    return tuple(_WORD.findall(_APOSTROPHES.sub("", fold(text))))


class Sentence(NamedTuple):
    """A sentence and whether it ends with a question mark."""

    text: str
    asks: bool


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a cleaned text; a text without end marks is one sentence."""
    found: list[Sentence] = []
    start = 0
    for end in _SENTENCE_END.finditer(text):
        found.append(Sentence(text[start : end.start()].strip(), "?" in end.group()))
        start = end.end()
    found.append(Sentence(text[start:].strip(), asks=False))
    return tuple(
        Sentence(part, sentence.asks)
        for sentence in found
        for part in _NEXT_QUESTION.split(sentence.text)
        if part
    )


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """English stem of one folded word (Snowball); short words and numbers stay as they are."""
    if len(word) < 4 or not word.isalpha():
        return word
    result: str = _stemmer.stemWord(word)
    return result
