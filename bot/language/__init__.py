"""What was said: words, spelling, entities, intents, language."""

from bot.language.entities import Mention
from bot.language.understanding import Part, Understander, Understanding

__all__ = ["Mention", "Part", "Understander", "Understanding"]
