"""Time in ``Engine.reply``, time of ``ldn-bot ask`` as a whole process, and memory.

    python -m bench.speed tests/data/questions.jsonl

Prints percentiles beside a bare baseline in the same run: the same questions through rapidfuzz
alone, and a Python process that does nothing. Then the time for texts made to be slow.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from rapidfuzz import process

from bot.engine import Engine
from bot.knowledge import default_directory, load
from bot.matching.sentence_model import SentenceModel
from bot.replies import Question

PROCESS_RUNS = 5

SLOW_TEXTS = {
    "one letter": "a" * 10_000,
    "one emoji": "\N{GRINNING FACE}" * 10_000,
    "questions": "is it safe? " * 833,
    "one word": "ldn " * 2_500,
    "opioids": "oxycodone morphine codein tramadl " * 294,
}


def milliseconds(call: Callable[[], object]) -> float:
    """Duration of one call."""
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def percentiles(values: Sequence[float]) -> str:
    """``p50 ... p99 ... max`` of some durations."""
    ordered = sorted(values)
    p99 = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]
    return f"p50 {statistics.median(ordered):7.2f}  p99 {p99:7.2f}  max {ordered[-1]:7.2f} ms"


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    with options.file.open(encoding="utf-8") as file:
        texts = [json.loads(line)["q"] for line in file if line.strip()]

    start = time.perf_counter()
    knowledge = load(default_directory())
    loaded = time.perf_counter()
    engine = Engine(knowledge, SentenceModel())
    built = time.perf_counter()
    print(
        f"loading the knowledge {loaded - start:.2f} s, building the engine {built - loaded:.2f} s"
    )

    phrasings = [p for topic in knowledge.topics.values() for p in (topic.title, *topic.phrasings)]
    for text in texts[:20]:
        engine.reply(Question(text))
    ours = [milliseconds(partial(engine.reply, Question(text))) for text in texts]
    fuzzy = [milliseconds(partial(process.extractOne, text, phrasings)) for text in texts]
    print(f"Engine.reply              {percentiles(ours)}")
    print(f"rapidfuzz alone           {percentiles(fuzzy)}")
    print(f"ratio of medians          {statistics.median(ours) / statistics.median(fuzzy):.2f}")
    for name, text in SLOW_TEXTS.items():
        spent = min(milliseconds(partial(engine.reply, Question(text))) for _ in range(3))
        print(f"{name:<25} {spent:7.1f} ms ({len(text)} characters)")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory               {peak:.0f} MiB")

    question = "does ldn help fibromyalgia?"
    ask = [sys.executable, "-m", "bot", "ask", question]
    bare = [sys.executable, "-c", "pass"]
    for name, command in (("ldn-bot ask, process", ask), ("bare Python, process", bare)):
        runs = [
            milliseconds(partial(subprocess.run, command, check=True, capture_output=True))
            for _ in range(PROCESS_RUNS)
        ]
        print(f"{name:<25} {percentiles(runs)}")


if __name__ == "__main__":
    main()
