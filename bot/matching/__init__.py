"""Which topics a question is about, and whether that is sure enough to answer."""

from bot.matching.baselines import Baselines
from bot.matching.decision import Decision, Matcher, Outcome
from bot.matching.names import NameSearch
from bot.matching.phrasing_space import SentenceVectors
from bot.matching.scoring import WEIGHTS, Candidate

__all__ = [
    "WEIGHTS",
    "Baselines",
    "Candidate",
    "Decision",
    "Matcher",
    "NameSearch",
    "Outcome",
    "SentenceVectors",
]
