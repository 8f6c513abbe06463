"""What a search finds while somebody is typing, on the shipped knowledge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine import Engine
from bot.knowledge.schema import WarningLevel
from bot.replies import NoticeKind, Question, ReplyKind


def topics(engine: Engine, text: str, limit: int = 10) -> list[str]:
    return [reply.topics[0] for reply in engine.search(text, limit)]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("crohn", "condition.crohns-disease"),
        ("croh", "condition.crohns-disease"),
        ("cro", "condition.crohns-disease"),
        ("fibro", "condition.fibromyalgia"),
        ("fibromya", "condition.fibromyalgia"),
        ("long cov", "condition.long-covid"),
        ("long covid", "condition.long-covid"),
        ("does ldn help fibro?", "condition.fibromyalgia"),
        ("tram", "interaction.tramadol"),
        ("nause", "side-effect.nausea"),
        ("zolof", "interaction.antidepressants"),
        ("younger 2013", "study.younger-2013"),
        ("what is ldn", "about.what-is-ldn"),
        ("hello", "about.bot"),
    ],
)
def test_the_first_result_is_what_is_being_typed(engine: Engine, text: str, topic: str) -> None:
    assert topics(engine, text)[0] == topic


def test_an_exact_title_comes_first(engine: Engine) -> None:
    for topic in engine.knowledge.topics.values():
        (found,) = engine.search(topic.title, 1)
        assert found.kind is ReplyKind.EMERGENCY or found.topics == (topic.id,)


def test_studies_come_with_what_they_study(engine: Engine) -> None:
    found = topics(engine, "crohn")
    assert len(found) == len(set(found)) == 10
    assert {"study.smith-2007", "study.smith-2011"} <= set(found)


@pytest.mark.parametrize("text", ["weather", "zorbaxinib", "", "  ", "🙂", "?!"])
def test_what_leads_nowhere_finds_nothing(engine: Engine, text: str) -> None:
    assert engine.search(text, 10) == ()


def test_an_opioid_in_the_text_puts_its_warning_on_every_result(engine: Engine) -> None:
    found = engine.search("crohn tramadol", 10)
    assert {"condition.crohns-disease", "interaction.tramadol"} <= {r.topics[0] for r in found}
    for reply in found:
        assert reply.opioid_warning is WarningLevel.FULL
        assert reply.notices[0].kind is NoticeKind.OPIOID


def test_a_name_alone_tells_no_language(engine: Engine) -> None:
    for name in ("crohn", "fibro", "morbus crohn"):
        assert {reply.language for reply in engine.search(name, 10)} == {"en"}
    (german, *_) = engine.search("ich habe fibromyalgie, hilft ldn?", 10)
    assert german.language == "de"
    assert german.notices[-1].kind is NoticeKind.LANGUAGE


def test_an_emergency_is_the_only_result(engine: Engine) -> None:
    text = "i took tramadol, now vomiting"
    (found,) = engine.search(text, 10)
    assert found.kind is ReplyKind.EMERGENCY
    assert found == engine.reply(Question(text))


@given(st.text(max_size=256), st.integers(0, 10))
def test_any_text_finds_at_most_so_many_different_topics(
    small_engine: Engine, text: str, limit: int
) -> None:
    found = topics(small_engine, text, limit)
    assert len(found) == len(set(found)) <= max(limit, 1)
    assert found == topics(small_engine, text, limit)
    for reply in small_engine.search(text, limit):
        assert len(reply.answers) == 1
        if reply.kind is ReplyKind.ANSWER:
            assert reply.opioid_warning is not WarningLevel.NONE
            assert any(
                n.kind in {NoticeKind.OPIOID, NoticeKind.REMINDER, NoticeKind.UNKNOWN_MEDICINE}
                for n in (*reply.notices, *reply.reminders)
            )
