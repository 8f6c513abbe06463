"""What must come first: opioids, emergencies, personal decisions, unknown medicines."""

from bot.safety.assessment import Findings, SafetyAssessor
from bot.safety.net import SafetyNet
from bot.safety.opioids import OpioidMention

__all__ = ["Findings", "OpioidMention", "SafetyAssessor", "SafetyNet"]
