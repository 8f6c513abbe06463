"""An inverted index over the topics: which words lead to which topic.

Built once from the knowledge base; looked up with the words of a question. Scores are bounded by 0
and 1, so that they mean the same for every question.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bot.knowledge import KnowledgeBase
from bot.knowledge.made_entities import LDN
from bot.knowledge.schema import Entity, Topic
from bot.language.function_words import foreign_function_words
from bot.language.text import stem, words

FIELD_WEIGHTS = {"title": 3.0, "names": 2.0, "phrasings": 2.0, "short": 1.0, "points": 0.5}
"""How much a word counts by the field it stands in (BM25F)."""

K1 = 1.2
"""Saturation of repeated words in BM25."""

MOST_NAMES = 40
"""Names of an entity that count as words of its topics; long lists of brands add nothing."""

MOST_WORDS = 10
"""Words that a question can be expected to share with its topic, however long it is."""

COMMON = 0.25
"""Words that stand in more than this share of all topics are not looked up."""


class TopicIndex:
    """Lexical look-up of topics."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.topics = knowledge.topics
        self._ignored = _ignored_stems(knowledge)
        fields = {
            topic.id: _fields(topic, knowledge.vocabulary.entities)
            for topic in knowledge.topics.values()
        }
        self._idf = self._inverse_frequencies(fields)
        self._postings = self._bm25_postings(fields)

    # -- building

    def _inverse_frequencies(self, fields: dict[str, dict[str, Counter[str]]]) -> dict[str, float]:
        frequency: Counter[str] = Counter()
        for of_topic in fields.values():
            frequency.update({word for counts in of_topic.values() for word in counts})
        total = len(fields)
        return {
            word: math.log(1 + (total - count + 0.5) / (count + 0.5))
            for word, count in frequency.items()
        }

    def _bm25_postings(
        self, fields: dict[str, dict[str, Counter[str]]]
    ) -> dict[str, list[tuple[str, float]]]:
        postings: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for topic_id, of_topic in fields.items():
            weights: dict[str, float] = defaultdict(float)
            for name, counts in of_topic.items():
                for word, count in counts.items():
                    weights[word] += FIELD_WEIGHTS[name] * min(count, 3)
            for word, weight in weights.items():
                postings[word].append((topic_id, weight / (weight + K1)))
        limit = COMMON * len(fields)
        return {word: found for word, found in postings.items() if len(found) <= max(limit, 1)}

    # -- looking up

    def rarity(self, word: str) -> float:
        """How much a stem tells: high for rare ones; unknown ones count as quite rare."""
        return self._idf.get(word, 4.0)

    def content(self, tokens: Sequence[str]) -> list[str]:
        """The stems of ``tokens`` that carry meaning, in order, each once."""
        stems = (stem(token) for token in tokens)
        return [word for word in dict.fromkeys(stems) if word not in self._ignored]

    def known_share(self, tokens: Sequence[str]) -> float:
        """Share (by rarity) of the meaningful words that occur anywhere in the knowledge."""
        content = self.content(tokens)
        total = sum(self.rarity(word) for word in content)
        if not total:
            return 0.0
        return sum(self.rarity(word) for word in content if word in self._idf) / total

    def bm25(self, tokens: Sequence[str]) -> dict[str, float]:
        """BM25F of every topic that shares a word, divided by the highest value possible."""
        content = self.content(tokens)
        rarest = sorted(map(self.rarity, content), reverse=True)[:MOST_WORDS]
        best = sum(rarest) or 1.0
        scores: dict[str, float] = defaultdict(float)
        for word in content:
            rarity = self.rarity(word)
            for topic_id, weight in self._postings.get(word, ()):
                scores[topic_id] += rarity * weight / best
        return scores


def _ignored_stems(knowledge: KnowledgeBase) -> frozenset[str]:
    vocabulary = knowledge.vocabulary.words
    entries = (*vocabulary.stop_words, *vocabulary.subject)
    single = (parts[0] for entry in entries if len(parts := words(entry)) == 1)
    return frozenset(stem(word) for word in (*single, *foreign_function_words()))


def _fields(topic: Topic, entities: Mapping[str, Entity]) -> dict[str, Counter[str]]:
    names = [
        name
        for subject in topic.subjects
        if subject != LDN
        for name in entities[subject].names[:MOST_NAMES]
    ]
    texts: dict[str, Iterable[str]] = {
        "title": (topic.title,),
        "names": names,
        "phrasings": topic.phrasings,
        "short": (topic.short.text,),
        "points": (claim.text for claim in (*topic.points, *topic.caveats)),
    }
    return {
        name: Counter(stem(word) for text in of_field for word in words(text))
        for name, of_field in texts.items()
    }
