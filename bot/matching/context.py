"""What a question takes over from the rest of the message and from the conversation."""

from __future__ import annotations

from dataclasses import dataclass

from bot.knowledge.made_entities import LDN
from bot.knowledge.schema import EntityKind, Topic, WordsFile
from bot.language import Part
from bot.language.text import words

VERY_SHORT = 2
"""Up to so many words with meaning, a message leans on the one before without pointing back."""

SHORT_QUESTION = 4
"""Up to so many words with meaning, a question may lean on the one before."""


@dataclass(frozen=True, slots=True)
class Context:
    """Taken over: whether LDN is meant unsaid, the topic that is followed up, entity ids.

    ``guessed``: nothing in the message shows that it leans on that topic.
    """

    about_ldn: bool = False
    follows: Topic | None = None
    entity_ids: tuple[str, ...] = ()
    guessed: bool = False


class ContextReader:
    """Decides what is taken over, with the words of one knowledge base."""

    def __init__(self, vocabulary: WordsFile) -> None:
        self._pointers = frozenset(
            word for entry in vocabulary.pointers for word in words(entry)
        ) - {"with", "together"}
        self._openers = frozenset(
            word for entry in vocabulary.follow_up_words for word in words(entry)
        )

    def of_follow_up(self, part: Part, content: int, previous: Topic | None) -> Context:
        """For a message after ``previous``; ``content`` is its number of words with meaning.

        A message leans on the one before if it opens like a follow-up ("and ..."), points back
        ("it") or says hardly anything by itself.
        """
        if previous is None:
            return Context()
        opens = bool(self._openers & set(part.tokens[:2]))
        points = bool(self._pointers & set(part.tokens))
        own = any(
            mention.entity.id != LDN and mention.entity.kind is not EntityKind.CONCEPT
            for mention in part.mentions
        )
        if part.names_ldn and own and not opens:
            return Context()
        if not (opens or (points and content <= SHORT_QUESTION) or content <= VERY_SHORT):
            return Context()
        return Context(about_ldn=True, follows=previous)

    @staticmethod
    def of_part(part: Part, whole: Part, context: Context) -> Context:
        """For one question of a longer message: what the message names and the question doesn't."""
        return Context(
            about_ldn=context.about_ldn or whole.names_ldn,
            follows=context.follows,
            entity_ids=() if part.entity_ids else whole.entity_ids[:2],
        )
