"""A knowledge folder to break."""

from __future__ import annotations

from pathlib import Path

from bot.knowledge import KnowledgeError, load
from bot.knowledge.problems import Problem

TOPIC = """\
id: about.new
title: New
reviewed: 2026-11-20
phrasings:
- what is new
short:
  text: Something new.
  sources: [example-label]
points:
- text: First.
  sources:
  - example-label
  - example-trial
- text: Second.
  sources: [example-label]
  findings:
    berg-2020: favours-ldn
related: [about.bot]
"""


class Folder:
    """A copy of the small knowledge folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, content: str | bytes) -> None:
        file = self.path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.path / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def topic(self, old: str = "", new: str = "") -> None:
        """Add the topic about.new, with ``old`` replaced by ``new``."""
        assert old in TOPIC
        self.write("about/new.yaml", TOPIC.replace(old, new, 1))

    def line(self, name: str, part: str) -> int:
        """The line on which ``part`` stands."""
        lines = (self.path / name).read_text(encoding="utf-8").splitlines()
        found = [number for number, line in enumerate(lines, start=1) if part in line]
        assert len(found) == 1, f"{part!r} stands in lines {found} of {name}"
        return found[0]

    def problems(self) -> list[Problem]:
        try:
            load(self.path)
        except KnowledgeError as error:
            return list(error.problems)
        return []

    def problem(self) -> Problem:
        """The only problem of the folder."""
        problems = self.problems()
        assert len(problems) == 1, "\n".join(map(str, problems))
        return problems[0]
