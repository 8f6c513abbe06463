"""What stands in a knowledge folder, gathered file by file until it can become a base."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.knowledge.problems import Origin
from bot.knowledge.schema import Entity, Intent, LanguageFile, Source, Study, Topic


class Ids(set[str]):
    """Ids of one kind of record, those in faulty files included.

    ``open`` once a file can't be read at all: then any id may stand in it, and none is missing.
    """

    open = False

    def __contains__(self, record_id: object) -> bool:
        return self.open or super().__contains__(record_id)


@dataclass(slots=True)
class Records:
    """Valid records by id (``topics`` without those of studies), files of their own by name.

    ``origins`` has the place of each: by id; of studies by topic id, of entities and intents with
    their kind before the id. ``ids`` are all that may be referred to, by kind of record.
    """

    sources: dict[str, Source] = field(default_factory=dict)
    studies: dict[str, Study] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    intents: dict[str, Intent] = field(default_factory=dict)
    languages: dict[str, LanguageFile] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    ids: dict[str, Ids] = field(
        default_factory=lambda: {
            kind: Ids() for kind in ("source", "study", "topic", "vocabulary entry", "intent")
        }
    )
