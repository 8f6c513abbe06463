"""One emulated Telegram and one running bot, shared by all tests that leave them running."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.bot_api import BotApiServer
from tests.e2e.people import Person, assert_discreet, someone
from tests.e2e.process import BotProcess


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer(patience=15) as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_bot(
    shared_server: BotApiServer, knowledge_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    async with BotProcess(shared_server, knowledge_dir, tmp_path_factory.mktemp("bot")) as bot:
        yield bot


@pytest.fixture
def bot(shared_server: BotApiServer, shared_bot: BotProcess) -> Iterator[BotProcess]:
    """The shared bot; leave it running."""
    yield shared_bot
    shared_server.faults.clear()
    assert shared_server.violations == []
    assert_discreet(shared_server, shared_bot)


@pytest.fixture
def anna(shared_server: BotApiServer, bot: BotProcess) -> Person:
    """A new person in a chat with the shared bot."""
    return someone(shared_server)


@pytest_asyncio.fixture(loop_scope="session")
async def server() -> AsyncIterator[BotApiServer]:
    """An emulated Telegram of the test's own."""
    async with BotApiServer(patience=15) as server:
        yield server
        assert server.violations == []
