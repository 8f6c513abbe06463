"""``ldn-bot explain`` and ``ldn-bot check``: a look inside, for curators and developers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from bot.cli import start
from bot.knowledge import Gravity, KnowledgeError
from bot.knowledge.editorial import review
from bot.knowledge.loading import load_with_origins
from bot.replies import Question

SHOWN = 10
"""Candidates that an explanation lists."""


def explain_question(text: str, earlier: tuple[str, ...]) -> None:
    """Print what was understood and which topics came into question."""
    engine = start.engine(start.settings())
    message, findings, decision = engine.explain(Question(text, earlier))
    part = message.whole
    rows = {
        "words": " ".join(part.tokens),
        "language": message.language,
        "entities": ", ".join(mention.entity.id for mention in part.mentions) or "none",
        "intents": ", ".join(f"{k} {v:.2f}" for k, v in part.intents.items()) or "none",
        "opioids": ", ".join(f"{m.opioid.id} ({m.level})" for m in findings.opioids) or "none",
        "emergency": findings.emergency.id if findings.emergency else "none",
        "personal decision": "yes" if findings.refer else "no",
        "unknown medicines": ", ".join(findings.unknown_medicines) or "none",
        "not covered": ", ".join(decision.uncovered) or "none",
        "decision": f"{decision.outcome} (confidence {decision.confidence:.2f})",
        "because": decision.because,
    }
    # People's words are shown as they are, also when they look like Rich's markup.
    console = Console(markup=False, emoji=False, highlight=False)
    facts = Table(show_header=False, box=None)
    for name, value in rows.items():
        facts.add_row(name, value)
    console.print(facts)
    table = Table("share", "topic", "signals and nearest phrasing", box=None)
    for candidate in decision.candidates[:SHOWN]:
        signals = ", ".join(f"{k} {v:.2f}" for k, v in candidate.signals.items() if v)
        nearest = engine.nearest_phrasing(message, candidate.topic)
        table.add_row(f"{candidate.share:.2f}", candidate.topic.id, f"{signals}\n“{nearest}”")
    console.print(table)


def check_knowledge(directory: Path | None) -> int:
    """Print everything that is wrong with the knowledge; the exit code says if it is usable."""
    directory = directory or start.knowledge_directory(start.settings())
    try:
        loaded = load_with_origins(directory)
    except KnowledgeError as error:
        start.print_problems(error.problems)
        typer.echo(f"{len(error.problems)} errors: this knowledge can't be used", err=True)
        return start.EXIT_BAD_INPUT
    problems = review(loaded, dt.datetime.now(dt.UTC).date())
    start.print_problems(problems)
    base = loaded.base
    claims = sum(len(topic.claims()) for topic in base.topics.values())
    errors = sum(problem.gravity is Gravity.ERROR for problem in problems)
    typer.echo(
        f"{len(base.topics)} topics, {claims} claims, {len(base.studies)} studies, "
        f"{len(base.sources)} sources; version {base.version}; "
        f"{errors} errors, {len(problems) - errors} warnings"
    )
    return start.EXIT_BAD_INPUT if errors else 0
