"""The names that things usually go by here, for those that no example question has."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain

from bot.knowledge import KnowledgeBase
from bot.knowledge.made_entities import LDN
from bot.knowledge.schema import Entity, EntityKind, WarningLevel
from bot.language.entities import Mention
from bot.language.text import words

OFTEN = 3
"""From so many example questions with it on, a word counts as known to the model."""

KINDS = {EntityKind.CONDITION, EntityKind.MEDICINE}


class UsualNames:
    """Writes rare names as usual ones ("Tahor" as "atorvastatin", "Avinza" as "morphine").

    A sentence model reads a name that it never met like whatever looks alike. The usual name of an
    entity is the one that occurs most in the example questions of its own topics and of those of
    what contains it; if none does, the usual name of what contains it.
    """

    def __init__(self, knowledge: KnowledgeBase) -> None:
        said: Counter[str] = Counter()
        questions: dict[str, str] = defaultdict(str)
        for topic in knowledge.topics.values():
            read = [words(text) for text in (topic.title, *topic.phrasings)]
            said.update(chain.from_iterable(map(set, read)))
            about = topic.subjects[0] if topic.subjects else ""
            questions[about] += " | ".join(["", *map(" ".join, read), ""])
        vocabulary = knowledge.vocabulary
        said.update(chain.from_iterable(map(words, vocabulary.off_topic)))
        self._met = {word for word, questions_with_it in said.items() if questions_with_it >= OFTEN}
        entities = vocabulary.entities
        own = {
            entity.id: name
            for entity in entities.values()
            if entity.kind in KINDS and entity.id != LDN
            for about in ["".join(questions.get(one, "") for one in (entity.id, *entity.broader))]
            if (name := _most_frequent(entity, about))
        }
        # One that calls for less than the full warning must not be taken for any opioid.
        mild = {o.id for o in vocabulary.opioids.opioids if o.warning != WarningLevel.FULL.value}
        self._usual: Mapping[str, tuple[str, ...]] = {
            entity.id: own[nearest]
            for entity in entities.values()
            for containers in [() if entity.id in mild else entity.broader]
            if (nearest := next((one for one in (entity.id, *containers) if one in own), None))
        }

    def write(self, tokens: Sequence[str], mentions: Sequence[Mention]) -> tuple[str, ...]:
        """``tokens`` with the usual name for every mention with a word that is hardly known."""
        result: list[str] = []
        at = 0
        for mention in mentions:
            name = self._usual.get(mention.entity.id)
            rare = not self._met.issuperset(tokens[mention.start : mention.end])
            if name and rare and mention.start >= at:
                result += [*tokens[at : mention.start], *name]
                at = mention.end
        return (*result, *tokens[at:])


def _most_frequent(entity: Entity, questions: str) -> tuple[str, ...] | None:
    """The name of ``entity`` that occurs most in ``questions``; ``None`` if none does."""
    names = sorted({words(n) for n in (entity.name, *entity.terms, *entity.member_names)} - {()})
    counts = {name: questions.count(f" {' '.join(name)} ") for name in names}
    best = max(counts, key=lambda name: counts[name], default=())
    return best if counts.get(best) else None
