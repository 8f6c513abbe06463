"""What must come first: opioids, emergencies, personal decisions, unknown medicines."""

from bot.safety.assessment import Findings, SafetyAssessor
from bot.safety.examples import EmergencyExamples
from bot.safety.opioids import OpioidMention

__all__ = ["EmergencyExamples", "Findings", "OpioidMention", "SafetyAssessor"]
