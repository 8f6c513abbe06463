"""What people really write, on the shipped knowledge: pieces, follow-ups, languages, scares."""

from __future__ import annotations

import pytest

from bot.engine import Engine
from bot.knowledge.schema import WarningLevel
from bot.replies import NoticeKind, Question, Reply, ReplyKind


def ask(engine: Engine, text: str, *context: str) -> Reply:
    return engine.reply(Question(text, context=context))


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        (
            "can i have nurofen for my knee and a glass of wine while on ldn",
            {"interaction.nsaids", "interaction.alcohol"},
        ),
        (
            "does ldn do anything for psoriasis & how much does it cost",
            {"condition.psoriasis", "access.cost"},
        ),
        ("ldn + sertraline, plus is it ok before surgery", {"interaction.antidepressants"}),
    ],
)
def test_every_piece_of_a_message_gets_its_answer(
    engine: Engine, text: str, topics: set[str]
) -> None:
    assert topics <= set(ask(engine, text).topics)


@pytest.mark.parametrize(
    "text",
    [
        "my knees and hands hurt all day, is there anything in ldn for fibromyalgia",
        "hi all, long time lurker and very tired, how long until ldn works",
    ],
)
def test_what_is_told_along_adds_no_opioid(engine: Engine, text: str) -> None:
    reply = ask(engine, text)
    opioids = {"interaction.tramadol", "interaction.codeine", "interaction.opioids"}
    assert not opioids & set(reply.topics)
    assert reply.opioid_warning is WarningLevel.STANDARD


@pytest.mark.parametrize("text", ["was it blinded", "did they sleep better", "how many dropped out"])
def test_details_asked_after_a_study_stay_with_it(engine: Engine, text: str) -> None:
    reply = ask(engine, text, "what did younger 2013 find")
    assert reply.topics[:1] == ("study.younger-2013",)


@pytest.mark.parametrize(
    ("text", "language", "topic"),
    [
        ("ldn und migränetabletten", "de", "interaction.triptans"),
        ("ldn und schlafstörungn", "de", "side-effect.insomnia"),
        ("ldn tegen hoofdpijnklachten", "nl", "side-effect.headache"),
    ],
)
def test_compounds_and_slips_of_other_languages(
    engine: Engine, text: str, language: str, topic: str
) -> None:
    reply = ask(engine, text)
    assert reply.language == language
    assert topic in {*reply.topics, *(option.topic_id for option in reply.options)}


def test_an_opioid_emergency_without_a_name_carries_the_warning(engine: Engine) -> None:
    reply = ask(
        engine,
        "my flatmate stopped naltrexone last week, injected his old amount"
        " and now he's grey and snoring strangely",
    )
    assert reply.kind is ReplyKind.EMERGENCY
    assert reply.topics == ("safety.opioid-overdose",)
    assert reply.opioid_warning is WarningLevel.FULL


def test_small_talk_hides_no_personal_decision(engine: Engine) -> None:
    reply = ask(engine, "hello, what would you do, start it or wait for my surgery?")
    assert NoticeKind.REFER in [notice.kind for notice in reply.notices]


@pytest.mark.parametrize("text", ["can i give my dog ldn", "my cat ate one of my ldn capsules"])
def test_animals_are_not_covered_and_no_human_emergency(engine: Engine, text: str) -> None:
    reply = ask(engine, text)
    assert reply.kind is ReplyKind.DECLINE
    assert reply.lead is not None
    assert "animals" in reply.lead
