"""The knowledge base in memory: what :mod:`bot.knowledge.loading` returns and everyone reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.knowledge.schema import (
    ContactFile,
    DecisionExampleFile,
    DecisionFile,
    EditorialFile,
    EmergencyExampleFile,
    EmergencyFile,
    Entity,
    GlossaryFile,
    Intent,
    LanguageFile,
    NoticeFile,
    OpioidFile,
    SmallTalk,
    Source,
    Study,
    Topic,
    WordsFile,
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words: what questions are about, what they want, and what must come first."""

    entities: Mapping[str, Entity]
    intents: Mapping[str, Intent]
    opioids: OpioidFile
    emergencies: EmergencyFile
    emergency_examples: EmergencyExampleFile
    decisions: DecisionFile
    decision_examples: DecisionExampleFile
    smalltalk: tuple[SmallTalk, ...]
    off_topic: tuple[str, ...]
    words: WordsFile


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """Validated knowledge. ``topics`` includes those composed from study records.

    ``version`` is a hash of all files; ``aliases`` maps former topic ids to present ones.
    """

    sources: Mapping[str, Source]
    studies: Mapping[str, Study]
    topics: Mapping[str, Topic]
    aliases: Mapping[str, str]
    vocabulary: Vocabulary
    notices: NoticeFile
    editorial: EditorialFile
    contacts: ContactFile
    glossary: GlossaryFile
    languages: Mapping[str, LanguageFile]
    version: str

    def topic(self, topic_id: str) -> Topic | None:
        """The topic with this id, also when the id is a former one; ``None`` if unknown."""
        return self.topics.get(self.aliases.get(topic_id, topic_id))

    def studies_of(self, topic: Topic) -> tuple[Study, ...]:
        """The study records that a topic lists, in its order."""
        return tuple(self.studies[study_id] for study_id in topic.studies)
