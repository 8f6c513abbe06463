"""Kills the bot with SIGKILL at random moments while people write, and looks what they got.

Shared by the test and by ``bench/durability.py``.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby, pairwise
from pathlib import Path

from tests.bot_api import BotApiServer, server_error
from tests.e2e.people import Person, assert_discreet, someone
from tests.e2e.process import PATIENCE, BotProcess

TITLES = {
    "condition_fibromyalgia": "Fibromyalgia",
    "condition_long-covid": "Long COVID",
    "side-effect_vivid-dreams": "Vivid dreams",
    "side-effect_insomnia": "Trouble sleeping",
    "side-effect_overview": "Side effects in short",
}
"""What people ask for, and the first line of its answer in the small knowledge folder."""

FAILURES = 3
LONGEST_DELAY = 0.05
"""A kill comes up to so many seconds after some call of the bot."""


@dataclass(frozen=True, slots=True)
class Kill:
    """A kill, and what had been sent before it."""

    at: datetime
    sent: Mapping[int, int]
    """How many messages each chat had got."""


@dataclass(slots=True)
class Outcome:
    """What people got."""

    asked: int = 0
    lost: int = 0
    out_of_order: int = 0
    twice: int = 0
    """Answered twice, the first time at the moment of a kill."""
    twice_otherwise: int = 0
    ages: list[float] = field(default_factory=list)
    """Of the doubled answers: seconds from the first one's way out to the kill."""

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            self.asked + other.asked,
            self.lost + other.lost,
            self.out_of_order + other.out_of_order,
            self.twice + other.twice,
            self.twice_otherwise + other.twice_otherwise,
            self.ages + other.ages,
        )

    def __str__(self) -> str:
        oldest = f" (at most {max(self.ages):.2f} s before the kill)" if self.ages else ""
        return (
            f"{self.asked} questions, {self.lost} lost, {self.out_of_order} chats out of order, "
            f"{self.twice} answered twice while being sent{oldest}, "
            f"{self.twice_otherwise} answered twice otherwise"
        )


class Siege:
    """Several people who write to a bot that is killed again and again."""

    def __init__(
        self,
        server: BotApiServer,
        knowledge: Path,
        folder: Path,
        rng: random.Random,
        *,
        people: int = 5,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._server = server
        self._knowledge = knowledge
        self._folder = folder
        self._environment = environment
        self._rng = rng
        self._people = [someone(server) for _ in range(people)]
        self._asked: dict[int, list[str]] = {person.chat.id: [] for person in self._people}
        self._kills: list[Kill] = []
        self._killed_at: datetime | None = None
        """Time of a kill after which the bot did not come up yet."""

    def ask(self, questions: int) -> None:
        """Let everybody ask some questions, by turns."""
        topics = list(TITLES)
        for _ in range(questions):
            for person in self._people:
                asked = self._asked[person.chat.id]
                topic = topics[len(asked) % len(topics)]
                person.say(f"/start {topic}")
                asked.append(TITLES[topic])

    async def kill(self, *, calls: int) -> None:
        """Start the bot and kill it at a random moment around its next ``calls`` calls.

        Some answers need a second attempt, so that there are always some in hand.
        """
        self._server.fail("sendMessage", server_error(502), times=FAILURES)
        journal = self._server.journal
        target = len(journal) + self._rng.randint(1, calls)
        async with self._bot() as bot:
            await self._up()
            await self._server.until(
                lambda: len(journal) >= target, f"call {target}", within=PATIENCE
            )
            await asyncio.sleep(self._rng.uniform(0, LONGEST_DELAY))
            await self._kill(bot)

    async def kill_early(self, *, seconds: float) -> None:
        """Start the bot and kill it within its first seconds, perhaps before it can do anything."""
        async with self._bot() as bot:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._rng.uniform(0, seconds)):
                    await self._up()
                    await asyncio.Event().wait()
            await self._kill(bot)

    async def outcome(self, *, within: float) -> Outcome:
        """Start the bot once more, let it answer all, stop it, and look at what people got."""
        async with self._bot() as bot:
            await self._up()
            deadline = time.monotonic() + within
            while not self._all_answered() and time.monotonic() < deadline:
                await self._server.state.pulse.wait_for(
                    self._all_answered, deadline - time.monotonic()
                )
            # One more exchange with each: what was to be answered again would have come before.
            self.ask(1)
            for person in self._people:
                await self._last_answer(person, within=PATIENCE)
            bot.send_signal(signal.SIGTERM)
            assert await bot.ended() == 0
            assert_discreet(self._server, bot)
        outcome = Outcome()
        for person in self._people:
            self._judge(person, outcome)
        return outcome

    def _bot(self) -> BotProcess:
        return BotProcess(
            self._server, self._knowledge, self._folder, polls=False, environment=self._environment
        )

    async def _up(self) -> None:
        """Wait for the first call of a new process, and look what people got from the former.

        Not sooner: the last calls of a killed process may arrive after its end.
        """
        calls = len(self._server.calls("getMe"))
        await self._server.until(
            lambda: len(self._server.calls("getMe")) > calls, "the start", within=PATIENCE
        )
        if self._killed_at is not None:
            sent = {person.chat.id: len(person.chat.sent) for person in self._people}
            self._kills.append(Kill(self._killed_at, sent))
            self._killed_at = None

    async def _kill(self, bot: BotProcess) -> None:
        # Of several kills before the bot came up, the first one interrupted the sending.
        self._killed_at = self._killed_at or datetime.now(UTC)
        bot.send_signal(signal.SIGKILL)
        assert await bot.ended() == -signal.SIGKILL
        assert_discreet(self._server, bot)

    def _all_answered(self) -> bool:
        return all(
            len(_without_repeats(self._got(person))) >= len(self._asked[person.chat.id])
            for person in self._people
        )

    async def _last_answer(self, person: Person, *, within: float) -> None:
        last = self._asked[person.chat.id][-1]
        await self._server.until(
            lambda: self._got(person)[-1:] == [last], f"the answer on {last}", within=within
        )

    def _got(self, person: Person) -> list[str]:
        chat = person.chat
        texts = (chat.messages[message_id]["text"] for message_id in chat.sent)
        return [text.partition("\n")[0] for text in texts]

    def _judge(self, person: Person, outcome: Outcome) -> None:
        asked, got = self._asked[person.chat.id], self._got(person)
        outcome.asked += len(asked)
        answers = _without_repeats(got)
        outcome.lost += max(0, len(asked) - len(answers))
        outcome.out_of_order += answers != asked
        for number, (first, second) in enumerate(pairwise(got), start=1):
            if first != second:
                continue
            kills = [kill for kill in self._kills if kill.sent[person.chat.id] == number]
            if not kills:
                outcome.twice_otherwise += 1
                continue
            outcome.twice += 1
            outcome.ages.append(self._since_sending(person, kills[0]))

    def _since_sending(self, person: Person, kill: Kill) -> float:
        """Seconds from the last time that the bot set out to send something here to a kill."""
        times = (
            call.at
            for call in self._server.calls("sendMessage")
            if call.params.get("chat_id") == person.chat.id and call.at <= kill.at
        )
        return (kill.at - max(times, default=kill.at)).total_seconds()


def _without_repeats(answers: list[str]) -> list[str]:
    """People never ask the same twice in a row, so neighbours that are alike are one answer."""
    return [answer for answer, _ in groupby(answers)]
