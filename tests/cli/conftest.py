"""The command line on the small knowledge."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.processes import Cli, Inside


@pytest.fixture
def cli(knowledge_dir: Path, tmp_path: Path) -> Cli:
    return Cli(knowledge_dir, tmp_path)


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch, knowledge_dir: Path, tmp_path: Path) -> Inside:
    for name in os.environ:
        if name.startswith("LDN_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LDN_KNOWLEDGE_DIR", str(knowledge_dir))
    monkeypatch.chdir(tmp_path)
    return Inside()
