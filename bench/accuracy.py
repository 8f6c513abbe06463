"""How often the engine finds the right topic, warns and refuses, on a file of labelled questions.

    python -m bench.accuracy tests/data/questions.jsonl [--split held-out] [--wrong]

Each line of the file: ``q``, ``kind`` (answer, clarify, abstain, refer, emergency, smalltalk),
``topics`` (acceptable, best first), ``also`` (second question), ``opioid_warning``, ``style``,
``lang``, ``context``, ``split``.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.engine import Engine
from bot.knowledge import default_directory, load
from bot.replies import Question, Reply, ReplyKind


@dataclass
class Tally:
    """Hits and tries by name."""

    hits: Counter[str] = field(default_factory=Counter)
    tries: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, hit: bool) -> None:
        """Count one try."""
        self.tries[name] += 1
        self.hits[name] += hit

    def lines(self) -> Iterable[str]:
        """One line for each name, in the order in which they came up."""
        for name, tries in self.tries.items():
            share = self.hits[name] / tries
            yield f"{name:<44} {self.hits[name]:>5} / {tries:<5} {share:7.1%}"


def judge(row: dict[str, Any], reply: Reply, tally: Tally) -> bool:
    """Count what a reply to one labelled question shows; true if its main expectation is met."""
    expected = set(row["topics"])
    shown = [*reply.topics, *(option.topic_id for option in reply.options)]
    kind = row["kind"]
    answered = reply.kind in {ReplyKind.ANSWER, ReplyKind.SMALLTALK}
    if kind == "answer":
        first = answered and bool(expected & set(reply.topics[:1]))
        tally.add("answer: right topic first", first)
        tally.add("answer: right topic among the first three", bool(expected & set(shown[:3])))
        wrong = answered and not expected & set(shown)
        tally.add("answer: not wrong with confidence", not wrong)
        tally.add("answer: not refused", reply.kind is not ReplyKind.DECLINE)
        good = first
        style = row.get("style", "")
        tally.add(f"  style {style}", first)
        if row.get("lang"):
            tally.add("  other language", first)
        if row.get("also"):
            both = first and bool(set(row["also"]) & set(shown))
            tally.add("answer: both of two questions", both)
    elif kind == "clarify":
        good = reply.kind is ReplyKind.CLARIFY or bool(expected & set(shown))
        tally.add("clarify: offered, or one of the topics", good)
    elif kind == "abstain":
        good = reply.kind is ReplyKind.DECLINE
        tally.add("abstain: refused", good)
        tally.add("abstain: refused or asked back", reply.kind is not ReplyKind.ANSWER)
    elif kind == "refer":
        good = reply.refer
        tally.add("refer: recognised", good)
        tally.add("refer: right topic shown", bool(expected & set(shown)))
    elif kind == "emergency":
        good = reply.kind is ReplyKind.EMERGENCY
        tally.add("emergency: recognised", good)
    else:
        good = reply.kind is ReplyKind.SMALLTALK
        tally.add("smalltalk: recognised", good)
    if kind != "emergency":
        tally.add("no false emergency", reply.kind is not ReplyKind.EMERGENCY)
    warned = reply.opioid_warning.value
    if row["opioid_warning"] == "full":
        tally.add("opioid: full warning", warned == "full")
        tally.add("opioid: full or caution", warned in {"full", "caution"})
    else:
        tally.add("no false full warning", warned != "full")
    return good


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("file", type=Path)
    parser.add_argument("--split", choices=["tune", "held-out"])
    parser.add_argument("--wrong", action="store_true", help="list what went wrong")
    options = parser.parse_args()
    engine = Engine(load(default_directory()))
    aliases = engine.knowledge.aliases
    tally = Tally()
    with options.file.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    for row in rows:
        if options.split and row.get("split") != options.split:
            continue
        row["topics"] = [aliases.get(topic, topic) for topic in row["topics"]]
        context = (row["context"],) if row.get("context") else ()
        reply = engine.reply(Question(row["q"], context=context))
        good = judge(row, reply, tally)
        if options.wrong and not good:
            shown = [*reply.topics, "|", *(option.topic_id for option in reply.options)]
            print(f"{row['id']} {row['kind']}: {row['q'][:110]!r}")
            print(f"    want {row['topics'][:3]} got {reply.kind} {reply.confidence:.2f} {shown}")
    print(*tally.lines(), sep="\n")


if __name__ == "__main__":
    main()
