"""What is wrong with a knowledge base, in a form that a curator can act on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.knowledge.yaml_reader import Keys, YamlDocument


class Gravity(StrEnum):
    """An error keeps the knowledge from being used, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding: ``file`` in the knowledge folder, ``line`` (0: the whole), dotted ``field``."""

    file: str
    line: int
    field: str
    reason: str
    gravity: Gravity = Gravity.ERROR

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        field = f" {self.field}:" if self.field else ""
        return f"{where}: {self.gravity}:{field} {self.reason}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record stands: its file (relative), the parsed document and its place in it."""

    file: str
    document: YamlDocument
    path: Keys = ()

    def at(self, *keys: str | int) -> Origin:
        """The place at ``keys`` below this one."""
        return Origin(self.file, self.document, (*self.path, *keys))

    def problem(self, reason: str, *keys: str | int, gravity: Gravity = Gravity.ERROR) -> Problem:
        """A problem at ``keys`` below this record."""
        path = (*self.path, *keys)
        line = self.document.line_of(path)
        return Problem(self.file, line, dotted(path), reason, gravity)


def dotted(keys: Keys) -> str:
    """A path for people: ``points[2].sources``."""
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text


class KnowledgeError(Exception):
    """The knowledge can't be used. ``problems`` holds everything that was found, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))
