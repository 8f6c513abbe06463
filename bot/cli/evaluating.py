"""``ldn-bot evaluate``: how often the engine does the right thing with labelled questions."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import typer
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.cli import start
from bot.engine import Engine
from bot.replies import Question, Reply, ReplyKind

WORST = 10
"""Confusions that are listed."""

Text = Annotated[str, Field(min_length=1)]


class LabelledQuestion(BaseModel):
    """One line of a question file.

    ``topics`` are the acceptable ones, any of them as the first answer; for a message with two
    questions (style ``multi``) all of them. ``context`` is the message before.
    """

    model_config = ConfigDict(frozen=True)

    id: Text
    q: Text
    kind: Literal["answer", "clarify", "abstain", "refer", "emergency", "smalltalk"]
    topics: tuple[str, ...] = ()
    opioid_warning: str = "standard"
    style: str = ""
    lang: str = "en"
    context: str | None = None
    split: str | None = None


@dataclass
class Scoreboard:
    """Hits and tries by name, in the order in which the names come up."""

    hits: Counter[str] = field(default_factory=Counter)
    tries: Counter[str] = field(default_factory=Counter)
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, name: str, hit: bool) -> None:
        """Count one try."""
        self.tries[name] += 1
        self.hits[name] += hit

    def share(self, name: str) -> float:
        """Share of hits, 0 to 1."""
        return self.hits[name] / self.tries[name]

    def lines(self) -> Iterable[str]:
        """One line a name."""
        for name, tries in self.tries.items():
            yield f"{name:<48} {self.hits[name]:>5} / {tries:<5} {self.share(name):7.1%}"


def judge(row: LabelledQuestion, expected: Sequence[str], reply: Reply, board: Scoreboard) -> bool:
    """Count what a reply shows; true if its main expectation is met.

    ``expected`` are the row's topics under their present ids.
    """
    shown = [*reply.topics, *(option.topic_id for option in reply.options)]
    if row.kind == "answer":
        good = _judge_answer(row, set(expected), shown, reply, board)
    elif row.kind == "clarify":
        good = reply.kind is ReplyKind.CLARIFY or bool({*expected} & {*shown})
        board.add("clarify: asked back, or one of the topics", good)
    elif row.kind == "abstain":
        good = reply.kind is ReplyKind.DECLINE
        board.add("abstain: refused", good)
    elif row.kind == "refer":
        good = reply.refer
        board.add("refer: recognised", good)
        board.add("refer: a right topic shown", bool({*expected} & {*shown}))
    elif row.kind == "emergency":
        good = reply.kind is ReplyKind.EMERGENCY
        board.add("emergency: recognised", good)
    else:
        good = reply.kind is ReplyKind.SMALLTALK
        board.add("small talk: recognised", good)
    if row.kind != "emergency":
        board.add("no false emergency", reply.kind is not ReplyKind.EMERGENCY)
    warned = reply.opioid_warning.value
    if row.opioid_warning == "full":
        board.add("opioid: full warning", warned == "full")
        board.add("opioid: full warning or caution", warned in {"full", "caution"})
    else:
        board.add("opioid: no false full warning", warned != "full")
    return good


def _judge_answer(
    row: LabelledQuestion, expected: set[str], shown: list[str], reply: Reply, board: Scoreboard
) -> bool:
    answered = reply.kind in {ReplyKind.ANSWER, ReplyKind.SMALLTALK}
    first = answered and bool(expected & set(reply.topics[:1]))
    board.add("answer: right topic first", first)
    board.add(
        "answer: right topic answered or among the first three", bool(expected & {*shown[:3]})
    )
    board.add("answer: not wrong with confidence", not answered or bool(expected & {*shown}))
    board.add("answer: not refused", reply.kind is not ReplyKind.DECLINE)
    if row.style == "multi":
        board.add("answer: both of two questions", expected <= {*reply.topics})
    if row.context:
        board.add("answer: follow-ups", first)
    if row.lang != "en":
        board.add("answer: other languages", first)
    board.add(f"  style {row.style}", first)
    board.add(f"  topic {row.topics[0].partition('.')[0]}", first)
    if not first:
        board.confusions[row.topics[0], shown[0] if shown else "nothing"] += 1
    return first


def evaluate_file(path: Path, split: str | None, *, wrong: bool, baselines: bool) -> None:
    """Print the report on a file of labelled questions (JSON lines)."""
    rows = [row for row in read_questions(path) if split is None or row.split == split]
    if not rows:
        start.fail(f"{path.name} has no questions to try")
    engine = start.engine(start.settings())
    aliases = engine.knowledge.aliases
    board = Scoreboard()
    times = []
    for row in rows:
        expected = [aliases.get(topic, topic) for topic in row.topics]
        question = Question(row.q, context=(row.context,) if row.context else ())
        begun = time.perf_counter()
        reply = engine.reply(question)
        times.append(time.perf_counter() - begun)
        if not judge(row, expected, reply, board) and wrong:
            typer.echo(f"{row.id} {row.kind}: {row.q[:110]!r}")
            typer.echo(f"    wanted {expected[:3]}, got {reply.kind} {reply.topics}")
    typer.echo("\n".join(board.lines()))
    times.sort()
    middle, late = times[len(times) // 2], times[int(len(times) * 0.99)]
    typer.echo(f"\nOne reply takes {middle * 1000:.1f} ms (median), {late * 1000:.1f} ms (99 %).")
    if board.confusions:
        typer.echo("\nMost frequent confusions (wanted, got):")
    for (wanted, got), count in board.confusions.most_common(WORST):
        typer.echo(f"{count:>4}  {wanted}  {got}")
    if baselines:
        typer.echo("\nThe same single questions in simple ways (first, among three):")
        for name, (first, three) in _baselines(engine, rows, aliases).items():
            typer.echo(f"{name:<12} {first:7.1%} {three:7.1%}")


def _baselines(
    engine: Engine, rows: Sequence[LabelledQuestion], aliases: Mapping[str, str]
) -> dict[str, tuple[float, float]]:
    single = [r for r in rows if r.kind == "answer" and r.style != "multi" and not r.context]
    parts = [engine.understand(row.q).whole for row in single]
    wanted = [{aliases.get(topic, topic) for topic in row.topics} for row in single]
    result = {}
    for name, method in engine.baselines().methods.items():
        found = [method(part) for part in parts]
        firsts = sum(bool({*f[:1]} & w) for f, w in zip(found, wanted, strict=True))
        threes = sum(bool({*f} & w) for f, w in zip(found, wanted, strict=True))
        result[name] = firsts / len(single), threes / len(single)
    return result


def read_questions(path: Path) -> list[LabelledQuestion]:
    """The questions of a file, or the end with the line that can't be read."""
    rows = []
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        start.fail(f"{path} can't be read: {error}")
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            rows.append(LabelledQuestion.model_validate(json.loads(line)))
        except (json.JSONDecodeError, ValidationError) as error:
            detail = (
                error.errors()[0] if isinstance(error, ValidationError) else {"msg": str(error)}
            )
            field = ".".join(map(str, detail.get("loc", ()))) or "line"
            start.fail(f"{path.name}:{number}: {field}: {detail['msg']}")
    return rows
