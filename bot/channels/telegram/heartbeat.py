"""A file that tells other processes (``ldn-bot health``) when Telegram last answered a poll."""

from __future__ import annotations

import time
from pathlib import Path

FILE_NAME = "telegram-heartbeat"

EVERY_SECONDS = 5.0
"""The file is touched at most this often."""


class Heartbeat:
    """Touches the heartbeat file in ``data_dir``, which is made if missing."""

    def __init__(self, data_dir: Path) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        self._path = data_dir / FILE_NAME
        self._last = float("-inf")

    def beat(self) -> None:
        """Note that Telegram has just answered."""
        now = time.monotonic()
        if now - self._last >= EVERY_SECONDS:
            self._path.touch()
            self._last = now

    def stop(self) -> None:
        """Remove the file: a stopped bot has no contact."""
        self._path.unlink(missing_ok=True)


def seconds_since_contact(data_dir: Path) -> float | None:
    """Age of the last contact in seconds, or ``None`` if no running bot left one."""
    try:
        return max(0.0, time.time() - (data_dir / FILE_NAME).stat().st_mtime)
    except OSError:
        return None
