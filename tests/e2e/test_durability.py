"""Nothing that people write gets lost, and nobody waits for somebody who floods."""

from __future__ import annotations

import random
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage import Storage
from tests.bot_api import BotApiServer, hang
from tests.e2e.durability import Siege
from tests.e2e.people import assert_discreet, someone
from tests.e2e.process import BotProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")

KILLS = 3
LONGEST_ANSWER = 5.0
"""Seconds, on a busy machine: who was killed within them was sending."""


async def test_killed_at_random_moments_under_load(
    server: BotApiServer, knowledge_dir: Path, tmp_path: Path, database_url: str
) -> None:
    settings = {"LDN_DATABASE_URL": database_url}
    siege = Siege(server, knowledge_dir, tmp_path, random.Random(5), environment=settings)  # noqa: S311
    for _ in range(KILLS):
        siege.ask(4)
        await siege.kill(calls=20)
    outcome = await siege.outcome(within=60)
    assert outcome.asked == 5 * (KILLS * 4 + 1)
    assert (outcome.lost, outcome.out_of_order, outcome.twice_otherwise) == (0, 0, 0)
    assert all(age < LONGEST_ANSWER for age in outcome.ages)

    storage = Storage(database_url)
    await storage.start()
    assert await storage.inbox.waiting() == []
    await storage.close()


async def test_killed_with_an_answer_in_hand(
    server: BotApiServer, knowledge_dir: Path, tmp_path: Path
) -> None:
    anna = someone(server)
    async with BotProcess(server, knowledge_dir, tmp_path) as bot:
        await anna.ask("/start condition_long-covid")
        server.fail("sendMessage", hang())
        anna.say("does ldn help fibro?")
        await server.until(lambda: len(server.calls("sendMessage")) == 2, "the answer to be sent")
        await server.all_confirmed()  # Telegram will not deliver it again
        bot.send_signal(signal.SIGKILL)
        await bot.ended()
    assert len(anna.chat.sent) == 1
    storage = Storage(f"sqlite:///{tmp_path / 'data' / 'ldn-bot.sqlite3'}")
    await storage.start()
    (cut_off,) = await storage.inbox.waiting()
    topics = await storage.followups.recall(anna.chat.id, cut_off.update_id)
    assert topics == ("condition.long-covid",)  # on which the question will lean once more
    await storage.close()
    async with BotProcess(server, knowledge_dir, tmp_path) as bot:
        assert (await anna.answer())["text"].startswith("Fibromyalgia\n")
        assert (await anna.ask("/help"))["text"].startswith("Type a question")
        bot.send_signal(signal.SIGKILL)
        await bot.ended()


async def test_a_flood_slows_nobody_else(
    server: BotApiServer, knowledge_dir: Path, tmp_path: Path
) -> None:
    anna, ben = someone(server), someone(server)
    flood = 120
    async with BotProcess(server, knowledge_dir, tmp_path) as bot:
        for _ in range(flood):
            anna.say("/help")
        await anna.answer()
        assert (await ben.ask("does ldn help fibro?"))["text"].startswith("Fibromyalgia\n")
        assert len(anna.chat.sent) < flood / 3
        # Nor does it delay the end: what was not begun is answered after the next start.
        bot.send_signal(signal.SIGTERM)
        assert await bot.ended() == 0
        assert len(anna.chat.sent) < flood
    async with BotProcess(server, knowledge_dir, tmp_path, polls=False) as bot:
        await server.until(lambda: len(anna.chat.sent) == flood, "the rest", within=60)


async def test_a_follow_up_is_understood_after_a_restart(
    server: BotApiServer, knowledge_dir: Path, tmp_path: Path
) -> None:
    anna = someone(server)
    async with BotProcess(server, knowledge_dir, tmp_path):
        await anna.ask("/start condition_long-covid")
        in_one_run = await anna.ask("does it work?")
        await anna.ask("/start condition_long-covid")
    async with BotProcess(server, knowledge_dir, tmp_path):
        assert (await anna.ask("does it work?"))["text"] == in_one_run["text"]


async def test_it_lives_on_while_the_database_fails(
    server: BotApiServer, knowledge_dir: Path, tmp_path: Path
) -> None:
    anna = someone(server)
    async with BotProcess(server, knowledge_dir, tmp_path) as bot:
        with closing(sqlite3.connect(tmp_path / "data" / "ldn-bot.sqlite3")) as database:
            database.execute("ALTER TABLE followups RENAME TO gone")
            assert (await anna.ask("does ldn help fibro?"))["text"].startswith("Fibromyalgia\n")
            await bot.line("the last topic can't be read")
            await bot.line("the topics of an answer could not be stored")

            database.execute("ALTER TABLE inbox RENAME TO gone_too")
            anna.say("/start condition_long-covid")
            await bot.line("updates could not be stored")
            assert anna.server.unread(anna.chat) == 0
            database.execute("ALTER TABLE gone_too RENAME TO inbox")
        assert (await anna.answer())["text"].startswith("Long COVID\n")
        assert_discreet(server, bot)


@pytest.mark.parametrize(
    "settings",
    [
        {"LDN_DATABASE_URL": "postgresql://ldn:secret@127.0.0.1:1/bot"},
        {"LDN_DATABASE_URL": "sqlite:////dev/null/bot.sqlite3"},
    ],
    ids=["no server", "no folder"],
)
async def test_without_its_database_it_ends_with_a_line(
    server: BotApiServer, knowledge_dir: Path, tmp_path: Path, settings: dict[str, str]
) -> None:
    async with BotProcess(
        server, knowledge_dir, tmp_path, polls=False, environment=settings
    ) as bot:
        assert await bot.ended() == 4
        assert "the database can't be used" in bot.output
        assert "secret" not in bot.output
        assert "Traceback" not in bot.output
