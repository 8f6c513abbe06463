"""The one door, on the shipped knowledge: what a person gets for what they write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine import Engine
from bot.knowledge.schema import Level, WarningLevel
from bot.rendering import render_json, render_text
from bot.replies import NoticeKind, Question, Reply, ReplyKind


def ask(engine: Engine, text: str, *context: str) -> Reply:
    return engine.reply(Question(text, context=context))


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("does ldn help fibromyalgia?", "condition.fibromyalgia"),
        ("LDN for ME/CFS - any trials?", "condition.me-cfs"),
        ("ldn long covid", "condition.long-covid"),
        ("does low dose naltrexone work for crohns", "condition.crohns-disease"),
        ("ldn and multiple sclerosis", "condition.multiple-sclerosis"),
        ("what is ldn", "about.what-is-ldn"),
        ("how does ldn work in the body", "mechanism.overview"),
        ("ldn side effects", "side-effect.overview"),
        ("crazy dreams on ldn", "side-effect.vivid-dreams"),
        ("cant sleep since i started ldn", "side-effect.insomnia"),
        ("ldn with zoloft", "interaction.antidepressants"),
        ("can i drink wine on ldn", "interaction.alcohol"),
        ("who should not take ldn", "contraindication.overview"),
        ("ldn and pregnancy", "contraindication.pregnancy"),
        ("what dose of ldn do people start with", "dosing.starting-dose"),
        ("ldn in the morning or at night", "dosing.time-of-day"),
        ("how long until ldn works", "dosing.time-to-effect"),
        ("ldn on the nhs", "access.uk-nhs"),
        ("did the norwegian ldnme trial show benefit", "study.ldnme"),
    ],
)
def test_plain_questions_find_their_topic(engine: Engine, text: str, topic: str) -> None:
    reply = ask(engine, text)
    assert reply.kind is ReplyKind.ANSWER
    assert reply.topics[0] == topic


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("dose ldn help fibromialgia", "condition.fibromyalgia"),
        ("ldn n tramdol", "interaction.tramadol"),
        ("naltraxone for chrons", "condition.crohns-disease"),
        ("vivd dreems on ldn", "side-effect.vivid-dreams"),
    ],
)
def test_typos_survive(engine: Engine, text: str, topic: str) -> None:
    assert topic in ask(engine, text).topics


@pytest.mark.parametrize(
    "text",
    [
        "can i take ldn with tramadol",
        "is nurofen plus ok with ldn",
        "ldn and kratom?",
        "which is stronger, codeine or morphine",
        "tramadol50mg and ldn",
        "LDN und Tramadoltropfen",
        "i'm on a buprenorphine patch, ldn?",
    ],
)
def test_an_opioid_puts_the_strong_warning_at_the_top(engine: Engine, text: str) -> None:
    reply = ask(engine, text)
    assert reply.opioid_warning is WarningLevel.FULL
    assert reply.notices[0].kind is NoticeKind.OPIOID


def test_every_other_substantive_answer_carries_the_short_warning(engine: Engine) -> None:
    reply = ask(engine, "does ldn help fibromyalgia?")
    assert reply.opioid_warning is WarningLevel.STANDARD
    assert [notice.kind for notice in reply.reminders] == [NoticeKind.REMINDER]
    assert not reply.notices


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("took ldn after my morphine, vomiting and shaking, help", "safety.withdrawal"),
        ("my tongue is swelling after the ldn", "safety.allergy-anaphylaxis"),
        ("crushing chest pain since this morning", "safety.chest-pain"),
        ("i want to die", "safety.suicidal-thoughts"),
        ("my toddler swallowed my ldn capsules", "safety.overdose"),
    ],
)
def test_emergencies_come_first(engine: Engine, text: str, topic: str) -> None:
    reply = ask(engine, text)
    assert reply.kind is ReplyKind.EMERGENCY
    assert reply.notices[0].kind is NoticeKind.EMERGENCY
    # Doubts about evidence would be read as doubts about the call for help.
    assert [answer.certainty for answer in reply.answers] == [None]
    assert reply.topics == (topic,)


@pytest.mark.parametrize(
    "text",
    ["should i stop my antidepressant and take ldn", "tell me exactly how much ldn i should take"],
)
def test_a_personal_decision_is_referred(engine: Engine, text: str) -> None:
    reply = ask(engine, text)
    assert reply.refer
    assert NoticeKind.REFER in [notice.kind for notice in reply.notices]


@pytest.mark.parametrize(
    "text",
    [
        "what is the weather in paris",
        "write me a poem about cats",
        "is semaglutide good for weight loss",
        "how do i unblock a sink",
    ],
)
def test_other_questions_are_refused(engine: Engine, text: str) -> None:
    reply = ask(engine, text)
    assert reply.kind is ReplyKind.DECLINE
    assert reply.opioid_warning is WarningLevel.NONE
    assert not reply.answers


def test_an_unknown_medicine_is_named_and_never_met_with_silence(engine: Engine) -> None:
    reply = ask(engine, "can i take Zentrovaxin with ldn")
    assert reply.unknown_medicines == ("zentrovaxin",)
    assert reply.opioid_warning is WarningLevel.CAUTION
    assert "zentrovaxin" in reply.notices[0].statements[0].text


@pytest.mark.parametrize(
    "text", ["Hello!", "who are you", "thanks, who made you", "thanks, what is your name?"]
)
def test_small_talk(engine: Engine, text: str) -> None:
    reply = ask(engine, text)
    assert reply.kind is ReplyKind.SMALLTALK
    assert reply.opioid_warning is WarningLevel.NONE
    assert reply.topics[0] == "about.bot"
    assert reply.answers[0].title == "What this bot is and who made it"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("thank you", "You're welcome."),
        ("Thanks a lot!", "You're welcome."),
        ("ok cool thanks", "You're welcome."),
        ("danke", "You're welcome."),
        ("Thank you so much, you've been a great help.", "You're welcome."),
        ("ok", "I am here if another question comes up."),
        ("yes", "I can't tell what a plain yes or no is about."),
        ("ok thanks bye", "Take care."),
        ("sorry", "No need to be sorry."),
        ("how are you?", "Thank you for asking."),
    ],
)
def test_what_asks_nothing_gets_a_line_and_no_page(engine: Engine, text: str, line: str) -> None:
    reply = ask(engine, text)
    assert (reply.kind, reply.topics) == (ReplyKind.SMALLTALK, ("about.bot",))
    said = render_text(reply)
    assert said.startswith(line)
    assert len(said) < 120
    data = render_json(reply)
    assert data["topics"] == ["about.bot"]
    assert (data["options"], data["sources"], data["opioid_warning"]) == ([], [], "none")


def test_thanks_after_an_opioid_keep_the_warning(engine: Engine) -> None:
    question = Question("thanks for your help", previous_topic="interaction.tramadol")
    reply = engine.reply(question)
    assert reply.opioid_warning is WarningLevel.FULL
    assert reply.notices[0].kind is NoticeKind.OPIOID
    assert reply.lead is not None


def test_thanks_before_a_question_do_not_hide_it(engine: Engine) -> None:
    assert ask(engine, "thanks, and does ldn help crohns?").topics[0] == "condition.crohns-disease"
    assert ask(engine, "ok thanks so i can take it with codeine").kind is ReplyKind.ANSWER


@pytest.mark.parametrize(
    ("context", "text", "topic"),
    [
        ("does ldn help fibromyalgia", "and for crohns?", "condition.crohns-disease"),
        ("is sertraline ok with ldn", "and cymbalta?", "interaction.duloxetine"),
        ("is tramadol ok with LDN", "what about oxycodone", "interaction.oxycodone"),
    ],
)
def test_follow_ups_lean_on_the_question_before(
    engine: Engine, context: str, text: str, topic: str
) -> None:
    assert topic in ask(engine, text, context).topics


@pytest.mark.parametrize("text", ["qwertz uiop", "asdfgh", "hjkl", "qzx"])
@pytest.mark.parametrize("topic", ["condition.fibromyalgia", "interaction.tramadol", None])
def test_letters_without_a_word_lead_nowhere(engine: Engine, text: str, topic: str | None) -> None:
    reply = engine.reply(Question(text, previous_topic=topic))
    assert reply.kind is ReplyKind.DECLINE
    assert not reply.options
    # What was said of an opioid stands all the same.
    assert (reply.opioid_warning is WarningLevel.FULL) == (topic == "interaction.tramadol")


def test_a_search_for_letters_without_a_word_finds_nothing(engine: Engine) -> None:
    assert engine.search("qwertz uiop", 10) == ()
    assert engine.search("fibr", 1)[0].topics == ("condition.fibromyalgia",)


@pytest.mark.parametrize("text", ["mcas?", "wie lange?", "4.5 mg", "dyshidrotic", "Naumann"])
def test_short_follow_ups_still_lean_on_something(engine: Engine, text: str) -> None:
    reply = engine.reply(Question(text, previous_topic="condition.fibromyalgia"))
    assert reply.kind is ReplyKind.ANSWER


def test_two_questions_get_two_answers(engine: Engine) -> None:
    reply = ask(engine, "does ldn help fibromyalgia? and can i drink alcohol on it?")
    assert {"condition.fibromyalgia", "interaction.alcohol"} <= set(reply.topics)


def test_an_empty_message_gets_a_polite_reply(engine: Engine) -> None:
    reply = ask(engine, "   🙂  ")
    assert reply.kind is ReplyKind.DECLINE
    assert reply.lead is not None
    assert "type your question" in reply.lead


def test_the_unverifiable_trial_is_shown_as_unconfirmed(engine: Engine) -> None:
    reply = engine.open("study.ldnme")
    assert reply is not None
    assert "confirmed" in reply.answers[0].short.text
    assert Level.SEED_ONLY in {source.level for source in reply.sources}


def test_former_ids_still_open(engine: Engine) -> None:
    old, new = engine.open("condition.crohns"), engine.open("condition.crohns-disease")
    assert old == new
    assert old is not None
    assert engine.open("condition.nonsense") is None


def test_every_topic_opens_with_a_source_behind_every_sentence(engine: Engine) -> None:
    for topic_id in engine.knowledge.topics:
        reply = engine.open(topic_id)
        assert reply is not None
        answer = reply.answers[0]
        for statement in (answer.short, *answer.points, *answer.caveats):
            assert statement.citations, topic_id
            assert max(statement.citations) <= len(reply.sources)


def test_the_same_question_gives_the_same_reply(engine: Engine) -> None:
    assert ask(engine, "ldn for fibro?") == ask(engine, "ldn for fibro?")


@given(st.text(max_size=500))
def test_any_text_gets_a_valid_reply(engine: Engine, text: str) -> None:
    reply = ask(engine, text)
    assert 0.0 <= reply.confidence <= 1.0
    assert reply.answers or reply.lead
    assert len(reply.answers) <= 4
    assert len(reply.options) <= 5
    known = engine.knowledge.topics
    assert all(topic in known for topic in reply.topics)


@pytest.mark.parametrize(
    ("before", "text", "topic"),
    [
        ("condition.fibromyalgia", "and what did the studies say", "condition.fibromyalgia"),
        ("condition.fibromyalgia", "and for crohns?", "condition.crohns-disease"),
        ("side-effect.vivid-dreams", "can i have co codamol with it", "interaction.codeine"),
        ("interaction.codeine", "does ldn help fibro", "condition.fibromyalgia"),
    ],
)
def test_a_message_leans_on_the_one_before_only_where_it_must(
    engine: Engine, before: str, text: str, topic: str
) -> None:
    assert engine.reply(Question(text, previous_topic=before)).topics[0] == topic


def test_another_subject_is_no_follow_up(engine: Engine) -> None:
    reply = engine.reply(Question("best pizza in town", previous_topic="condition.fibromyalgia"))
    assert reply.kind is ReplyKind.DECLINE


def test_the_opioid_talked_about_before_keeps_its_warning(engine: Engine) -> None:
    text = "i only have 2 a week, surely i can?"
    reply = engine.reply(Question(text, previous_topic="interaction.oxycodone"))
    assert reply.opioid_warning is WarningLevel.FULL


@pytest.mark.parametrize(
    ("text", "language", "topic"),
    [
        ("hilft ldn bei fibromyalgie?", "de", "condition.fibromyalgia"),
        ("quels sont les effets secondaires du ldn", "fr", "side-effect.overview"),
        ("puedo beber alcohol con ldn", "es", "interaction.alcohol"),
        ("mag ik wijn drinken met ldn", "nl", "interaction.alcohol"),
    ],
)
def test_other_languages_are_understood_and_answered_in_english(
    engine: Engine, text: str, language: str, topic: str
) -> None:
    reply = ask(engine, text)
    assert (reply.language, reply.topics[0]) == (language, topic)
    lines = engine.knowledge.languages[language]
    said = [s.text for n in reply.notices if n.kind is NoticeKind.LANGUAGE for s in n.statements]
    assert said == [lines.answered_in_english]


def test_an_emergency_in_another_language_is_answered_in_it(engine: Engine) -> None:
    reply = ask(engine, "ho preso ldn dopo la morfina e sto vomitando e tremando")
    assert reply.kind is ReplyKind.EMERGENCY
    first = reply.notices[0].statements[0].text
    assert first == engine.knowledge.languages["it"].emergencies["withdrawal"]
    assert reply.opioid_warning is WarningLevel.FULL


EXTREMES = {
    "one letter": "a" * 10_000,
    "spaces": " " * 10_000,
    "emoji": "\N{GRINNING FACE}" * 10_000,
    "right-to-left marks": "\u200f" * 10_000,
    "digits": "12 " * 3_333,
    "questions": "is it safe? " * 833,
    "joints": "and " * 2_500,
    "negations": "no or " * 1_600,
    "dots": "a." * 5_000,
    "ldn": "ldn " * 2_500,
}


@pytest.mark.parametrize("text", EXTREMES.values(), ids=EXTREMES)
def test_the_longest_texts_are_answered(engine: Engine, text: str) -> None:
    reply = engine.reply(Question(text))
    assert len(reply.topics) <= 4
    assert len(reply.options) <= 5
    assert reply.notices or reply.lead or reply.answers


def test_a_thousand_opioids_are_one_full_warning(engine: Engine) -> None:
    opioids = engine.knowledge.vocabulary.opioids.opioids
    names = [name for opioid in opioids for name in (*opioid.generic, *opioid.brands)]
    reply = engine.reply(Question(" ".join(names)[:10_000]))
    assert reply.opioid_warning is WarningLevel.FULL


@pytest.mark.parametrize("text", ["i take oxycodone", "cant breathe and lips swelling help"])
def test_what_stands_at_the_end_of_the_longest_text_counts(engine: Engine, text: str) -> None:
    talk = "the weather was lovely and the garden is coming on well. "
    reply = engine.reply(Question((talk * 200)[: 9_900 - len(text)] + ". " + text))
    if text.startswith("i take"):
        assert reply.opioid_warning is WarningLevel.FULL
    else:
        assert reply.kind is ReplyKind.EMERGENCY
