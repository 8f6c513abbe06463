"""What is kept, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import asyncio

from bot.storage import KEPT_SECONDS, REMEMBERED_SECONDS, KeptKind, Received, Storage
from tests.storage.conftest import Clock

ANNA = 5_000_000_001
GROUP = -1_002_000_000_001
FIBRO = "condition.fibromyalgia"
COVID = "condition.long-covid"


async def test_an_update_waits_until_it_is_answered(storage: Storage) -> None:
    second, first = Received(8, '{"text": "è\\u0000🙂"}'), Received(7, "{}")
    assert await storage.inbox.add(second) == {8}
    assert await storage.inbox.add(first) == {7}
    assert await storage.inbox.waiting() == [first, second]

    await storage.inbox.answered(7)

    assert await storage.inbox.waiting() == [second]


async def test_an_update_that_comes_again_is_known(storage: Storage) -> None:
    assert await storage.inbox.add(Received(7, "first")) == {7}
    assert await storage.inbox.add(Received(7, "again")) == {7}
    assert await storage.inbox.waiting() == [Received(7, "first")]

    await storage.inbox.answered(7)

    assert await storage.inbox.add(Received(7, "and again"), Received(8, "new")) == {8}
    assert await storage.inbox.waiting() == [Received(8, "new")]


async def test_numbers_of_answered_updates_are_forgotten_in_time(
    storage: Storage, clock: Clock
) -> None:
    for update_id in (7, 8):
        await storage.inbox.add(Received(update_id, "{}"))
        await storage.inbox.answered(update_id)
    clock.now += REMEMBERED_SECONDS
    assert not await storage.inbox.add(Received(7, "{}"))
    clock.now += 1
    await storage.inbox.answered(8)
    assert await storage.inbox.add(Received(7, "{}"))
    assert not await storage.inbox.add(Received(8, "{}"))


async def test_many_updates_at_once(storage: Storage) -> None:
    updates = [Received(number, str(number)) for number in range(100)]
    added = await asyncio.gather(*(storage.inbox.add(item) for item in updates + updates))
    assert all(added)
    assert await storage.inbox.waiting() == updates
    await asyncio.gather(*(storage.inbox.answered(item.update_id) for item in updates))
    assert await storage.inbox.waiting() == []


async def test_settings_of_a_chat(storage: Storage) -> None:
    settings = storage.chat_settings
    assert await settings.of(ANNA) == {}
    await settings.set(ANNA, "length", "short")
    await settings.set(ANNA, "length", "long")
    await settings.set(ANNA, "language", "es")
    await settings.set(GROUP, "length", "short")
    assert await settings.of(ANNA) == {"length": "long", "language": "es"}
    await settings.unset(ANNA, "language")
    await settings.unset(ANNA, "language")
    assert await settings.of(ANNA) == {"length": "long"}


async def test_settings_move_with_a_chat(storage: Storage) -> None:
    settings, new = storage.chat_settings, -1_002_100_000_001
    await settings.set(GROUP, "quiet", "on")
    await settings.set(GROUP, "length", "long")
    await settings.set(new, "length", "short")
    await settings.set(ANNA, "length", "long")
    for _ in range(2):  # Telegram tells it in both groups
        await settings.move(GROUP, new)
    assert await settings.of(new) == {"quiet": "on", "length": "short"}
    assert await settings.of(GROUP) == {}
    assert await settings.of(ANNA) == {"length": "long"}


async def test_watches(storage: Storage) -> None:
    watches = storage.watches
    for chat_id, topic_id in ((ANNA, COVID), (ANNA, FIBRO), (ANNA, FIBRO), (GROUP, FIBRO)):
        await watches.add(chat_id, topic_id)
    assert await watches.of(ANNA) == [FIBRO, COVID]
    assert await watches.watchers(FIBRO) == [GROUP, ANNA]
    await watches.remove(ANNA, FIBRO)
    assert await watches.of(ANNA) == [COVID]
    assert await watches.watchers(FIBRO) == [GROUP]


async def test_the_last_topics_expire(storage: Storage, clock: Clock) -> None:
    followups = storage.followups
    assert await followups.recall(ANNA, 1) == ()
    await followups.remember(ANNA, 1, [COVID])
    await followups.remember(ANNA, 2, [FIBRO, COVID])
    clock.now += KEPT_SECONDS - 1
    assert await followups.recall(ANNA, 3) == (FIBRO, COVID)
    clock.now += 1
    assert await followups.recall(ANNA, 3) == ()


async def test_an_update_answered_again_leans_on_the_same_topics(
    storage: Storage, clock: Clock
) -> None:
    followups = storage.followups
    for _ in range(2):
        assert await followups.recall(ANNA, 1) == ()
        await followups.remember(ANNA, 1, [COVID])
    for _ in range(3):
        assert await followups.recall(ANNA, 2) == (COVID,)
        await followups.remember(ANNA, 2, [FIBRO])
    assert await followups.recall(ANNA, 3) == (FIBRO,)
    clock.now += KEPT_SECONDS
    await followups.remember(ANNA, 3, [COVID])
    assert await followups.recall(ANNA, 3) == ()


async def test_expired_topics_are_deleted(storage: Storage, clock: Clock) -> None:
    await storage.followups.remember(ANNA, 1, [FIBRO])
    clock.now += KEPT_SECONDS
    await storage.followups.remember(GROUP, 2, [FIBRO])
    clock.now -= 1  # only to look whether it is still there
    assert await storage.followups.recall(ANNA, 3) == ()
    assert await storage.followups.recall(GROUP, 3) == (FIBRO,)


async def test_verdicts_are_counted(storage: Storage) -> None:
    votes = [(FIBRO, "helpful")] * 20 + [(FIBRO, "wrong"), (COVID, "helpful")]
    await asyncio.gather(*(storage.feedback.count(*vote) for vote in votes))
    assert await storage.feedback.counts() == {
        FIBRO: {"helpful": 20, "wrong": 1},
        COVID: {"helpful": 1},
    }


async def test_agreed_questions(storage: Storage) -> None:
    for text in ("ldn for my cat?", "does ldn cure all", "ldn for my cat?"):
        await storage.questions.add(text)
    assert await storage.questions.all() == [
        "does ldn cure all",
        "ldn for my cat?",
        "ldn for my cat?",
    ]
    await storage.questions.clear()
    assert await storage.questions.all() == []


async def test_a_chat_is_forgotten_and_only_that(storage: Storage) -> None:
    for chat_id in (ANNA, GROUP):
        await storage.chat_settings.set(chat_id, "length", "short")
        await storage.watches.add(chat_id, FIBRO)
        await storage.followups.remember(chat_id, 1, [FIBRO])
    await storage.feedback.count(FIBRO, "helpful")

    await storage.forget(ANNA)

    assert await storage.chat_settings.of(ANNA) == {}
    assert await storage.watches.of(ANNA) == []
    assert await storage.followups.recall(ANNA, 2) == ()
    assert await storage.chat_settings.of(GROUP) == {"length": "short"}
    assert await storage.watches.watchers(FIBRO) == [GROUP]
    assert await storage.followups.recall(GROUP, 2) == (FIBRO,)
    assert await storage.feedback.counts() == {FIBRO: {"helpful": 1}}


async def test_refusals_are_counted(storage: Storage) -> None:
    seen = [("decline", "")] * 3 + [("decline", FIBRO), ("clarify", FIBRO)]
    await asyncio.gather(*(storage.refusals.count(*refusal) for refusal in seen))
    assert await storage.refusals.counts() == {
        "decline": {"": 3, FIBRO: 1},
        "clarify": {FIBRO: 1},
    }


async def test_agreed_feedback_stands_apart_from_questions(storage: Storage) -> None:
    await storage.questions.add("ldn for my cat?")
    await storage.questions.add("kind and clear", KeptKind.FEEDBACK)
    assert await storage.questions.all() == ["ldn for my cat?"]
    assert await storage.questions.all(KeptKind.FEEDBACK) == ["kind and clear"]
    await storage.questions.clear()
    assert await storage.questions.all(KeptKind.FEEDBACK) == []


async def outbox_of(storage: Storage) -> list[tuple[int, str, str]]:
    """Everything in the outbox, taken out as it would be sent."""
    found = []
    while note := await storage.outbox.first():
        found.append((note.chat_id, note.topic_id, note.text))
        await storage.outbox.sent(note.number)
    return found


async def test_a_change_becomes_a_note_for_every_watcher(storage: Storage) -> None:
    for chat_id, topic_id in ((ANNA, FIBRO), (GROUP, FIBRO), (ANNA, COVID)):
        await storage.watches.add(chat_id, topic_id)
    await storage.evidence.record({FIBRO: "old", COVID: "old"})
    assert await storage.outbox.first() is None

    await storage.evidence.record({FIBRO: "new"}, notes_on={FIBRO: "news"})

    assert await storage.evidence.states() == {FIBRO: "new", COVID: "old"}
    assert sorted(await outbox_of(storage)) == [(GROUP, FIBRO, "news"), (ANNA, FIBRO, "news")]
    assert await storage.outbox.first() is None


async def test_notes_leave_in_the_order_of_their_making(storage: Storage) -> None:
    await storage.watches.add(ANNA, FIBRO)
    for text in ("first", "second", "third"):
        await storage.evidence.record({FIBRO: text}, notes_on={FIBRO: text})
    assert [text for _, _, text in await outbox_of(storage)] == ["first", "second", "third"]


async def test_watches_move_with_a_renamed_topic(storage: Storage) -> None:
    await storage.watches.add(ANNA, "condition.fibro")
    await storage.watches.add(GROUP, "condition.fibro")
    await storage.watches.add(GROUP, FIBRO)
    await storage.evidence.record({"condition.fibro": "old"})

    await storage.evidence.record(
        {FIBRO: "new"}, notes_on={FIBRO: "news"}, renamed={"condition.fibro": FIBRO}
    )

    assert await storage.evidence.states() == {FIBRO: "new"}
    assert await storage.watches.watchers(FIBRO) == [GROUP, ANNA]
    assert await storage.watches.watchers("condition.fibro") == []
    assert sorted(await outbox_of(storage)) == [(GROUP, FIBRO, "news"), (ANNA, FIBRO, "news")]


async def test_who_watches_no_longer_gets_no_more_notes(storage: Storage) -> None:
    for chat_id in (ANNA, GROUP):
        for topic_id in (FIBRO, COVID):
            await storage.watches.add(chat_id, topic_id)
    await storage.evidence.record({}, notes_on={FIBRO: "on fibro", COVID: "on covid"})

    await storage.watches.remove(GROUP, FIBRO)
    await storage.watches.clear(ANNA)

    assert await storage.watches.of(ANNA) == []
    assert await outbox_of(storage) == [(GROUP, COVID, "on covid")]


async def test_notes_of_a_forgotten_chat_are_deleted(storage: Storage) -> None:
    await storage.watches.add(ANNA, FIBRO)
    await storage.evidence.record({}, notes_on={FIBRO: "news"})
    await storage.forget(ANNA)
    assert await storage.outbox.first() is None
