"""Pictures of the evidence: what the study records support, and no picture where they don't.

:func:`picture` is the way in; :func:`picture_key` says, without drawing, whether there is one.
Pure: from knowledge to bytes, without reading or writing anything.
"""

from bot.pictures.making import picture, picture_key, picture_topics
from bot.pictures.model import Picture

__all__ = ["Picture", "picture", "picture_key", "picture_topics"]
