"""Recognises greetings, thanks and questions on the bot itself."""

from __future__ import annotations

from collections.abc import Sequence

from bot.knowledge.schema import SmallTalk
from bot.language.phrases import PhraseIndex, longest
from bot.language.text import words

MOST_WORDS = 9
"""Longer messages are no small talk, whatever they start with."""

LIKE_ENOUGH = 0.6
"""Share of common words from which a message is as good as a known phrase."""


class SmallTalkFinder:
    """Finds the topic that answers small talk.

    A message counts if it consists of known phrases ("ok cool thanks"), or shares most of its words
    with one ("can my boss see what i asked").
    """

    def __init__(self, smalltalk: Sequence[SmallTalk]) -> None:
        self._index: PhraseIndex[str] = PhraseIndex()
        self._phrases: list[tuple[frozenset[str], str]] = []
        for talk in smalltalk:
            for phrase in talk.phrases:
                self._index.add(phrase, talk.topic)
                self._phrases.append((frozenset(words(phrase)), talk.topic))

    def find(self, tokens: Sequence[str]) -> str | None:
        """Id of the topic for a message, or ``None`` if it is no small talk."""
        if not 0 < len(tokens) <= MOST_WORDS:
            return None
        hits = longest(self._index.find(tokens))
        covered = {place for hit in hits for place in range(hit.start, hit.end)}
        if len(covered) == len(tokens):
            # What stands last is mostly what is wanted: "hi, what can you do".
            return max(hits, key=lambda hit: (hit.end - hit.start, hit.start)).value
        present = frozenset(tokens)
        likeness, topic = max(
            (len(phrase & present) / len(phrase | present), topic)
            for phrase, topic in self._phrases
        )
        return topic if likeness >= LIKE_ENOUGH else None
