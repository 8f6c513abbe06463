"""Small replies by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot.knowledge.schema import Level, Source, SourceType, WarningLevel
from bot.replies import Answer, Choice, Notice, NoticeKind, Reply, ReplyKind, Statement
from bot.replies.model import CertaintyLine, StudyRow

SIGNS = "1 < 2 > 0 & \"q\" 'a' [b] *c* _d_ `e` ~f~ #g |h| \\i ^j <b>k</b> &amp; ![l](m) {n}"


def statement(text: str, *citations: int) -> Statement:
    return Statement(text, citations)


def answer(**changes: Any) -> Answer:
    given: dict[str, Any] = {
        "topic_id": "condition.a",
        "title": "Title",
        "short": statement("Short."),
        "certainty": None,
        "points": (),
        "studies": (),
        "caveats": (),
        "popular_claims": (),
        "words": (),
        "related": (),
        "reviewed": dt.date(2026, 11, 20),
    }
    return Answer(**(given | changes))


def reply(*answers: Answer, **changes: Any) -> Reply:
    given: dict[str, Any] = {
        "kind": ReplyKind.ANSWER,
        "opioid_warning": WarningLevel.NONE,
        "language": "en",
        "confidence": 1.0,
        "knowledge_version": "0",
        "answers": answers,
    }
    return Reply(**(given | changes))


def source(**changes: Any) -> Source:
    given: dict[str, Any] = {
        "id": "a-source",
        "type": SourceType.RCT,
        "title": "A title",
        "authors": ("Berg A", "Dahl B"),
        "year": 2020,
        "publication": "A journal",
        "doi": "10.1000/x_y(1)<7>3",
        "level": Level.ABSTRACT,
        "checked": dt.date(2026, 11, 20),
    }
    return Source(**(given | changes))


def full_reply(text: str = "text") -> Reply:
    """A reply with every kind of block, all made of ``text``."""
    said = statement(text, 1)
    return reply(
        answer(
            title=text,
            short=said,
            certainty=CertaintyLine("Low certainty", text, (said,)),
            points=(said, said),
            studies=(StudyRow("study.b", text, text, 1200, text),),
            caveats=(said,),
            popular_claims=(said,),
            words=(said,),
        ),
        notices=(Notice(NoticeKind.EMERGENCY, "Get help now", (said,)),),
        lead=text,
        options=(Choice("condition.a", text), Choice("condition.b", text)),
        reminders=(Notice(NoticeKind.REMINDER, "Please keep in mind", (said,)),),
        sources=(source(title=text),),
    )
