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
    "constant": -1.16,
    "share": 0.53,
    "second": 0.28,
    "first_three": 0.95,
    "score": 1.26,
    "names_ldn": 1.08,
    "known": 0.3,
    "lexical": 1.16,
    "subject": -0.57,
    "points": 0.7,
    "follow_up": -0.33,
    "other_medicine": -1.55,
    "uncovered": -1.74,
    "brief": -0.47,
    "asks": 0.47,
    "mentions": -0.45,
    "addressed": 0.12,
    "about_bot": -0.18,
    "alone": -0.09,
    "overview": 0.17,
    "word_topic": 1.4,
    "word_phrasing": 1.05,
    "word_elsewhere": -5.29,
    "word_leaning": 2.81,
    "word_medicine_gap": 0.05,
    "word_medicine_leaning": 0.28,
    "word_ldn_gap": 2.2,
    "word_ldn_leaning": 1.03,
}
RIGHT_WITHOUT_MODEL: dict[str, float] = {
    "constant": -0.99,
    "share": 3.19,
    "second": -1.29,
    "first_three": 0.81,
    "score": 0.37,
    "names_ldn": -0.01,
    "known": 0.3,
    "lexical": -0.06,
    "subject": -0.16,
    "points": 0.19,
    "follow_up": 0.28,
    "other_medicine": -0.09,
    "uncovered": -0.1,
    "brief": -1.46,
    "asks": 0.12,
    "mentions": 0.24,
    "addressed": 0.02,
    "about_bot": -0.31,
    "alone": -0.18,
    "overview": -0.23,
    "word_topic": 0.92,
    "word_phrasing": -1.21,
    "word_elsewhere": -0.24,
    "word_leaning": -0.11,
    "word_medicine_gap": -0.01,
    "word_medicine_leaning": -0.07,
    "word_ldn_gap": 0.1,
    "word_ldn_leaning": 0.11,
}
SCOPE: dict[str, float] = {
    "constant": -1.05,
    "share": 0.74,
    "second": 0.07,
    "first_three": 0.8,
    "score": 0.97,
    "names_ldn": 0.55,
    "known": -0.15,
    "lexical": 0.93,
    "subject": -0.74,
    "points": 0.36,
    "follow_up": -0.12,
    "other_medicine": -0.85,
    "uncovered": -1.12,
    "brief": 0.12,
    "asks": 0.23,
    "mentions": -0.74,
    "addressed": 0.23,
    "about_bot": -0.3,
    "alone": -0.02,
    "overview": 0.1,
    "word_topic": -0.07,
    "word_phrasing": 0.46,
    "word_elsewhere": -1.93,
    "word_leaning": 1.09,
    "word_medicine_gap": 0.05,
    "word_medicine_leaning": 0.12,
    "word_ldn_gap": 0.79,
    "word_ldn_leaning": 0.4,
    "sentence_topic": 1.46,
    "sentence_phrasing": 1.08,
    "sentence_elsewhere": -2.94,
    "sentence_leaning": 4.34,
    "sentence_medicine_gap": 0.28,
    "sentence_medicine_leaning": 0.46,
    "sentence_ldn_gap": 1.18,
    "sentence_ldn_leaning": 1.34,
}
RIGHT: dict[str, float] = {
    "constant": -1.25,
    "share": 2.75,
    "second": -0.59,
    "first_three": 1.49,
    "score": 0.54,
    "names_ldn": -0.28,
    "known": -0.16,
    "lexical": 0.07,
    "subject": 0.09,
    "points": 0.16,
    "follow_up": 0.88,
    "other_medicine": 0.03,
    "uncovered": 0.34,
    "brief": -1.81,
    "asks": 0.06,
    "mentions": 0.08,
    "addressed": 0.28,
    "about_bot": -0.34,
    "alone": -0.18,
    "overview": -0.36,
    "word_topic": 0.02,
    "word_phrasing": -0.77,
    "word_elsewhere": -0.88,
    "word_leaning": -0.43,
    "word_medicine_gap": 0.02,
    "word_medicine_leaning": -0.07,
    "word_ldn_gap": 0.29,
    "word_ldn_leaning": -0.02,
    "sentence_topic": 1.17,
    "sentence_phrasing": 0.55,
    "sentence_elsewhere": -0.26,
    "sentence_leaning": 0.39,
    "sentence_medicine_gap": -0.04,
    "sentence_medicine_leaning": -0.01,
    "sentence_ldn_gap": 0.45,
    "sentence_ldn_leaning": -0.1,
}

FURTHER: dict[str, float] = {
    "constant": -1.87,
    "share": 1.72,
    "score": 1.45,
    "right": 0.68,
    "behind": -2.78,
    "rank": 2.2,
    "best": 0.16,
    "asks": -0.59,
    "brief": -0.66,
    "alike": -0.03,
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
