"""Fits the weights of the matching signals and the confidence models to labelled questions.

    python -m bench.calibrate tests/data/questions.jsonl

Uses the tuning half only and prints the constants for ``bot/matching/scoring.py`` and
``bot/matching/confidence.py``. Plain gradient descent: a few hundred questions need no library.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.engine import Engine
from bot.knowledge import default_directory, load
from bot.language import Part
from bot.matching.confidence import RIGHT, SCOPE
from bot.matching.scoring import WEIGHTS, Candidate

CANDIDATES = 50
ANSWERABLE = {"answer", "refer", "clarify", "smalltalk"}


class Sample:
    """One labelled question with its candidates."""

    def __init__(self, engine: Engine, row: Mapping[str, Any]) -> None:
        self.row = row
        understander, matcher = engine._understander, engine._matcher
        message = understander.read(row["q"])
        self.part: Part = message.whole
        previous = None
        if row.get("context"):
            decision = matcher.match(understander.read(row["context"]))
            previous = (*decision.topics, *decision.options, None)[0]
        context = matcher.context(message, previous)
        self.candidates: list[Candidate]
        self.candidates, self.facts = matcher.assess(self.part, context)
        expected = {engine.knowledge.aliases.get(topic, topic) for topic in row["topics"]}
        self.right = [candidate.topic.id in expected for candidate in self.candidates]


def fit_ranking(samples: Sequence[Sample], steps: int = 400, rate: float = 0.5) -> dict[str, float]:
    """Weights that make right candidates likely (softmax over the candidates of a question)."""
    names = list(WEIGHTS)
    weights = [WEIGHTS[name] * 15 for name in names]
    groups = [
        (
            [[c.signals[name] for name in names] for c in sample.candidates[:CANDIDATES]],
            sample.right[:CANDIDATES],
        )
        for sample in samples
        if any(sample.right[:CANDIDATES])
    ]
    for _ in range(steps):
        slope = [0.003 * weight for weight in weights]
        for signals, right in groups:
            scores = [sum(w * x for w, x in zip(weights, row, strict=True)) for row in signals]
            top = max(scores)
            odds = [math.exp(score - top) for score in scores]
            total = sum(odds)
            total_right = sum(odd for odd, good in zip(odds, right, strict=True) if good)
            for row, odd, good in zip(signals, odds, right, strict=True):
                pull = odd / total - (odd / total_right if good else 0.0)
                for k, value in enumerate(row):
                    slope[k] += pull * value / len(groups)
        weights = [max(0.0, w - rate * s * 5) for w, s in zip(weights, slope, strict=True)]
    total = sum(weights)
    return {name: round(w / total, 3) for name, w in zip(names, weights, strict=True)}


def fit_logistic(
    facts: Sequence[Mapping[str, float]],
    labels: Sequence[bool],
    names: Sequence[str],
    steps: int = 4000,
    rate: float = 0.5,
) -> dict[str, float]:
    """Logistic regression with a little shrinkage; the two classes weigh the same."""
    share = sum(labels) / len(labels)
    weights = dict.fromkeys(names, 0.0)
    for _ in range(steps):
        slope = {name: 0.002 * weights[name] for name in names}
        for fact, label in zip(facts, labels, strict=True):
            score = sum(weights[name] * fact[name] for name in names)
            miss = 1 / (1 + math.exp(-score)) - label
            balance = 0.5 / (share if label else 1 - share)
            for name in names:
                slope[name] += miss * balance * fact[name] / len(labels)
        weights = {name: weights[name] - rate * slope[name] for name in names}
    return {name: round(weight, 2) for name, weight in weights.items()}


def main() -> None:
    """Print the fitted constants."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    with options.file.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    engine = Engine(load(default_directory()))
    rows = [row for row in rows if row["split"] == "tune" and row["kind"] != "emergency"]
    samples = [Sample(engine, row) for row in rows]
    print("WEIGHTS =", fit_ranking([s for s in samples if s.row["kind"] in {"answer", "refer"}]))
    known = [sample for sample in samples if sample.facts]
    scope = [sample.row["kind"] in ANSWERABLE for sample in known]
    print("SCOPE =", fit_logistic([s.facts for s in known], scope, list(SCOPE)))
    inside = [sample for sample in known if sample.row["kind"] in ANSWERABLE]
    right = [sample.right[0] and sample.row["kind"] != "clarify" for sample in inside]
    print("RIGHT =", fit_logistic([s.facts for s in inside], right, list(RIGHT)))


if __name__ == "__main__":
    main()
