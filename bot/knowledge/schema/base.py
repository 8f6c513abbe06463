"""The ground of all records: strictness, ids, texts."""

from __future__ import annotations

import re
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

SHORT_ANSWER_WORDS = 60

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
Slug = Annotated[str, StringConstraints(pattern=SLUG)]

TopicKind = Literal[
    "about",
    "mechanism",
    "condition",
    "study",
    "side-effect",
    "interaction",
    "contraindication",
    "dosing",
    "access",
    "evidence",
    "safety",
]
TOPIC_KINDS: tuple[str, ...] = get_args(TopicKind)
TOPIC_ID = rf"^({'|'.join(TOPIC_KINDS)})\.[a-z0-9]+(-[a-z0-9]+)*$"
TopicId = Annotated[str, StringConstraints(pattern=TOPIC_ID)]
Language = Literal["en", "de", "fr", "es", "it", "pt", "nl", "no", "sv", "da", "fi"]


class Record(BaseModel):
    """Base of all records: immutable, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"{value!r} is listed twice")
        seen.add(value)
    return values


def within_short_answer(value: str) -> str:
    """``value``, if it is no longer than a short answer may be.

    Raises:
        ValueError: it has more than :data:`SHORT_ANSWER_WORDS` words.
    """
    words = len(value.split())
    if words > SHORT_ANSWER_WORDS:
        raise ValueError(f"{words} words; a short answer has at most {SHORT_ANSWER_WORDS}")
    return value


Texts = Annotated[tuple[Text, ...], AfterValidator(_unique)]
Slugs = Annotated[tuple[Slug, ...], AfterValidator(_unique)]
TopicIds = Annotated[tuple[TopicId, ...], AfterValidator(_unique)]


_TERM = re.compile(r"\w")


def _has_letters(value: str) -> str:
    if not _TERM.search(value):
        raise ValueError("a term needs letters or digits")
    return value


Term = Annotated[Text, AfterValidator(_has_letters)]
Terms = tuple[Term, ...]
