"""Parts of a reply, for people who want to see less of it at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from enum import StrEnum

from bot.replies.model import Answer, Notice, Reply, Statement


class Part(StrEnum):
    """A part of an answer that may be left out. Warnings, short answer and reminders may not."""

    CERTAINTY = "certainty"
    POINTS = "points"
    STUDIES = "studies"
    CLAIMS = "claims"
    CAVEATS = "caveats"
    WORDS = "words"


def excerpt(reply: Reply, parts: Collection[Part]) -> Reply:
    """``reply`` with these parts of its answers only.

    Notices, reminders, lead and options stay. Sources that nothing cites any more are left out, and
    the others are numbered anew.
    """
    answers = tuple(_reduced(answer, parts) for answer in reply.answers)
    cited = {
        number
        for statement in _statements(reply.notices, answers, reply.reminders)
        for number in statement.citations
    }
    numbers = {old: new for new, old in enumerate(sorted(cited), start=1)}

    def renumbered(statements: Iterable[Statement]) -> tuple[Statement, ...]:
        return tuple(
            replace(one, citations=tuple(numbers[number] for number in one.citations))
            for one in statements
        )

    def notices(given: Iterable[Notice]) -> tuple[Notice, ...]:
        return tuple(replace(one, statements=renumbered(one.statements)) for one in given)

    return replace(
        reply,
        notices=notices(reply.notices),
        answers=tuple(
            replace(
                answer,
                short=renumbered([answer.short])[0],
                certainty=answer.certainty
                and replace(answer.certainty, quoted=renumbered(answer.certainty.quoted)),
                points=renumbered(answer.points),
                caveats=renumbered(answer.caveats),
                popular_claims=renumbered(answer.popular_claims),
                words=renumbered(answer.words),
            )
            for answer in answers
        ),
        reminders=notices(reply.reminders),
        sources=tuple(reply.sources[number - 1] for number in sorted(cited)),
    )


def _reduced(answer: Answer, parts: Collection[Part]) -> Answer:
    return replace(
        answer,
        certainty=answer.certainty if Part.CERTAINTY in parts else None,
        points=answer.points if Part.POINTS in parts else (),
        studies=answer.studies if Part.STUDIES in parts else (),
        popular_claims=answer.popular_claims if Part.CLAIMS in parts else (),
        caveats=answer.caveats if Part.CAVEATS in parts else (),
        words=answer.words if Part.WORDS in parts else (),
    )


def _statements(
    notices: Iterable[Notice], answers: Iterable[Answer], reminders: Iterable[Notice]
) -> Iterator[Statement]:
    for notice in (*notices, *reminders):
        yield from notice.statements
    for answer in answers:
        yield answer.short
        if answer.certainty:
            yield from answer.certainty.quoted
        yield from (*answer.points, *answer.caveats, *answer.popular_claims, *answer.words)
