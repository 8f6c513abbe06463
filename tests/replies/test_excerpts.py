"""Parts of replies: nothing that must be said is lost, and numbers lead to the same sources."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from bot.engine import Engine
from bot.replies import Reply, Statement
from bot.replies.excerpts import Part, excerpt
from tests.rendering.strategies import replies


def statements(reply: Reply) -> Iterator[Statement]:
    for notice in (*reply.notices, *reply.reminders):
        yield from notice.statements
    for answer in reply.answers:
        yield answer.short
        yield from answer.certainty.quoted if answer.certainty else ()
        yield from (*answer.points, *answer.caveats, *answer.popular_claims, *answer.words)


def cited(reply: Reply) -> list[tuple[str, list[str]]]:
    return [
        (one.text, [reply.sources[number - 1].id for number in one.citations])
        for one in statements(reply)
    ]


@given(replies(), st.sets(st.sampled_from(Part)))
def test_numbers_lead_to_the_same_sources(whole: Reply, parts: set[Part]) -> None:
    part = excerpt(whole, parts)
    everything = cited(whole)
    assert all(one in everything for one in cited(part))
    used = {number for one in statements(part) for number in one.citations}
    assert used == set(range(1, len(part.sources) + 1))


def test_warnings_short_answers_and_reminders_stay(engine: Engine) -> None:
    for topic_id in engine.knowledge.topics:
        whole = engine.open(topic_id)
        assert whole is not None
        bare = excerpt(whole, set())
        assert [n.kind for n in bare.notices] == [n.kind for n in whole.notices]
        assert [n.kind for n in bare.reminders] == [n.kind for n in whole.reminders]
        assert bare.answers[0].short.text == whole.answers[0].short.text
        assert bare.opioid_warning == whole.opioid_warning
        everything = excerpt(whole, set(Part))
        assert cited(everything) == cited(whole)
