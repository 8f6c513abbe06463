"""Which topics a question is about, and whether that is sure enough to answer."""

from bot.matching.decision import Decision, Matcher, Outcome
from bot.matching.scoring import WEIGHTS, Candidate

__all__ = ["WEIGHTS", "Candidate", "Decision", "Matcher", "Outcome"]
