"""The layout that all forms share: a reply as a short list of blocks.

The order is the order of importance to somebody who may read the first lines only: warnings, the
short answer, how sure it is; then points, studies, claims that go around, limits; last the sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from bot.knowledge.schema import Level, Source, SourceType
from bot.replies.model import Answer, Notice, NoticeKind, Reply, Statement, StudyRow

DISCLAIMER = "Information, not medical advice."

LEVEL_LABELS = {
    Level.FULL_TEXT: "read in full",
    Level.ABSTRACT: "abstract read",
    Level.REGISTRY: "register entry",
    Level.LABEL: "product text",
    Level.SECONDARY: "second-hand report",
    Level.SEED_ONLY: "unconfirmed: only this article says so",
    Level.NOT_FOUND: "unconfirmed: could not be found",
}

OTHERWISE = "If you meant something else:"
OWN_STATEMENT = "our own statement"

MOST_AUTHORS = 3
BRIEF_TITLE = 60
"""Characters of a title kept in the brief form of a source without authors."""

_KEPT_IN_ADDRESSES = ":/?#@!$&'()*+,;=%~"


class BlockKind(StrEnum):
    """What a block is for; each form decides how it looks."""

    ALERT = "alert"
    TITLE = "title"
    TEXT = "text"
    CERTAINTY = "certainty"
    DETAILS = "details"
    CAVEATS = "caveats"
    OPTIONS = "options"
    REMINDER = "reminder"
    SOURCES = "sources"
    FOOTER = "footer"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a block: text, source numbers behind it, a link and the topic that it opens.

    ``brief`` is a shorter form for small screens, where there is one. Texts hold no line break;
    links hold no bracket, double quote or space.
    """

    text: str
    brief: str | None = None
    citations: tuple[int, ...] = ()
    link: str | None = None
    topic_id: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A block with an optional heading. ``urgent`` marks emergencies."""

    kind: BlockKind
    lines: tuple[Line, ...]
    heading: str | None = None
    urgent: bool = False


def document(reply: Reply) -> tuple[Block, ...]:
    """The blocks of a reply, in reading order. No block is empty."""
    return tuple(block for block in _blocks(reply) if block.lines or block.heading)


def cite(citations: Sequence[int]) -> str:
    """Source numbers as they stand behind a sentence: ``" [1, 4]"``, or nothing."""
    return f" [{', '.join(map(str, citations))}]" if citations else ""


def _blocks(reply: Reply) -> Iterator[Block]:
    yield from map(_notice, reply.notices)
    if reply.lead:
        yield Block(BlockKind.TEXT, (Line(_flat(reply.lead)),))
    for answer in reply.answers:
        yield from _answer(answer)
    if reply.options:
        options = tuple(Line(_flat(o.title), topic_id=o.topic_id) for o in reply.options)
        if reply.answers:
            yield Block(BlockKind.TEXT, (Line(OTHERWISE),))
        yield Block(BlockKind.OPTIONS, options)
    yield from map(_reminder, reply.reminders)
    if reply.sources:
        lines = tuple(
            Line(
                _flat(source_line(source)),
                brief=_flat(brief_source_line(source)),
                link=_address(source.link),
                citations=(number,),
            )
            for number, source in enumerate(reply.sources, start=1)
        )
        yield Block(BlockKind.SOURCES, lines, "Sources")
    if reply.answers:
        reviewed = min(answer.reviewed for answer in reply.answers)
        yield Block(BlockKind.FOOTER, (Line(f"{DISCLAIMER} Last reviewed {reviewed:%d %B %Y}."),))


def _notice(notice: Notice) -> Block:
    if notice.kind is NoticeKind.LANGUAGE:
        return _reminder(notice)
    urgent = notice.kind is NoticeKind.EMERGENCY
    return Block(BlockKind.ALERT, _lines(notice.statements), _flat(notice.heading), urgent)


def _reminder(notice: Notice) -> Block:
    return Block(BlockKind.REMINDER, _lines(notice.statements), _flat(notice.heading))


def _answer(answer: Answer) -> Iterator[Block]:
    yield Block(BlockKind.TITLE, (), _flat(answer.title))
    yield Block(BlockKind.TEXT, _lines([answer.short]))
    if answer.certainty:
        lines = (Line(_flat(answer.certainty.reason)), *_lines(answer.certainty.quoted))
        yield Block(BlockKind.CERTAINTY, lines, _flat(answer.certainty.label))
    if answer.points:
        yield Block(BlockKind.DETAILS, _lines(answer.points), "What is known")
    if answer.studies:
        rows = tuple(Line(_flat(_study(row)), topic_id=row.topic_id) for row in answer.studies)
        yield Block(BlockKind.DETAILS, rows, "Studies at a glance")
    if answer.popular_claims:
        yield Block(BlockKind.DETAILS, _lines(answer.popular_claims), "Claims that go around")
    if answer.words:
        yield Block(BlockKind.DETAILS, _lines(answer.words), "Words explained")
    if answer.caveats:
        yield Block(BlockKind.CAVEATS, _lines(answer.caveats), "Limits")


def _lines(statements: Iterable[Statement]) -> tuple[Line, ...]:
    return tuple(Line(_flat(s.text), citations=s.citations) for s in statements)


def _flat(text: str) -> str:
    """``text`` on one line."""
    return " ".join(text.split())


def _address(link: str | None) -> str | None:
    """``link`` with everything percent-encoded that has no place in an address (old DOIs have)."""
    return link and quote(link, safe=_KEPT_IN_ADDRESSES)


def _study(row: StudyRow) -> str:
    people = ""
    if row.people is not None:
        people = f", {row.people:,} {'person' if row.people == 1 else 'people'}"
    return f"{row.name} — {row.design}{people}: {row.finding}"


def source_line(source: Source) -> str:
    """A source in one line: authors, title, publication, year, and how it was read."""
    authors = ", ".join(source.authors[:MOST_AUTHORS])
    if len(source.authors) > MOST_AUTHORS and not authors.endswith("et al."):
        authors += " et al."
    parts = [authors, source.title, source.publication or ""]
    if source.year and str(source.year) not in (source.publication or ""):
        parts.append(str(source.year))
    ended = (part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part)
    text = " ".join(ended).removesuffix(".")
    return f"{_retracted(source)}{text} ({_how_read(source)})"


def brief_source_line(source: Source) -> str:
    """A source in a few words: first author or shortened title, year, and how it was read."""
    if source.authors:
        text = source.authors[0] + (" et al." if len(source.authors) > 1 else "")
    elif len(source.title) > BRIEF_TITLE:
        text = f"{source.title[:BRIEF_TITLE].rsplit(' ', 1)[0]} …"
    else:
        text = source.title
    year = f" {source.year}" if source.year else ""
    return f"{_retracted(source)}{text}{year} ({_how_read(source)})"


def _retracted(source: Source) -> str:
    return "RETRACTED. " if source.retracted else ""


def _how_read(source: Source) -> str:
    if source.type is SourceType.PROJECT:
        return OWN_STATEMENT
    return LEVEL_LABELS[source.level]
