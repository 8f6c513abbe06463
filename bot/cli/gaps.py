"""``ldn-bot gaps``: what people asked and found no answer to, for those who write the topics."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

import typer
from rapidfuzz import fuzz

from bot.cli import start
from bot.engine import Engine
from bot.replies import Question
from bot.storage import KeptKind, Storage, StorageError

ALIKE = 60
"""Share of common words, in per cent, from which texts without a near topic are put together."""

NO_TOPIC = "no topic near"
NOTHING = "Nothing was left, counted or refused yet."


@dataclass(frozen=True, slots=True)
class Asked:
    """A text and how often it was left."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Texts that belong together; ``topic_id`` is the topic that comes nearest, if one does."""

    topic_id: str | None
    texts: tuple[Asked, ...]

    @property
    def count(self) -> int:
        """How often something like this was asked."""
        return sum(asked.count for asked in self.texts)


@dataclass(frozen=True, slots=True)
class _Stored:
    questions: Sequence[str]
    feedback_texts: Sequence[str]
    verdicts: Mapping[str, Mapping[str, int]]
    refused: Mapping[str, Mapping[str, int]]


def show_gaps(*, as_json: bool, delete: bool) -> None:
    """Print what was left by people who agreed, and what was counted.

    With ``delete`` the texts (not the counts) are deleted after they were printed.
    """
    settings = start.settings()
    try:
        stored = asyncio.run(_read(settings.database()))
        gaps = group(stored.questions, _nearest(start.engine(settings))) if stored.questions else ()
        _print_json(stored, gaps) if as_json else _print(stored, gaps)
        if delete:
            asyncio.run(_delete_texts(settings.database()))
    except StorageError as error:
        start.fail(f"the database can't be used: {error}")


def group(texts: Iterable[str], nearest: Callable[[str], str | None]) -> tuple[Gap, ...]:
    """Put texts together that have the same nearest topic, or else are alike; most asked first."""
    by_topic: dict[str, list[Asked]] = {}
    others: list[list[Asked]] = []
    for text, count in sorted(Counter(texts).items(), key=lambda item: (-item[1], item[0])):
        asked = Asked(text, count)
        topic_id = nearest(text)
        if topic_id is not None:
            by_topic.setdefault(topic_id, []).append(asked)
            continue
        alike = (one for one in others if fuzz.token_set_ratio(one[0].text, text) >= ALIKE)
        family = next(alike, None)
        if family is None:
            others.append([asked])
        else:
            family.append(asked)
    gaps = [Gap(topic_id, tuple(found)) for topic_id, found in by_topic.items()]
    gaps += [Gap(None, tuple(found)) for found in others]
    return tuple(sorted(gaps, key=lambda gap: (-gap.count, gap.topic_id or "", gap.texts[0].text)))


def _nearest(engine: Engine) -> Callable[[str], str | None]:
    def nearest(text: str) -> str | None:
        decision = engine.explain(Question(text))[2]
        near = (*decision.topics, *decision.options)
        return near[0].id if near else None

    return nearest


async def _read(address: str) -> _Stored:
    storage = Storage(address)
    try:
        await storage.start()
        return _Stored(
            questions=await storage.questions.all(),
            feedback_texts=await storage.questions.all(KeptKind.FEEDBACK),
            verdicts=await storage.feedback.counts(),
            refused=await storage.refusals.counts(),
        )
    finally:
        await storage.close()


async def _delete_texts(address: str) -> None:
    storage = Storage(address)
    try:
        await storage.start()
        await storage.questions.clear()
    finally:
        await storage.close()


def _print_json(stored: _Stored, gaps: Sequence[Gap]) -> None:
    data = {
        "questions": [{"count": gap.count, **asdict(gap)} for gap in gaps],
        "feedback_texts": list(stored.feedback_texts),
        "feedback": stored.verdicts,
        "refused": stored.refused,
    }
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


def _print(stored: _Stored, gaps: Sequence[Gap]) -> None:
    lines: list[str] = []
    if gaps:
        lines.append("Questions that people left")
    for gap in gaps:
        lines.append(f"{gap.count:>5}  {gap.topic_id or NO_TOPIC}")
        for asked in gap.texts:
            times = f" (x{asked.count})" if asked.count > 1 else ""
            lines.append(f"       - {_flat(asked.text)}{times}")
    for kind, by_topic in sorted(stored.refused.items()):
        name = "Asked back" if kind == "clarify" else "Refused"
        lines += ["", f"{name}, by the nearest topic"]
        lines += [f"{count:>5}  {key or NO_TOPIC}" for key, count in _most_first(by_topic)]
    if stored.verdicts:
        lines += ["", "Feedback by topic"]
        totals = {topic_id: sum(counts.values()) for topic_id, counts in stored.verdicts.items()}
        for topic_id, total in _most_first(totals):
            counts = _most_first(stored.verdicts[topic_id])
            verdicts = ", ".join(f"{count} {verdict}" for verdict, count in counts)
            lines.append(f"{total:>5}  {topic_id}: {verdicts}")
    if stored.feedback_texts:
        lines += ["", "Feedback in words"]
        lines += [f"       - {_flat(text)}" for text in stored.feedback_texts]
    typer.echo("\n".join(lines).lstrip("\n") or NOTHING)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _most_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
