"""What a question takes over from the rest of the message and from the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.knowledge.made_entities import LDN
from bot.knowledge.schema import Entity, Topic, WordsFile
from bot.language import Part
from bot.language.text import words

SHORT_QUESTION = 4
"""Up to so many words with meaning, a question may lean on the one before."""


@dataclass(frozen=True, slots=True)
class Context:
    """Taken over: whether LDN is meant unsaid, whether it is a follow-up, further entity ids."""

    about_ldn: bool = False
    follow_up: bool = False
    entity_ids: tuple[str, ...] = ()


class ContextReader:
    """Decides what is taken over, with the words and entities of one knowledge base."""

    def __init__(self, vocabulary: WordsFile, entities: Mapping[str, Entity]) -> None:
        self._entities = entities
        self._openers = frozenset(
            word for entry in vocabulary.follow_up_words for word in words(entry)
        )

    def of_follow_up(self, part: Part, content: int, previous: Topic | None) -> Context:
        """For a message after ``previous``; ``content`` is its number of words with meaning.

        The subject of the previous topic is taken over unless one of its kind is named anew
        ("and for crohns?" after fibromyalgia).
        """
        if previous is None:
            return Context()
        opens = bool(self._openers & set(part.tokens[:2]))
        complete = part.names_ldn and bool(part.entity_ids)
        if not opens and (complete or content > SHORT_QUESTION):
            return Context()
        kinds = {mention.entity.kind for mention in part.mentions if mention.entity.id != LDN}
        main = previous.subjects[:1]
        named_anew = bool(main) and self._entities[main[0]].kind in kinds
        return Context(about_ldn=True, follow_up=True, entity_ids=() if named_anew else main)

    @staticmethod
    def of_part(part: Part, whole: Part, context: Context) -> Context:
        """For one question of a longer message: what the message names and the question doesn't."""
        return Context(
            about_ldn=context.about_ldn or whole.names_ldn,
            follow_up=context.follow_up,
            entity_ids=context.entity_ids if part.entity_ids else whole.entity_ids[:2],
        )
