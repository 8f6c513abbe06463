"""A copy of the small knowledge folder for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.knowledge.folders import Folder


@pytest.fixture
def folder(tmp_path: Path, knowledge_dir: Path) -> Folder:
    copy = tmp_path / "knowledge"
    shutil.copytree(knowledge_dir, copy)
    return Folder(copy)
