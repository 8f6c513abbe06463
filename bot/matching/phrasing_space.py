"""The vectors of all example phrasings: what a question is compared with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Protocol

import numpy as np

from bot.knowledge import KnowledgeBase
from bot.language.text import stem
from bot.matching.index import TopicIndex
from bot.matching.learned import Learned
from bot.matching.readings import Reading, sentence_of
from bot.matching.similarity import DiscriminantSimilarity, LearnedSimilarity
from bot.matching.vectors import Vector, word_vectors


class SentenceVectors(Protocol):
    """What turns sentences into vectors (:class:`bot.matching.sentence_model.SentenceModel`).

    ``learned`` says where topics lie among its vectors.
    """

    learned: Learned

    def embed(self, sentences: Sequence[str]) -> Vector:
        """The vectors of ``sentences``, one row each."""

    def read(self, sentence: str) -> Reading:
        """One sentence with the vectors of its pieces."""


def phrasings_of(knowledge: KnowledgeBase) -> list[tuple[str, str]]:
    """Pairs of topic id and phrasing, by topic: titles, example questions and small talk."""
    found = [
        (topic.id, text)
        for topic in knowledge.topics.values()
        for text in (topic.title, *topic.phrasings)
    ]
    found += [(t.topic, text) for t in knowledge.vocabulary.smalltalk for text in t.phrases]
    order = {topic_id: number for number, topic_id in enumerate(knowledge.topics)}
    return sorted(dict.fromkeys(found), key=lambda pair: order[pair[0]])


class PhrasingSpace:
    """Compares questions with phrasings by their words and, with a model, as whole sentences.

    ``phrasings`` are pairs of topic id and text, by topic.
    """

    def __init__(
        self,
        knowledge: KnowledgeBase,
        index: TopicIndex,
        tokens: Callable[[str], tuple[str, ...]],
        model: SentenceVectors | None,
    ) -> None:
        self.phrasings = phrasings_of(knowledge)
        self.model = model
        self._index = index
        self._words = word_vectors()
        read = [tokens(text) for _, text in self.phrasings]
        self._ids = list(dict.fromkeys(topic_id for topic_id, _ in self.phrasings))
        groups = [len(list(group)) for _, group in groupby(self.phrasings, lambda pair: pair[0])]
        owners = np.repeat(np.arange(len(groups)), groups).tolist()
        other = [tokens(text) for text in knowledge.vocabulary.off_topic]
        self.by_words = DiscriminantSimilarity(
            self.of_words(read),
            owners,
            len(groups),
            self.of_words(other),
        )
        self.by_sentence: LearnedSimilarity | None = None
        if model:
            self.by_sentence = LearnedSimilarity(
                model.learned,
                self._ids,
                model.embed([sentence_of(one) for one in read]),
                owners,
                model.embed([sentence_of(one) for one in other]),
            )

    def of_words(self, sentences: Sequence[Sequence[str]]) -> Vector:
        """For each sentence the vector that its words add up to, the rare ones counting more."""
        return self._words.sentences(sentences, lambda word: self._index.rarity(stem(word)))

    def nearest(self, tokens: Sequence[str], topic_id: str) -> str:
        """The phrasing of a topic that is nearest by its words."""
        vector = self.of_words([tokens])[0]
        return self.phrasings[self.by_words.nearest(vector, self._ids.index(topic_id))][1]
