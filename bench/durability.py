"""Kills the bot again and again with SIGKILL while people write, and counts what they got.

    python -m bench.durability --kills 100
    python -m bench.durability --kills 100 --postgres

The real process, real HTTP to the emulated Telegram. Two of three kills come at a random moment
around a call of the bot, the others within its start. Exits with 1 if anything was lost, came out
of order, or came twice although it was not being sent at the moment of a kill.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from contextlib import AsyncExitStack, nullcontext
from pathlib import Path

from tests.bot_api import BotApiServer
from tests.conftest import SMALL_KNOWLEDGE
from tests.e2e.durability import Outcome, Siege
from tests.postgres import empty_database, postgres

KILLS_A_ROUND = 6
"""So many kills with one database, then all is looked at and a new one is begun."""

QUESTIONS = 4
CALLS = 20
START_SECONDS = 3.0


async def siege(rng: random.Random, kills: int, postgres_server: str | None) -> Outcome:
    """One round."""
    settings = {"LDN_LOG_LEVEL": "WARNING"}
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if postgres_server:
            database = empty_database(postgres_server)
            settings["LDN_DATABASE_URL"] = await stack.enter_async_context(database)
        server = await stack.enter_async_context(BotApiServer(patience=15))
        people = Siege(server, SMALL_KNOWLEDGE, folder, rng, environment=settings)
        for number in range(kills):
            if number % 3 == 2:
                await people.kill_early(seconds=START_SECONDS)
            else:
                people.ask(QUESTIONS)
                await people.kill(calls=CALLS)
        outcome = await people.outcome(within=120)
        assert server.violations == []
    return outcome


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", action="store_true", help="in place of SQLite files")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    total, done, start = Outcome(), 0, time.perf_counter()
    with postgres() if options.postgres else nullcontext() as server:
        while done < options.kills:
            kills = min(KILLS_A_ROUND, options.kills - done)
            total += asyncio.run(siege(rng, kills, server))
            done += kills
            print(f"{done:4} kills, {time.perf_counter() - start:5.0f} s: {total}", flush=True)
    failed = total.lost or total.out_of_order or total.twice_otherwise
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
