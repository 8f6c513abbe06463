"""The sources as CSL-JSON, RIS and BibTeX, for citation managers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import rispy
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import Source, SourceType

_ARTICLES = {
    SourceType.RCT,
    SourceType.OPEN_LABEL_TRIAL,
    SourceType.COHORT,
    SourceType.RETROSPECTIVE_REVIEW,
    SourceType.CASE_SERIES,
    SourceType.CASE_REPORT,
    SourceType.SURVEY,
    SourceType.COCHRANE_REVIEW,
    SourceType.SYSTEMATIC_REVIEW,
    SourceType.META_ANALYSIS,
    SourceType.NARRATIVE_REVIEW,
    SourceType.TRIAL_PROTOCOL,
    SourceType.PHARMACOKINETICS,
    SourceType.ANIMAL,
    SourceType.IN_VITRO,
    SourceType.GUIDELINE,
}
_CSL_TYPES = {SourceType.NEWS: "article-newspaper", SourceType.REGISTRY_ENTRY: "dataset"}
_PAGES = "webpage"
_SPECIAL = re.compile(r"([&%$#_{}])")


def csl(knowledge: KnowledgeBase) -> list[dict[str, Any]]:
    """All sources as CSL-JSON items. How each was read stands in ``note``."""
    return [_csl_item(source) for source in knowledge.sources.values()]


def ris(knowledge: KnowledgeBase) -> str:
    """All sources as RIS, written by rispy."""
    text: str = rispy.dumps([_ris_entry(source) for source in knowledge.sources.values()])
    return text


def bibtex(knowledge: KnowledgeBase) -> str:
    """All sources as BibTeX, written by bibtexparser."""
    library = Library()
    for source in knowledge.sources.values():
        library.add(_bibtex_entry(source))
    text: str = write_string(library)
    return text


def _note(source: Source) -> str:
    retracted = "RETRACTED; " if source.retracted else ""
    return f"{retracted}read as: {source.level.value}"


def _csl_item(source: Source) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": source.id,
        "type": "article-journal"
        if source.type in _ARTICLES
        else _CSL_TYPES.get(source.type, _PAGES),
        "title": source.title,
        "note": _note(source),
        "accessed": {"date-parts": [list(source.checked.timetuple()[:3])]},
    }
    optional = {
        "author": [{"literal": name} for name in source.authors],
        "issued": {"date-parts": [[source.year]]} if source.year else None,
        "container-title": source.publication,
        "DOI": source.doi,
        "PMID": source.pmid,
        "URL": source.link,
    }
    return item | {key: value for key, value in optional.items() if value}


def _ris_entry(source: Source) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "type_of_reference": "JOUR" if source.type in _ARTICLES else "ELEC",
        "id": source.id,
        "title": source.title,
        "notes": [_note(source)],
        "access_date": source.checked.isoformat(),
    }
    optional = {
        "authors": list(source.authors),
        "year": str(source.year) if source.year else None,
        "secondary_title": source.publication,
        "doi": source.doi,
        "accession_number": source.pmid,
        "urls": [source.link] if source.link else None,
    }
    return entry | {key: value for key, value in optional.items() if value}


def _bibtex_entry(source: Source) -> Entry:
    values = {
        "title": f"{{{_latex(source.title)}}}",
        "author": " and ".join(f"{{{_latex(name)}}}" for name in source.authors),
        "year": str(source.year or ""),
        "journal" if source.type in _ARTICLES else "howpublished": _latex(source.publication or ""),
        "doi": source.doi or "",
        "pmid": source.pmid or "",
        "url": source.link or "",
        "note": _latex(_note(source)),
        "urldate": source.checked.isoformat(),
    }
    kind = "article" if source.type in _ARTICLES else "misc"
    fields: Iterable[Field] = (Field(key, value) for key, value in values.items() if value)
    return Entry(kind, source.id, list(fields))


def _latex(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
