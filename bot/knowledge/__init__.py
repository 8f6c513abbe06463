"""What the bot knows: the schema of ``knowledge/``, its loader and its editorial checks."""

from bot.knowledge.base import KnowledgeBase, Vocabulary
from bot.knowledge.loading import default_directory, load
from bot.knowledge.problems import Gravity, KnowledgeError, Problem

__all__ = [
    "Gravity",
    "KnowledgeBase",
    "KnowledgeError",
    "Problem",
    "Vocabulary",
    "default_directory",
    "load",
]
