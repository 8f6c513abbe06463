"""Sources: publications, register entries, labels and pages that claims rest on."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated
from urllib.parse import quote

from pydantic import Field, StringConstraints

from bot.knowledge.schema.base import Record, Slug, Text, Texts

DOI = r"^10\.\d{4,9}/\S+$"
PMID = r"^\d{1,9}$"
URL = r"^https?://[^\s<>\"]+$"


class Level(StrEnum):
    """How a source was read. Everything from ``secondary`` on is shown as such to readers."""

    FULL_TEXT = "full-text"
    ABSTRACT = "abstract"
    REGISTRY = "registry"
    LABEL = "label"
    SECONDARY = "secondary"
    SEED_ONLY = "seed-only"
    NOT_FOUND = "not-found"

    @property
    def confirmed(self) -> bool:
        """True if the original itself was read, at least its abstract or official record."""
        return self in {Level.FULL_TEXT, Level.ABSTRACT, Level.REGISTRY, Level.LABEL}


class SourceType(StrEnum):
    """What kind of publication a source is."""

    RCT = "rct"
    OPEN_LABEL_TRIAL = "open-label-trial"
    COHORT = "cohort"
    RETROSPECTIVE_REVIEW = "retrospective-review"
    CASE_SERIES = "case-series"
    CASE_REPORT = "case-report"
    SURVEY = "survey"
    COCHRANE_REVIEW = "cochrane-review"
    SYSTEMATIC_REVIEW = "systematic-review"
    META_ANALYSIS = "meta-analysis"
    NARRATIVE_REVIEW = "narrative-review"
    TRIAL_PROTOCOL = "trial-protocol"
    REGISTRY_ENTRY = "registry-entry"
    PHARMACOKINETICS = "pharmacokinetics"
    ANIMAL = "animal"
    IN_VITRO = "in-vitro"
    GUIDELINE = "guideline"
    DRUG_LABEL = "drug-label"
    MEDICINES_LIST = "medicines-list"
    NEWS = "news"
    WEB_ARTICLE = "web-article"
    PROJECT = "project"


class Source(Record):
    """A publication, registry record, label or page that claims rest on.

    ``url`` is the public original (doi.org, PubMed, registry, regulator), never a mirror; it is
    left out when no public original is known. ``checked`` is the day on which it was read.
    """

    id: Slug
    type: SourceType
    title: Text
    authors: Texts = ()
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    publication: Text | None = None
    doi: Annotated[str, StringConstraints(pattern=DOI)] | None = None
    pmid: Annotated[str, StringConstraints(pattern=PMID)] | None = None
    registry: Texts = ()
    url: Annotated[str, StringConstraints(pattern=URL)] | None = None
    level: Level
    checked: dt.date
    retracted: bool = False
    note: Text | None = None

    @property
    def link(self) -> str | None:
        """The address to show to readers: doi.org first, then PubMed, then ``url``."""
        if self.doi:
            # Old DOIs hold signs such as <, ( and #, which would end or break an address.
            return f"https://doi.org/{quote(self.doi, safe='/:')}"
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        return self.url


class SourceFile(Record):
    """A file under ``knowledge/sources/``."""

    reviewed: dt.date
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
