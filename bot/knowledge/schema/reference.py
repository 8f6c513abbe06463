"""Reference lists: whom to call in which country, and what words mean."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from bot.knowledge.schema.base import (
    Language,
    Record,
    Slug,
    Slugs,
    Term,
    Terms,
    Text,
    Texts,
    TopicIds,
)


class HelpLine(Record):
    """A service with its number or address. ``as_of`` is the year of the page it was read on.

    ``confidence``: official (the service itself or a public authority), established-body, or
    secondary (news or another organisation).
    """

    name: Text
    number: Text | None = None
    url: Annotated[str, Field(pattern=r"^https?://[^\s<>\"]+$")] | None = None
    hours: Text | None = None
    confidence: Literal["official", "established-body", "secondary"]
    as_of: Annotated[int, Field(ge=1990, le=2100)] | None = None
    note: Text | None = None


class Contact(Record):
    """Emergency, crisis and poison lines of a country.

    ``names`` are words by which a message names the country; ``languages`` those in which a
    message hints at it.
    """

    id: Slug
    country: Text
    names: Terms = ()
    languages: tuple[Language, ...] = ()
    emergency: Texts
    crisis_line: HelpLine | None = None
    poison_line: HelpLine | None = None
    note: Text | None = None
    sources: Annotated[Slugs, Field(min_length=1)]


class ContactFile(Record):
    """``contacts.yaml``. ``anywhere`` is for countries that are not listed.

    ``crisis_topics`` and ``poison_topics`` are the emergencies for which those lines are shown.
    """

    reviewed: dt.date
    crisis_topics: TopicIds
    poison_topics: TopicIds
    anywhere: Contact
    contacts: tuple[Contact, ...]


class Word(Record):
    """A term of the field with its meaning in one line; ``also`` are other ways to write it."""

    id: Slug
    term: Term
    also: Terms = ()
    meaning: Text
    sources: Annotated[Slugs, Field(min_length=1)]

    @property
    def topic_id(self) -> str:
        """Id of the topic that explains the word."""
        return f"about.word-{self.id}"


class GlossaryFile(Record):
    """``glossary.yaml``: words that answers use and readers may not know."""

    reviewed: dt.date
    words: tuple[Word, ...]
