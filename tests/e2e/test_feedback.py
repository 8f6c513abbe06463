"""Verdicts on answers, "not what I meant", and words that people agree to leave."""

from __future__ import annotations

import json

import pytest

from bot.storage import KeptKind, Storage
from tests.bot_api import BotApiServer, Json, buttons
from tests.e2e.people import Person, someone
from tests.e2e.process import BotProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")

FIBRO = "condition.fibromyalgia"
OLD = "This button is old. Please type your question."


def labels(message: Json | None) -> list[str]:
    assert message is not None
    return [button["text"] for button in buttons(message)]


async def toast(anna: Person, message: Json, button: str) -> str:
    """Tap a button and return what pops up."""
    said = await anna.server.callback_answer(anna.tap(message, button))
    return str(said.get("text", ""))


class Shelf:
    """What the bot has stored, looked at from beside it."""

    def __init__(self, bot: BotProcess) -> None:
        self._url = bot.database_url

    async def verdicts(self, topic_id: str) -> dict[str, int]:
        storage = Storage(self._url)
        counts = await storage.feedback.counts()
        await storage.close()
        return counts.get(topic_id, {})

    async def refusals(self) -> int:
        storage = Storage(self._url)
        counts = await storage.refusals.counts()
        await storage.close()
        return sum(sum(by_topic.values()) for by_topic in counts.values())

    async def kept(self, kind: KeptKind = KeptKind.QUESTION) -> list[str]:
        storage = Storage(self._url)
        texts = await storage.questions.all(kind)
        await storage.close()
        return texts


@pytest.fixture
def shelf(bot: BotProcess) -> Shelf:
    return Shelf(bot)


async def test_a_verdict_is_counted_once_for_each_message(anna: Person, shelf: Shelf) -> None:
    before = (await shelf.verdicts(FIBRO)).get("helpful", 0)
    answer = await anna.ask("does ldn help fibro?")
    assert {"👍 Helpful", "👎 Not helpful", "Not what I meant"} <= set(labels(answer))
    # The second tap comes from a screen that still shows the button.
    taps = [anna.tap(answer, "👍 Helpful") for _ in range(2)]
    said = [(await anna.server.callback_answer(tap))["text"] for tap in taps]
    assert said == ["Thank you, that was counted.", "That was counted already. Thank you."]
    left = labels(anna.server.message(answer))
    assert "Not what I meant" in left
    assert not [name for name in left if "elpful" in name]
    stale = anna.server.tap(anna.user, answer, data=f"2:fb:-{FIBRO}")
    assert (await anna.server.callback_answer(stale))["text"] == OLD
    assert (await shelf.verdicts(FIBRO))["helpful"] == before + 1
    assert anna.server.unread(anna.chat) == 0


async def test_criticism_is_counted_too(anna: Person, shelf: Shelf) -> None:
    before = (await shelf.verdicts(FIBRO)).get("not-helpful", 0)
    said = await toast(anna, await anna.ask("does ldn help fibro?"), "👎 Not helpful")
    assert said.endswith("With /feedback you can say what was wrong.")
    assert (await shelf.verdicts(FIBRO))["not-helpful"] == before + 1


@pytest.mark.parametrize(
    "data",
    ["2:fb:", "2:fb:?condition.fibromyalgia", "2:fb:+condition.nowhere", "2:keep:x", "2:nwim:x"],
)
async def test_forged_taps_count_nothing(anna: Person, shelf: Shelf, data: str) -> None:
    answer = await anna.ask("does ldn help fibro?")
    before = await shelf.verdicts(FIBRO), await shelf.kept()
    tap = anna.tap(answer, data=data)
    assert (await anna.server.callback_answer(tap))["text"] == OLD
    assert (await shelf.verdicts(FIBRO), await shelf.kept()) == before


async def test_not_meant_offers_others_and_keeps_the_words_after_a_tap(
    anna: Person, shelf: Shelf
) -> None:
    words = "does ldn help fibro in winter, ask anna@example.org or @annas_doctor?"
    answer = await anna.ask(words)
    anna.tap(answer, "Not what I meant")
    offer = await anna.answer()
    assert offer["text"].startswith("Maybe it is one of these? If none fits, you can leave your")
    assert "Only its words are kept" in offer["text"]
    offered = labels(offer)
    assert offered[-1] == "Leave my question"
    assert "Fibromyalgia" not in offered
    assert len(offered) > 1
    assert offer["reply_to_message"]["text"] == words
    assert "Not what I meant" not in labels(anna.server.message(answer))
    assert not [text for text in await shelf.kept() if "winter" in text]

    taps = [anna.tap(offer, "Leave my question") for _ in range(2)]
    for tap in taps:
        await anna.server.callback_answer(tap)
    edited = await anna.server.next_edit(anna.chat)
    while "passed on" not in edited.get("text", ""):
        edited = await anna.server.next_edit(anna.chat)
    assert edited["text"] == "Thank you. The words were passed on, without your name."
    await anna.ask("/help")  # answered in order, so both taps are done with
    kept = [text for text in await shelf.kept() if "winter" in text]
    assert kept == ["does ldn help fibro in winter, ask […] or […]?"]


async def test_another_topic_may_be_opened_in_place_of_leaving_words(anna: Person) -> None:
    anna.tap(await anna.ask("does ldn help fibro?"), "Not what I meant")
    offer = await anna.answer()
    name = labels(offer)[0]
    anna.tap(offer, name)
    assert (await anna.answer())["text"].split("\n")[0] == name


async def test_what_it_does_not_know_can_be_left(anna: Person, shelf: Shelf) -> None:
    before = await shelf.refusals()
    refused = await anna.ask("best pizza near the lighthouse")
    assert await shelf.refusals() == before + 1
    (button,) = [b for b in buttons(refused) if b["callback_data"].startswith("2:nwim:")]
    anna.tap(refused, data=button["callback_data"])
    offer = await anna.answer()
    assert offer["text"].startswith("You can leave your question to the people")
    assert labels(offer) == ["Leave my question"]
    anna.tap(offer, "Leave my question")
    await anna.ask("/help")
    assert "best pizza near the lighthouse" in await shelf.kept()


async def test_the_words_are_read_at_the_time_of_the_tap(anna: Person, shelf: Shelf) -> None:
    anna.say("/feedback too many long worms")
    offer = await anna.answer()
    question = anna.server.history(anna.chat)[-2]
    anna.server.edit(question, "/feedback too many long words")
    anna.tap(offer, "Yes, pass it on")
    await anna.ask("/help")
    assert "too many long words" in await shelf.kept(KeptKind.FEEDBACK)
    assert "too many long worms" not in await shelf.kept(KeptKind.FEEDBACK)


async def test_a_deleted_message_is_not_kept(anna: Person, shelf: Shelf) -> None:
    offer = await anna.ask("/feedback I should not have said this")
    question = anna.server.history(anna.chat)[-2]
    anna.server.delete(question)
    anna.tap(offer, "Yes, pass it on")
    edited = await anna.server.next_edit(anna.chat)
    assert edited["text"] == "I can't see those words any more. Nothing was kept."
    assert not await shelf_holds(shelf, "should not")


async def shelf_holds(shelf: Shelf, words: str) -> bool:
    texts = [*await shelf.kept(), *await shelf.kept(KeptKind.FEEDBACK)]
    return any(words in text for text in texts)


async def test_feedback_asks_first(anna: Person, shelf: Shelf) -> None:
    how = await anna.ask("/feedback")
    assert "Nothing is kept before you agree." in how["text"]
    asked = await anna.ask("/feedback The page on sleep was a riddle to me.")
    assert asked["text"].startswith("Shall I pass this on")
    assert labels(asked) == ["Yes, pass it on", "No"]
    anna.tap(asked, "No")
    assert (await anna.server.next_edit(anna.chat))["text"] == "All right. Nothing was kept."
    assert not await shelf_holds(shelf, "riddle")
    again = await anna.ask("/feedback The page on sleep was a riddle to me.")
    anna.tap(again, "Yes, pass it on")
    assert (await anna.server.next_edit(anna.chat))["text"].startswith("Thank you.")
    await anna.ask("/help")
    assert "The page on sleep was a riddle to me." in await shelf.kept(KeptKind.FEEDBACK)


async def test_an_emergency_in_feedback_is_helped_not_kept(anna: Person) -> None:
    answer = await anna.ask("/feedback i took tramadol with it and now i am vomiting")
    assert answer["text"].startswith("🚨 Get help now")
    assert not buttons(answer)


async def test_only_the_writer_agrees(anna: Person, bot: BotProcess, shelf: Shelf) -> None:
    server: BotApiServer = anna.server
    ben = someone(server)
    asked = await anna.ask("/feedback this is mine alone to give")
    tap = server.tap(ben.user, asked, "Yes, pass it on")
    assert (await server.callback_answer(tap))["text"].startswith("Only the person who wrote it")
    assert not await shelf_holds(shelf, "mine alone")


async def test_gaps_shows_what_was_left(anna: Person, bot: BotProcess) -> None:
    anna.tap(await anna.ask("does ldn help fibro?"), "👍 Helpful")
    await anna.ask("what do quokkas eat")
    await anna.ask("/help")
    code, output = await bot.command("gaps", "--json")
    assert code == 0
    found = json.loads(output)
    assert found["feedback"][FIBRO]["helpful"] >= 1
    assert sum(found["refused"]["decline"].values()) >= 1
