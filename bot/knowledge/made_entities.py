"""Entities that no curator types: one for each study and each opioid, and LDN itself."""

from __future__ import annotations

from bot.knowledge.schema import Entity, EntityKind, Member, Opioid, Study, WordsFile

LDN = "ldn"
"""Id of the subject of the whole knowledge base."""

ANY_OPIOID = "opioids"
"""Id of the entry with the generic words for opioids, which contains all others."""


def ldn_entity(vocabulary: WordsFile) -> Entity:
    """Low-dose naltrexone with all its names."""
    return Entity(
        id=LDN, kind=EntityKind.MEDICINE, name="low-dose naltrexone", terms=vocabulary.subject
    )


def study_entity_id(study: Study) -> str:
    """Id of the entity that stands for a study."""
    return f"study-{study.id}"


def study_entity(study: Study) -> Entity:
    """A study by its title and what people call it."""
    return Entity(
        id=study_entity_id(study),
        kind=EntityKind.STUDY,
        name=study.title,
        terms=study.names,
    )


def opioid_entity(opioid: Opioid) -> Entity:
    """An opioid by all names that are not everyday words."""
    return Entity(
        id=opioid.id,
        kind=EntityKind.MEDICINE,
        name=opioid.name,
        members=(Member(name=opioid.id, other_names=opioid.plain_names),),
        broader=() if opioid.id == ANY_OPIOID else (ANY_OPIOID,),
    )
