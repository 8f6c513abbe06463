"""Messages that are no words: each kind gets a kind line; the rest is left alone on purpose."""

from __future__ import annotations

import pytest

from tests.bot_api import buttons
from tests.e2e.message_kinds import (
    ANSWERED,
    DETAILS,
    NOTICES,
    PERSON,
    PHOTO,
    PLACE,
    WORDS,
    fields_of_messages,
)
from tests.e2e.people import Person
from tests.e2e.process import BotProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_every_field_of_a_message_is_sorted_into_answered_or_not() -> None:
    future = {"hologram_of_the_future"}
    sorted_ = [set(ANSWERED) - future, set(NOTICES), WORDS, DETAILS]
    assert set.union(*sorted_) == fields_of_messages()
    assert sum(map(len, sorted_)) == len(fields_of_messages())


async def test_each_kind_gets_its_kind_line(anna: Person) -> None:
    for name, (content, words) in ANSWERED.items():
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
    assert (await anna.answer())["text"].startswith("I can't see what you sent")
    assert (await anna.answer())["text"].startswith("Fibromyalgia\n")
    await anna.ask("/help")
    assert server.unread(anna.chat) == 0


async def test_a_caption_is_read_and_the_picture_is_not(anna: Person) -> None:
    anna.server.photo(anna.chat, anna.user, "does ldn help fibro?")
    assert (await anna.answer())["text"].startswith("I can't see what you sent")
    answer = await anna.answer()
    assert answer["text"].startswith("Fibromyalgia\n")
    assert buttons(answer)
    anna.server.document(anna.chat, anna.user, "x.pdf", b"%PDF", "does ldn help long covid?")
    assert (await anna.answer())["text"].startswith("I can't see what you sent")
    assert (await anna.answer())["text"].startswith("Long COVID\n")


async def test_nothing_stands_above_a_warning(anna: Person) -> None:
    anna.server.photo(anna.chat, anna.user, "can i take this tramadol with ldn?")
    assert (await anna.answer())["text"].startswith("⚠️ LDN and opioids\n")
    assert (await anna.answer())["text"].startswith("I can't see what you sent")
    anna.server.photo(anna.chat, anna.user, "i took tramadol with ldn, now vomiting")
    assert (await anna.answer())["text"].startswith("🚨 Get help now\n")
    await anna.ask("/help")
    assert anna.server.unread(anna.chat) == 0


async def test_words_under_a_picture_lean_on_nothing_said_before(anna: Person) -> None:
    follow_up = "does it work?"
    answer = await anna.ask("does ldn help fibro?")
    assert (await anna.ask(follow_up))["text"].startswith("Fibromyalgia\n")
    anna.server.photo(anna.chat, anna.user, follow_up)
    assert (await anna.answer())["text"].startswith("I can't see what you sent")
    assert not (await anna.answer())["text"].startswith("Fibromyalgia\n")
    anna.server.photo(anna.chat, anna.user, follow_up, reply_to=answer)
    assert (await anna.answer())["text"].startswith("I can't see what you sent")
    assert (await anna.answer())["text"].startswith("Fibromyalgia\n")


async def test_notices_on_a_chat_get_no_answer(anna: Person, bot: BotProcess) -> None:
    written = bot.written
    for field, content in NOTICES.items():
        anna.server.send(anna.chat, anna.user, **{field: content})
    assert (await anna.ask("/help"))["text"].startswith("Type a question")
    assert anna.server.unread(anna.chat) == 0
    said = "\n".join(bot.output.splitlines()[written:])
    assert "can't be read" not in said
    assert "failed" not in said


async def test_what_needs_no_answer_gets_none(anna: Person) -> None:
    server = anna.server
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
