"""What outlives the process, in SQLite or PostgreSQL. Only channels know of it."""

from bot.storage.database import StorageError
from bot.storage.followups import KEPT_SECONDS, FollowUps
from bot.storage.inbox import REMEMBERED_SECONDS, Inbox, Received
from bot.storage.store import Storage

__all__ = [
    "KEPT_SECONDS",
    "REMEMBERED_SECONDS",
    "FollowUps",
    "Inbox",
    "Received",
    "Storage",
    "StorageError",
]
