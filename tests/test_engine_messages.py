"""What people really write, on the shipped knowledge: pieces, follow-ups, languages, scares."""

from __future__ import annotations

import pytest

from bot.engine import Engine
from bot.knowledge.made_entities import LDN
from bot.knowledge.schema import EntityKind, WarningLevel
from bot.replies import NoticeKind, Question, Reply, ReplyKind


def ask(engine: Engine, text: str, *context: str) -> Reply:
    return engine.reply(Question(text, context=context))


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        (
            "can i have nurofen for my knee and a glass of wine while on ldn",
            {"interaction.nsaids-paracetamol", "interaction.alcohol"},
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


@pytest.mark.parametrize(
    "text", ["was it blinded", "did they sleep better", "how many dropped out"]
)
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


@pytest.mark.parametrize(
    "text",
    [
        "too late i already took both n im throwing up nonstop",
        "already had both and feel awful shaking",
        "been sweating and shaking since i did",
    ],
)
def test_an_emergency_that_only_the_question_before_makes_clear(engine: Engine, text: str) -> None:
    assert ask(engine, "can i take dihydrocodeine with ldn").kind is not ReplyKind.EMERGENCY
    reply = ask(engine, text, "can i take dihydrocodeine with ldn")
    assert reply.kind is ReplyKind.EMERGENCY
    assert reply.opioid_warning is WarningLevel.FULL


@pytest.mark.parametrize(
    ("before", "text", "level"),
    [
        ("can i take ldn with tramadol?", "and just half a tablet?", WarningLevel.FULL),
        ("how long after tramadol before ldn", "is 2 weeks enough", WarningLevel.FULL),
        ("can i take ldn with tramadol?", "where do i buy ldn in germany", WarningLevel.STANDARD),
        ("does ldn help crohns", "and just half a tablet?", WarningLevel.STANDARD),
    ],
)
def test_a_follow_up_keeps_the_opioid_in_view(
    engine: Engine, before: str, text: str, level: WarningLevel
) -> None:
    assert ask(engine, text, before).opioid_warning is level


@pytest.mark.parametrize("text", ["ldn for ME", "what about ME", "LDN for ME then?"])
def test_me_in_capitals_is_the_illness(engine: Engine, text: str) -> None:
    assert ask(engine, text).topics[:1] == ("condition.me-cfs",)


def test_help_me_in_capitals_is_a_cry_for_help(engine: Engine) -> None:
    assert ask(engine, "please HELP ME i cant breathe").kind is ReplyKind.EMERGENCY


def test_a_follow_up_that_no_word_shows(engine: Engine) -> None:
    text, before = "small abilify instead", "zopiclone at night with my ldn"
    assert ask(engine, text).kind is ReplyKind.DECLINE
    assert ask(engine, text, before).topics[:1] == ("interaction.antipsychotics",)


def test_what_is_not_understood_keeps_the_opioid_in_view(engine: Engine) -> None:
    text = "even the tiny 5 microgram plaster for osteoarthritis?"
    assert ask(engine, text, "do opioids and LDN go together").opioid_warning is WarningLevel.FULL


def test_small_talk_hides_no_personal_decision(engine: Engine) -> None:
    reply = ask(engine, "hello, what would you do, start it or wait for my surgery?")
    assert NoticeKind.REFER in [notice.kind for notice in reply.notices]


@pytest.mark.parametrize("text", ["can i give my dog ldn", "my cat ate one of my ldn capsules"])
def test_animals_are_not_covered_and_no_human_emergency(engine: Engine, text: str) -> None:
    reply = ask(engine, text)
    assert reply.kind is ReplyKind.DECLINE
    assert reply.lead is not None
    assert "animals" in reply.lead


def test_names_that_no_example_has_lead_to_their_topic(engine: Engine) -> None:
    knowledge = engine.knowledge
    own: dict[str, set[str]] = {}
    for topic in knowledge.topics.values():
        if topic.kind == "interaction":
            own.setdefault(topic.subjects[0], set()).add(topic.id)
    names = [
        (entity.id, name)
        for entity in knowledge.vocabulary.entities.values()
        if entity.kind is EntityKind.MEDICINE and entity.id in own and entity.id != LDN
        for name in sorted(entity.member_names)[:3]
    ]
    assert len(names) > 150
    wrong = [
        name
        for entity_id, name in names
        if not own[entity_id] & set(ask(engine, f"can i take {name} with ldn").topics)
    ]
    assert len(wrong) <= 0.05 * len(names), wrong


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("can i take baricitinib with ldn", {"interaction.immunosuppressants"}),
        ("is nimesulide ok on ldn", {"interaction.nsaids-paracetamol"}),
        ("ldn and Tahor", {"interaction.statins"}),
        ("LDN og Dolol samtidig, hvad sker der?", {"interaction.tramadol"}),
        ("same for parkinsons and ldn?", {"condition.parkinsons"}),
        ("is it safe with antibiotics", {"interaction.antibiotics"}),
        (
            "can i take it with ozempic and metformin",
            {"interaction.glp1", "interaction.diabetes-medicines"},
        ),
        (
            "can i drink beer and take ibuprofen on ldn",
            {"interaction.alcohol", "interaction.nsaids-paracetamol"},
        ),
    ],
)
def test_rare_names_and_plain_pairs_are_answered(
    engine: Engine, text: str, topics: set[str]
) -> None:
    assert topics <= set(ask(engine, text).topics)


@pytest.mark.parametrize(
    "text", ["can i take oxybutynin with ldn", "on ditropan for leaky bladder, does ldn clash"]
)
def test_a_medicine_that_no_topic_covers_gets_no_other_ones_answer(
    engine: Engine, text: str
) -> None:
    reply = ask(engine, text)
    assert reply.kind is ReplyKind.DECLINE
    assert reply.lead is not None
    assert "Bladder medicines" in reply.lead


def test_a_broken_leg_is_no_broken_spirit(engine: Engine) -> None:
    reply = ask(engine, "broken leg and they gave me oramorph in A&E, took my ldn last night")
    assert "safety.suicidal-thoughts" not in reply.topics
    assert reply.opioid_warning is WarningLevel.FULL


@pytest.mark.parametrize("text", ["am i going to die from ldn", "is this stuff gonna kill me"])
def test_fear_of_the_medicine_is_no_emergency(engine: Engine, text: str) -> None:
    assert ask(engine, text).topics[:1] == ("safety.overview",)


@pytest.mark.parametrize("text", ["vielen dank", "merci beaucoup", "muchas gracias"])
def test_thanks_in_other_languages_name_no_opioid(engine: Engine, text: str) -> None:
    reply = ask(engine, text)
    assert (reply.kind, reply.opioid_warning) == (ReplyKind.SMALLTALK, WarningLevel.NONE)
