"""The knowledge in forms for other programs, read back by independent readers."""

from __future__ import annotations

import csv
import io
import json

import jsonschema
import pytest
import rispy
from bibtexparser.entrypoint import parse_string

from bot.exports import bibtex, claims_table, csl, everything, json_schema, ris, studies_csv
from bot.exports.tables import STUDY_COLUMNS
from bot.knowledge import KnowledgeBase


def test_everything_fits_its_schema_and_is_json(shipped_knowledge: KnowledgeBase) -> None:
    data = json.loads(json.dumps(everything(shipped_knowledge)))
    jsonschema.validate(data, json_schema())
    assert data["version"] == shipped_knowledge.version
    assert len(data["topics"]) == len(shipped_knowledge.topics)
    assert {"claim", "verdict"} <= {
        key for topic in data["topics"] for claim in topic["popular_claims"] for key in claim
    }


def test_ris_holds_every_source(shipped_knowledge: KnowledgeBase) -> None:
    entries = {entry["id"]: entry for entry in rispy.loads(ris(shipped_knowledge))}
    assert entries.keys() == shipped_knowledge.sources.keys()
    younger = entries["younger-2013"]
    assert younger["doi"] == "10.1002/art.37734"
    assert younger["year"] == "2013"
    assert younger["authors"][0] == "Younger J"


def test_bibtex_holds_every_source(shipped_knowledge: KnowledgeBase) -> None:
    library = parse_string(bibtex(shipped_knowledge))
    assert not library.failed_blocks
    assert library.entries_dict.keys() == shipped_knowledge.sources.keys()
    assert library.entries_dict["younger-2013"]["doi"] == "10.1002/art.37734"


def test_csl_names_how_a_source_was_read(shipped_knowledge: KnowledgeBase) -> None:
    items = {item["id"]: item for item in csl(shipped_knowledge)}
    assert items.keys() == shipped_knowledge.sources.keys()
    assert items["younger-2013"]["note"] == "read as: abstract"
    assert items["wang-2008"]["note"].startswith("RETRACTED")
    assert items["younger-2013"]["issued"] == {"date-parts": [[2013]]}


def test_studies_have_a_row_for_each_outcome(shipped_knowledge: KnowledgeBase) -> None:
    rows = list(csv.DictReader(io.StringIO(studies_csv(shipped_knowledge))))
    assert tuple(rows[0]) == STUDY_COLUMNS
    expected = sum(max(1, len(s.outcomes)) for s in shipped_knowledge.studies.values())
    assert len(rows) == expected
    pain = next(r for r in rows if r["id"] == "younger-2013" and r["primary"] == "True")
    assert (pain["direction"], pain["p"], pain["randomised"]) == ("favours-ldn", "0.016", "31")


@pytest.mark.parametrize(
    "verdict", ["agrees", "differs", "contradicted", "unverifiable", "opinion"]
)
def test_popular_claims_come_with_every_verdict(
    shipped_knowledge: KnowledgeBase, verdict: str
) -> None:
    rows = list(claims_table(shipped_knowledge))
    assert len(rows) >= 205
    assert any(row.verdict == verdict and row.finding and row.sources for row in rows)
