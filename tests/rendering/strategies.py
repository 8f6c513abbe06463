"""Any reply that the composer could build, and many that it never will."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

from bot.knowledge.schema import Level, Source, SourceType, WarningLevel
from bot.replies import Answer, Choice, Notice, NoticeKind, Reply, ReplyKind, Statement
from bot.replies.model import CertaintyLine, StudyRow

SIGNS = "<>&\"'[]()*_`~#|\\^!=-+.:;/@{}•"

words = st.text(
    st.one_of(
        st.sampled_from(SIGNS),
        st.sampled_from("abc 019 \n\té😀👩‍⚕️\u00a0\u200b\u202e"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)


def with_something_to_see(text: str) -> str:
    """Knowledge holds no empty text: a letter makes sure."""
    return f"{text}x".strip()


short_texts = words.map(with_something_to_see)
texts = st.one_of(
    short_texts,
    st.sampled_from(["<b>fat</b>", "a & b", "&lt;", "&amp;amp;", "[url]x[/url]", "1. one", "- x"]),
    st.builds(lambda text, times: with_something_to_see(text * times), words, st.integers(1, 12)),
)
long_texts = st.builds(
    lambda text, times: with_something_to_see(text * times),
    st.sampled_from(["<", "&", "😀", "word ", "é", "<a href='x'>", "http://a.example/ "]),
    st.integers(2000, 9000),
)

levels = st.sampled_from(Level)
sources = st.builds(
    Source,
    id=st.just("a-source"),
    type=st.sampled_from(SourceType),
    title=texts,
    authors=st.lists(short_texts, max_size=5, unique=True).map(tuple),
    year=st.one_of(st.none(), st.integers(1900, 2100)),
    publication=st.one_of(st.none(), short_texts),
    doi=st.one_of(
        st.none(),
        st.sampled_from(["10.1000/x(1)<7::aid>3", '10.1000/"quoted"', "10.1000/[b]&amp;é"]),
    ),
    url=st.one_of(st.none(), st.sampled_from(["https://a.example/?x=1&y=2", "https://b.example"])),
    level=levels,
    checked=st.just(dt.date(2026, 11, 20)),
    retracted=st.booleans(),
)


def statements(most: int, *, number_of_sources: int) -> st.SearchStrategy[tuple[Statement, ...]]:
    citations = st.lists(st.integers(1, number_of_sources), max_size=4, unique=True)
    if not number_of_sources:
        citations = st.just([])
    one = st.builds(Statement, texts, citations.map(tuple))
    return st.lists(one, max_size=most).map(tuple)


choices = st.builds(
    Choice, topic_id=st.sampled_from(["condition.a", "study.b", "about.bot"]), title=texts
)


@st.composite
def replies(draw: st.DrawFn) -> Reply:
    found = tuple(draw(st.lists(sources, max_size=12)))
    few = statements(3, number_of_sources=len(found))
    many = statements(draw(st.sampled_from([3, 3, 20, 200])), number_of_sources=len(found))
    notices = st.builds(Notice, st.sampled_from(NoticeKind), short_texts, few)
    certainty = st.builds(CertaintyLine, short_texts, texts, few)
    rows = st.builds(
        StudyRow,
        st.just("study.b"),
        texts,
        short_texts,
        st.one_of(st.none(), st.integers(0, 10**6)),
        short_texts,
    )
    answers = st.builds(
        Answer,
        topic_id=st.just("condition.a"),
        title=texts,
        short=few.map(lambda some: some[0] if some else Statement("short")),
        certainty=st.one_of(st.none(), certainty),
        points=many,
        studies=st.lists(rows, max_size=5).map(tuple),
        caveats=few,
        popular_claims=few,
        words=few,
        related=st.lists(choices, max_size=8).map(tuple),
        reviewed=st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)),
    )
    lead = st.one_of(st.none(), texts, long_texts)
    return Reply(
        kind=draw(st.sampled_from(ReplyKind)),
        opioid_warning=draw(st.sampled_from(WarningLevel)),
        language="en",
        confidence=draw(st.floats(0, 1)),
        knowledge_version="0",
        notices=tuple(draw(st.lists(notices, max_size=3))),
        lead=draw(lead),
        answers=tuple(draw(st.lists(answers, max_size=3))),
        options=tuple(draw(st.lists(choices, max_size=6))),
        reminders=tuple(draw(st.lists(notices, max_size=1))),
        sources=found,
    )


def every_text(reply: Reply) -> list[str]:
    """Every text of a reply that must be seen, but for sources (their form differs)."""
    found = [reply.lead or "", *(choice.title for choice in reply.options)]
    for notice in (*reply.notices, *reply.reminders):
        found += [notice.heading, *(statement.text for statement in notice.statements)]
    for answer in reply.answers:
        found += [answer.title, answer.short.text]
        if answer.certainty:
            found += [answer.certainty.label, answer.certainty.reason]
            found += [statement.text for statement in answer.certainty.quoted]
        for group in (answer.points, answer.caveats, answer.popular_claims, answer.words):
            found += [statement.text for statement in group]
        found += [part for row in answer.studies for part in (row.name, row.design, row.finding)]
    return found
