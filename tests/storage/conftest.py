"""A storage on either database, with a clock that the tests turn."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.storage import Storage


class Clock:
    """Seconds since 1970, as the test wants them."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def storage(database_url: str, clock: Clock) -> AsyncIterator[Storage]:
    """A started storage."""
    storage = Storage(database_url, clock)
    await storage.start()
    yield storage
    await storage.close()
