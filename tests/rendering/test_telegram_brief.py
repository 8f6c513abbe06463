"""The short form for groups, judged by Telegram's own parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine import Engine
from bot.rendering import render_telegram
from bot.rendering.document import document
from bot.rendering.telegram import BRIEF_POINTS, MAX_UNITS, render_telegram_brief
from bot.replies import Notice, NoticeKind, Question, Reply, ReplyKind
from bot.replies.brief import shortened
from tests.bot_api.formatting import FormattedText, nesting_violations, parse, utf16_length
from tests.rendering.examples import answer, reply, source, statement
from tests.rendering.strategies import replies


def parsed(built: Reply, points: int = BRIEF_POINTS) -> FormattedText:
    """The message as people see it; fails if the server would refuse it."""
    found = parse(render_telegram_brief(built, points), "HTML")
    assert found.text.strip()
    assert utf16_length(found.text) <= MAX_UNITS
    assert len(found.entities) <= 100
    assert nesting_violations(found.entities) == []
    return found


@given(replies(), st.integers(0, 100))
def test_any_reply_becomes_one_message(built: Reply, points: int) -> None:
    if document(shortened(built, points)):
        parsed(built, points)


def test_what_stays_and_what_goes() -> None:
    built = reply(
        answer(
            short=statement("Short.", 3),
            points=(statement("First.", 4), statement("Second.", 1), statement("Third.", 2)),
            caveats=(statement("But.", 5),),
            popular_claims=(statement("They say.", 5),),
            words=(statement("A word."),),
        ),
        notices=(Notice(NoticeKind.OPIOID, "LDN and opioids", (statement("Don't.", 2),)),),
        reminders=(Notice(NoticeKind.REMINDER, "Please keep in mind", (statement("Mind."),)),),
        sources=tuple(source(authors=(f"A{number}",)) for number in range(1, 6)),
    )
    text = parsed(built).text
    assert text.splitlines()[:2] == ["⚠️ LDN and opioids", "Don't. [2]"]
    for part in ("Short. [3]", "• First. [4]", "• Second. [1]", "Mind.", "[4] A4 2020"):
        assert part in text
    for part in ("Third.", "But.", "They say.", "A word.", "A5"):
        assert part not in text
    assert "First." not in parsed(built, 0).text
    assert "Third. [2]" in parsed(built, 100).text


def test_several_answers_are_short_ones() -> None:
    one = answer(points=(statement("First."),))
    assert "First." in parsed(reply(one)).text
    assert "First." not in parsed(reply(one, one)).text


def test_an_emergency_is_what_to_do_and_whom_to_call() -> None:
    built = reply(
        answer(),
        kind=ReplyKind.EMERGENCY,
        notices=(
            Notice(NoticeKind.EMERGENCY, "Get help now", (statement("Call now.", 1),)),
            Notice(NoticeKind.CONTACTS, "Numbers to call", (statement("Norway: 113.", 1),)),
            Notice(NoticeKind.OPIOID, "LDN and opioids", (statement("Don't.", 1),)),
        ),
        reminders=(Notice(NoticeKind.REMINDER, "Please keep in mind", (statement("Mind."),)),),
        sources=(source(),),
    )
    assert parsed(built).text == ("🚨 Get help now\nCall now.\n\n⚠️ Numbers to call\nNorway: 113.")


def test_every_topic_that_is_shipped_fits_unclipped(engine: Engine) -> None:
    for topic_id in engine.knowledge.topics:
        built = engine.open(topic_id)
        assert built is not None
        expected = render_telegram(shortened(built, BRIEF_POINTS))
        assert (render_telegram_brief(built),) == expected, topic_id
        parsed(built, 100)


@pytest.mark.parametrize(
    "text",
    [
        "can i take ldn with tramadol, does it help fibro, crohns and long covid?",
        "hilft ldn bei fibromyalgie? ich nehme tramadol und zorbaxinib",
    ],
)
def test_long_replies_fit_unclipped(engine: Engine, text: str) -> None:
    built = engine.reply(Question(text))
    assert (render_telegram_brief(built),) == render_telegram(shortened(built, BRIEF_POINTS))


def test_the_language_of_a_chat_holds_for_warnings(engine: Engine) -> None:
    question = "does ldn help fibromyalgia? i take tramadol"
    built = engine.reply(Question(question, chat_language="de"))
    warning = next(n for n in built.notices if n.kind is NoticeKind.OPIOID)
    assert warning.statements[0].text.startswith("Kombinieren Sie LDN nicht")
    assert "Do not combine LDN" in warning.statements[1].text
    assert built.topics == engine.reply(Question(question)).topics
    own = engine.reply(Question("la ldn aide-t-elle la fibromyalgie ?", chat_language="de"))
    assert own.language == "fr"
    unknown = engine.reply(Question("can i take ldn with zorbaxinib?", chat_language="de"))
    assert unknown.unknown_medicines == ("zorbaxinib",)
