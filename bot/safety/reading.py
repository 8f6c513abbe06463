"""The words of a message with their sentence and clause, as typed and with slips repaired."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.language.spelling import Speller
from bot.language.text import words

_SENTENCE = re.compile(r"([.!?…;]+)(?=\s|$)")
_CLAUSE = re.compile(r"(?<!\d),|,(?!\d)|[:()\[\]–—]|\s-\s")
_LENGTHENED = re.compile(r"(.)\1{2,}")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a message: its words, and in which sentence and clause each stands.

    ``questions`` are the positions right behind a sentence that ends with a question mark.
    """

    tokens: tuple[str, ...]
    sentences: tuple[int, ...]
    clauses: tuple[int, ...]
    questions: tuple[int, ...] = ()

    @classmethod
    def of(cls, text: str, clause_starts: Collection[str] = ()) -> Reading:
        """Read a cleaned text; a word of ``clause_starts`` ("but") begins a new clause."""
        tokens: list[str] = []
        sentences: list[int] = []
        clauses: list[int] = []
        questions: list[int] = []
        clause = 0
        pieces = _SENTENCE.split(text)
        for number, sentence in enumerate(pieces[::2]):
            for piece in _CLAUSE.split(sentence):
                clause += 1
                for token in words(piece):
                    clause += token in clause_starts
                    tokens.append(token)
                    sentences.append(number)
                    clauses.append(clause)
            mark = pieces[2 * number + 1] if 2 * number + 1 < len(pieces) else ""
            if "?" in mark and tokens:
                questions.append(len(tokens))
        return cls(tuple(tokens), tuple(sentences), tuple(clauses), tuple(questions))

    @classmethod
    def of_parts(cls, parts: Iterable[Sequence[str]]) -> Reading:
        """Words that were split into sentences already."""
        numbered = [(token, number) for number, part in enumerate(parts) for token in part]
        sentences = tuple(number for _, number in numbered)
        return cls(tuple(token for token, _ in numbered), sentences, sentences)


class Repairer:
    """Repairs slips towards the words of the safety rules ("heeelp", "breth", "cnt").

    Args:
        targets: words of the rules.
        known: words that are right as they stand.
        spellings: short or wrong forms and the word that they stand for.
    """

    def __init__(
        self, targets: Iterable[str], known: Iterable[str], spellings: Mapping[str, str]
    ) -> None:
        targets = {*targets}
        self._spellings = spellings
        self._known = {*known, *targets}
        self._speller = Speller(dict.fromkeys(targets, 1.0), self._known)

    def repair(self, reading: Reading) -> Reading:
        """The same reading with repaired words, one for one."""
        return replace(reading, tokens=tuple(map(self._word, reading.tokens)))

    def _word(self, token: str) -> str:
        token = self._spellings.get(token, token)
        if token in self._known:
            return token
        if _LENGTHENED.search(token):
            once, twice = _LENGTHENED.sub(r"\1", token), _LENGTHENED.sub(r"\1\1", token)
            token = twice if twice in self._known else once
        return self._spellings.get(token) or self._speller.correct(token)
