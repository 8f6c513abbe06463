"""The whole knowledge base as JSON, and the JSON Schema that describes it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import Contact, Source, Study, Topic, Word


class Everything(BaseModel):
    """Form of the whole export. ``topics`` hold those composed from studies and words as well."""

    version: str
    sources: list[Source]
    studies: list[Study]
    topics: list[Topic]
    words: list[Word]
    contacts: list[Contact]


def everything(knowledge: KnowledgeBase) -> dict[str, Any]:
    """All sources, studies, topics, words and contacts, ready for JSON."""
    whole = Everything(
        version=knowledge.version,
        sources=list(knowledge.sources.values()),
        studies=list(knowledge.studies.values()),
        topics=list(knowledge.topics.values()),
        words=list(knowledge.glossary.words),
        contacts=[*knowledge.contacts.contacts, knowledge.contacts.anywhere],
    )
    return whole.model_dump(mode="json", exclude_none=True)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of :func:`everything`."""
    return Everything.model_json_schema()
