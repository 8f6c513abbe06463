"""Time to offer answers in inline mode, while questions are typed letter by letter.

    python -m bench.inline tests/data/questions.jsonl

Every fourth beginning of each question is a query, as clients send them while somebody types. The
first round meets answers that were never offered before, the second one finds their messages ready.
Beside them, in the same run: rapidfuzz alone on the titles of all topics. "Processor" is the time
that the processor worked for it; the rest was waiting for other programs.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

from rapidfuzz import process

from bench.speed import percentiles
from bot.channels.telegram.inline import MOST_RESULTS, offer_for
from bot.engine import Engine
from bot.knowledge import default_directory, load
from bot.matching.sentence_model import SentenceModel

LIMIT = 50.0
"""Milliseconds that an answer may take."""

EVERY = 4
"""Letters that somebody types until the next query."""


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("file", type=Path)
    parser.add_argument("--questions", type=int, default=100)
    options = parser.parse_args()
    with options.file.open(encoding="utf-8") as file:
        texts = [json.loads(line)["q"] for line in file if line.strip()][: options.questions]
    queries = ["", *(text[:end] for text in texts for end in range(1, len(text) + 1, EVERY))]
    engine = Engine(load(default_directory()), SentenceModel())
    engine.search("does ldn help fibromyalgia?", MOST_RESULTS)  # the model is loaded by its use
    print(f"{len(queries)} queries")
    offer = partial(offer_for, engine, "a_bot")
    titles = [topic.title for topic in engine.knowledge.topics.values()]
    measure("first time", offer, queries)
    measure("second time", offer, queries)
    measure("rapidfuzz alone", partial(process.extract, choices=titles, limit=10), queries)


def measure(name: str, call: Callable[[str], object], queries: Sequence[str]) -> None:
    """Print how long a call takes on each query."""
    waited, worked = [], []
    for query in queries:
        waiting, working = perf_counter(), process_time()
        call(query)
        worked.append((process_time() - working) * 1000)
        waited.append((perf_counter() - waiting) * 1000)
    for clock, taken in (("", waited), ("processor", worked)):
        over = sum(one > LIMIT for one in taken) / len(taken)
        print(f"{name:<16} {clock:<10} {percentiles(taken)}   over {LIMIT:.0f} ms: {over:.1%}")


if __name__ == "__main__":
    main()
