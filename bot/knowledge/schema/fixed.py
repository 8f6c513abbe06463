"""Fixed sentences of the bot and rules of the editorial checks."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from bot.knowledge.schema.base import Language, Record, Slug, Term, Terms, Text, TopicId
from bot.knowledge.schema.claims import Claim


class NoticeFile(Record):
    """``notices.yaml``: the fixed sentences of the bot, each with its sources."""

    reviewed: dt.date
    opioid_full: Annotated[tuple[Claim, ...], Field(min_length=1)]
    opioid_caution: Annotated[tuple[Claim, ...], Field(min_length=1)]
    opioid_standard: Annotated[tuple[Claim, ...], Field(min_length=1)]
    refer: Annotated[tuple[Claim, ...], Field(min_length=1)]
    unknown_medicine: Annotated[tuple[Claim, ...], Field(min_length=1)]


class EditorialFile(Record):
    """``editorial.yaml``: rules of the editorial checks that a curator may extend.

    ``banned_phrases`` map a phrase to the reason why it must not stand in an answer;
    ``mirror_hosts`` are sites that copy publications and are never linked; ``hard_to_read`` maps
    topics whose short answer may ask for more than the usual reading level to the reason.
    """

    reviewed: dt.date
    banned_phrases: dict[Term, Text]
    mirror_hosts: Terms
    hard_to_read: dict[TopicId, Text] = Field(default_factory=dict)


class LanguageFile(Record):
    """One file in ``languages/``: what people who write in this language need.

    Answers are in English; over them stands a line in the person's language, and warnings and
    first lines of emergencies (by emergency id) are said in it as well. These texts translate
    those of ``notices.yaml`` and ``vocabulary/emergencies.yaml``, whose sources they share.
    ``words`` turn a message into English before it is understood: words or short phrases as they
    are typed. ``capitals`` do so for abbreviations that are common words in small letters ("ALS").
    """

    language: Language
    name: Text
    reviewed: dt.date
    answered_in_english: Text
    refused: Text
    asks_back: Text
    refer: Text
    opioid_full: Text
    opioid_caution: Text
    opioid_standard: Text
    emergencies: dict[Slug, Text]
    capitals: dict[Term, Term] = Field(default_factory=dict)
    words: dict[Term, Term]
