"""Fixtures for all tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bot.engine import Engine
from bot.knowledge import KnowledgeBase, default_directory, load
from bot.matching.sentence_model import SentenceModel
from bot.replies import Question, ReplyKind
from tests.postgres import empty_database, postgres

# The same examples every time: a failure is a failure of the change at hand.
settings.register_profile(
    "project",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("project")

SMALL_KNOWLEDGE = Path(__file__).parent / "data" / "knowledge"


@pytest.fixture(scope="session")
def knowledge_dir() -> Path:
    """A small, complete knowledge folder; copy it before you change anything."""
    return SMALL_KNOWLEDGE


@pytest.fixture(scope="session")
def small_engine(knowledge_dir: Path) -> Engine:
    """An engine on the small knowledge folder, as the commands make it."""
    return Engine(load(knowledge_dir), SentenceModel())


@pytest.fixture(scope="session")
def vague_question(small_engine: Engine) -> str:
    """A question to which the small engine asks back."""
    texts = ("tell me about tramadol codeine", "naltrexone pain", "start", "pain", "sleep", "covid")
    for text in texts:
        reply = small_engine.reply(Question(text))
        if reply.kind is ReplyKind.CLARIFY and len(reply.options) > 1:
            return text
    raise AssertionError("no question is vague any more; add one")


@pytest.fixture(scope="session")
def shipped_knowledge() -> KnowledgeBase:
    """The knowledge that is shipped."""
    return load(default_directory())


@pytest.fixture(scope="session")
def engine(shipped_knowledge: KnowledgeBase) -> Engine:
    """An engine on the shipped knowledge."""
    return Engine(shipped_knowledge, SentenceModel())


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Address of a PostgreSQL server."""
    with postgres() as address:
        yield address


@pytest.fixture
async def postgres_url(postgres_server: str) -> AsyncIterator[str]:
    """Address of an empty PostgreSQL database."""
    async with empty_database(postgres_server) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty database, of one kind and then of the other."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'test.sqlite3'}"
    address: str = request.getfixturevalue("postgres_url")
    return address
