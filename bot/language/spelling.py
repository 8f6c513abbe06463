"""Repairs single words against the knowledge base's own vocabulary.

Fuzzy similarity is used on words only, never on whole questions: over a whole question
"can i take ldn" and "can i take ldn with opioids" look the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache

from jellyfish import metaphone
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.language.text import stem

MIN_LENGTH = 4

SAME_SOUND = 0.5
"""A slip counts so much where the word still sounds the same ("horrer", "thier", "ment")."""

MOST_SLIPS_BY_SOUND = 2
LONG_ENOUGH = 6
"""Slips tolerated in a word of at least so many letters that still sounds the same."""

EXPECTED = 0.12
"""How much less a slip weighs for a word that is e times as common."""

NEAREST = 40
"""Words compared closely for one unknown word."""

DROPPED_G = "in"
"""Ending of "takin", "payin": the same word with a g is tried first."""


class Speller:
    """Corrects words one or two slips away (swap, loss, addition, wrong letter) from a known one.

    Args:
        targets: the words worth correcting to, with how often each is to be expected (1 or more);
            among about equally near ones the more common wins (the idea of a noisy channel,
            Kernighan, Church and Gale 1990).
        known: words that are right as they are.
        confusable: groups of words that are never turned into one another.
        meant: ways to write a word that are known, with the word that is meant.
    """

    def __init__(
        self,
        targets: Mapping[str, float],
        known: Iterable[str],
        confusable: Iterable[Iterable[str]] = (),
        meant: Mapping[str, str] | None = None,
    ) -> None:
        self._weights = {word: targets[word] for word in sorted(targets) if len(word) >= MIN_LENGTH}
        self._known = {*known, *targets}
        self._apart: dict[str, set[str]] = {}
        for group in confusable:
            members = set(group)
            for member in members:
                self._apart.setdefault(member, set()).update(members - {member})
        self._by_length: dict[int, list[str]] = {}
        for word in self._weights:
            self._by_length.setdefault(len(word), []).append(word)
        self._by_sound: dict[str, list[str]] = {}
        for word in self._weights:
            if sound := _sound(word):
                self._by_sound.setdefault(sound, []).append(word)
        # Words one slip apart are the same after a letter of one or of both is left out (the idea
        # of SymSpell, Garbe 2012): a look-up instead of a comparison with all words.
        self._one_away: dict[str, list[str]] = {}
        for word in self._weights:
            for shorter in _without_a_letter(word):
                self._one_away.setdefault(shorter, []).append(word)
        self._near: dict[tuple[int, int, str], list[str]] = {}
        self._meant = dict(meant or {})
        self._correct = lru_cache(maxsize=4096)(self._search)

    def correct(self, word: str) -> str:
        """The known word that was probably meant, or ``word`` itself."""
        if word in self._meant:
            return self._meant[word]
        if word in self._known or len(word) < MIN_LENGTH or not word.isalpha() or len(word) > 30:
            return word
        found = self._correct(word)
        return self._meant.get(found, found)

    def _search(self, word: str) -> str:
        if word.endswith(DROPPED_G) and len(word) >= LONG_ENOUGH - 1:
            found = self._nearest(f"{word}g")
            if found.endswith(f"{DROPPED_G}g") and found[0] == word[0] and found in self._known:
                return found
        return self._nearest(word)

    def _nearest(self, word: str) -> str:
        if word in self._known:
            return word
        limit = allowed_slips(word)
        alike = self._by_sound.get(_sound(word), ())
        most = MOST_SLIPS_BY_SOUND if len(word) >= LONG_ENOUGH else 1
        costs: dict[str, float] = {
            candidate: SAME_SOUND * distance
            for candidate in alike
            if (distance := OSA.distance(word, candidate)) <= most
        }
        for shorter in _without_a_letter(word):
            for candidate in self._one_away.get(shorter, ()):
                if OSA.distance(word, candidate, score_cutoff=1) == 1:
                    costs.setdefault(candidate, 1.0)
        if limit > 1:
            # The first letter is seldom one of two slips.
            near = self._of_length(len(word), limit, word[0])
            for candidate, distance, _ in process.extract(
                word, near, scorer=OSA.distance, score_cutoff=limit, limit=NEAREST
            ):
                costs.setdefault(candidate, distance)
        best, best_cost = word, math.inf
        for candidate, counted in sorted(costs.items()):
            # A slip in the first letter is rare and changes the word's look most.
            slips = counted + (0.5 if candidate[0] != word[0] else 0.0)
            if slips > limit or self._kept_apart(word, candidate):
                continue
            cost = slips - EXPECTED * math.log(self._weights[candidate])
            if cost < best_cost:
                best, best_cost = candidate, cost
        return best

    def _of_length(self, length: int, slips: int, start: str) -> list[str]:
        """Targets of about this length that begin with ``start``, gathered once."""
        key = length, slips, start
        if key not in self._near:
            self._near[key] = [
                candidate
                for near in range(length - slips, length + slips + 1)
                for candidate in self._by_length.get(near, ())
                if candidate.startswith(start)
            ]
        return self._near[key]

    def _kept_apart(self, word: str, candidate: str) -> bool:
        """True if ``word`` is as near to a confusable partner of ``candidate`` as to itself."""
        partners = self._apart.get(candidate)
        if not partners:
            return False
        distance = OSA.distance(word, candidate)
        return any(OSA.distance(word, partner) <= distance for partner in partners)


@lru_cache(maxsize=65536)
def _sound(word: str) -> str:
    """How a word sounds in English (metaphone, Philips 1990); nothing for other scripts."""
    return metaphone(word) if word.isascii() else ""


def _without_a_letter(word: str) -> set[str]:
    """A word, and what remains of it without one of its letters."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def allowed_slips(word: str) -> int:
    """Slips tolerated in a word: one in short words, two from eight letters on."""
    return 2 if len(word) >= 8 else 1


def is_slip(word: str, right: str) -> bool:
    """Whether a listed way to write a name is a slip of ``right``, not a word of its own."""
    if stem(word) == stem(right):
        return False
    slips = OSA.distance(word, right)
    return slips == 1 or (slips <= MOST_SLIPS_BY_SOUND and _sound(word) == _sound(right) != "")
