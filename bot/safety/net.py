"""A net behind the rules for emergencies and decisions: messages that mean the same in other words.

Rules find what they have words for. This net rests on what the sentence model learned from examples
(``vocabulary/emergency_examples.yaml``, ``vocabulary/decision_examples.yaml``). It adds to what the
rules find; it takes back only an alarm over a message of which no sentence is anything like one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import Emergency
from bot.matching.phrasing_space import SentenceVectors
from bot.matching.readings import sentence_of
from bot.matching.vectors import Vector

EMERGENCY_FROM = 0.06
DECISION_FROM = 0.13
"""How far a message must lie in the direction of emergencies, of decisions, to be taken for one.

Chosen on the tuning questions and one set of hard messages: ``bench/calibrate.py`` shows the lines
that leave few false alarms; for emergencies a lower one was taken, as a missed one is worse.
"""

NO_EMERGENCY_BELOW = -0.05
"""A rule's alarm is dropped if neither the whole message nor a sentence of it lies above this.

Of 571 emergencies that rules find among the questions, in eleven languages, none lies below -0.02
and none of the statements that must fire is dropped; of 74 false alarms 29 are ("my car
collapsed on the way").
"""

NEAREST = 3
"""So many of the nearest examples on either side tell which one a message is like."""


class Caught(NamedTuple):
    """What the net found: an emergency, and whether a personal decision is asked for."""

    emergency: Emergency | None = None
    decision: bool = False


class SafetyNet:
    """Looks at the meaning of a whole message.

    Args:
        knowledge: its examples and emergencies.
        model: turns sentences into vectors; knows the directions of emergencies and decisions.
        tokens: the words of a text as they are read in a message.
    """

    def __init__(
        self,
        knowledge: KnowledgeBase,
        model: SentenceVectors,
        tokens: Callable[[str], tuple[str, ...]],
    ) -> None:
        self._model = model
        vocabulary = knowledge.vocabulary
        emergencies = {e.id: e for e in vocabulary.emergencies.emergencies}
        examples = vocabulary.emergency_examples.emergencies
        self._owners = [emergencies[name] for name, texts in examples.items() for _ in texts]
        urgent = [text for texts in examples.values() for text in texts]
        facts = vocabulary.decision_examples.none
        other = [*vocabulary.emergency_examples.none, *facts, *vocabulary.off_topic]

        def vectors(texts: Iterable[str]) -> Vector:
            return model.embed([sentence_of(tokens(text)) for text in texts])

        self._urgent, self._other = vectors(urgent), vectors(other)
        self._decisions = vectors(vocabulary.decision_examples.decisions)
        self._facts = vectors(facts)

    def look(self, tokens: Sequence[str]) -> Caught:
        """What the words of a message mean."""
        if not tokens:
            return Caught()
        vector = self._model.read(sentence_of(tokens)).vector
        learned = self._model.learned
        emergency = None
        if vector @ learned.emergency >= EMERGENCY_FROM:
            similar = self._urgent @ vector
            if _nearer(similar, self._other @ vector):
                emergency = self._owners[int(np.argmax(similar))]
        decides = vector @ learned.decision >= DECISION_FROM and _nearer(
            self._decisions @ vector, self._facts @ vector
        )
        return Caught(emergency, bool(decides))

    def confirms(self, sentences: Iterable[Sequence[str]]) -> bool:
        """Whether one of ``sentences`` is at all like an emergency.

        Each counts by itself, so that what stands around an emergency never hides it.
        """
        read = (self._model.read(sentence_of(one)).vector for one in sentences)
        direction = self._model.learned.emergency
        return any(vector @ direction >= NO_EMERGENCY_BELOW for vector in read)


def _nearer(similar: Vector, others: Vector) -> bool:
    """Whether a message is more like the examples than like the others.

    The single nearest example must agree: what stands among the others is none.
    """
    nearest = np.sort(similar)[-NEAREST:], np.sort(others)[-NEAREST:]
    means, best = [float(n.mean()) for n in nearest], [float(n[-1]) for n in nearest]
    return means[0] > means[1] and best[0] > best[1]
