"""Simple ways to find a topic, to compare the engine with."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from rapidfuzz import fuzz, process

from bot.language import Part
from bot.matching.decision import Matcher
from bot.matching.readings import sentence_of

TOPICS = 3


class Baselines:
    """Each method gives the three best topic ids for a question.

    ``methods`` by name: token-set similarity to the phrasings (rapidfuzz), BM25 over the topics,
    and, with a sentence model, the cosine similarity of its plain vectors to the phrasings.
    """

    def __init__(self, matcher: Matcher) -> None:
        self._index, self._space = matcher.index, matcher.space
        self._texts = [text for _, text in self._space.phrasings]
        self.methods: dict[str, Callable[[Part], list[str]]] = {
            "rapidfuzz": self._fuzzy,
            "BM25": self._bm25,
        }
        if self._space.model:
            sentences = [sentence_of(matcher.tokens(text)) for text in self._texts]
            self._vectors = self._space.model.embed(sentences)
            self.methods["MiniLM"] = self._semantic

    def _fuzzy(self, part: Part) -> list[str]:
        text = sentence_of(part.tokens)
        found = process.extract(text, self._texts, scorer=fuzz.token_set_ratio, limit=40)
        return self._topics([number for _, _, number in found])

    def _bm25(self, part: Part) -> list[str]:
        scores = self._index.bm25(part.tokens)
        return sorted(scores, key=lambda topic: (-scores[topic], topic))[:TOPICS]

    def _semantic(self, part: Part) -> list[str]:
        model = self._space.model
        assert model is not None  # noqa: S101 - the method is offered with a model only
        similar = self._vectors @ model.embed([sentence_of(part.tokens)])[0]
        return self._topics(np.argsort(-similar)[:40].tolist())

    def _topics(self, phrasings: list[int]) -> list[str]:
        owners = (self._space.phrasings[number][0] for number in phrasings)
        return list(dict.fromkeys(owners))[:TOPICS]
