"""How sure a match is: two small logistic models over plain facts about question and candidates.

``scope`` is the probability that the question can be answered from this knowledge at all,
``right`` the probability that the best topic is the right one. The coefficients are fitted by
``bench/calibrate.py`` on the tuning half of the labelled questions; each fact lies between 0 and 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.knowledge.made_entities import LDN
from bot.knowledge.schema import EntityKind
from bot.language import Part
from bot.matching.context import Context
from bot.matching.index import TopicIndex
from bot.matching.scoring import Candidate

SCOPE = {
    "constant": -2.88,
    "best": 1.81,
    "names_ldn": 2.33,
    "known": 1.01,
    "lexical": 1.7,
    "subject": 0.33,
    "points": 0.07,
    "follow_up": -1.52,
    "other_medicine": -2.33,
    "uncovered": -1.17,
    "brief": -0.14,
    "asks": -0.44,
    "addressed": -0.17,
    "about_bot": 1.47,
}
RIGHT = {
    "constant": -0.79,
    "best": 1.07,
    "lead": 2.79,
    "names_ldn": 0.55,
    "known": -1.1,
    "lexical": 1.06,
    "subject": -0.82,
    "follow_up": -0.02,
    "other_medicine": 1.43,
    "uncovered": -0.19,
    "brief": -2.12,
    "alone": 0.38,
    "overview": -0.74,
}


_YOU = frozenset({"you", "your", "u", "ur", "yours", "bot"})


@dataclass(frozen=True, slots=True)
class Confidence:
    """Probabilities: the question is answerable, and the best topic is right."""

    scope: float
    right: float


def confidence(facts: Mapping[str, float]) -> Confidence:
    """Both probabilities for the facts of a question (see :func:`facts_of`)."""
    return Confidence(_logistic(SCOPE, facts), _logistic(RIGHT, facts))


def facts_of(
    part: Part,
    candidates: Sequence[Candidate],
    index: TopicIndex,
    pointers: frozenset[str],
    context: Context,
) -> dict[str, float]:
    """The facts that the models look at."""
    best = candidates[0]
    others_named = sum(c.signals["subject"] >= 1.0 for c in candidates[1:])
    second = candidates[1].score if len(candidates) > 1 else 0.0
    kinds = {m.entity.kind for m in part.mentions if m.entity.id != LDN}
    about_ldn = part.names_ldn or context.about_ldn
    points = bool(pointers & set(part.tokens))
    other_medicine = EntityKind.MEDICINE in kinds and not (about_ldn or points)
    covered = [m for m in part.mentions if m.entity.id != LDN and m.entity.covered]
    uncovered = any(not mention.entity.covered for mention in part.mentions)
    return {
        "constant": 1.0,
        "best": best.score,
        "lead": min(1.0, 4.0 * (best.score - second)),
        "names_ldn": float(about_ldn),
        "known": index.known_share(part.tokens),
        "lexical": best.signals["lexical"],
        "subject": best.signals["subject"],
        "points": float(points),
        "follow_up": float(context.follow_up),
        "other_medicine": float(other_medicine),
        "uncovered": (0.5 if covered else 1.0) if uncovered else 0.0,
        "brief": 1.0 / max(1, len(index.content(part.tokens))),
        "asks": float(part.question),
        "addressed": float(bool(_YOU & set(part.tokens))),
        "about_bot": float(best.topic.is_about_bot),
        "alone": float(best.signals["subject"] >= 1.0 and others_named == 0),
        "overview": best.signals["overview"],
    }


def _logistic(weights: Mapping[str, float], facts: Mapping[str, float]) -> float:
    return 1.0 / (1.0 + math.exp(-sum(weight * facts[name] for name, weight in weights.items())))
