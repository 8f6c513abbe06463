"""Finds topics while their name is still being typed ("fibromy")."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from itertools import takewhile

from bot.knowledge import KnowledgeBase
from bot.knowledge.made_entities import LDN
from bot.knowledge.schema import Topic
from bot.language.text import stem, words
from bot.matching.index import MOST_NAMES, TopicIndex

SHORTEST = 2
"""Letters that the beginning of a name needs; one letter leads anywhere."""

IN_TITLE, IN_NAME, IN_OTHER_NAME = range(3)
"""Where a word stands: in the title, in a name of the topic's first subject, of another one."""


class NameSearch:
    """Look-up of topics by the beginnings of the words in their titles and subjects."""

    def __init__(self, knowledge: KnowledgeBase, index: TopicIndex) -> None:
        self._topics = knowledge.topics
        self._index = index
        self._order = {topic_id: number for number, topic_id in enumerate(knowledge.topics)}
        self._places: dict[str, dict[str, int]] = defaultdict(dict)
        for topic in knowledge.topics.values():
            for word, place in _words_of(topic, knowledge):
                known = self._places[word].get(topic.id, place)
                self._places[word][topic.id] = min(known, place)
        self._titles: dict[tuple[str, ...], list[Topic]] = defaultdict(list)
        for topic in knowledge.topics.values():
            self._titles[words(topic.title)].append(topic)
        self._words = sorted(self._places)
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            self._by_stem[stem(word)].append(word)

    def titled(self, typed: Sequence[str]) -> tuple[Topic, ...]:
        """The topics with exactly this title."""
        return tuple(self._titles.get(tuple(typed), ()))

    def find(self, typed: Sequence[str]) -> tuple[Topic, ...]:
        """Topics in which every meaningful word of ``typed`` is, or begins, a word of their names.

        First those with the words in the title, then in the names of what they are mainly about;
        studies after what they study. Empty if no word is meaningful or long enough.
        """
        meaningful = [word for word in dict.fromkeys(typed) if self._index.content((word,))]
        if not meaningful or max(map(len, meaningful)) < SHORTEST:
            return ()
        first, *others = map(self._with, meaningful)
        for other in others:
            first = {t: first[t] + other[t] for t in first.keys() & other.keys()}
        found = [self._topics[topic_id] for topic_id in first]
        found.sort(
            key=lambda topic: (first[topic.id], topic.kind == "study", self._order[topic.id])
        )
        return tuple(found)

    def _with(self, word: str) -> dict[str, int]:
        """The topics with a word that begins so or has the same stem, and the best place of it."""
        start = bisect_left(self._words, word)
        begun = takewhile(lambda known: known.startswith(word), self._words[start:])
        found: dict[str, int] = {}
        for known in {*begun, *self._by_stem.get(stem(word), ())}:
            for topic_id, place in self._places[known].items():
                found[topic_id] = min(found.get(topic_id, place), place)
        return found


def _words_of(topic: Topic, knowledge: KnowledgeBase) -> list[tuple[str, int]]:
    found = [(word, IN_TITLE) for word in words(topic.title)]
    for position, subject in enumerate(topic.subjects):
        if subject == LDN:
            continue
        place = IN_NAME if position == 0 else IN_OTHER_NAME
        names = knowledge.vocabulary.entities[subject].names[:MOST_NAMES]
        found += [(word, place) for name in names for word in words(name)]
    return found
