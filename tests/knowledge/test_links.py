"""The address of a source that readers see."""

from __future__ import annotations

import datetime as dt
from urllib.parse import unquote, urlsplit

import pytest

from bot.knowledge.schema import Source


def source(**fields: object) -> Source:
    given = {"id": "a", "type": "rct", "title": "A", "level": "abstract", "checked": TODAY}
    return Source.model_validate(given | fields)


TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("doi", "path"),
    [
        ("10.1002/art.37734", "10.1002/art.37734"),
        ("10.1016/S2665-9913(23)00278-3", "10.1016/S2665-9913%2823%2900278-3"),
        ("10.1002/1<7::aid>3.0;2-#", "10.1002/1%3C7::aid%3E3.0%3B2-%23"),
        ("10.1000/50%?é", "10.1000/50%25%3F%C3%A9"),
    ],
)
def test_signs_in_a_doi_are_encoded(doi: str, path: str) -> None:
    link = source(doi=doi).link

    assert link == f"https://doi.org/{path}"
    assert unquote(urlsplit(link).path) == f"/{doi}"


def test_doi_comes_before_pubmed_and_the_page() -> None:
    page = {"url": "https://example.org/x"}
    assert source(doi="10.1000/x", pmid="1", **page).link == "https://doi.org/10.1000/x"
    assert source(pmid="1", **page).link == "https://pubmed.ncbi.nlm.nih.gov/1/"
    assert source(**page).link == "https://example.org/x"
    assert source().link is None
