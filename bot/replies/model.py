"""The reply as data: what every channel gets from the engine and every rendering draws."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from bot.knowledge.schema import Source, WarningLevel


class ReplyKind(StrEnum):
    """What sort of reply it is."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    DECLINE = "decline"
    EMERGENCY = "emergency"
    SMALLTALK = "smalltalk"


class NoticeKind(StrEnum):
    """What a notice at the top or bottom of a reply is about."""

    EMERGENCY = "emergency"
    CONTACTS = "contacts"
    OPIOID = "opioid"
    UNKNOWN_MEDICINE = "unknown-medicine"
    REFER = "refer"
    REMINDER = "reminder"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Question:
    """A message to answer.

    ``context`` holds earlier messages of the same chat, oldest first; ``previous_topic`` the id of
    the topic answered last, for channels that keep ids only. The latter wins. ``chat_language`` is
    that of a whole chat: warnings are said in it too where the message shows no other language.
    """

    text: str
    context: tuple[str, ...] = ()
    previous_topic: str | None = None
    chat_language: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or two with the numbers of its sources (1 is the first of ``Reply.sources``)."""

    text: str
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A block that stands apart from the answer, with its heading."""

    kind: NoticeKind
    heading: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A topic that can be opened."""

    topic_id: str
    title: str


@dataclass(frozen=True, slots=True)
class CertaintyLine:
    """How sure an answer is: a short label, the reason, and ratings quoted from reviews."""

    label: str
    reason: str
    quoted: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class StudyRow:
    """A study at a glance. ``people`` is ``None`` where the number was not read."""

    topic_id: str
    name: str
    design: str
    people: int | None
    finding: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one topic. ``words`` explains terms that it uses."""

    topic_id: str
    title: str
    short: Statement
    certainty: CertaintyLine | None
    points: tuple[Statement, ...]
    studies: tuple[StudyRow, ...]
    caveats: tuple[Statement, ...]
    popular_claims: tuple[Statement, ...]
    words: tuple[Statement, ...]
    related: tuple[Choice, ...]
    reviewed: dt.date


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply, in reading order: notices, lead, answers, options, reminders, sources.

    ``confidence`` is that of the first topic (0 to 1). ``sources`` are numbered from 1 in the order
    of their first citation. ``courtesy`` is the topic of small talk to which ``lead`` alone is the
    reply.
    """

    kind: ReplyKind
    opioid_warning: WarningLevel
    language: str
    confidence: float
    knowledge_version: str
    notices: tuple[Notice, ...] = ()
    lead: str | None = None
    answers: tuple[Answer, ...] = ()
    options: tuple[Choice, ...] = ()
    reminders: tuple[Notice, ...] = ()
    sources: tuple[Source, ...] = ()
    unknown_medicines: tuple[str, ...] = ()
    refer: bool = False
    courtesy: str | None = None

    @property
    def topics(self) -> tuple[str, ...]:
        """Ids of the topics answered, best first."""
        if self.courtesy:
            return (self.courtesy,)
        return tuple(answer.topic_id for answer in self.answers)
