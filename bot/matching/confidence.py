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
    "constant": -1.32,
    "share": 0.23,
    "second": -0.1,
    "first_three": 0.07,
    "score": 0.99,
    "names_ldn": 1.79,
    "known": 0.73,
    "lexical": 1.76,
    "subject": -0.45,
    "points": 1.08,
    "follow_up": -0.08,
    "other_medicine": -1.53,
    "uncovered": -1.77,
    "brief": -0.28,
    "asks": 0.28,
    "mentions": -0.33,
    "addressed": -0.17,
    "about_bot": 0.26,
    "alone": -0.12,
    "overview": 0.11,
    "intent": 0.58,
    "combined": 0.09,
    "own_medicine": 0.97,
    "word_topic": 1.4,
    "word_phrasing": 0.47,
    "word_elsewhere": -4.57,
    "word_leaning": 2.32,
    "word_medicine_gap": -0.21,
    "word_medicine_leaning": 0.04,
    "word_ldn_gap": 1.78,
    "word_ldn_leaning": 0.5,
}
RIGHT_WITHOUT_MODEL: dict[str, float] = {
    "constant": -0.63,
    "share": 3.28,
    "second": -1.78,
    "first_three": 0.59,
    "score": 0.49,
    "names_ldn": -0.17,
    "known": -0.63,
    "lexical": 0.29,
    "subject": -0.41,
    "points": 0.17,
    "follow_up": 0.1,
    "other_medicine": 0.26,
    "uncovered": -0.18,
    "brief": -1.27,
    "asks": 0.01,
    "mentions": 0.35,
    "addressed": -0.06,
    "about_bot": -0.41,
    "alone": 0.06,
    "overview": -0.02,
    "intent": 0.08,
    "combined": 0.03,
    "own_medicine": -0.01,
    "word_topic": 0.97,
    "word_phrasing": -0.17,
    "word_elsewhere": -0.26,
    "word_leaning": -0.11,
    "word_medicine_gap": 0.11,
    "word_medicine_leaning": -0.09,
    "word_ldn_gap": 0.17,
    "word_ldn_leaning": 0.19,
}
SCOPE: dict[str, float] = {
    "constant": -1.23,
    "share": 0.22,
    "second": -0.27,
    "first_three": -0.18,
    "score": 0.83,
    "names_ldn": 1.0,
    "known": 0.0,
    "lexical": 1.09,
    "subject": -0.62,
    "points": 0.75,
    "follow_up": 0.01,
    "other_medicine": -0.95,
    "uncovered": -1.19,
    "brief": 0.27,
    "asks": 0.5,
    "mentions": -0.47,
    "addressed": 0.13,
    "about_bot": 0.11,
    "alone": 0.03,
    "overview": 0.11,
    "intent": 0.25,
    "combined": -0.12,
    "own_medicine": 0.44,
    "word_topic": 0.06,
    "word_phrasing": -0.3,
    "word_elsewhere": -1.53,
    "word_leaning": 0.78,
    "word_medicine_gap": -0.26,
    "word_medicine_leaning": -0.1,
    "word_ldn_gap": 0.86,
    "word_ldn_leaning": 0.24,
    "sentence_topic": 1.53,
    "sentence_phrasing": 0.98,
    "sentence_elsewhere": -2.7,
    "sentence_leaning": 4.86,
    "sentence_medicine_gap": 0.23,
    "sentence_medicine_leaning": 0.37,
    "sentence_ldn_gap": 0.74,
    "sentence_ldn_leaning": 1.0,
}
RIGHT: dict[str, float] = {
    "constant": -0.79,
    "share": 2.43,
    "second": -1.27,
    "first_three": 0.59,
    "score": 0.61,
    "names_ldn": -0.27,
    "known": -0.63,
    "lexical": 0.43,
    "subject": 0.16,
    "points": 0.07,
    "follow_up": 0.57,
    "other_medicine": 0.29,
    "uncovered": -0.07,
    "brief": -1.28,
    "asks": 0.01,
    "mentions": 0.49,
    "addressed": 0.29,
    "about_bot": -0.17,
    "alone": -0.28,
    "overview": -0.03,
    "intent": 0.03,
    "combined": 0.02,
    "own_medicine": -0.12,
    "word_topic": 0.33,
    "word_phrasing": -0.08,
    "word_elsewhere": -0.19,
    "word_leaning": -0.36,
    "word_medicine_gap": 0.11,
    "word_medicine_leaning": -0.04,
    "word_ldn_gap": 0.28,
    "word_ldn_leaning": 0.12,
    "sentence_topic": 1.0,
    "sentence_phrasing": 0.58,
    "sentence_elsewhere": -0.28,
    "sentence_leaning": 0.54,
    "sentence_medicine_gap": 0.06,
    "sentence_medicine_leaning": 0.07,
    "sentence_ldn_gap": 0.27,
    "sentence_ldn_leaning": -0.07,
}

FURTHER: dict[str, float] = {
    "constant": -1.79,
    "share": 1.58,
    "score": 0.17,
    "behind": -2.87,
    "rank": 2.04,
    "best": 0.28,
    "asks": 0.24,
    "brief": -0.4,
    "alike": -0.03,
    "several": 0.85,
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
