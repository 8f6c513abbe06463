"""A reply made to fit: whole sentences, with their own sources and no others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.rendering import render_text
from bot.replies import Reply
from bot.replies.fitting import fitted
from tests.rendering.examples import answer, reply, source, statement
from tests.rendering.strategies import replies


@given(replies())
def test_what_fits_stays_as_it_is(built: Reply) -> None:
    assert fitted(built, lambda _: True) is built


@given(replies(), st.integers(0, 6000))
def test_it_fits_or_nothing_more_can_be_left_out(built: Reply, room: int) -> None:
    kept = fitted(built, lambda form: len(render_text(form)) <= room)
    least = fitted(built, lambda _: False)
    assert kept == least or len(render_text(kept)) <= room
    assert (kept.kind, kept.lead, kept.options) == (built.kind, built.lead, built.options)
    assert texts(kept.notices) == texts(built.notices)
    assert texts(kept.reminders) == texts(built.reminders)
    assert [a.short.text for a in kept.answers] == [a.short.text for a in built.answers]
    assert [bool(a.certainty) for a in kept.answers] == [bool(a.certainty) for a in built.answers]


def texts(notices: object) -> list[str]:
    return [one.text for notice in notices for one in notice.statements]  # type: ignore[attr-defined]


@given(replies(), st.integers(0, 20))
def test_every_number_leads_to_the_same_source_as_before(built: Reply, room: int) -> None:
    kept = fitted(built, lambda form: sum(len(a.points) for a in form.answers) <= room)
    for old, new in zip(built.answers, kept.answers, strict=True):
        for group in ("caveats", "points", "popular_claims", "words"):
            before, after = getattr(old, group), getattr(new, group)
            for was, now in zip(before, after, strict=False):
                assert was.text == now.text
                assert [built.sources[n - 1] for n in was.citations] == [
                    kept.sources[n - 1] for n in now.citations
                ]


def test_limits_stay_longer_than_points_and_points_longer_than_words() -> None:
    whole = reply(
        answer(
            points=(statement("One.", 1), statement("Two.", 2)),
            caveats=(statement("But.", 3),),
            words=(statement("Word.", 4),),
        ),
        sources=tuple(source(title=f"Source {number}") for number in range(1, 5)),
    )

    def with_at_most(number: int) -> Reply:
        def fits(form: Reply) -> bool:
            one = form.answers[0]
            return len(one.points) + len(one.caveats) + len(one.words) <= number

        return fitted(whole, fits)

    (two,) = with_at_most(2).answers
    assert ([p.text for p in two.points], [c.text for c in two.caveats]) == (["One."], ["But."])
    assert two.words == ()
    assert [s.title for s in with_at_most(2).sources] == ["Source 1", "Source 3"]
    (three,) = with_at_most(3).answers
    assert [p.text for p in three.points] == ["One.", "Two."]
    (none,) = with_at_most(0).answers
    assert (none.points, none.caveats) == ((), ())
    assert with_at_most(0).sources == ()
