"""Repairs single words against the knowledge base's own vocabulary.

Fuzzy similarity is used on words only, never on whole questions: over a whole question
"can i take ldn" and "can i take ldn with opioids" look the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

MIN_LENGTH = 4


class Speller:
    """Corrects words one or two slips away (swap, loss, addition, wrong letter) from a known one.

    Args:
        targets: the words worth correcting to, with their weight; among equally near ones the
            heavier wins.
        known: words that are right as they are.
        confusable: groups of words that are never turned into one another.
    """

    def __init__(
        self,
        targets: Mapping[str, float],
        known: Iterable[str],
        confusable: Iterable[Iterable[str]] = (),
    ) -> None:
        self._weights = {
            word: weight for word, weight in targets.items() if len(word) >= MIN_LENGTH
        }
        self._known = {*known, *targets}
        self._apart: dict[str, set[str]] = {}
        for group in confusable:
            members = set(group)
            for member in members:
                self._apart.setdefault(member, set()).update(members - {member})
        self._by_length: dict[int, list[str]] = {}
        for word in self._weights:
            self._by_length.setdefault(len(word), []).append(word)
        self._near: dict[tuple[int, int], list[str]] = {}
        self._correct = lru_cache(maxsize=4096)(self._search)

    def correct(self, word: str) -> str:
        """The known word that was probably meant, or ``word`` itself."""
        if word in self._known or len(word) < MIN_LENGTH or not word.isalpha() or len(word) > 30:
            return word
        return self._correct(word)

    def _search(self, word: str) -> str:
        limit = allowed_slips(word)
        near = self._of_length(len(word), limit)
        matches = process.extract(word, near, scorer=OSA.distance, score_cutoff=limit, limit=5)
        best = word
        best_rank: tuple[float, float] | None = None
        for candidate, distance, _ in matches:
            # A slip in the first letter is rare and changes the word's look most.
            slips = distance + (0.5 if candidate[0] != word[0] else 0.0)
            if slips > limit or self._kept_apart(word, candidate):
                continue
            rank = (slips, -self._weights[candidate])
            if best_rank is None or rank < best_rank:
                best, best_rank = candidate, rank
        return best

    def _of_length(self, length: int, slips: int) -> list[str]:
        """Targets of about this length, gathered once."""
        if (length, slips) not in self._near:
            self._near[length, slips] = [
                candidate
                for near in range(length - slips, length + slips + 1)
                for candidate in self._by_length.get(near, ())
            ]
        return self._near[length, slips]

    def _kept_apart(self, word: str, candidate: str) -> bool:
        """True if ``word`` is as near to a confusable partner of ``candidate`` as to itself."""
        partners = self._apart.get(candidate)
        if not partners:
            return False
        distance = OSA.distance(word, candidate)
        return any(OSA.distance(word, partner) <= distance for partner in partners)


def allowed_slips(word: str) -> int:
    """Slips tolerated in a word: one in short words, two from eight letters on."""
    return 2 if len(word) >= 8 else 1
