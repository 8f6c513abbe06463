"""Fits the weights of the matching signals and the confidence models to labelled questions.

    python -m bench.calibrate tests/data/questions.jsonl

Uses the tuning part only and prints the constants for ``bot/matching/scoring.py`` and
``bot/matching/confidence.py``, with the sentence model and without it.
"""

from __future__ import annotations

import argparse
import json
import pprint
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.engine import Engine
from bot.knowledge import default_directory, load
from bot.matching.decision import LISTED
from bot.matching.readings import sentence_of
from bot.matching.scoring import WEIGHTS, WEIGHTS_WITHOUT_MODEL, Candidate
from bot.matching.sentence_model import SentenceModel

ANSWERABLE = {"answer", "refer", "clarify", "smalltalk"}
CANDIDATES = 120
SHRINKAGE = 0.002

FALSE_EMERGENCIES, FALSE_DECISIONS = 0.005, 0.03
"""Share of the other messages that the net behind the rules may take for one."""

Numbers = npt.NDArray[np.float64]


class Sample:
    """One labelled question as an engine sees it."""

    def __init__(self, engine: Engine, row: Mapping[str, Any]) -> None:
        self.row = row
        understander, matcher = engine._understander, engine._matcher
        message = understander.read(row["q"])
        previous = None
        if row.get("context"):
            decision = matcher.match(understander.read(row["context"]))
            previous = (*decision.topics, *decision.options, None)[0]
        context = matcher.context(message, previous)
        self.candidates: list[Candidate]
        self.candidates, self.facts = matcher.assess(message.whole, context)
        expected = {engine.knowledge.aliases.get(topic, topic) for topic in row["topics"]}
        self.right = [candidate.topic.id in expected for candidate in self.candidates]
        self.further = [
            (facts, topic.id in expected | set(row.get("also", ())))
            for topic, facts in matcher.further(message, self.candidates[:LISTED], context)
            if topic.id != self.candidates[0].topic.id
        ]


def fit_ranking(samples: Sequence[Sample], start: Mapping[str, float]) -> dict[str, float]:
    """Weights that make right candidates likely (softmax over the candidates of a question)."""
    names = list(start)
    usable = [sample for sample in samples if any(sample.right[:CANDIDATES])]
    signals = np.zeros((len(usable), CANDIDATES, len(names)))
    present = np.zeros((len(usable), CANDIDATES), dtype=bool)
    right = np.zeros_like(present)
    for number, sample in enumerate(usable):
        for place, candidate in enumerate(sample.candidates[:CANDIDATES]):
            signals[number, place] = [candidate.signals[name] for name in names]
            present[number, place] = True
            right[number, place] = sample.right[place]

    def slope(weights: Numbers) -> Numbers:
        scores = np.where(present, signals @ weights, -np.inf)
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        among_all = odds / odds.sum(axis=1, keepdims=True)
        among_right = odds * right / (odds * right).sum(axis=1, keepdims=True)
        pull = np.einsum("ncs,nc->s", signals, among_all - among_right) / len(usable)
        result: Numbers = pull + SHRINKAGE * weights
        return result

    weights = _descend(np.array([start[name] for name in names]), slope, lowest=0.0)
    return {name: round(float(w), 2) for name, w in zip(names, weights, strict=True)}


def fit_logistic(
    facts: Sequence[Mapping[str, float]], labels: Sequence[bool], *, balanced: bool
) -> dict[str, float]:
    """Logistic regression with a little shrinkage; ``balanced``: both classes weigh the same."""
    names = list(facts[0])
    table = np.array([[fact[name] for name in names] for fact in facts])
    truth = np.array(labels, dtype=float)
    share = truth.mean()
    balance = np.where(truth > 0, 0.5 / share, 0.5 / (1 - share)) if balanced else 1.0

    def slope(weights: Numbers) -> Numbers:
        miss = (1 / (1 + np.exp(-table @ weights)) - truth) * balance
        result: Numbers = table.T @ miss / len(truth) + SHRINKAGE * weights
        return result

    weights = _descend(np.zeros(len(names)), slope)
    return {name: round(float(w), 2) for name, w in zip(names, weights, strict=True)}


def _descend(
    weights: Numbers, slope: Callable[[Numbers], Numbers], lowest: float | None = None
) -> Numbers:
    """Gradient descent with momentum (Adam, Kingma and Ba 2015)."""
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, 1501):
        gradient = slope(weights)
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        rate = 0.1 if step < 1000 else 0.02
        weights = weights - rate * (mean / (1 - 0.9**step)) / (
            np.sqrt(square / (1 - 0.999**step)) + 1e-8
        )
        if lowest is not None:
            weights = np.maximum(weights, lowest)
    return weights


def main() -> None:
    """Print the fitted constants; two runs are needed, as confidence rests on the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    with options.file.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    knowledge = load(default_directory())
    engine = Engine(knowledge, SentenceModel())
    tuning = [row for row in rows if row["split"] == "tune"]
    _show_net(engine, tuning)
    rows = [row for row in tuning if row["kind"] != "emergency"]
    for one, start, suffix in (
        (engine, WEIGHTS, ""),
        (Engine(knowledge), WEIGHTS_WITHOUT_MODEL, "_WITHOUT_MODEL"),
    ):
        samples = [Sample(one, row) for row in rows]
        single = [s for s in samples if s.row["kind"] in {"answer", "refer"}]
        _show(f"WEIGHTS{suffix}", fit_ranking(single, start))
        known = [sample for sample in samples if sample.facts]
        scope = [sample.row["kind"] in ANSWERABLE for sample in known]
        _show(f"SCOPE{suffix}", fit_logistic([s.facts for s in known], scope, balanced=True))
        inside = [sample for sample in known if sample.row["kind"] in ANSWERABLE]
        right = [sample.right[0] and sample.row["kind"] != "clarify" for sample in inside]
        _show(f"RIGHT{suffix}", fit_logistic([s.facts for s in inside], right, balanced=False))
        if one is engine:
            further = [pair for sample in single for pair in sample.further]
            facts, asked = zip(*further, strict=True)
            _show("FURTHER", fit_logistic(facts, asked, balanced=False))


def _show_net(engine: Engine, rows: Sequence[Mapping[str, Any]]) -> None:
    """Print from where on the net behind the safety rules gives an alarm."""
    model = engine._matcher.space.model
    assert model is not None
    read = [engine.understand(row["q"]).whole.tokens for row in rows]
    vectors = np.array([model.embed([sentence_of(tokens)])[0] for tokens in read])
    kinds = np.array([row["kind"] for row in rows])
    for name, direction, kind, share in (
        ("EMERGENCY_FROM", model.learned.emergency, "emergency", FALSE_EMERGENCIES),
        ("DECISION_FROM", model.learned.decision, "refer", FALSE_DECISIONS),
    ):
        said = vectors @ direction
        ordinary = (kinds != kind) & (kinds != "emergency")
        line = float(np.quantile(said[ordinary], 1 - share))
        found = (said[kinds == kind] >= line).mean()
        print(f"{name} = {line:.3f}  # finds {found:.1%} without any rule")


def _show(name: str, values: Mapping[str, float]) -> None:
    print(f"{name} = {pprint.pformat(dict(values), sort_dicts=False)}")


if __name__ == "__main__":
    main()
