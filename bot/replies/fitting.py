"""The longest form of a reply that fits a given space: whole sentences or nothing of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.replies.excerpts import Part, excerpt
from bot.replies.model import Answer, Reply

Detail = TypeVar("Detail")


def fitted(reply: Reply, fits: Callable[[Reply], bool]) -> Reply:
    """``reply`` itself if it ``fits``, else with as many of its details as do.

    Left out are, one sentence after another: words explained, claims that go around, studies,
    points, limits; of several answers the last one's first. Warnings, the short answers, how sure
    they are, reminders and the sources of what stays are never left out, even if they don't fit.
    """
    if fits(reply):
        return reply
    amounts = range(sum(map(_amount, reply.answers)))
    # The first amount that doesn't fit. No details at all is the least there is: not looked at.
    too_many = bisect_left(amounts, True, lo=1, key=lambda n: not fits(_with(reply, n)))
    return _with(reply, too_many - 1)


def _with(reply: Reply, amount: int) -> Reply:
    """``reply`` with this many details; the sources that only others cite are left out."""
    answers = []
    for answer in reply.answers:
        answers.append(_with_details(answer, amount))
        amount = max(0, amount - _amount(answer))
    return excerpt(replace(reply, answers=tuple(answers)), set(Part))


def _amount(answer: Answer) -> int:
    return sum(
        map(
            len,
            (answer.caveats, answer.points, answer.studies, answer.popular_claims, answer.words),
        )
    )


def _with_details(answer: Answer, amount: int) -> Answer:
    """``answer`` with its first details, counted from the most important one."""
    left = amount

    def taken(details: Sequence[Detail]) -> tuple[Detail, ...]:
        nonlocal left
        some = tuple(details[:left])
        left -= len(some)
        return some

    return replace(
        answer,
        caveats=taken(answer.caveats),
        points=taken(answer.points),
        studies=taken(answer.studies),
        popular_claims=taken(answer.popular_claims),
        words=taken(answer.words),
    )
