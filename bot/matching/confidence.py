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
    "constant": -0.83,
    "share": 0.51,
    "second": -0.06,
    "first_three": 0.17,
    "score": 1.08,
    "names_ldn": 0.33,
    "known": 1.65,
    "lexical": 1.68,
    "subject": -0.32,
    "points": 0.77,
    "follow_up": -0.81,
    "other_medicine": -1.9,
    "uncovered": -1.5,
    "brief": -0.09,
    "asks": 0.07,
    "mentions": -0.24,
    "addressed": -0.18,
    "about_bot": -0.61,
    "alone": -0.35,
    "overview": -0.71,
    "word_topic": 1.02,
    "word_phrasing": 0.0,
    "word_elsewhere": -5.2,
    "word_leaning": 2.38,
    "word_medicine_gap": -0.54,
    "word_medicine_leaning": 0.07,
    "word_ldn_gap": 1.17,
    "word_ldn_leaning": 0.77,
}
RIGHT: dict[str, float] = {
    "constant": -0.94,
    "share": 3.36,
    "second": -1.39,
    "first_three": 1.09,
    "score": 0.21,
    "names_ldn": 0.32,
    "known": -0.34,
    "lexical": -0.11,
    "subject": -0.32,
    "points": 0.19,
    "follow_up": 0.28,
    "other_medicine": 0.32,
    "uncovered": 0.14,
    "brief": -2.54,
    "asks": 0.08,
    "mentions": 0.4,
    "addressed": -0.21,
    "about_bot": 1.06,
    "alone": 0.07,
    "overview": -0.06,
    "word_topic": 0.46,
    "word_phrasing": -0.43,
    "word_elsewhere": -0.61,
    "word_leaning": -0.2,
    "word_medicine_gap": 0.2,
    "word_medicine_leaning": -0.02,
    "word_ldn_gap": -0.04,
    "word_ldn_leaning": 0.21,
}
SCOPE_OF_SECOND_LOOK: dict[str, float] = {
    "constant": -1.04,
    "share": 0.3,
    "second": -0.12,
    "first_three": 0.27,
    "score": 1.03,
    "names_ldn": -0.44,
    "known": 0.86,
    "lexical": 0.74,
    "subject": -0.46,
    "points": 0.34,
    "follow_up": -0.45,
    "other_medicine": -1.65,
    "uncovered": -1.25,
    "brief": 0.28,
    "asks": 0.23,
    "mentions": -0.28,
    "addressed": -0.24,
    "about_bot": -0.39,
    "alone": -0.18,
    "overview": -1.14,
    "word_topic": -0.29,
    "word_phrasing": -0.29,
    "word_elsewhere": -2.04,
    "word_leaning": 0.59,
    "word_medicine_gap": -0.41,
    "word_medicine_leaning": -0.22,
    "word_ldn_gap": 0.17,
    "word_ldn_leaning": 0.22,
    "sentence_topic": 1.64,
    "sentence_phrasing": 1.36,
    "sentence_elsewhere": -2.78,
    "sentence_leaning": 4.69,
    "sentence_medicine_gap": -0.1,
    "sentence_medicine_leaning": 0.15,
    "sentence_ldn_gap": 0.82,
    "sentence_ldn_leaning": 1.38,
}
RIGHT_OF_SECOND_LOOK: dict[str, float] = {
    "constant": -1.53,
    "share": 3.51,
    "second": -1.44,
    "first_three": 1.13,
    "score": 0.39,
    "names_ldn": -0.08,
    "known": -0.49,
    "lexical": 0.19,
    "subject": -0.22,
    "points": 0.39,
    "follow_up": 0.29,
    "other_medicine": 0.28,
    "uncovered": -0.13,
    "brief": -2.73,
    "asks": 0.17,
    "mentions": 0.35,
    "addressed": -0.14,
    "about_bot": 0.51,
    "alone": -0.18,
    "overview": -0.32,
    "word_topic": -0.32,
    "word_phrasing": -0.49,
    "word_elsewhere": -0.57,
    "word_leaning": -0.31,
    "word_medicine_gap": 0.07,
    "word_medicine_leaning": -0.06,
    "word_ldn_gap": 0.43,
    "word_ldn_leaning": -0.23,
    "sentence_topic": 0.83,
    "sentence_phrasing": 0.56,
    "sentence_elsewhere": -0.32,
    "sentence_leaning": 0.83,
    "sentence_medicine_gap": 0.02,
    "sentence_medicine_leaning": 0.08,
    "sentence_ldn_gap": 0.32,
    "sentence_ldn_leaning": -0.15,
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
