"""Explains the words of the field that an answer uses."""

from __future__ import annotations

from collections.abc import Iterable

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import Claim, Word
from bot.language.phrases import PhraseIndex, longest
from bot.language.text import words

MOST_WORDS = 6


class Glossary:
    """Finds glossary words in texts."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._index: PhraseIndex[Word] = PhraseIndex()
        for word in knowledge.glossary.words:
            for name in (word.term, *word.also):
                self._index.add(name, word)

    def explained(self, claims: Iterable[Claim]) -> tuple[Claim, ...]:
        """One claim for each glossary word in ``claims``, in order of first use."""
        found: dict[str, Word] = {}
        for claim in claims:
            for hit in longest(self._index.find(words(claim.text))):
                found.setdefault(hit.value.id, hit.value)
        return tuple(
            Claim(text=f"{word.term}: {word.meaning}", sources=word.sources)
            for word in list(found.values())[:MOST_WORDS]
        )
