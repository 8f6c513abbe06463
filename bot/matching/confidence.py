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
    "constant": -1.45,
    "share": 0.17,
    "second": -0.11,
    "first_three": -0.09,
    "score": 0.97,
    "names_ldn": 1.59,
    "known": 1.12,
    "lexical": 1.86,
    "subject": -0.49,
    "points": 0.89,
    "follow_up": -0.98,
    "other_medicine": -1.61,
    "uncovered": -1.67,
    "brief": -0.33,
    "asks": 0.29,
    "mentions": -0.23,
    "addressed": -0.32,
    "about_bot": 0.3,
    "alone": -0.18,
    "overview": 0.11,
    "intent": 0.66,
    "combined": 0.13,
    "own_medicine": 0.97,
    "word_topic": 1.25,
    "word_phrasing": 0.52,
    "word_elsewhere": -4.57,
    "word_leaning": 2.21,
    "word_medicine_gap": -0.16,
    "word_medicine_leaning": 0.04,
    "word_ldn_gap": 1.79,
    "word_ldn_leaning": 0.4,
}
RIGHT_WITHOUT_MODEL: dict[str, float] = {
    "constant": -0.62,
    "share": 3.26,
    "second": -1.75,
    "first_three": 0.6,
    "score": 0.43,
    "names_ldn": -0.18,
    "known": -0.64,
    "lexical": 0.33,
    "subject": -0.44,
    "points": 0.21,
    "follow_up": 0.06,
    "other_medicine": 0.3,
    "uncovered": 0.02,
    "brief": -1.24,
    "asks": -0.06,
    "mentions": 0.42,
    "addressed": -0.07,
    "about_bot": -0.43,
    "alone": 0.03,
    "overview": -0.07,
    "intent": 0.1,
    "combined": 0.03,
    "own_medicine": -0.01,
    "word_topic": 1.02,
    "word_phrasing": -0.26,
    "word_elsewhere": -0.14,
    "word_leaning": -0.07,
    "word_medicine_gap": 0.13,
    "word_medicine_leaning": -0.08,
    "word_ldn_gap": 0.13,
    "word_ldn_leaning": 0.18,
}
SCOPE: dict[str, float] = {
    "constant": -1.42,
    "share": 0.17,
    "second": -0.36,
    "first_three": -0.3,
    "score": 0.82,
    "names_ldn": 0.68,
    "known": 0.52,
    "lexical": 1.06,
    "subject": -0.5,
    "points": 0.54,
    "follow_up": -1.01,
    "other_medicine": -1.02,
    "uncovered": -1.06,
    "brief": -0.27,
    "asks": 0.42,
    "mentions": -0.31,
    "addressed": 0.01,
    "about_bot": 0.22,
    "alone": -0.09,
    "overview": 0.06,
    "intent": 0.42,
    "combined": -0.08,
    "own_medicine": 0.4,
    "word_topic": -0.08,
    "word_phrasing": -0.46,
    "word_elsewhere": -1.41,
    "word_leaning": 0.43,
    "word_medicine_gap": -0.32,
    "word_medicine_leaning": -0.12,
    "word_ldn_gap": 0.65,
    "word_ldn_leaning": 0.02,
    "sentence_topic": 1.54,
    "sentence_phrasing": 1.17,
    "sentence_elsewhere": -2.85,
    "sentence_leaning": 4.89,
    "sentence_medicine_gap": 0.27,
    "sentence_medicine_leaning": 0.34,
    "sentence_ldn_gap": 0.78,
    "sentence_ldn_leaning": 0.96,
}
RIGHT: dict[str, float] = {
    "constant": -0.73,
    "share": 2.38,
    "second": -1.17,
    "first_three": 0.65,
    "score": 0.53,
    "names_ldn": -0.37,
    "known": -0.46,
    "lexical": 0.34,
    "subject": 0.1,
    "points": 0.13,
    "follow_up": 0.29,
    "other_medicine": 0.31,
    "uncovered": -0.03,
    "brief": -1.39,
    "asks": -0.16,
    "mentions": 0.46,
    "addressed": 0.3,
    "about_bot": -0.25,
    "alone": -0.23,
    "overview": -0.1,
    "intent": 0.08,
    "combined": 0.02,
    "own_medicine": -0.11,
    "word_topic": 0.31,
    "word_phrasing": 0.09,
    "word_elsewhere": -0.11,
    "word_leaning": -0.25,
    "word_medicine_gap": 0.1,
    "word_medicine_leaning": -0.04,
    "word_ldn_gap": 0.13,
    "word_ldn_leaning": 0.11,
    "sentence_topic": 1.02,
    "sentence_phrasing": 0.41,
    "sentence_elsewhere": -0.38,
    "sentence_leaning": 0.7,
    "sentence_medicine_gap": 0.07,
    "sentence_medicine_leaning": 0.09,
    "sentence_ldn_gap": 0.25,
    "sentence_ldn_leaning": 0.14,
}

FURTHER: dict[str, float] = {
    "constant": -1.8,
    "share": 1.64,
    "score": 0.01,
    "behind": -3.08,
    "rank": 1.89,
    "best": 0.3,
    "asks": 0.2,
    "brief": -0.32,
    "alike": -0.01,
    "several": 1.09,
}
"""How a further topic shows that a message asks about it as well."""

STEEPNESS = 12.0
"""What ``tools/train.py`` multiplies the cosines of marks with before the logistic function."""

FAR_BEHIND = 12.0
"""How far behind the best topic a topic counts that is not among the candidates of the message."""

_OWN = frozenset({"i", "my", "im", "ive", "am"})
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
        "intent": best.signals["intent"],
        # "can I take X" asks this bot about LDN and X; "X with food" asks about X.
        "combined": float(other_medicine) * part.intents.get("interaction", 0.0),
        "own_medicine": float(other_medicine and bool(_OWN & set(part.tokens))),
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
    whole: Sequence[Candidate],
    index: TopicIndex,
    several: float,
) -> dict[str, float]:
    """The facts on whether a message asks about ``candidate`` beside its best topic.

    ``candidate`` is one of ``others``, those of a piece of the message; ``whole`` are those of the
    whole message, best first; ``several`` is how far its vector lies in the direction of messages
    that ask several things.
    """
    first = whole[0]
    places = (place for place, one in enumerate(whole) if one.topic is candidate.topic)
    place = next(places, len(whole))
    behind = first.score - whole[place].score if place < len(whole) else FAR_BEHIND
    return {
        "constant": 1.0,
        "share": candidate.share,
        "score": candidate.score / 20.0,
        "behind": min(behind, FAR_BEHIND) / 10.0,
        "rank": 1.0 / (1 + place),
        "best": float(candidate is others[0]),
        "asks": float(piece.question),
        "brief": 1.0 / max(1, len(index.content(piece.tokens))),
        "alike": float(candidate.topic.kind == first.topic.kind),
        "several": 1.0 / (1.0 + math.exp(-STEEPNESS * several)),
    }


def is_asked_too(facts: Mapping[str, float]) -> float:
    """The probability that a topic is asked about as well (see :func:`facts_of_further`)."""
    return _logistic(FURTHER, facts)


def _logistic(weights: Mapping[str, float], facts: Mapping[str, float]) -> float:
    return 1.0 / (1.0 + math.exp(-sum(weight * facts[name] for name, weight in weights.items())))
