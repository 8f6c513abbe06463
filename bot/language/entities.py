"""Finds what a question is about: conditions, symptoms, medicines, studies, places, concepts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.knowledge import KnowledgeBase
from bot.knowledge.made_entities import LDN
from bot.knowledge.schema import AmbiguousTerm, Entity, EntityKind
from bot.language.dictionary import english_words
from bot.language.phrases import Hit, PhraseIndex, longest
from bot.language.text import stem, words

_PROPER_KINDS = {EntityKind.PLACE, EntityKind.STUDY}


@dataclass(frozen=True, slots=True)
class _Name:
    """What a name in the index stands for, and the context it needs."""

    entity_id: str
    ambiguous: AmbiguousTerm | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity named at words ``start`` to ``end`` (exclusive) of the question."""

    entity: Entity
    start: int
    end: int


class EntityFinder:
    """Looks up the vocabulary's names in the words of a question."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._entities = knowledge.vocabulary.entities
        # Descriptions are compared by their stems ("sweating", "sweats"). Proper names are
        # compared as they are: stems of brands, places and foreign words collide with English.
        self._descriptions: PhraseIndex[_Name] = PhraseIndex(stem)
        self._proper: PhraseIndex[_Name] = PhraseIndex()
        for entity in self._entities.values():
            own = self._proper if entity.kind in _PROPER_KINDS else self._descriptions
            for name in (entity.name, *entity.terms):
                own.add(name, _Name(entity.id))
            for name in entity.member_names:
                self._proper.add(name, _Name(entity.id))
            for name in entity.foreign_names:
                if name_is_foreign(name):
                    self._proper.add(name, _Name(entity.id))
            for ambiguous in entity.ambiguous:
                own.add(ambiguous.term, _Name(entity.id, ambiguous))

    def find(self, tokens: Sequence[str]) -> tuple[Mention, ...]:
        """The entities named in ``tokens``, in order; the longest name wins, ties all stay."""
        present = {stem(token) for token in tokens}
        hits = [
            Hit(hit.start, hit.end, hit.value.entity_id)
            for index in (self._descriptions, self._proper)
            for hit in index.find(tokens)
            if _counts(hit.value.ambiguous, present)
        ]
        # LDN stays also inside a longer name ("what is ldn").
        kept = {*longest(hits), *(hit for hit in hits if hit.value == LDN)}
        return tuple(
            Mention(self._entities[hit.value], hit.start, hit.end)
            for hit in sorted(kept, key=lambda hit: (hit.start, hit.end, hit.value))
        )


def name_is_foreign(name: str) -> bool:
    """False for a single word that English has as well: there it means something else."""
    parts = words(name)
    return len(parts) != 1 or parts[0] not in english_words()


def _counts(ambiguous: AmbiguousTerm | None, present: set[str]) -> bool:
    """Whether a term counts beside the other words (stems) of the message."""
    if ambiguous is None:
        return True
    if ambiguous.without_words and _stems(ambiguous.without_words) & present:
        return False
    return not ambiguous.with_words or bool(_stems(ambiguous.with_words) & present)


@lru_cache(maxsize=1024)
def _stems(terms: tuple[str, ...]) -> frozenset[str]:
    return frozenset(stem(word) for term in terms for word in words(term))
