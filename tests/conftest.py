"""Fixtures for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bot.engine import Engine
from bot.knowledge import KnowledgeBase, default_directory, load
from bot.matching.sentence_model import SentenceModel
from bot.replies import Question, ReplyKind

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
