"""The real bot as a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.bot_api import BotApiServer

ROOT = Path(__file__).parents[2]

PATIENCE = 90.0
"""Seconds until a process is taken for stuck; nothing waits this long when all is well.

Starting on the shipped knowledge takes seven seconds of one core; on a busy machine with two test
processes and coverage it has taken more than twenty.
"""


class BotProcess:
    """``python -m bot run`` against an emulated Telegram, with every line it writes.

    Entering starts it and waits until it polls (unless ``polls=False``); leaving ends it.
    """

    def __init__(
        self,
        server: BotApiServer,
        knowledge: Path,
        folder: Path,
        *,
        polls: bool = True,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._server = server
        self._folder = folder
        self._polls = polls
        self._environment = {
            # What the interpreter, and coverage if it is measured, need to start.
            **{key: value for key, value in os.environ.items() if key.startswith("COVERAGE")},
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "LDN_TELEGRAM_TOKEN": server.token,
            "LDN_TELEGRAM_API_URL": server.url,
            "LDN_KNOWLEDGE_DIR": str(knowledge),
            "LDN_DATA_DIR": str(folder / "data"),
            "LDN_LOG_LEVEL": "DEBUG",
            **(environment or {}),
        }
        self._process: asyncio.subprocess.Process | None = None
        self._lines: list[str] = []
        self._news = asyncio.Condition()
        self._reader: asyncio.Task[None] | None = None

    @property
    def output(self) -> str:
        """Everything written so far, to standard output and standard error."""
        return "\n".join(self._lines)

    async def __aenter__(self) -> Self:
        self._process = await self._start("run")
        self._reader = asyncio.create_task(self._read(self._process))
        if self._polls:
            polls = asyncio.create_task(self._server.polling(within=PATIENCE))
            await asyncio.wait({polls, self._reader}, return_when=asyncio.FIRST_COMPLETED)
            if not polls.done() or polls.exception():
                polls.cancel()
                await self._kill()
                raise AssertionError(f"the bot does not poll\n{self.output}")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            try:
                await self.ended()
            except AssertionError:
                await self._kill()
                raise
        if error is not None:
            sys.stderr.write(f"--- output of the bot\n{self.output}\n")

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    async def ended(self) -> int:
        """Wait for the end and return the exit code."""
        assert self._process is not None
        assert self._reader is not None
        try:
            async with asyncio.timeout(PATIENCE):
                await self._reader
                return await self._process.wait()
        except TimeoutError:
            raise AssertionError(f"the bot does not end\n{self.output}") from None

    async def line(self, pattern: str, *, after: int = 0) -> str:
        """Wait for a line (from number ``after`` on) in which ``pattern`` is found."""

        def found() -> str | None:
            lines = self._lines[after:]
            return next((line for line in lines if re.search(pattern, line)), None)

        async with self._news:
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._news.wait_for(found)
            except TimeoutError:
                raise AssertionError(f"no line with {pattern!r} in\n{self.output}") from None
        line = found()
        assert line is not None
        return line

    @property
    def written(self) -> int:
        """How many lines were written so far."""
        return len(self._lines)

    @property
    def database_url(self) -> str:
        """Address of the database that it uses, unless the environment names another."""
        return f"sqlite:///{self._folder / 'data' / 'ldn-bot.sqlite3'}"

    async def health(self) -> int:
        """Exit code of ``python -m bot health`` with the same settings."""
        code, _ = await self.command("health")
        return code

    async def command(self, *arguments: str) -> tuple[int, str]:
        """Exit code and output of another command, with the same settings."""
        process = await self._start(*arguments)
        output, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, output.decode()

    async def _start(self, *command: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *command,
            cwd=self._folder,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            async with self._news:
                self._lines.append(line.decode().rstrip("\n"))
                self._news.notify_all()

    async def _kill(self) -> None:
        assert self._process is not None
        assert self._reader is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self._reader
