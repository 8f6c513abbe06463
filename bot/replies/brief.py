"""A reply for chats where many people read along: the same in a few lines."""

from __future__ import annotations

from dataclasses import replace

from bot.replies.excerpts import Part, excerpt
from bot.replies.model import Notice, NoticeKind, Reply, ReplyKind

HELP = {NoticeKind.EMERGENCY, NoticeKind.CONTACTS}


def shortened(reply: Reply, points: int) -> Reply:
    """``reply`` with ``points`` points at most (none if it has several answers), and no studies.

    Notices, short answers, how sure they are, reminders and the sources of these stay. Of an
    emergency only what to do and whom to call is left, without numbers of sources, so that nothing
    stands in the way.
    """
    if reply.kind is ReplyKind.EMERGENCY:
        return _help_only(reply)
    kept = points if len(reply.answers) == 1 else 0
    answers = tuple(
        replace(
            answer,
            points=answer.points[:kept],
            certainty=answer.certainty and replace(answer.certainty, quoted=()),
        )
        for answer in reply.answers
    )
    # What may have been meant instead of an answer is for a chat of two.
    options = () if answers else reply.options
    short = replace(reply, answers=answers, options=options)
    return excerpt(short, {Part.CERTAINTY, Part.POINTS})


def _help_only(reply: Reply) -> Reply:
    notices = tuple(_plain(notice) for notice in reply.notices if notice.kind in HELP)
    return replace(
        reply, notices=notices, lead=None, answers=(), options=(), reminders=(), sources=()
    )


def _plain(notice: Notice) -> Notice:
    statements = tuple(replace(one, citations=()) for one in notice.statements)
    return replace(notice, statements=statements)
