"""Composes the topic that explains a word of the glossary."""

from __future__ import annotations

import datetime as dt

from bot.knowledge.schema import Claim, Topic, Word


def word_topic(word: Word, reviewed: dt.date) -> Topic:
    """The topic ``about.word-<id>``: the meaning of one word."""
    names = (word.term, *word.also)
    return Topic(
        id=word.topic_id,
        title=f"{word.term}: what the word means",
        reviewed=reviewed,
        phrasings=tuple(dict.fromkeys(f"what does {name} mean" for name in names)),
        short=Claim(text=f"{word.term}: {word.meaning}", sources=word.sources),
    )
