"""Pictures under answers, over real HTTP, on the shipped knowledge."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge import default_directory
from tests.bot_api import BotApiServer, Json, buttons
from tests.e2e.people import Person, someone
from tests.e2e.process import BotProcess

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(400)]

SLOWLY = 60.0
"""Seconds: drawing takes a second or two, on a busy machine more."""


def names(message: Json) -> list[str]:
    return [button["text"] for button in buttons(message)]


def uploads(server: BotApiServer) -> int:
    return sum(bool(call.files) for call in server.journal)


async def the_picture(anna: Person) -> Json:
    """The next message that is a picture."""
    while "photo" not in (message := await anna.answer(within=SLOWLY)):
        pass
    return message


async def test_pictures_from_the_button_to_the_file(server: BotApiServer, tmp_path: Path) -> None:
    async with BotProcess(server, default_directory(), tmp_path):
        anna, ben = someone(server), someone(server)
        answer = await anna.ask("does ldn help depression?")
        anna.tap(answer, "Picture")
        picture = await the_picture(anna)
        assert picture["reply_to_message"]["message_id"] == answer["message_id"]
        assert picture["caption"]
        assert names(picture) == ["Dark", "In words", "As a file"]
        assert uploads(server) == 1

        # The second time Telegram's own file is sent, with the same words under it.
        answer = await ben.ask("does ldn help depression?")
        ben.tap(answer, "Picture")
        again = await the_picture(ben)
        assert again["photo"] == picture["photo"]
        assert again["caption"] == picture["caption"]
        assert uploads(server) == 1

        # A file that Telegram does not know any more is drawn anew.
        server.state.files.clear()
        ben.tap(answer, "Picture")
        await the_picture(ben)
        assert uploads(server) == 2

        anna.tap(picture, "Dark")
        dark = await server.next_edit(anna.chat, within=SLOWLY)
        assert dark["photo"] != picture["photo"]
        assert names(dark) == ["Light", "In words", "As a file"]

        anna.tap(dark, "In words")
        words = await anna.answer(within=SLOWLY)
        assert "moloney-2026" in words["text"]
        # As a file it has the look that it had; the second time nothing is drawn or uploaded.
        before = uploads(server)
        (offered,) = [b for b in buttons(dark) if b["text"] == "As a file"]
        files = []
        for person, shown in ((anna, dark), (ben, again)):
            person.tap(shown, data=offered["callback_data"])
            files.append(await person.answer(within=SLOWLY))
            assert files[-1]["document"]["file_name"] == "ldn-depression.png"
            assert files[-1]["caption"] == picture["caption"]
            assert uploads(server) == before + 1
        assert files[0]["document"] == files[1]["document"]
        anna.tap(await anna.ask("/cite depression"), "Picture as a file")
        light = await anna.answer(within=SLOWLY)
        assert light["document"] != files[0]["document"]
        assert uploads(server) == before + 2

        # Shown whole, a short answer has its picture as well.
        anna.tap(await anna.ask("/settings"), "Short answers")
        await server.next_edit(anna.chat)
        short = await anna.ask("does ldn help depression?")
        assert {"Whole answer", "Picture"} <= set(names(short))
        anna.tap(short, "Whole answer")
        whole = await anna.answer()
        assert "Picture" in names(whole)
        assert "Whole answer" not in names(whole)

        # A topic without a picture has no button, and a forged tap gets none.
        other = await anna.ask("can i drink wine on ldn")
        assert "Picture" not in names(other)
        tap = anna.tap(other, data="2:pic:interaction.alcohol")
        assert "old" in (await server.callback_answer(tap))["text"]

        assert "photo" not in await anna.ask("/evidence")
        assert "conditions" in (await the_picture(anna))["caption"].lower()
