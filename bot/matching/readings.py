"""A sentence as the model has read it: its vector, and those of its pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.matching.vectors import Vector, unit

BEHIND = " ; "
"""Divides a follow-up from the topic before; no sentence that is read has such a sign."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence after it was read.

    ``vector`` is that of the whole (length 1). ``states`` has a row for each piece of a word, and
    ``places`` where it stands (first character, the one behind the last; the same for a mark that
    stands for no text).
    """

    vector: Vector
    states: Vector
    places: npt.NDArray[np.int64]

    def piece(self, start: int, end: int) -> Vector | None:
        """The vector (length 1) of the characters ``start`` to ``end`` (exclusive), read amid all.

        ``None`` if nothing of them was read, as with the end of a very long sentence.
        """
        firsts, lasts = self.places[:, 0], self.places[:, 1]
        inside = (firsts >= start) & (lasts <= end) & (lasts > firsts)
        return unit(self.states[inside].mean(axis=0)) if inside.any() else None


def sentence_of(tokens: Sequence[str]) -> str:
    """The sentence as the model reads it."""
    return " ".join(tokens)


def follow_up_of(title: Sequence[str], tokens: Sequence[str]) -> str:
    """A follow-up as the model reads it: behind the title of the topic that it follows."""
    return f"{sentence_of(title)}{BEHIND}{sentence_of(tokens)}"


def place_of(tokens: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """Where the words ``start`` to ``end`` (exclusive) stand in :func:`sentence_of` all of them."""
    first = len(sentence_of(tokens[:start])) + (start > 0)
    return first, first + len(sentence_of(tokens[start:end]))
