"""Which topic a sentence is like, learned from the example phrasings of every topic.

A vector space of general language does not know that "cimzia" and "humira" mean the same topic
here, or that "dreams" and "sleep" do not. The sentence model learned that in its training. For the
vectors of words, linear discriminant analysis (Fisher 1936) shrinks the directions in which
phrasings of one topic differ from each other; it needs no training run, only the phrasings.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

import numpy as np

from bot.matching.learned import Learned
from bot.matching.vectors import Vector, unit

SHRINKAGE = 0.3
"""Share of the mean spread added in every direction, as there are few phrasings a topic."""

PRIOR = 300
"""How many phrasings the guess weighs that all directions spread alike."""

SPREAD = 5.0
"""Class scores lie mostly within so many standard deviations; divided by it they are near 1."""


BORDER_SHRINKAGE = 0.1
"""The same for the border between questions with and without an answer."""

LEANING = 10.0
"""Leanings are divided by so much, to lie mostly between -1 and 1."""

NEAREST_ELSEWHERE = 3
"""Questions that no topic answers: the mean likeness to so many of the nearest counts."""


class TopicSimilarity(Protocol):
    """Compares a vector with the topics; topics and phrasings go by their numbers."""

    def topics(self, vector: Vector) -> Vector:
        """How likely each topic is, compared with the other topics."""

    def phrasings(self, vector: Vector, topics: Sequence[int]) -> Vector:
        """For each of ``topics`` the similarity of its nearest phrasing."""

    def elsewhere(self, vector: Vector) -> float:
        """How similar the nearest questions are that no topic answers."""

    def leaning(self, vector: Vector) -> float:
        """On which side a vector lies: above 0 with the topics, below 0 with the others."""


class Phrasings:
    """The vectors of all phrasings, by topic.

    Args:
        vectors: one row of length 1 for each phrasing.
        owners: the number of the topic that each phrasing belongs to, in rising order.
        topics: how many topics there are; each has at least one phrasing.
    """

    def __init__(self, vectors: Vector, owners: Sequence[int], topics: int) -> None:
        borders = np.searchsorted(np.asarray(owners), np.arange(topics + 1)).tolist()
        self._groups = [vectors[low:high] for low, high in pairwise(borders)]
        self._firsts = borders

    def best(self, vector: Vector, topics: Sequence[int]) -> Vector:
        """For each of ``topics`` (one at least) the similarity of its nearest phrasing."""
        similar = [self._groups[topic] @ vector for topic in topics]
        starts = np.cumsum([0, *map(len, similar[:-1])])
        best: Vector = np.maximum.reduceat(np.concatenate(similar), starts)
        return best

    def nearest(self, vector: Vector, topic: int) -> int:
        """The number of the phrasing of ``topic`` that is nearest."""
        return int(self._firsts[topic] + np.argmax(self._groups[topic] @ vector))

    def middle(self, topic: int) -> Vector:
        """The mean direction of the phrasings of ``topic``."""
        return unit(self._groups[topic].mean(axis=0))


class LearnedSimilarity:
    """Compares vectors of the sentence model by what was learned with it.

    Args:
        learned: directions of the topics and of questions that no topic answers.
        topic_ids: all topics; one that is newer than the training goes by its phrasings.
        vectors: one row for each phrasing.
        owners: the number of the topic that each phrasing belongs to, in rising order.
        elsewhere: one row for each question that no topic answers.
    """

    def __init__(
        self,
        learned: Learned,
        topic_ids: Sequence[str],
        vectors: Vector,
        owners: Sequence[int],
        elsewhere: Vector,
    ) -> None:
        self._by_phrasing = Phrasings(vectors, owners, len(topic_ids))
        rows = {topic_id: number for number, topic_id in enumerate(learned.topic_ids)}
        self._directions = np.array(
            [
                learned.topics[rows[topic_id]]
                if topic_id in rows
                else self._by_phrasing.middle(number)
                for number, topic_id in enumerate(topic_ids)
            ],
            dtype=np.float32,
        )
        self._outward = learned.elsewhere
        self._elsewhere = elsewhere

    def topics(self, vector: Vector) -> Vector:
        """As in :class:`TopicSimilarity`; the cosine to the direction of each topic."""
        similar: Vector = self._directions @ vector
        return similar

    def phrasings(self, vector: Vector, topics: Sequence[int]) -> Vector:
        """As in :class:`TopicSimilarity`."""
        return self._by_phrasing.best(vector, topics)

    def elsewhere(self, vector: Vector) -> float:
        """As in :class:`TopicSimilarity`."""
        return _highest(self._elsewhere @ vector)

    def leaning(self, vector: Vector) -> float:
        """As in :class:`TopicSimilarity`."""
        return float((self._directions @ vector).max() - (self._outward @ vector).max())


class DiscriminantSimilarity:
    """Compares vectors that know nothing of the topics, by discriminant analysis.

    Args:
        vectors: one row for each phrasing.
        owners: the number of the topic that each phrasing belongs to, in rising order.
        topics: how many topics there are; each has at least one phrasing.
        elsewhere: one row for each question that no topic answers.
    """

    def __init__(
        self, vectors: Vector, owners: Sequence[int], topics: int, elsewhere: Vector
    ) -> None:
        numbers = np.asarray(owners)
        borders = np.searchsorted(numbers, np.arange(topics + 1)).tolist()
        counts = np.maximum(np.diff(borders), 1)[:, None]
        means = np.add.reduceat(vectors, borders[:-1], axis=0) / counts
        inner = vectors - means[numbers]
        spread = (inner.T @ inner / len(vectors)).astype(np.float64)
        size = vectors.shape[1]
        # With few phrasings the spread is hardly known: then no direction counts more than others.
        own = np.trace(spread) / size * np.eye(size)
        spread = (len(vectors) * spread + PRIOR * own) / (len(vectors) + PRIOR) + SHRINKAGE * own
        precision = np.linalg.inv(spread)
        self._whitening = np.linalg.cholesky(precision).astype(np.float32)
        self._directions = (means @ precision).astype(np.float32)
        self._offsets = (0.5 * np.einsum("ij,ij->i", means @ precision, means)).astype(np.float32)
        self._by_phrasing = Phrasings(unit(vectors @ self._whitening), owners, topics)
        self._elsewhere = unit(elsewhere @ self._whitening)
        self._border, self._middle = border(vectors, elsewhere)

    def topics(self, vector: Vector) -> Vector:
        """As in :class:`TopicSimilarity` (standard scores, scaled)."""
        scores = self._directions @ vector - self._offsets
        scaled: Vector = (scores - scores.mean()) / (scores.std() + 1e-9) / SPREAD
        return scaled

    def phrasings(self, vector: Vector, topics: Sequence[int]) -> Vector:
        """As in :class:`TopicSimilarity`."""
        return self._by_phrasing.best(unit(vector @ self._whitening), topics)

    def nearest(self, vector: Vector, topic: int) -> int:
        """The number of the phrasing of ``topic`` that is nearest."""
        return self._by_phrasing.nearest(unit(vector @ self._whitening), topic)

    def elsewhere(self, vector: Vector) -> float:
        """As in :class:`TopicSimilarity`."""
        return _highest(self._elsewhere @ unit(vector @ self._whitening))

    def leaning(self, vector: Vector) -> float:
        """As in :class:`TopicSimilarity`."""
        return float((vector - self._middle) @ self._border)


def _highest(similar: Vector) -> float:
    """The mean of the highest few values."""
    few = min(NEAREST_ELSEWHERE, len(similar))
    return float(np.partition(similar, -few)[-few:].mean())


def border(inside: Vector, outside: Vector) -> tuple[Vector, Vector]:
    """The direction that best divides two groups (Fisher 1936), and the middle between them."""
    means = inside.mean(axis=0), outside.mean(axis=0)
    spread = sum(((one - m).T @ (one - m) for one, m in zip((inside, outside), means, strict=True)))
    spread = spread.astype(np.float64) / (len(inside) + len(outside))
    size = inside.shape[1]
    spread += BORDER_SHRINKAGE * np.trace(spread) / size * np.eye(size)
    direction = np.linalg.solve(spread, means[0] - means[1]) / LEANING
    return direction.astype(np.float32), ((means[0] + means[1]) / 2).astype(np.float32)
