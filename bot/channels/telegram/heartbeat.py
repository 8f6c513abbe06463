"""A file that tells other processes (``ldn-bot health``) when Telegram last answered a poll."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

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
        """Note that Telegram has just answered. A file that can't be written stops nothing."""
        now = time.monotonic()
        if now - self._last < EVERY_SECONDS:
            return
        self._last = now
        try:
            self._path.touch()
        except OSError as error:
            log.warning("the heartbeat could not be written", error=error.strerror)

    def stop(self) -> None:
        """Remove the file: a stopped bot has no contact."""
        with contextlib.suppress(OSError):
            self._path.unlink()


def seconds_since_contact(data_dir: Path) -> float | None:
    """Age of the last contact in seconds, or ``None`` if no running bot left one."""
    try:
        return max(0.0, time.time() - (data_dir / FILE_NAME).stat().st_mtime)
    except OSError:
        return None
