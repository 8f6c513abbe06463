"""The small knowledge, which has one study."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge import KnowledgeBase, load


@pytest.fixture(scope="session")
def small_knowledge(knowledge_dir: Path) -> KnowledgeBase:
    return load(knowledge_dir)
