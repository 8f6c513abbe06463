"""Start, stop, reload: the process as its operator sees it."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from tests.bot_api import BotApiServer, flood
from tests.e2e.people import assert_discreet, someone
from tests.e2e.process import BotProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")

JSON_LOG = {"LDN_LOG_FORMAT": "json"}
REFUSED = "Telegram refused the token; get a new one from @BotFather"


@pytest.fixture
def own_knowledge(knowledge_dir: Path, tmp_path: Path) -> Path:
    """A copy of the knowledge to change."""
    return Path(shutil.copytree(knowledge_dir, tmp_path / "knowledge"))


async def test_sigterm_answers_what_is_in_hand_and_buttons_outlive_it(
    server: BotApiServer, knowledge_dir: Path, tmp_path: Path
) -> None:
    anna = someone(server)
    async with BotProcess(server, knowledge_dir, tmp_path) as bot:
        greeting = await anna.ask("/start")
        server.fail("sendMessage", flood(1))
        anna.say("does ldn help fibro?")
        await server.until(lambda: server.calls("sendMessage")[-1].status == 429, "the flood")
        bot.send_signal(signal.SIGTERM)
        assert (await anna.answer())["text"].startswith("Fibromyalgia\n")
        assert await bot.ended() == 0
        assert "stopped" in bot.output
        assert "Traceback" not in bot.output
        assert await bot.health() == 1
        assert_discreet(server, bot)
    anna.tap(greeting, "Long COVID")  # while nobody listens
    async with BotProcess(server, knowledge_dir, tmp_path) as bot:
        assert (await anna.answer())["text"].startswith("Long COVID\n")
        assert server.unread(anna.chat) == 0
        bot.send_signal(signal.SIGINT)
        assert await bot.ended() == 0


async def test_sighup_loads_the_knowledge_anew(
    server: BotApiServer, own_knowledge: Path, tmp_path: Path
) -> None:
    anna = someone(server)
    topic = own_knowledge / "conditions" / "fibromyalgia.yaml"
    good = topic.read_text(encoding="utf-8")
    async with BotProcess(server, own_knowledge, tmp_path) as bot:
        changed = good.replace("One randomised trial found", "A single trial found")
        topic.write_text(changed, encoding="utf-8")
        bot.send_signal(signal.SIGHUP)
        await bot.line("knowledge loaded anew")
        assert "A single trial found" in (await anna.ask("does ldn help fibro?"))["text"]

        broken = changed.replace("title: Fibromyalgia", "titel: Fibromyalgia")
        topic.write_text(broken, encoding="utf-8")
        bot.send_signal(signal.SIGHUP)
        await bot.line(r"conditions/fibromyalgia\.yaml:2: error: titel")
        await bot.line("the last good one stays in use")
        assert "A single trial found" in (await anna.ask("does ldn help fibro?"))["text"]

        written = bot.written
        topic.write_text(good, encoding="utf-8")
        bot.send_signal(signal.SIGHUP)
        await bot.line("knowledge loaded anew", after=written)
        assert "One randomised trial found" in (await anna.ask("does ldn help fibro?"))["text"]
        assert_discreet(server, bot)


async def test_broken_knowledge_at_the_start_ends_it(
    server: BotApiServer, own_knowledge: Path, tmp_path: Path
) -> None:
    notices = own_knowledge / "notices.yaml"
    notices.write_text(notices.read_text(encoding="utf-8") + "extra: 1\n", encoding="utf-8")
    async with BotProcess(server, own_knowledge, tmp_path, polls=False) as bot:
        assert await bot.ended() == 2
        assert "notices.yaml:" in bot.output
        assert "Traceback" not in bot.output
    assert server.journal == []


async def test_a_token_refused_at_the_start_ends_it(
    server: BotApiServer, knowledge_dir: Path, tmp_path: Path
) -> None:
    server.token_revoked = True
    async with BotProcess(server, knowledge_dir, tmp_path, polls=False) as bot:
        assert await bot.ended() == 3
        assert REFUSED in bot.output.splitlines()[-1]
        assert await bot.health() == 1
        assert_discreet(server, bot)


async def test_a_token_revoked_while_it_runs_ends_it(
    server: BotApiServer, knowledge_dir: Path, tmp_path: Path
) -> None:
    anna = someone(server)
    async with BotProcess(server, knowledge_dir, tmp_path, environment=JSON_LOG) as bot:
        server.token_revoked = True
        anna.say("does ldn help fibro?")
        assert await bot.ended() == 3
        assert REFUSED in bot.output.splitlines()[-1]
        assert "Traceback" not in bot.output
        assert await bot.health() == 1
        assert_discreet(server, bot)
    assert server.history(anna.chat)[-1]["from"]["id"] == anna.user.id


async def test_without_telegram_at_the_start_it_waits(
    server: BotApiServer, knowledge_dir: Path, tmp_path: Path
) -> None:
    anna = someone(server)
    await server.stop()
    async with BotProcess(server, knowledge_dir, tmp_path, polls=False) as bot:
        await bot.line("starting")
        assert await bot.health() == 1
        await server.start()
        assert (await anna.ask("/help"))["text"].startswith("Type a question")
        assert_discreet(server, bot)


async def test_the_token_may_stand_in_a_file(
    server: BotApiServer, knowledge_dir: Path, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text(f"{server.token}\n", encoding="utf-8")
    settings = {"LDN_TELEGRAM_TOKEN": "", "LDN_TELEGRAM_TOKEN_FILE": str(file)}
    async with BotProcess(server, knowledge_dir, tmp_path, environment=settings) as bot:
        assert_discreet(server, bot)
