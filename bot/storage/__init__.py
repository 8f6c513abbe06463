"""What outlives the process, in SQLite or PostgreSQL. Only channels know of it."""

from bot.storage.answers import ANSWERS_KEPT_SECONDS, Answers, Given
from bot.storage.database import StorageError
from bot.storage.evidence import Note
from bot.storage.followups import KEPT_SECONDS, FollowUps
from bot.storage.inbox import REMEMBERED_SECONDS, Inbox, Received
from bot.storage.opinions import KeptKind
from bot.storage.pictures import Sent
from bot.storage.store import Storage

__all__ = [
    "ANSWERS_KEPT_SECONDS",
    "KEPT_SECONDS",
    "REMEMBERED_SECONDS",
    "Answers",
    "FollowUps",
    "Given",
    "Inbox",
    "KeptKind",
    "Note",
    "Received",
    "Sent",
    "Storage",
    "StorageError",
]
