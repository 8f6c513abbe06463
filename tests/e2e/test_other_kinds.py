"""Messages that are no words: each kind gets a kind line; the rest is left alone on purpose."""

from __future__ import annotations

import pytest

from tests.bot_api import Json
from tests.e2e.people import Person
from tests.e2e.process import BotProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")

FILE = {"file_id": "f", "file_unique_id": "f"}
SIZE = {"width": 2, "height": 2}
PHOTO = [{**FILE, **SIZE}]
PLACE = {"latitude": 1.0, "longitude": 2.0}
PERSON = {"id": 7, "is_bot": False, "first_name": "Somebody"}
CHAT = {"id": 8, "type": "private", "first_name": "Somebody"}

KINDS: dict[str, tuple[Json, str]] = {
    "voice": ({"voice": {**FILE, "duration": 2}}, "can't listen"),
    "audio": ({"audio": {**FILE, "duration": 2}}, "can't listen"),
    "video note": ({"video_note": {**FILE, "duration": 2, "length": 9}}, "can't listen"),
    "photo": ({"photo": PHOTO}, "can't see pictures"),
    "video": ({"video": {**FILE, **SIZE, "duration": 2}}, "can't see pictures"),
    "animation": (
        {"animation": {**FILE, **SIZE, "duration": 2}, "document": FILE},
        "can't see pictures",
    ),
    "paid media": (
        {"paid_media": {"star_count": 1, "paid_media": [{"type": "photo", "photo": PHOTO}]}},
        "can't see pictures",
    ),
    "document": ({"document": FILE}, "can't open files"),
    "sticker": (
        {
            "sticker": {
                **FILE,
                **SIZE,
                "type": "regular",
                "is_animated": False,
                "is_video": False,
            }
        },
        "only understand words",
    ),
    "location": ({"location": PLACE}, "country's name"),
    "venue": (
        {"venue": {"location": PLACE, "title": "x", "address": "x"}, "location": PLACE},
        "country's name",
    ),
    "contact": ({"contact": {"phone_number": "1", "first_name": "x"}}, "anybody's number"),
    "poll": (
        {
            "poll": {
                "id": "1",
                "question": "does ldn help?",
                "options": [],
                "total_voter_count": 0,
                "is_closed": False,
                "is_anonymous": True,
                "type": "regular",
                "allows_multiple_answers": False,
                "allows_revoting": False,
                "members_only": False,
            }
        },
        "can't vote",
    ),
    "dice": ({"dice": {"emoji": "🎲", "value": 3}}, "Nice throw"),
    "story": ({"story": {"id": 1, "chat": CHAT}}, "can't see stories"),
    "game": ({"game": {"title": "x", "description": "x", "photo": PHOTO}}, "can't play games"),
    "checklist": (
        {"checklist": {"title": "x", "tasks": [{"id": 1, "text": "x"}]}},
        "lists to tick off",
    ),
    "something new": ({"hologram_of_the_future": {}}, "can only read words"),
}


async def test_each_kind_gets_its_kind_line(anna: Person) -> None:
    for name, (content, words) in KINDS.items():
        anna.server.send(anna.chat, anna.user, **content)
        line = (await anna.answer())["text"]
        assert words in line, name
        assert len(line.splitlines()) == 1
    assert anna.server.unread(anna.chat) == 0


async def test_an_album_gets_one_answer(anna: Person) -> None:
    server = anna.server
    for _ in range(3):
        server.send(anna.chat, anna.user, photo=PHOTO, media_group_id="7")
    assert "can't see pictures" in (await anna.answer())["text"]
    server.send(
        anna.chat, anna.user, photo=PHOTO, media_group_id="8", caption="does ldn help fibro?"
    )
    server.send(anna.chat, anna.user, photo=PHOTO, media_group_id="8")
    assert (await anna.answer())["text"].startswith("Fibromyalgia\n")
    await anna.ask("/help")
    assert server.unread(anna.chat) == 0


async def test_a_caption_is_read_like_a_message(anna: Person) -> None:
    anna.server.photo(anna.chat, anna.user, "does ldn help fibro?")
    assert (await anna.answer())["text"].startswith("Fibromyalgia\n")
    anna.server.document(anna.chat, anna.user, "x.pdf", b"%PDF", "does ldn help long covid?")
    assert (await anna.answer())["text"].startswith("Long COVID\n")


async def test_what_needs_no_answer_gets_none(anna: Person) -> None:
    server = anna.server
    server.send(
        anna.chat, anna.user, message_auto_delete_timer_changed={"message_auto_delete_time": 86400}
    )
    server.send(anna.chat, anna.user, write_access_allowed={})
    moving = server.send(anna.chat, anna.user, location={**PLACE, "live_period": 60})
    await anna.answer()
    server.inject({"edited_message": {**moving, "location": {**PLACE, "live_period": 50}}})
    server.inject(
        {
            "message_reaction": {
                "chat": anna.chat.as_dict(),
                "message_id": 1,
                "date": 1,
                "user": PERSON,
                "old_reaction": [],
                "new_reaction": [],
            }
        }
    )
    server.inject({"poll_answer": {"poll_id": "1", "user": PERSON, "option_ids": []}})
    await anna.ask("/help")
    assert server.unread(anna.chat) == 0


async def test_an_update_that_cannot_be_read_stops_nobody(anna: Person, bot: BotProcess) -> None:
    written = bot.written
    anna.server.send(anna.chat, anna.user, poll={"id": "1"})  # most of it is missing
    assert (await anna.ask("/help"))["text"].startswith("Type a question")
    await bot.line("an update can't be read; it is passed over", after=written)
    assert anna.server.unread(anna.chat) == 0
