"""``ldn-bot export`` and ``ldn-bot claims``."""

from __future__ import annotations

import json

import typer

from bot.cli import start
from bot.exports import bibtex, claims_table, csl, everything, json_schema, ris, studies_csv
from bot.knowledge import KnowledgeBase


def export_knowledge(form: str) -> None:
    """Print the knowledge in one of the forms of ``ldn-bot export``."""
    if form == "json-schema":
        _print_json(json_schema())
        return
    knowledge = _knowledge()
    match form:
        case "json":
            _print_json(everything(knowledge))
        case "csl":
            _print_json(csl(knowledge))
        case "ris":
            typer.echo(ris(knowledge), nl=False)
        case "bibtex":
            typer.echo(bibtex(knowledge), nl=False)
        case _:
            typer.echo(studies_csv(knowledge), nl=False)


def list_claims() -> None:
    """Print every popular claim, grouped by topic."""
    topic_id = ""
    for row in claims_table(_knowledge()):
        if row.topic_id != topic_id:
            topic_id = row.topic_id
            typer.echo(f"\n{topic_id}")
        typer.echo(f"- “{row.claim}”\n  {row.verdict}: {row.finding} [{', '.join(row.sources)}]")


def _knowledge() -> KnowledgeBase:
    return start.knowledge(start.settings())


def _print_json(data: object) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
