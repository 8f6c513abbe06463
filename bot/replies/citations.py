"""Numbers sources in the order in which a reply cites them."""

from __future__ import annotations

from collections.abc import Iterable

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import Claim, Source
from bot.replies.model import Statement


class Citations:
    """The growing list of sources of one reply."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._numbers: dict[str, int] = {}

    def statement(self, claim: Claim) -> Statement:
        """The claim with the numbers of its sources."""
        return self.cite(claim.text, claim.sources)

    def statements(self, claims: Iterable[Claim]) -> tuple[Statement, ...]:
        """Several claims, in order."""
        return tuple(self.statement(claim) for claim in claims)

    def cite(self, text: str, source_ids: Iterable[str]) -> Statement:
        """A text with the numbers of ``source_ids``."""
        numbers = [
            self._numbers.setdefault(source_id, len(self._numbers) + 1) for source_id in source_ids
        ]
        return Statement(text, tuple(sorted(numbers)))

    @property
    def sources(self) -> tuple[Source, ...]:
        """All sources cited so far; the first has number 1."""
        return tuple(self._knowledge.sources[source_id] for source_id in self._numbers)
