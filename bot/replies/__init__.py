"""What we answer: the reply as data, its composition, citations and certainty."""

from bot.replies.composition import Composer
from bot.replies.model import (
    Answer,
    Choice,
    Notice,
    NoticeKind,
    Question,
    Reply,
    ReplyKind,
    Statement,
)

__all__ = [
    "Answer",
    "Choice",
    "Composer",
    "Notice",
    "NoticeKind",
    "Question",
    "Reply",
    "ReplyKind",
    "Statement",
]
