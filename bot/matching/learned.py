"""What ``tools/train.py`` learned together with the sentence model."""

from __future__ import annotations

from dataclasses import dataclass

from bot.matching.vectors import Vector


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned with the model, as directions in the space of its vectors (length 1).

    ``topics`` has one for each topic known at the training, ``elsewhere`` some for questions that
    no topic answers. ``emergency``, ``decision`` and ``several`` (more than one thing is asked) are
    the directions of those messages; what a vector says in their direction is scaled by no unit,
    only its order counts.
    """

    topic_ids: tuple[str, ...]
    topics: Vector
    elsewhere: Vector
    emergency: Vector
    decision: Vector
    several: Vector
