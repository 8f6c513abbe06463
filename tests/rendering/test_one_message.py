"""A reply as a single message, judged by Telegram's own parser."""

from __future__ import annotations

import pytest
from hypothesis import assume, given

from bot.engine import Engine
from bot.knowledge.schema import WarningLevel
from bot.rendering.telegram import MAX_UNITS, plain_text, render_in_one_message, render_telegram
from bot.replies import Reply
from tests.bot_api.formatting import nesting_violations, parse, utf16_length
from tests.rendering.examples import answer, reply, statement
from tests.rendering.strategies import replies


def seen(html: str) -> str:
    """The message as people see it; fails if the server would refuse it."""
    found = parse(html, "HTML")
    assert found.text.strip()
    assert utf16_length(found.text) <= MAX_UNITS
    assert len(found.entities) <= 100
    assert nesting_violations(found.entities) == []
    return found.text


@given(replies())
def test_any_reply_becomes_one_message_that_is_accepted(built: Reply) -> None:
    assume(render_telegram(built))  # a reply without any part is none
    message = render_in_one_message(built)
    seen(message.html)
    if message.whole:
        assert (message.html,) == render_telegram(built)


def test_every_answer_that_is_shipped_keeps_what_matters(engine: Engine) -> None:
    for topic in engine.knowledge.topics.values():
        for level in (WarningLevel.NONE, WarningLevel.FULL):
            built = engine.open(topic.id, level)
            assert built is not None
            message = render_in_one_message(built)
            text = " ".join(seen(message.html).split())
            given_answer = built.answers[0]
            kept = [given_answer.title, given_answer.short.text]
            kept += [one.text for n in (*built.notices, *built.reminders) for one in n.statements]
            kept += [given_answer.certainty.reason] if given_answer.certainty else []
            kept += ["Last reviewed"]
            for part in kept:
                assert " ".join(part.split()) in text, topic.id
            if not message.whole:  # what is there of it ends where a sentence ends
                points = [p.text for p in given_answer.points if p.text[:40] in text]
                assert points == [p.text for p in given_answer.points if p.text in text], topic.id


@pytest.mark.parametrize("sign", ["<", "😀", "é"])
def test_a_point_is_there_in_full_or_not_at_all(sign: str) -> None:
    points = tuple(statement(f"{number:02}{sign * 498}.") for number in range(20))
    message = render_in_one_message(reply(answer(points=points)))
    assert not message.whole
    text = plain_text(message.html)
    there = [point.text in text for point in points]
    assert 3 <= sum(there) < 20
    assert there == sorted(there, reverse=True)
    assert text.count(sign) == 498 * sum(there)
