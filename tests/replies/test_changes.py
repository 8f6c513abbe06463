"""What watchers of a topic are told when the evidence on it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.knowledge import KnowledgeBase, load
from bot.knowledge.schema import Rating, Source, Study, Topic
from bot.replies.changes import (
    MOST_LINES,
    TopicState,
    can_change,
    changes,
    compare,
    note,
    read_state,
    state_of,
)

FIBRO = "condition.fibromyalgia"
COVID = "condition.long-covid"
BERG = "berg-2020"


@pytest.fixture(scope="module")
def knowledge(knowledge_dir: Any) -> KnowledgeBase:
    return load(knowledge_dir)


def state(knowledge: KnowledgeBase, topic_id: str = FIBRO) -> TopicState:
    return state_of(knowledge, knowledge.topics[topic_id])


def with_topic(knowledge: KnowledgeBase, topic_id: str = FIBRO, **fields: Any) -> KnowledgeBase:
    topic = knowledge.topics[topic_id].model_copy(update=fields)
    return replace(knowledge, topics={**knowledge.topics, topic_id: topic})


def with_studies(knowledge: KnowledgeBase, *studies: Study) -> KnowledgeBase:
    """The knowledge with these studies, which the topic on fibromyalgia lists."""
    records: Mapping[str, Study] = {study.id: study for study in studies}
    return with_topic(replace(knowledge, studies=records), studies=tuple(records))


def study(knowledge: KnowledgeBase, **fields: Any) -> Study:
    """The example study with other values."""
    data = knowledge.studies[BERG].model_dump() | fields
    return Study.model_validate(data)


def test_the_same_knowledge_is_no_news(knowledge: KnowledgeBase) -> None:
    for topic in knowledge.topics.values():
        assert changes(state_of(knowledge, topic), state_of(knowledge, topic)) == ()


def test_a_state_can_be_stored(knowledge: KnowledgeBase) -> None:
    for topic in knowledge.topics.values():
        found = state_of(knowledge, topic)
        assert read_state(found.model_dump_json()) == found


def test_a_state_of_another_form_says_nothing(knowledge: KnowledgeBase) -> None:
    stored = state(knowledge).model_dump_json()
    assert read_state(stored.replace('"form":1', '"form":2')) is None
    assert read_state(stored.replace("parallel-rct", "no-such-design")) is None
    assert read_state("nothing") is None


def test_corrected_wording_is_no_news(knowledge: KnowledgeBase) -> None:
    reworded = study(knowledge, title="Berg and others 2020", short="Pain fell a little.")
    assert changes(state(knowledge), state(with_studies(knowledge, reworded))) == ()


def test_a_new_study_and_its_certainty(knowledge: KnowledgeBase) -> None:
    large = study(knowledge, id="moe-2026", title="Moe 2026", participants={"randomised": 1400})
    after = with_studies(knowledge, knowledge.studies[BERG], large)
    assert changes(state(knowledge), state(after)) == (
        "New study: Moe 2026 (randomised trial, 1,400 people). Result: better than the comparison.",
        "How sure this is: now “Moderate certainty”, before “Low certainty”.",
    )


def test_a_new_study_without_a_result(knowledge: KnowledgeBase) -> None:
    awaited = study(
        knowledge,
        id="moe-2026",
        title="Moe 2026",
        status="recruiting",
        outcomes=[],
        participants={"planned": 80},
    )
    before, after = state(knowledge), with_studies(knowledge, knowledge.studies[BERG], awaited)
    assert changes(before, state(after)) == (
        "New study: Moe 2026 (randomised trial). Result: recruiting, no results yet.",
    )
    done = study(knowledge, id="moe-2026", title="Moe 2026", participants={"randomised": 80})
    published = with_studies(knowledge, knowledge.studies[BERG], done)
    assert changes(state(after), state(published)) == (
        "First result of Moe 2026: better than the comparison.",
    )


def test_a_study_that_is_listed_no_longer(knowledge: KnowledgeBase) -> None:
    assert changes(state(knowledge), state(with_studies(knowledge))) == (
        "How sure this is: now “No usable result”, before “Low certainty”.",
        "Berg 2020 is no longer listed here.",
    )


def test_another_result(knowledge: KnowledgeBase) -> None:
    outcome = knowledge.studies[BERG].outcomes[0].model_dump()
    outcome["direction"] = "no-difference"
    outcome["estimate"] = {**outcome["estimate"], "better": "lower"}
    after = with_studies(knowledge, study(knowledge, outcomes=[outcome]))
    assert changes(state(knowledge), state(after)) == (
        "Berg 2020: now “no difference from the comparison”, before “better than the comparison”.",
    )


def test_corrected_figures(knowledge: KnowledgeBase) -> None:
    outcome = knowledge.studies[BERG].outcomes[0].model_dump()
    outcome["estimate"] = {**outcome["estimate"], "value": -0.7}
    after = with_studies(knowledge, study(knowledge, outcomes=[outcome]))
    assert changes(state(knowledge), state(after)) == (
        "Berg 2020: its figures were corrected or completed.",
    )
    fewer = with_studies(knowledge, study(knowledge, participants={"randomised": 119}))
    assert changes(state(knowledge), state(fewer)) == ("Berg 2020: now counted with 119 people.",)


def test_a_retraction(knowledge: KnowledgeBase) -> None:
    sources: dict[str, Source] = dict(knowledge.sources)
    sources["example-trial"] = sources["example-trial"].model_copy(update={"retracted": True})
    retracted = replace(knowledge, sources=sources)
    told = (
        "Berg 2020 was retracted: its publisher took it back, so its results should not be "
        "relied on.",
    )
    assert changes(state(knowledge), state(retracted)) == told
    assert changes(state(retracted), state(retracted)) == ()
    assert changes(state(knowledge, "study.berg-2020"), state(retracted, "study.berg-2020")) == told
    (added,) = changes(state(with_topic(retracted, studies=())), state(retracted))[:1]
    assert added.endswith("Its publisher took it back (retracted).")


def test_a_published_rating(knowledge: KnowledgeBase) -> None:
    rating = Rating(rating="very low", outcome="pain", source="example-review")
    assert changes(state(knowledge), state(with_topic(knowledge, ratings=(rating,)))) == (
        "A published review now rates the evidence on pain as very low certainty.",
    )


def test_judgements_on_a_medicine(knowledge: KnowledgeBase) -> None:
    topic = knowledge.topics["interaction.antidepressants"]
    data = topic.model_dump()
    data["interaction"] |= {"severity": "moderate"}
    data["certainty"] |= {"level": "disputed"}
    changed = Topic.model_validate(data)
    before, after = state(knowledge, topic.id), state_of(knowledge, changed)
    assert len(changes(before, after)) == 2
    assert changes(before, after)[0].startswith("How sure this is: now “Disputed”, before “")
    assert changes(before, after)[1].startswith("How serious it is: now “moderate”, before “")


def test_there_is_no_evidence_on_the_bot(knowledge: KnowledgeBase) -> None:
    assert not can_change(knowledge.topics["about.what-is-ldn"])
    assert can_change(knowledge.topics[COVID])


def test_a_note_names_the_topic_and_keeps_calm() -> None:
    text = note("Fibromyalgia", ("One.", "Two."))
    assert text.startswith("News on the evidence: Fibromyalgia\n\n• One.\n• Two.\n\n")
    assert "please don't change your treatment because of a note" in text


def test_a_note_stays_short() -> None:
    lines = tuple(f"{number}." for number in range(MOST_LINES + 1))
    assert "• 1 more change.\n" in note("Fibromyalgia", lines)
    assert "• 10 more changes.\n" in note("Fibromyalgia", lines + lines[:11])
    assert f"• {MOST_LINES}." not in note("Fibromyalgia", lines)


def stored(knowledge: KnowledgeBase) -> dict[str, str]:
    return dict(compare(knowledge, {}).states)


def test_what_was_never_seen_is_stored_and_no_news(knowledge: KnowledgeBase) -> None:
    first = compare(knowledge, {})
    assert set(first.states) == set(knowledge.topics)
    assert (first.notes_on, first.renamed) == ({}, {})
    again = compare(knowledge, first.states)
    assert (again.states, again.notes_on, again.renamed) == ({}, {}, {})


def test_only_topics_with_changes_make_notes(knowledge: KnowledgeBase) -> None:
    after = with_studies(knowledge, study(knowledge, participants={"randomised": 119}))
    news = compare(after, stored(knowledge))
    assert set(news.states) == {FIBRO, "study.berg-2020"}
    assert set(news.notes_on) == {FIBRO, "study.berg-2020"}
    assert news.notes_on[FIBRO].startswith("News on the evidence: Fibromyalgia\n")
    assert compare(after, {**stored(knowledge), **news.states}).notes_on == {}


def test_a_state_of_an_old_form_is_replaced_without_a_note(knowledge: KnowledgeBase) -> None:
    news = compare(knowledge, {**stored(knowledge), FIBRO: '{"form": 0}'})
    assert news.states == {FIBRO: stored(knowledge)[FIBRO]}
    assert news.notes_on == {}


def test_a_renamed_topic_goes_on(knowledge: KnowledgeBase) -> None:
    before = stored(with_studies(knowledge, study(knowledge, participants={"randomised": 119})))
    before["condition.fibro"] = before.pop(FIBRO)  # an alias of the topic
    news = compare(knowledge, before)
    assert news.renamed == {"condition.fibro": FIBRO}
    assert news.states[FIBRO] == stored(knowledge)[FIBRO]
    assert "Berg 2020: now counted with 120 people." in news.notes_on[FIBRO]


def test_a_topic_that_is_gone_is_left_as_it_is(knowledge: KnowledgeBase) -> None:
    news = compare(knowledge, {**stored(knowledge), "condition.gone": "{}"})
    assert (news.states, news.notes_on, news.renamed) == ({}, {}, {})
