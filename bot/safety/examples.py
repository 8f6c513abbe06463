"""A second look for emergencies: messages that mean the same as known ones in other words.

Rules find what they have words for. This net compares the meaning of a message with examples of
emergencies and of what only sounds like one (``vocabulary/emergency_examples.yaml``). It adds to
what the rules find and takes nothing away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import Emergency
from bot.matching.phrasing_space import PhrasingSpace, SentenceVectors, sentence_of
from bot.matching.similarity import border
from bot.matching.vectors import Vector

PASSED_BY_WORDS = 0.5
"""Share of ordinary questions that the look at the words alone lets pass without a model run."""

ORDINARY = 0.998
"""Share of ordinary questions that must lie below the line from which an alarm is given."""

EVERY = 4
"""Each fourth phrasing of the topics is enough to know what is ordinary."""


class EmergencyExamples:
    """Compares messages with the examples.

    Args:
        knowledge: its examples and emergencies.
        space: the vectors of words, and the phrasings of topics as ordinary questions.
        model: turns sentences into vectors.
        tokens: the words of a text as they are read in a message.
    """

    def __init__(
        self,
        knowledge: KnowledgeBase,
        space: PhrasingSpace,
        model: SentenceVectors,
        tokens: Callable[[str], tuple[str, ...]],
    ) -> None:
        self._space, self._model = space, model
        examples = knowledge.vocabulary.emergency_examples
        emergencies = {e.id: e for e in knowledge.vocabulary.emergencies.emergencies}
        self._owners = [
            emergencies[emergency_id]
            for emergency_id, texts in examples.emergencies.items()
            for _ in texts
        ]
        urgent = [tokens(text) for texts in examples.emergencies.values() for text in texts]
        other = [tokens(text) for text in examples.none]
        usual = [
            tokens(text)
            for topic_id, text in space.phrasings
            if knowledge.topics[topic_id].kind != "safety"
        ][::EVERY]
        usual += [tokens(text) for text in knowledge.vocabulary.off_topic]
        words = space.of_words
        self._word_border, middle = border(words(urgent), words([*other, *usual]))
        ordinary = (words(usual) - middle) @ self._word_border
        self._word_line = float(middle @ self._word_border + np.quantile(ordinary, PASSED_BY_WORDS))
        self._urgent = self._embed(urgent)
        self._other = self._embed(other)
        ordinary_vectors = self._embed(usual)
        rest = np.concatenate([self._other, ordinary_vectors])
        self._border, middle = border(self._urgent, rest)
        ordinary = (ordinary_vectors - middle) @ self._border
        self._line = float(middle @ self._border + np.quantile(ordinary, ORDINARY))

    def find(self, tokens: Sequence[str]) -> Emergency | None:
        """The emergency of the nearest example, if the message lies on the side of emergencies.

        None if an example that only sounds like one is nearer still.
        """
        if not tokens:
            return None
        if self._space.of_words([tokens])[0] @ self._word_border < self._word_line:
            return None
        vector = self._embed([tokens])[0]
        if vector @ self._border < self._line:
            return None
        similar = self._urgent @ vector
        if similar.max() <= (self._other @ vector).max():
            return None
        return self._owners[int(np.argmax(similar))]

    def _embed(self, sentences: Sequence[Sequence[str]]) -> Vector:
        return self._model.embed([sentence_of(one) for one in sentences])
