"""Time from an update to its answer, beside a bare echo bot.

    python -m bench.updates tests/data/questions.jsonl

The real process, real HTTP to the emulated Telegram, the shipped knowledge; beside it, in the same
run and by turns, a bot of python-telegram-bot with the same settings of the library that does
nothing but send a text back. Each question comes from a new chat: one after another, then twenty
chats at once. "First" is until the first message of an answer arrived, "whole" until the last one;
``/help`` shows what the way of an update costs where nothing is to be found. Between rounds there
are pauses: both bots keep Telegram's limit of 30 messages a second, which is not to be measured.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters
from telegram.request import HTTPXRequest

from bench.speed import percentiles
from bot.channels.telegram.desk import App
from bot.channels.telegram.limits import Limiter
from bot.channels.telegram.queue import AT_ONCE
from bot.channels.telegram.sending import page_of
from bot.engine import Engine
from bot.knowledge import default_directory, load
from bot.matching.sentence_model import SentenceModel
from bot.replies import Question
from tests.bot_api import BotApiServer
from tests.e2e.people import Person, someone
from tests.e2e.process import ROOT, BotProcess

CHATS = 20
WARM_UP = 5
PAUSE = 0.1
"""Seconds between questions that come one after another."""

ROUND_PAUSE = 2.0
"""Seconds after a round of many chats, until the limit is free again."""

START_SECONDS = 120.0
"""Until a bot must poll; all the knowledge is to be loaded, perhaps on a busy machine."""

API_URL, TOKEN = "ECHO_API_URL", "ECHO_TOKEN"


@dataclass(frozen=True, slots=True)
class Asked:
    """A text to send, and of how many messages its answer consists."""

    text: str
    parts: int = 1


@dataclass(slots=True)
class Times:
    """Milliseconds until the first and until the last message of each answer."""

    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)


async def ask(person: Person, asked: Asked, times: Times) -> None:
    """Send a text, wait for its whole answer, and note how long it took."""
    start = time.perf_counter()
    person.say(asked.text)
    await person.answer()
    first = time.perf_counter()
    last = first
    for _ in range(asked.parts - 1):
        await person.answer()
        last = time.perf_counter()
    times.first.append((first - start) * 1000)
    times.whole.append((last - start) * 1000)


@contextlib.asynccontextmanager
async def echo_bot(server: BotApiServer) -> AsyncIterator[None]:
    """The bare bot as a process of its own, from its first poll on."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.updates",
        "--echo",
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], API_URL: server.url, TOKEN: server.token},
    )
    try:
        await server.polling(within=START_SECONDS)
        yield
    finally:
        process.terminate()
        await process.wait()


def run_echo() -> None:
    """Be the bare bot until a signal comes."""
    root = os.environ[API_URL]
    application: App = (
        Application.builder()
        .token(os.environ[TOKEN])
        .base_url(f"{root}/bot")
        .request(HTTPXRequest())
        .get_updates_request(HTTPXRequest(connection_pool_size=1))
        .rate_limiter(Limiter())
        .job_queue(None)
        .concurrent_updates(AT_ONCE)
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling(allowed_updates=[Update.MESSAGE])


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Send a text back."""
    if update.message is not None and update.message.text is not None:
        await update.message.reply_text(update.message.text)


async def measure(questions: Sequence[Asked]) -> None:
    """Start both bots, ask them by turns, and print how long they took."""
    echoed = [Asked(question.text) for question in questions]
    helped = [Asked("/help")] * len(questions)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ours = await stack.enter_async_context(BotApiServer(patience=60))
        bare = await stack.enter_async_context(BotApiServer(patience=60))
        environment = {"LDN_LOG_LEVEL": "INFO"}
        await stack.enter_async_context(
            BotProcess(ours, default_directory(), folder, polls=False, environment=environment)
        )
        await ours.polling(within=START_SECONDS)
        await stack.enter_async_context(echo_bot(bare))
        parties = {"echo": (bare, echoed), "/help": (ours, helped), "answers": (ours, questions)}
        for chats, pause in ((1, PAUSE), (CHATS, ROUND_PAUSE)):
            taken = {name: Times() for name in parties}
            for start in range(0, len(questions) - chats + 1, chats):
                for name, (server, texts) in parties.items():
                    # The first ones load what is used later, and are not counted.
                    counted = taken[name] if chats > 1 or start >= WARM_UP else Times()
                    await asyncio.gather(
                        *(ask(someone(server), x, counted) for x in texts[start : start + chats])
                    )
                    await asyncio.sleep(pause)
            show(chats, taken)
        if ours.violations or bare.violations:
            raise SystemExit(f"broken rules: {ours.violations + bare.violations}")


def show(chats: int, taken: dict[str, Times]) -> None:
    """Print the times, and how many times as long as the bare bot's they are."""
    print(f"\n{chats} chats at once" if chats > 1 else "\none after another")
    base = taken["echo"]
    for name, times in taken.items():
        for kind, values in (("first", times.first), ("whole", times.whole)):
            if kind == "whole" and values == times.first:
                continue
            ratio = statistics.median(values) / statistics.median(base.first)
            ratio_99 = _p99(values) / _p99(base.first)
            print(
                f"{name:<8} {kind:<6} n={len(values):<4} {percentiles(values)}"
                f"   x{ratio:.1f} of the echo's median, x{ratio_99:.1f} of its p99"
            )


def _p99(values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(0.99 * len(values)))]


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--echo", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.echo:
        run_echo()
        return
    if options.file is None:
        parser.error("name a file of questions")
    with options.file.open(encoding="utf-8") as file:
        texts = [json.loads(line)["q"] for line in file if line.strip()][: options.questions]
    engine = Engine(load(default_directory()), SentenceModel())
    engine.reply(Question(texts[0]))  # the model is loaded by its use
    questions, thinking = [], []
    for text in texts:
        start = time.perf_counter()
        reply = engine.reply(Question(text))
        thinking.append((time.perf_counter() - start) * 1000)
        questions.append(Asked(text, len(page_of(reply, "a_bot").texts)))
    several = sum(question.parts > 1 for question in questions)
    print(f"{len(texts)} questions, {several} with an answer of several messages")
    print(f"Engine.reply alone     {percentiles(thinking)}")
    print(f"load of the machine    {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    asyncio.run(measure(questions))


if __name__ == "__main__":
    main()
