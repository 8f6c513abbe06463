"""Meaning of words as vectors: made once from a sentence model, looked up without it.

The file ``data/word-vectors.npz`` is written by ``tools/vectors.py``; where its numbers come from
and under which licence stands in ``data/README.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

Vector = npt.NDArray[np.float32]
"""One row of numbers, or several below each other."""

# For vectors as small as these, handing work to other cores takes longer than the work.
threadpool_limits(1, "blas")

DATA = files("bot.matching") / "data"
WORD_VECTORS = "word-vectors.npz"

BATCH = 2048
"""Sentences added up at once."""


class WordVectors:
    """Vectors of words; a sentence is the weighted sum of its words, scaled to length 1.

    Args:
        rows: the place of each word among the vectors.
        vectors: whole numbers from -127 to 127, one row a word.
        scales: what the whole numbers of each row are multiplied with.
    """

    def __init__(
        self, rows: Mapping[str, int], vectors: npt.NDArray[np.int8], scales: Vector
    ) -> None:
        self._rows = rows
        self._vectors = vectors
        self._scales = scales

    @property
    def size(self) -> int:
        """Numbers in a vector."""
        return int(self._vectors.shape[1])

    def sentences(
        self, sentences: Sequence[Sequence[str]], weight: Callable[[str], float]
    ) -> Vector:
        """For each sentence the vector of its known words; zeros if there are none.

        ``weight`` tells how much a word counts.
        """
        rows = [[self._rows[token] for token in one if token in self._rows] for one in sentences]
        shares = [[weight(token) for token in one if token in self._rows] for one in sentences]
        result = np.zeros((len(sentences), self.size), dtype=np.float32)
        filled = [number for number, found in enumerate(rows) if found]
        for start in range(0, len(filled), BATCH):
            batch = filled[start : start + BATCH]
            numbers = np.concatenate([rows[number] for number in batch])
            factors = np.concatenate([shares[number] for number in batch]) * self._scales[numbers]
            weighted = self._vectors[numbers] * factors[:, None].astype(np.float32)
            firsts = np.cumsum([0, *(len(rows[number]) for number in batch[:-1])])
            result[batch] = np.add.reduceat(weighted, firsts, axis=0)
        return unit(result)


def unit(vectors: Vector) -> Vector:
    """The same direction with length 1 (zeros stay zeros), for one vector or for rows of them."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vector = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return scaled


def packed(vectors: Vector) -> tuple[npt.NDArray[np.int8], Vector]:
    """Rows as small whole numbers, and what each row of them is multiplied with."""
    scales = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9) / 127
    return np.round(vectors / scales).astype(np.int8), scales[:, 0].astype(np.float32)


def read_packed(name: str) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a packaged file."""
    with as_file(DATA / name) as path, np.load(path, allow_pickle=False) as stored:
        return {key: stored[key] for key in stored.files}


@lru_cache(maxsize=1)
def word_vectors() -> WordVectors:
    """The packaged word vectors."""
    stored = read_packed(WORD_VECTORS)
    rows = {str(word): number for number, word in enumerate(stored["words"].tolist())}
    return WordVectors(rows, stored["vectors"], stored["scales"])
