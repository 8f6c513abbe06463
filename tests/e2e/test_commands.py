"""Commands in the private chat, with and without what may stand behind them."""

from __future__ import annotations

import pytest

from bot.channels.telegram.menus import FOR_GROUP_ADMINS, IN_GROUPS, IN_PRIVATE
from tests.bot_api import BotApiServer, Json, buttons
from tests.e2e.people import Person
from tests.e2e.process import BotProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")

OLD = "This button is old. Please type your question."


def labels(message: Json) -> list[str]:
    return [button["text"] for button in buttons(message)]


async def test_the_commands_are_listed_for_each_kind_of_chat(
    bot: BotProcess, shared_server: BotApiServer
) -> None:
    found = {
        call.params.get("scope", {}).get("type"): {
            command["command"] for command in call.params["commands"]
        }
        for call in shared_server.calls("setMyCommands")
    }
    assert found == {
        None: {"help"},
        "all_private_chats": set(IN_PRIVATE),
        "all_group_chats": set(IN_GROUPS),
        "all_chat_administrators": set(FOR_GROUP_ADMINS),
    }
    needed = "ask topics studies interactions sideeffects sources evidence cite feedback privacy"
    assert {*needed.split(), "forget", "settings", "help"} <= set(IN_PRIVATE)


async def test_every_listed_command_works_alone(anna: Person) -> None:
    for name in IN_PRIVATE:
        answer = await anna.ask(f"/{name}")
        text = answer.get("text") or answer["caption"]
        assert not text.startswith("Sorry"), name
        if name not in {"help", "start"}:
            assert not text.startswith(("Type a question", "I answer questions")), name
        anna.server.skip(anna.chat)


async def test_help_and_unknown_commands_explain(anna: Person) -> None:
    explained = await anna.ask("/help")
    assert "Type a question" in explained["text"]
    assert (await anna.ask("/makemewell now"))["text"] == explained["text"]


async def test_ask(anna: Person) -> None:
    answer = await anna.ask("/ask does ldn help fibro?")
    assert answer["text"].startswith("Fibromyalgia\n")
    as_in_groups = await anna.ask("/ldn does ldn help fibro?")
    assert as_in_groups["text"] == answer["text"]
    hint = await anna.ask("/ask")
    assert hint["text"].startswith("Please type your question")
    assert "Fibromyalgia" in labels(hint)


async def test_topics_are_browsed_in_one_message(anna: Person) -> None:
    server = anna.server
    kinds = await anna.ask("/topics")
    assert "Conditions (2)" in labels(kinds)
    anna.tap(kinds, "Conditions (2)")
    listed = await server.next_edit(anna.chat)
    assert listed["message_id"] == kinds["message_id"]
    assert labels(listed) == ["Fibromyalgia", "Long COVID", "All kinds"]
    anna.tap(listed, "All kinds")
    assert labels(await server.next_edit(anna.chat)) == labels(kinds)
    assert labels(await anna.ask("/topics conditions")) == labels(listed)
    assert (await anna.ask("/topics cheese"))["text"].startswith("I have no list of that name")
    anna.tap(listed, "Fibromyalgia", stale=True)
    assert (await anna.answer())["text"].startswith("Fibromyalgia\n")
    # From a greeting the way leads to a new message.
    anna.tap(await anna.ask("/start"), "All topics")
    assert labels(await anna.answer()) == labels(kinds)


async def test_studies(anna: Person) -> None:
    everything = await anna.ask("/studies")
    assert labels(everything) == ["Berg 2020", "All kinds"]
    found = await anna.ask("/studies fibromyalgia")
    assert "Studies at a glance\n• Berg 2020 — " in found["text"]
    assert "What is known" not in found["text"]
    assert "Please keep in mind: LDN must not meet opioids" in found["text"]
    assert labels(found) == ["Berg 2020", "Fibromyalgia"]
    assert (await anna.ask("/studies"))["text"] == found["text"]  # those of the last topic
    assert (await anna.ask("/studies long covid"))["text"].startswith("Long COVID\n")
    assert (await anna.ask("/studies hello"))["text"] == everything["text"]
    answer = await anna.ask("does ldn help fibro?")
    anna.tap(answer, "Studies (1)")
    assert (await anna.answer())["text"] == found["text"]


async def test_check_answers_about_one_medicine_whatever_came_before(anna: Person) -> None:
    answer = await anna.ask("/check tramadol")
    assert answer["text"].startswith("⚠️ LDN and opioids\nDo not combine LDN with an opioid")
    answer = await anna.ask("/check zoloft")
    assert "Antidepressants" in answer["text"]
    alone = (await anna.ask("/interactions zorbaxinib"))["text"]
    assert "“zorbaxinib”" in alone
    assert "\nAntidepressants\n" not in alone
    hint = await anna.ask("/check")
    assert "/check effexor" in hint["text"]
    assert "Tramadol" in labels(hint)
    assert labels(await anna.ask("/interactions")) == labels(hint)


async def test_side_effects(anna: Person) -> None:
    assert "Vivid dreams" in labels(await anna.ask("/sideeffects"))
    assert (await anna.ask("/sideeffects nightmares"))["text"].startswith("Vivid dreams\n")


async def test_sources(anna: Person) -> None:
    answer = await anna.ask("/sources fibromyalgia")
    assert answer["text"].startswith("Sources: Fibromyalgia\n\n[1] ")
    links = [entity["url"] for entity in answer["entities"] if entity["type"] == "text_link"]
    assert "https://pubmed.ncbi.nlm.nih.gov/12345678/" in links
    assert labels(answer) == ["Fibromyalgia"]
    assert (await anna.ask("/sources"))["text"] == answer["text"]  # those of the last topic
    assert "don't have an answer" in (await anna.ask("/sources best pizza in town"))["text"]


async def test_evidence(anna: Person) -> None:
    answer = await anna.ask("/evidence fibromyalgia")
    assert "Low certainty (our reading)" in answer["text"]
    assert "What is known" not in answer["text"]
    everything = await anna.ask("/evidence")
    assert (everything.get("text") or everything["caption"]).strip()


async def test_forget_deletes_what_was_talked_about(anna: Person) -> None:
    await anna.ask("does ldn help fibro?")
    assert (await anna.ask("/studies"))["text"].startswith("Fibromyalgia\n")
    done = await anna.ask("/forget")
    assert done["text"].startswith("Done. I deleted everything")
    assert labels(await anna.ask("/studies")) == ["Berg 2020", "All kinds"]


async def test_an_edited_question_from_before_forget_gets_a_new_answer(anna: Person) -> None:
    question = anna.say("does ldn help fibro?")
    answer = await anna.answer()
    await anna.ask("/forget")
    anna.server.edit(question, "does ldn help long covid?")
    assert (await anna.answer())["text"].startswith("Long COVID\n")
    kept = anna.server.message(answer)
    assert kept is not None
    assert kept["text"] == answer["text"]


async def test_answers_can_be_short(anna: Person) -> None:
    server = anna.server
    menu = await anna.ask("/settings")
    assert labels(menu) == ["✓ Whole answers", "Short answers"]
    anna.tap(menu, "Short answers")
    assert labels(await server.next_edit(anna.chat)) == ["Whole answers", "✓ Short answers"]
    short = await anna.ask("can i take ldn with tramadol?")
    assert short["text"].startswith("⚠️ LDN and opioids\nDo not combine LDN with an opioid")
    short = await anna.ask("does ldn help fibro?")
    assert "Please keep in mind: LDN must not meet opioids" in short["text"]
    assert "Studies at a glance" not in short["text"]
    assert labels(short)[0] == "Whole answer"
    anna.tap(short, "Whole answer")
    whole = await anna.answer()
    assert "Studies at a glance" in whole["text"]
    question = anna.say("does ldn help long covid?")
    await anna.answer()
    anna.tap(menu, "Whole answers")
    await server.next_edit(anna.chat)
    server.edit(question, "does ldn help fibro?")
    assert (await server.next_edit(anna.chat))["text"] == whole["text"]
    anna.tap(menu, "Short answers")
    await server.next_edit(anna.chat)
    await anna.ask("/forget")
    assert labels(await anna.ask("/settings")) == ["✓ Whole answers", "Short answers"]


async def test_the_warning_of_a_question_stands_above_the_whole_answer_too(anna: Person) -> None:
    anna.tap(await anna.ask("/settings"), "Short answers")
    await anna.server.next_edit(anna.chat)
    short = await anna.ask("i take tramadol. does ldn help fibro?")
    assert short["text"].startswith("⚠️ LDN and opioids\n")
    anna.tap(short, "Whole answer")
    assert (await anna.answer())["text"].startswith("⚠️ LDN and opioids\n")


@pytest.mark.parametrize(
    "data",
    [
        "2:tp:cheese:0",
        "2:tp:condition:x",
        "2:st:condition.nowhere",
        "2:st:condition.fibro:-1",
        "2:len:huge",
        "2:all:sx.y",
        "2:all:",
    ],
)
async def test_a_forged_button_is_refused(anna: Person, data: str) -> None:
    greeting = await anna.ask("/start")
    said = await anna.server.callback_answer(anna.tap(greeting, data=data))
    assert said["text"] == OLD
    assert anna.server.unread(anna.chat) == 0


async def test_a_page_beyond_the_last_is_the_last(anna: Person) -> None:
    kinds = await anna.ask("/topics")
    anna.tap(kinds, data="2:tp:condition:99")
    assert "Long COVID" in labels(await anna.server.next_edit(anna.chat))
