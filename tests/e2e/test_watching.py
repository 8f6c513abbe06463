"""Notes on changed evidence: who gets them, when, and how often."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from bot.storage import Storage
from tests.bot_api import BotApiServer, Json, buttons, dropped, flood, hang
from tests.e2e.people import Person, assert_discreet, someone
from tests.e2e.process import BotProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")

FIBRO = "condition.fibromyalgia"
NEWS = "News on the evidence: Fibromyalgia"


def labels(message: Json | None) -> list[str]:
    assert message is not None
    return [button["text"] for button in buttons(message)]


async def watched_by(bot: BotProcess, topic_id: str = FIBRO) -> set[int]:
    storage = Storage(bot.database_url)
    watchers = set(await storage.watches.watchers(topic_id))
    await storage.close()
    return watchers


# What people say to it


async def test_watch_explains_itself(anna: Person) -> None:
    nothing = await anna.ask("/watch")
    assert nothing["text"].startswith("You watch nothing yet.")
    assert "/watch fibromyalgia" in nothing["text"]
    assert not buttons(nothing)
    assert (await anna.ask("/unwatch"))["text"] == "You watch nothing, so there is nothing to stop."
    assert (await anna.ask("/watch best pizza in town"))["text"].startswith("I have no topic like")
    assert (await anna.ask("/watch what are you"))["text"].startswith("I have no topic like")


async def test_a_topic_is_watched_until_it_is_not(anna: Person, bot: BotProcess) -> None:
    chat_id = anna.chat.id
    said = await anna.ask("/watch fibromyalgia")
    assert said["text"].startswith("I watch “Fibromyalgia” for you.")
    assert "I keep the number of this chat and the topic until you stop" in said["text"]
    assert labels(said) == ["Open the answer", "Stop watching"]
    assert chat_id in await watched_by(bot)
    # A promise that was taken back doesn't stand there any longer.
    anna.tap(said, "Stop watching")
    stopped = await anna.server.next_edit(anna.chat)
    assert stopped["message_id"] == said["message_id"]
    assert stopped["text"] == "I no longer watch “Fibromyalgia” for you."
    assert labels(stopped) == ["Open the answer", "Watch again"]
    anna.tap(stopped, "Watch again")
    again = await anna.server.next_edit(anna.chat)
    assert (again["text"], labels(again)) == (said["text"], labels(said))
    assert chat_id in await watched_by(bot)
    assert (await anna.ask(f"/watch {FIBRO}"))["text"] == "You watch “Fibromyalgia” already."
    assert (await anna.ask("/watch Berg 2020"))["text"].startswith("I watch “Berg 2020” for you.")

    shown = await anna.ask("/watch")
    assert shown["text"].startswith("You watch:\n• Fibromyalgia\n• Berg 2020\n")
    assert labels(shown) == ["Stop watching: Fibromyalgia", "Stop watching: Berg 2020"]
    tap = anna.tap(shown, "Stop watching: Fibromyalgia")
    popped_up = await anna.server.callback_answer(tap)
    assert popped_up["text"] == "I no longer watch “Fibromyalgia” for you."
    changed = await anna.server.next_edit(anna.chat)
    assert labels(changed) == ["Watch again: Fibromyalgia", "Stop watching: Berg 2020"]
    assert chat_id not in await watched_by(bot)
    anna.tap(changed, "Watch again: Fibromyalgia")
    changed = await anna.server.next_edit(anna.chat)
    assert labels(changed) == ["Stop watching: Fibromyalgia", "Stop watching: Berg 2020"]
    assert chat_id in await watched_by(bot)

    said = await anna.ask("/unwatch fibromyalgia")
    assert said["text"] == "I no longer watch “Fibromyalgia” for you."
    assert (await anna.ask("/unwatch vivid dreams"))["text"].startswith("You watch:\n• Berg 2020\n")
    said = await anna.ask("/unwatch")  # there is only one
    assert said["text"] == "I no longer watch “Berg 2020” for you."
    await anna.ask("/watch fibromyalgia")
    await anna.ask("/watch long covid")
    assert (await anna.ask("/unwatch"))["text"].startswith("You watch:\n• Fibromyalgia\n• Long")
    assert (await anna.ask("/unwatch all"))["text"] == "I no longer watch anything for you."
    assert chat_id not in await watched_by(bot)


async def test_the_last_topic_is_offered(anna: Person, bot: BotProcess) -> None:
    await anna.ask("does ldn help fibro?")
    offer = await anna.ask("/watch")
    assert labels(offer) == ["Watch: Fibromyalgia"]
    anna.tap(offer, "Watch: Fibromyalgia")
    changed = await anna.server.next_edit(anna.chat)
    assert changed["text"].startswith("I watch “Fibromyalgia” for you.")
    assert anna.chat.id in await watched_by(bot)
    forgotten = await anna.ask("/forget")
    assert "watched topics" in forgotten["text"]
    assert anna.chat.id not in await watched_by(bot)


async def test_it_asks_back_which_one(anna: Person, bot: BotProcess) -> None:
    which = await anna.ask("/watch pain and sleep")
    assert which["text"] == "Which one shall I watch?"
    assert len(labels(which)) > 1
    anna.tap(which, labels(which)[0])
    changed = await anna.server.next_edit(anna.chat)
    assert changed["text"].startswith(f"I watch “{labels(which)[0]}” for you.")
    await anna.ask("/unwatch all")


async def test_an_emergency_behind_the_command_is_answered(anna: Person) -> None:
    answer = await anna.ask("/watch i took tramadol and now i am vomiting")
    assert answer["text"].startswith("🚨 Get help now")


@pytest.mark.parametrize("data", ["2:w:", "2:w:condition.nowhere", "2:w:about.bot", "2:unw:"])
async def test_forged_taps_are_refused(anna: Person, bot: BotProcess, data: str) -> None:
    tap = anna.tap(await anna.ask("/watch"), data=data)
    said = await anna.server.callback_answer(tap)
    assert said["text"] == "This button is old. Please type your question."


async def test_who_blocks_watches_no_longer(anna: Person, bot: BotProcess) -> None:
    await anna.ask("/watch fibromyalgia")
    anna.server.block(anna.user)
    await anna.server.all_confirmed()
    ben = someone(anna.server)
    while anna.chat.id in await watched_by(bot):
        await ben.ask("/help")


# What they hear


class Curator:
    """Somebody who changes a copy of the knowledge."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def replace(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def add_study(self) -> None:
        """A large study joins the topic on fibromyalgia."""
        berg = (self.folder / "studies" / "berg-2020.yaml").read_text(encoding="utf-8")
        moe = berg.replace("berg-2020", "moe-2026").replace("Berg 2020", "Moe 2026")
        moe = moe.replace("randomised: 120, analysed: 118", "randomised: 400")
        moe = moe.replace("names: [fibromyalgia example trial]", "names: [the moe trial]")
        moe = moe.replace("what did berg 2020 find", "what did moe find")
        moe = moe.replace("results of the fibromyalgia example trial", "results of the moe trial")
        (self.folder / "studies" / "moe-2026.yaml").write_text(moe, encoding="utf-8")
        self.replace(
            "conditions/fibromyalgia.yaml", "studies: [berg-2020]", "studies: [berg-2020, moe-2026]"
        )

    def correct_a_figure(self, old: str, new: str) -> None:
        self.replace("studies/berg-2020.yaml", f"value: {old}", f"value: {new}")


@pytest.fixture
def curator(knowledge_dir: Path, tmp_path: Path) -> Curator:
    return Curator(Path(shutil.copytree(knowledge_dir, tmp_path / "knowledge")))


async def test_watchers_hear_of_changes_across_restarts(
    server: BotApiServer, curator: Curator, tmp_path: Path
) -> None:
    people = anna, ben, cleo = [someone(server) for _ in range(3)]
    async with BotProcess(server, curator.folder, tmp_path) as bot:
        for person in people:
            await person.ask("/watch fibromyalgia")
        curator.replace("conditions/fibromyalgia.yaml", "One randomised", "A single randomised")
        bot.send_signal(signal.SIGHUP)
        await bot.line("knowledge loaded anew")
        assert "A single randomised" in (await anna.ask("does ldn help fibro?"))["text"]
        assert_discreet(server, bot)
    assert not any(server.unread(person.chat) for person in people)  # new words are no news

    curator.add_study()
    server.block(cleo.user)
    server.fail("sendMessage", flood(1))
    async with BotProcess(server, curator.folder, tmp_path) as bot:
        for person in (anna, ben):
            news = await person.answer()
            assert news["text"].startswith(
                f"{NEWS}\n\n"
                "• New study: Moe 2026 (randomised trial, 400 people). "
                "Result: better than the comparison.\n"
                "• How sure this is: now “Moderate certainty”, before “Low certainty”.\n\n"
            )
            assert labels(news) == ["Open the answer", "Stop watching"]
        (note,) = [item for item in server.history(ben.chat) if item["text"].startswith(NEWS)]
        ben.tap(note, "Stop watching")
        assert labels(await server.next_edit(ben.chat)) == ["Open the answer", "Watch again"]
        assert await watched_by(bot) == {anna.chat.id}

        server.unblock(cleo.user)
        curator.correct_a_figure("-0.8", "-0.7")
        bot.send_signal(signal.SIGHUP)
        note = await anna.answer()
        assert "• Berg 2020: its figures were corrected or completed.\n" in note["text"]
        anna.tap(note, "Open the answer")
        assert "Moe 2026" in (await anna.answer())["text"]
        assert_discreet(server, bot)

    async with BotProcess(server, curator.folder, tmp_path):
        await anna.ask("/help")
    assert not any(server.unread(person.chat) for person in people)


async def test_notes_survive_a_kill_in_the_middle(
    server: BotApiServer, curator: Curator, tmp_path: Path
) -> None:
    people = [someone(server) for _ in range(30)]
    async with BotProcess(server, curator.folder, tmp_path):
        for person in people:
            person.say("/watch fibromyalgia")
        for person in people:
            await person.answer()

    curator.add_study()
    server.fail("sendMessage", dropped())  # Telegram is away for a moment at the start
    async with BotProcess(server, curator.folder, tmp_path) as bot:
        await people[3].answer()
        # The note arrives, and its confirmation doesn't: this one may come again.
        server.fail("sendMessage", hang(after_effect=True))
        await server.until(lambda: server.calls("sendMessage")[-1].fault, "the hanging call")
        bot.send_signal(signal.SIGKILL)
        await bot.ended()
    unsent = [person for person in people if not notes_to(server, person)]
    assert 0 < len(unsent) < len(people)

    async with BotProcess(server, curator.folder, tmp_path) as bot:
        for person in unsent:
            await person.answer()
        await people[0].ask("/help")
        assert_discreet(server, bot)
    numbers = [notes_to(server, person) for person in people]
    assert sorted(numbers)[-2:] in ([1, 1], [1, 2])
    assert min(numbers) == 1


def notes_to(server: BotApiServer, person: Person) -> int:
    texts = [message.get("text", "") for message in server.history(person.chat)]
    return sum(text.startswith(NEWS) for text in texts)
