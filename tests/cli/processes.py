"""``ldn-bot`` as a process of its own, with pipes or in a pseudo-terminal."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from typer.testing import CliRunner, Result

from bot.cli import app

COMMAND = (sys.executable, "-m", "bot")

PATIENCE = 30.0
"""Seconds until a process is taken for stuck; nothing waits this long when all is well."""

PROMPT = "You:"


def environment(knowledge: Path, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """A bare environment, with what the interpreter and the measurement of coverage need."""
    return {
        **{key: value for key, value in os.environ.items() if key.startswith("COVERAGE")},
        "PATH": os.environ["PATH"],
        "LDN_KNOWLEDGE_DIR": str(knowledge),
        **(settings or {}),
    }


class Cli:
    """Runs ``ldn-bot`` in an empty folder on the small knowledge."""

    def __init__(self, knowledge: Path, folder: Path) -> None:
        self.knowledge = knowledge
        self.folder = folder

    def run(
        self, *arguments: str, stdin: str | bytes = "", settings: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run to the end."""
        done = subprocess.run(
            [*COMMAND, *arguments],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            cwd=self.folder,
            env=environment(self.knowledge, settings),
            timeout=PATIENCE,
            check=False,
        )
        out, err = done.stdout.decode(), done.stderr.decode()
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start with pipes on all sides."""
        return subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            env=environment(self.knowledge),
            text=True,
            encoding="utf-8",
        )

    def terminal(self, *arguments: str, settings: Mapping[str, str] | None = None) -> Terminal:
        """Start in a pseudo-terminal of its own."""
        settings = {"TERM": "xterm-256color", "COLUMNS": "100", **(settings or {})}
        return Terminal(arguments, self.folder, environment(self.knowledge, settings))


class Inside:
    """Runs commands inside the test's process: faster, for what needs no process."""

    def __init__(self) -> None:
        self._runner = CliRunner()

    def __call__(self, *arguments: str, stdin: str | bytes = "") -> Result:
        return self._runner.invoke(app, list(arguments), input=stdin, catch_exceptions=False)


class Terminal:
    """A process in a pseudo-terminal."""

    def __init__(self, arguments: tuple[str, ...], folder: Path, env: dict[str, str]) -> None:
        self._terminal, inner = pty.openpty()
        self._process = subprocess.Popen(
            [*COMMAND, *arguments], stdin=inner, stdout=inner, stderr=inner, cwd=folder, env=env
        )
        os.close(inner)
        self.shown = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._terminal)

    def until(self, text: str) -> str:
        """Read until ``text`` is shown; what was shown since the last reading."""
        new = ""
        while text not in new:
            piece = self._piece()
            assert piece, f"{text!r} is not shown:\n{self.shown}"
            new += piece
        return new

    def type(self, text: str) -> None:
        """Type ``text``."""
        with contextlib.suppress(OSError):  # it has ended already
            os.write(self._terminal, text.encode())

    def interrupt(self) -> None:
        """What Ctrl-C does; Enter wakes a process that was about to read just then."""
        self._process.send_signal(signal.SIGINT)
        self.type("\n")

    def ended(self) -> int:
        """Read to the end; the exit code."""
        while self._piece():
            pass
        return self._process.wait(PATIENCE)

    def _piece(self) -> str:
        ready, _, _ = select.select([self._terminal], [], [], PATIENCE)
        assert ready, f"nothing happens after:\n{self.shown}"
        try:
            piece = os.read(self._terminal, 65536).decode(errors="replace")
        except OSError:  # Linux: the other side is closed
            return ""
        self.shown += piece
        return piece
