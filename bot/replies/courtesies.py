"""Short lines for messages that ask nothing: thanks, a farewell, a nod."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.knowledge.schema import SmallTalk
from bot.language.phrases import PhraseIndex, longest


class Courtesies:
    """Finds the line that suits a message which small talk answers."""

    def __init__(self, smalltalk: Iterable[SmallTalk]) -> None:
        self._index: PhraseIndex[SmallTalk] = PhraseIndex()
        for talk in smalltalk:
            for phrase in talk.phrases:
                self._index.add(phrase, talk)

    def line(self, tokens: Sequence[str], topic_id: str, *, asks: bool) -> str | None:
        """What to say instead of the page of ``topic_id``; ``None`` where the page is wanted.

        ``asks`` says whether the message has a question mark.
        """
        hits = longest(hit for hit in self._index.find(tokens) if hit.value.topic == topic_id)
        covered = {place for hit in hits for place in range(hit.start, hit.end)}
        if len(covered) < len(tokens):
            # "Thanks, who made you?" asks for the page, "thanks, that was kind" does not.
            if asks or any(hit.value.said is None for hit in hits):
                return None
            hits = [hit for hit in hits if hit.value.anywhere]
        # What stands last is mostly what is meant: "ok thanks bye".
        return hits[-1].value.said if hits else None
