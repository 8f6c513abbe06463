"""Which messages answered which question, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from bot.storage import ANSWERS_KEPT_SECONDS, Given, Storage
from tests.storage.conftest import Clock

ANNA, BEN = 5_000_000_001, 5_000_000_002
FIBRO = "condition.fibromyalgia"


async def test_an_answer_is_found_by_its_question(storage: Storage) -> None:
    await storage.answers.note(ANNA, 7, Given((8, 9), FIBRO))
    await storage.answers.note(BEN, 7, Given((10,), None))
    assert await storage.answers.given(ANNA, 7) == Given((8, 9), FIBRO)
    assert await storage.answers.given(BEN, 7) == Given((10,), None)
    assert await storage.answers.given(ANNA, 8) is None

    await storage.answers.note(ANNA, 7, Given((8,), None))

    assert await storage.answers.given(ANNA, 7) == Given((8,), None)


async def test_an_answer_that_moved_is_found_where_it_is(storage: Storage) -> None:
    await storage.answers.note(ANNA, 7, Given((8,), FIBRO))
    await storage.answers.note(BEN, 7, Given((8,), None))
    await storage.answers.replaced(ANNA, (8,), (8, 12))
    await storage.answers.replaced(ANNA, (99,), (100,))
    assert await storage.answers.given(ANNA, 7) == Given((8, 12), FIBRO)
    assert await storage.answers.given(BEN, 7) == Given((8,), None)


async def test_answers_are_forgotten_in_time(storage: Storage, clock: Clock) -> None:
    await storage.answers.note(ANNA, 7, Given((8,), FIBRO))
    clock.now += ANSWERS_KEPT_SECONDS - 1
    assert await storage.answers.given(ANNA, 7)
    clock.now += 1
    assert await storage.answers.given(ANNA, 7) is None
    await storage.answers.note(BEN, 7, Given((8,), None))  # deletes what is too old
    clock.now -= 1
    assert await storage.answers.given(ANNA, 7) is None


async def test_answers_are_forgotten_on_request(storage: Storage) -> None:
    for chat_id in (ANNA, BEN):
        await storage.answers.note(chat_id, 7, Given((8,), FIBRO))
    await storage.forget(ANNA)
    assert await storage.answers.given(ANNA, 7) is None
    assert await storage.answers.given(BEN, 7)
