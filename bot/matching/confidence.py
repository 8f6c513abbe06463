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

SCOPE_WITHOUT_MODEL: dict[str, float] = {
    "constant": -1.14,
    "share": 0.42,
    "second": 0.28,
    "first_three": 0.77,
    "score": 1.21,
    "names_ldn": 1.12,
    "known": 0.5,
    "lexical": 1.48,
    "subject": -0.51,
    "points": 0.7,
    "follow_up": -0.15,
    "other_medicine": -1.51,
    "uncovered": -1.87,
    "brief": -0.35,
    "asks": 0.54,
    "mentions": -0.62,
    "addressed": 0.09,
    "about_bot": -0.2,
    "alone": -0.08,
    "overview": 0.16,
    "word_topic": 1.36,
    "word_phrasing": 0.95,
    "word_elsewhere": -5.28,
    "word_leaning": 2.59,
    "word_medicine_gap": 0.05,
    "word_medicine_leaning": 0.25,
    "word_ldn_gap": 2.09,
    "word_ldn_leaning": 0.86,
}
RIGHT_WITHOUT_MODEL: dict[str, float] = {
    "constant": -0.67,
    "share": 3.33,
    "second": -1.3,
    "first_three": 0.9,
    "score": 0.45,
    "names_ldn": -0.04,
    "known": -0.67,
    "lexical": 0.0,
    "subject": -0.34,
    "points": 0.25,
    "follow_up": 0.3,
    "other_medicine": -0.06,
    "uncovered": -0.08,
    "brief": -1.51,
    "asks": 0.11,
    "mentions": 0.47,
    "addressed": 0.01,
    "about_bot": -0.42,
    "alone": -0.12,
    "overview": -0.22,
    "word_topic": 0.88,
    "word_phrasing": -0.83,
    "word_elsewhere": -0.08,
    "word_leaning": 0.04,
    "word_medicine_gap": -0.01,
    "word_medicine_leaning": -0.06,
    "word_ldn_gap": 0.14,
    "word_ldn_leaning": 0.27,
}
SCOPE: dict[str, float] = {
    "constant": -1.08,
    "share": 0.56,
    "second": 0.15,
    "first_three": 0.65,
    "score": 1.01,
    "names_ldn": 0.36,
    "known": 0.03,
    "lexical": 0.98,
    "subject": -0.88,
    "points": 0.36,
    "follow_up": 0.11,
    "other_medicine": -0.78,
    "uncovered": -1.23,
    "brief": 0.18,
    "asks": 0.14,
    "mentions": -0.82,
    "addressed": 0.07,
    "about_bot": -0.36,
    "alone": -0.08,
    "overview": 0.07,
    "word_topic": 0.07,
    "word_phrasing": 0.55,
    "word_elsewhere": -2.04,
    "word_leaning": 0.94,
    "word_medicine_gap": 0.04,
    "word_medicine_leaning": 0.05,
    "word_ldn_gap": 0.95,
    "word_ldn_leaning": 0.38,
    "sentence_topic": 1.47,
    "sentence_phrasing": 1.28,
    "sentence_elsewhere": -2.85,
    "sentence_leaning": 4.25,
    "sentence_medicine_gap": 0.32,
    "sentence_medicine_leaning": 0.42,
    "sentence_ldn_gap": 1.09,
    "sentence_ldn_leaning": 1.2,
}
RIGHT: dict[str, float] = {
    "constant": -1.12,
    "share": 2.48,
    "second": -0.6,
    "first_three": 1.14,
    "score": 0.63,
    "names_ldn": -0.29,
    "known": -0.55,
    "lexical": 0.19,
    "subject": 0.08,
    "points": 0.0,
    "follow_up": 1.09,
    "other_medicine": 0.03,
    "uncovered": 0.35,
    "brief": -1.98,
    "asks": 0.16,
    "mentions": 0.14,
    "addressed": 0.24,
    "about_bot": -0.31,
    "alone": -0.14,
    "overview": -0.39,
    "word_topic": 0.1,
    "word_phrasing": -0.28,
    "word_elsewhere": -0.53,
    "word_leaning": -0.41,
    "word_medicine_gap": 0.0,
    "word_medicine_leaning": -0.07,
    "word_ldn_gap": 0.44,
    "word_ldn_leaning": 0.06,
    "sentence_topic": 1.09,
    "sentence_phrasing": 0.68,
    "sentence_elsewhere": -0.35,
    "sentence_leaning": 0.67,
    "sentence_medicine_gap": -0.05,
    "sentence_medicine_leaning": -0.02,
    "sentence_ldn_gap": 0.4,
    "sentence_ldn_leaning": 0.11,
}

FURTHER: dict[str, float] = {
    "constant": -1.72,
    "share": 1.86,
    "score": 1.05,
    "right": 0.27,
    "behind": -2.53,
    "rank": 2.66,
    "best": 0.06,
    "asks": -0.36,
    "brief": 0.12,
    "alike": -0.17,
}
"""How a further topic shows that a message asks about it as well."""

FAR_BEHIND = 12.0
"""How far behind the best topic a topic counts that is not among the candidates of the message."""

_YOU = frozenset({"you", "your", "u", "ur", "yours", "bot"})


@dataclass(frozen=True, slots=True)
class Confidence:
    """Probabilities: the question is answerable, and the best topic is right."""

    scope: float
    right: float


def confidence(facts: Mapping[str, float]) -> Confidence:
    """Both probabilities for the facts of a question (see :func:`facts_of`)."""
    if "sentence_phrasing" in facts:
        return Confidence(_logistic(SCOPE, facts), _logistic(RIGHT, facts))
    return Confidence(_logistic(SCOPE_WITHOUT_MODEL, facts), _logistic(RIGHT_WITHOUT_MODEL, facts))


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
        "follow_up": float(context.follows is not None),
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


def facts_of_further(
    piece: Part,
    candidate: Candidate,
    others: Sequence[Candidate],
    sure: Confidence,
    whole: Sequence[Candidate],
    index: TopicIndex,
) -> dict[str, float]:
    """The facts on whether a message asks about ``candidate`` beside its best topic.

    ``candidate`` is one of ``others``, those of a piece of the message, which were found with
    ``sure``; ``whole`` are the candidates of the whole message, best first.
    """
    first = whole[0]
    places = (place for place, one in enumerate(whole) if one.topic is candidate.topic)
    place = next(places, len(whole))
    behind = first.score - whole[place].score if place < len(whole) else FAR_BEHIND
    return {
        "constant": 1.0,
        "share": candidate.share,
        "score": candidate.score / 20.0,
        "right": sure.right,
        "behind": min(behind, FAR_BEHIND) / 10.0,
        "rank": 1.0 / (1 + place),
        "best": float(candidate is others[0]),
        "asks": float(piece.question),
        "brief": 1.0 / max(1, len(index.content(piece.tokens))),
        "alike": float(candidate.topic.kind == first.topic.kind),
    }


def is_asked_too(facts: Mapping[str, float]) -> float:
    """The probability that a topic is asked about as well (see :func:`facts_of_further`)."""
    return _logistic(FURTHER, facts)


def _logistic(weights: Mapping[str, float], facts: Mapping[str, float]) -> float:
    return 1.0 / (1.0 + math.exp(-sum(weight * facts[name] for name, weight in weights.items())))
