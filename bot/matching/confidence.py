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
from bot.matching.scoring import Candidate, Similarities

SCOPE: dict[str, float] = {
    "constant": -1.95,
    "share": 0.46,
    "second": 0.34,
    "first_three": 0.59,
    "score": 0.88,
    "names_ldn": 1.16,
    "known": 1.18,
    "lexical": 0.72,
    "subject": 0.18,
    "points": 0.63,
    "follow_up": -0.7,
    "other_medicine": -1.83,
    "uncovered": -2.48,
    "brief": -0.32,
    "asks": -0.09,
    "mentions": -0.58,
    "addressed": -0.19,
    "about_bot": 0.01,
    "alone": -0.06,
    "overview": -0.11,
    "word_topic": 1.28,
    "word_phrasing": 0.68,
    "word_elsewhere": -3.7,
    "word_leaning": 2.52,
    "word_medicine_gap": -0.81,
    "word_medicine_leaning": 0.15,
    "word_ldn_gap": 1.54,
    "word_ldn_leaning": 0.95,
}
RIGHT: dict[str, float] = {
    "constant": -0.62,
    "share": 2.79,
    "second": -1.38,
    "first_three": 0.85,
    "score": 0.21,
    "names_ldn": 0.62,
    "known": -0.96,
    "lexical": 0.33,
    "subject": -0.7,
    "points": 0.08,
    "follow_up": 0.51,
    "other_medicine": -0.04,
    "uncovered": 0.34,
    "brief": -2.6,
    "asks": 0.24,
    "mentions": 0.24,
    "addressed": -0.16,
    "about_bot": 1.13,
    "alone": 0.4,
    "overview": -0.19,
    "word_topic": 0.73,
    "word_phrasing": 0.2,
    "word_elsewhere": -0.7,
    "word_leaning": -0.01,
    "word_medicine_gap": 0.27,
    "word_medicine_leaning": 0.02,
    "word_ldn_gap": 0.29,
    "word_ldn_leaning": -0.26,
}
SCOPE_OF_SECOND_LOOK: dict[str, float] = {
    "constant": -1.73,
    "share": 0.57,
    "second": 0.08,
    "first_three": 0.5,
    "score": 1.08,
    "names_ldn": 0.62,
    "known": 0.84,
    "lexical": 0.36,
    "subject": 0.25,
    "points": 0.6,
    "follow_up": 0.02,
    "other_medicine": -1.54,
    "uncovered": -2.52,
    "brief": -0.46,
    "asks": -0.02,
    "mentions": -0.57,
    "addressed": -0.32,
    "about_bot": 0.16,
    "alone": -0.4,
    "overview": -0.3,
    "word_topic": 0.97,
    "word_phrasing": 0.53,
    "word_elsewhere": -2.25,
    "word_leaning": 1.05,
    "word_medicine_gap": -0.67,
    "word_medicine_leaning": -0.01,
    "word_ldn_gap": 0.65,
    "word_ldn_leaning": 0.52,
    "sentence_topic": 1.17,
    "sentence_phrasing": 1.26,
    "sentence_elsewhere": -2.78,
    "sentence_leaning": 2.19,
    "sentence_medicine_gap": -0.23,
    "sentence_medicine_leaning": 0.85,
    "sentence_ldn_gap": 1.45,
    "sentence_ldn_leaning": 0.1,
}
RIGHT_OF_SECOND_LOOK: dict[str, float] = {
    "constant": -0.47,
    "share": 3.12,
    "second": -1.74,
    "first_three": 0.84,
    "score": 0.35,
    "names_ldn": 0.46,
    "known": -1.19,
    "lexical": 0.12,
    "subject": -0.33,
    "points": 0.08,
    "follow_up": 0.44,
    "other_medicine": 0.26,
    "uncovered": 0.01,
    "brief": -2.64,
    "asks": 0.32,
    "mentions": -0.04,
    "addressed": -0.19,
    "about_bot": 1.04,
    "alone": 0.01,
    "overview": -0.14,
    "word_topic": -0.22,
    "word_phrasing": -0.24,
    "word_elsewhere": -0.18,
    "word_leaning": -0.11,
    "word_medicine_gap": 0.24,
    "word_medicine_leaning": 0.05,
    "word_ldn_gap": 0.22,
    "word_ldn_leaning": -0.29,
    "sentence_topic": 0.43,
    "sentence_phrasing": 1.2,
    "sentence_elsewhere": -0.23,
    "sentence_leaning": -0.16,
    "sentence_medicine_gap": 0.14,
    "sentence_medicine_leaning": -0.08,
    "sentence_ldn_gap": 0.75,
    "sentence_ldn_leaning": -0.45,
}


_YOU = frozenset({"you", "your", "u", "ur", "yours", "bot"})


@dataclass(frozen=True, slots=True)
class Confidence:
    """Probabilities: the question is answerable, and the best topic is right."""

    scope: float
    right: float


def confidence(facts: Mapping[str, float]) -> Confidence:
    """Both probabilities for the facts of a question (see :func:`facts_of`)."""
    if "sentence_phrasing" in facts:
        return Confidence(
            _logistic(SCOPE_OF_SECOND_LOOK, facts), _logistic(RIGHT_OF_SECOND_LOOK, facts)
        )
    return Confidence(_logistic(SCOPE, facts), _logistic(RIGHT, facts))


def facts_of(
    part: Part,
    candidates: Sequence[Candidate],
    index: TopicIndex,
    pointers: frozenset[str],
    context: Context,
    looks: Mapping[str, Similarities],
) -> dict[str, float]:
    """The facts that the models look at; ``looks`` are the kinds of vectors that were compared."""
    best = candidates[0]
    others_named = sum(c.signals["subject"] >= 1.0 for c in candidates[1:])
    kinds = {m.entity.kind for m in part.mentions if m.entity.id != LDN}
    about_ldn = part.names_ldn or context.about_ldn
    points = bool(pointers & set(part.tokens))
    other_medicine = EntityKind.MEDICINE in kinds and not (about_ldn or points)
    covered = [m for m in part.mentions if m.entity.id != LDN and m.entity.covered]
    uncovered = any(not mention.entity.covered for mention in part.mentions)
    facts = {
        "constant": 1.0,
        "share": best.share,
        "second": candidates[1].share if len(candidates) > 1 else 0.0,
        "first_three": sum(candidate.share for candidate in candidates[:3]),
        "score": best.score / 20.0,
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
        "mentions": float(bool(part.mentions)),
        "addressed": float(bool(_YOU & set(part.tokens))),
        "about_bot": float(best.topic.is_about_bot),
        "alone": float(best.signals["subject"] >= 1.0 and others_named == 0),
        "overview": best.signals["overview"],
    }
    for name, look in looks.items():
        likeness, elsewhere, leaning = (
            best.signals[f"{name}_phrasing"],
            look.elsewhere,
            look.leaning,
        )
        facts |= {
            f"{name}_topic": best.signals[f"{name}_topic"],
            f"{name}_phrasing": likeness,
            f"{name}_elsewhere": elsewhere,
            f"{name}_leaning": leaning,
            # Without LDN, a medicine's own questions look much like those on it with LDN.
            f"{name}_medicine_gap": float(other_medicine) * (likeness - elsewhere),
            f"{name}_medicine_leaning": float(other_medicine) * leaning,
            f"{name}_ldn_gap": float(about_ldn) * (likeness - elsewhere),
            f"{name}_ldn_leaning": float(about_ldn) * leaning,
        }
    return facts


def _logistic(weights: Mapping[str, float], facts: Mapping[str, float]) -> float:
    return 1.0 / (1.0 + math.exp(-sum(weight * facts[name] for name, weight in weights.items())))
