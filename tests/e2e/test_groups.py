"""Groups, as members and moderators live in them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.bot_api import BotApiServer, Chat, Json, User, buttons, dropped, refused, server_error
from tests.e2e.people import assert_discreet
from tests.e2e.process import BotProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")

FIBRO = "/ldn does it help fibro?"
EMERGENCY = "i took tramadol, now vomiting"
GERMAN = Path(__file__).parents[2] / "knowledge" / "languages" / "de.yaml"


@dataclass(frozen=True, slots=True)
class Room:
    """A group with the bot, an owner, an admin and members."""

    server: BotApiServer
    chat: Chat
    owner: User
    admin: User
    anna: User
    ben: User

    def say(self, user: User, text: str, **options: Any) -> Json:
        return self.server.say(self.chat, user, text, **options)

    async def answer(self) -> Json:
        return await self.server.next_message(self.chat)

    async def ask(self, user: User, text: str, **options: Any) -> Json:
        self.say(user, text, **options)
        return await self.answer()

    async def silence(self) -> None:
        """Nothing was said since the last message that was read; the bot is done with all."""
        menu = await self.ask(self.owner, "/settings")
        assert menu["text"].startswith("Settings of this group"), menu["text"]

    async def set(self, *taps: str) -> Json:
        """Change a setting as the owner; returns the menu."""
        menu = await self.ask(self.owner, "/settings")
        for tap in taps:
            label = next(b["text"] for b in buttons(menu) if b["text"].startswith(tap))
            self.server.tap(self.owner, menu, label)
            menu = await self.server.next_edit(self.chat)
        return menu


def room(server: BotApiServer, *, basic: bool = False, **options: Any) -> Room:
    owner, admin, anna, ben = (server.user(name) for name in ("Olga", "Adam", "Anna5", "Benno"))
    make = server.group if basic else server.supergroup
    chat = make("LDN friends", owner=owner, admins=[admin], members=[anna, ben], **options)
    return Room(server, chat, owner, admin, anna, ben)


@pytest.fixture
def friends(shared_server: BotApiServer, bot: BotProcess) -> Room:
    """A group with the shared bot, which is a mere member there."""
    return room(shared_server)


@pytest.fixture
def mentions(shared_server: BotApiServer) -> Iterator[None]:
    """Mentions get to the bot, as they do where it is an admin."""
    shared_server.mentions_reach_bot = True
    yield
    shared_server.mentions_reach_bot = False


def add_german(knowledge: Path) -> None:
    """The shipped German texts, as far as the small knowledge has what they translate."""
    emergencies = yaml.safe_load((knowledge / "vocabulary" / "emergencies.yaml").read_text())
    known = {emergency["id"] for emergency in emergencies["emergencies"]}
    german = yaml.safe_load(GERMAN.read_text(encoding="utf-8"))
    german["emergencies"] = {key: german["emergencies"][key] for key in known}
    (knowledge / "languages").mkdir()
    text = yaml.safe_dump(german, allow_unicode=True)
    (knowledge / "languages" / "de.yaml").write_text(text, encoding="utf-8")


def labels(message: Json) -> list[str]:
    return [button["text"] for button in buttons(message)]


def replied_to(message: Json) -> int:
    number: int = message["reply_to_message"]["message_id"]
    return number


async def test_a_question_gets_one_short_answer(friends: Room) -> None:
    asked = friends.say(friends.anna, FIBRO)
    answer = await friends.answer()
    text: str = answer["text"]
    assert replied_to(answer) == asked["message_id"]
    order = ["Fibromyalgia\n", "Low certainty", "Please keep in mind", "Sources\n[1] "]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "Studies at a glance" not in text
    (link,) = buttons(answer)
    assert link["text"] == "Full answer in private"
    name = friends.server.bot.username
    assert link["url"] == f"https://t.me/{name}?start=condition_fibromyalgia"
    quotes = [e["type"] for e in answer["entities"] if "blockquote" in e["type"]]
    assert set(quotes) == {"expandable_blockquote"}
    await friends.silence()


@pytest.mark.parametrize("command", ["/ldn@ldn_test_bot", "/ask", "/LDN", "/ask@LDN_Test_Bot"])
async def test_the_ways_to_write_the_command(friends: Room, command: str) -> None:
    answer = await friends.ask(friends.anna, f"{command} does it help fibro?")
    assert answer["text"].startswith("Fibromyalgia\n")


async def test_a_moderator_points_at_a_question_in_its_topic(shared_server: BotApiServer) -> None:
    forum = room(shared_server, forum=True)
    thread = shared_server.topic(forum.chat, "Pain")
    question = forum.say(forum.anna, "does ldn help fibro?", topic=thread)
    assert not shared_server.was_heard(question)
    answer = await forum.ask(forum.admin, "/ldn", reply_to=question)
    assert answer["text"].startswith("Fibromyalgia\n")
    assert answer["message_thread_id"] == thread
    assert replied_to(answer) == question["message_id"]
    # A command that replies to nobody: so does Telegram show it in a topic.
    usage = await forum.ask(forum.admin, "/ldn", topic=thread)
    assert usage["text"].startswith("I answer questions on low-dose naltrexone")
    assert usage["message_thread_id"] == thread
    shared_server.close_topic(forum.chat, thread)
    forum.say(forum.admin, FIBRO, topic=thread)
    await forum.silence()


@pytest.mark.usefixtures("mentions")
async def test_a_mention_is_a_call(friends: Room) -> None:
    name = f"@{friends.server.bot.username}"
    question = friends.say(friends.anna, "does ldn help fibro?")
    for pointing in (name, f"{name} can you help here?", f"please, {name.upper()}!"):
        answer = await friends.ask(friends.admin, pointing, reply_to=question)
        assert answer["text"].startswith("Fibromyalgia\n")
        assert replied_to(answer) == question["message_id"]
    own = friends.say(friends.anna, f"🙂 {name}, does ldn help long covid?")
    answer = await friends.answer()
    assert answer["text"].startswith("Long COVID\n")
    assert replied_to(answer) == own["message_id"]


async def test_a_question_beside_a_message_is_answered_for_who_asked_it(friends: Room) -> None:
    said = friends.say(friends.anna, "i have had it for years and nothing helps")
    own = friends.say(friends.ben, FIBRO, reply_to=said)
    answer = await friends.answer()
    assert answer["text"].startswith("Fibromyalgia\n")
    assert replied_to(answer) == own["message_id"]


async def test_a_reply_to_an_answer_goes_on_from_it(friends: Room) -> None:
    about_covid = await friends.ask(friends.anna, "/ldn does it help long covid?")
    about_fibro = await friends.ask(friends.ben, FIBRO)
    first = await friends.ask(friends.anna, "does it work?", reply_to=about_covid)
    second = await friends.ask(friends.ben, "does it work?", reply_to=about_fibro)
    assert first["text"].startswith("Long COVID\n")
    assert second["text"].startswith("Fibromyalgia\n")


async def test_what_is_not_meant_for_it_is_left_alone(friends: Room) -> None:
    server = friends.server
    another_bot = server.user("Another", is_bot=True)
    server.promote(friends.chat)  # an admin gets every message
    answer = await friends.ask(friends.anna, FIBRO)
    friends.say(friends.ben, "does ldn help fibro?")
    friends.say(friends.ben, "/ldn@another_bot does it help fibro?")
    friends.say(friends.ben, "/weather in Oslo")
    friends.say(friends.ben, "hello @another_bot")
    friends.say(friends.ben, "thank you!", reply_to=answer)
    friends.say(friends.ben, "my sister is like that too", reply_to=answer)
    friends.say(friends.ben, "that's what my doctor said about my fibro", reply_to=answer)
    friends.say(friends.ben, "/ldn does it help long covid?", via_bot=True)
    server.edit(friends.say(friends.ben, "hm"), FIBRO)
    server.photo(friends.chat, friends.ben)
    server.sticker(friends.chat, friends.ben)
    server.join(friends.chat, server.user("Carla"))
    command = {"type": "bot_command", "offset": 0, "length": 4}
    by_bot = {"text": FIBRO, "entities": [command]}
    server.inject({"message": server.state.new_message(friends.chat, another_bot, by_bot)})
    await friends.silence()


async def test_a_question_below_an_answer_that_it_does_not_know(friends: Room) -> None:
    answer = await friends.ask(friends.anna, "/help")
    unknown = await friends.ask(friends.ben, "what is the weather in london?", reply_to=answer)
    assert unknown["text"].startswith("I don't have an answer")
    assert labels(unknown)[-1] == "Ask in private"


async def test_other_commands_for_it(friends: Room) -> None:
    name = friends.server.bot.username
    for text in ("/help", f"/start@{name}"):
        answer = await friends.ask(friends.anna, text)
        assert answer["text"].startswith("I answer questions on low-dose naltrexone")
    answer = await friends.ask(friends.ben, f"/nothing@{name}")
    assert answer["text"].startswith("I answer questions on low-dose naltrexone")
    privacy = await friends.ask(friends.ben, "/privacy")
    assert privacy["text"].startswith("Of this group I keep the settings")
    (more,) = buttons(privacy)
    assert more["url"] == f"https://t.me/{name}?start=about_privacy"
    friends.say(friends.ben, "/topics")  # may be another bot's
    await friends.silence()


@pytest.mark.parametrize("command", ["watch", "unwatch", "forget", "feedback", "cite", "topics"])
async def test_what_belongs_into_the_private_chat_shows_the_way(
    friends: Room, command: str
) -> None:
    name = friends.server.bot.username
    plain = command in {"watch", "unwatch", "forget", "feedback"}
    for text in [f"/{command}@{name} fibro"] + [f"/{command} fibro"] * plain:
        answer = await friends.ask(friends.ben, text)
        assert answer["text"].startswith(f"/{command} works in a private chat with me")
        assert [b["url"] for b in buttons(answer)] == [f"https://t.me/{name}"]


@pytest.mark.parametrize("scope", ["all_group_chats", "all_chat_administrators"])
async def test_every_listed_command_works(friends: Room, scope: str) -> None:
    server = friends.server
    (listed,) = [c for s, c in server.state.commands.items() if scope in str(s)]
    names = [command["command"] for command in listed]
    assert {"ldn", "help", "privacy"} <= set(names)
    for name in names:
        answer = await friends.ask(friends.admin, f"/{name}")
        assert "private chat with me, where" not in answer["text"], name


async def test_an_apology_goes_where_the_question_stands(shared_server: BotApiServer) -> None:
    forum = room(shared_server, forum=True)
    thread = shared_server.topic(forum.chat, "Pain")
    shared_server.fail("sendMessage", refused("Bad Request: something new"))
    question = forum.say(forum.anna, FIBRO, topic=thread)
    apology = await forum.answer()
    assert apology["text"].startswith("Sorry, something went wrong on my side")
    assert apology["message_thread_id"] == thread
    assert replied_to(apology) == question["message_id"]


async def test_a_failed_tap_brings_an_apology_below_the_buttons(
    friends: Room, vague_question: str
) -> None:
    asked_back = await friends.ask(friends.anna, f"/ldn {vague_question}")
    friends.server.fail("editMessageText", refused("Bad Request: something new"))
    friends.server.tap(friends.anna, asked_back, labels(asked_back)[0])
    apology = await friends.answer()
    assert apology["text"].startswith("Sorry, something went wrong on my side")
    assert replied_to(apology) == asked_back["message_id"]


async def test_in_quiet_mode_only_moderators_hear_an_apology(
    friends: Room, bot: BotProcess, vague_question: str
) -> None:
    server = friends.server
    await friends.set("Quiet mode", "on")
    written = bot.written
    server.fail("sendMessage", refused("Bad Request: something new"))
    friends.say(friends.anna, f"/ldn {EMERGENCY}")  # the one thing that she is answered
    await bot.line("could not be delivered", after=written)
    await friends.silence()
    asked_back = await friends.ask(friends.admin, f"/ldn {vague_question}")
    for person in (friends.anna, friends.admin):
        server.fail("editMessageText", refused("Bad Request: something new"))
        written = bot.written
        server.tap(person, asked_back, labels(asked_back)[0])
        await bot.line("could not be delivered", after=written)
        if person is friends.anna:
            await friends.silence()
    assert (await friends.answer())["text"].startswith("Sorry, something went wrong")
    server.fail("sendMessage", refused("Bad Request: something new"))
    apology = await friends.ask(friends.admin, FIBRO)
    assert apology["text"].startswith("Sorry, something went wrong")


async def test_a_picture_is_no_question(friends: Room) -> None:
    picture = friends.server.photo(friends.chat, friends.anna)
    answer = await friends.ask(friends.admin, "/ldn", reply_to=picture)
    assert answer["text"].startswith("I can only read text.")
    friends.server.photo(friends.chat, friends.ben, FIBRO)
    assert (await friends.answer())["text"].startswith("Fibromyalgia\n")
    captioned = friends.server.photo(friends.chat, friends.anna, "does ldn help fibro?")
    answer = await friends.ask(friends.admin, "/ldn", reply_to=captioned)
    assert answer["text"].startswith("Fibromyalgia\n")


async def test_choices_are_tapped_once(friends: Room, vague_question: str) -> None:
    asked_back = await friends.ask(friends.anna, f"/ldn {vague_question}")
    assert "Is it one of these?" in asked_back["text"]
    *offered, private = labels(asked_back)
    assert len(offered) > 1
    assert private == "Ask in private"
    friends.server.tap(friends.anna, asked_back, offered[1])
    answer = await friends.server.next_edit(friends.chat)
    assert offered[1] in answer["text"].splitlines()
    assert labels(answer) == ["Full answer in private"]
    late = friends.server.tap(friends.ben, asked_back, offered[0], stale=True)
    told = await friends.server.callback_answer(late)
    assert told["text"].startswith("This button is old")
    await friends.silence()


async def test_an_opioid_brings_the_warning_first(friends: Room) -> None:
    answer = await friends.ask(friends.anna, "/ldn can i take it with tramadol?")
    assert answer["text"].startswith("⚠️ LDN and opioids\nDo not combine LDN with an opioid")


async def test_too_many_questions_bring_one_notice_and_a_pause(friends: Room) -> None:
    for _ in range(7):
        friends.say(friends.anna, FIBRO)
    heard = [await friends.answer() for _ in range(4)]
    assert [text["text"].startswith("Fibro") for text in heard] == [True, True, True, False]
    assert heard[3]["text"].startswith("Many questions at once")
    refusal = await friends.ask(friends.anna, "/settings")  # another notice is told all the same
    assert refusal["text"] == "Only admins of this group can change the settings."
    # Others, and those who moderate, are not held up by one person.
    assert (await friends.ask(friends.ben, FIBRO))["text"].startswith("Fibromyalgia")
    for _ in range(4):
        assert (await friends.ask(friends.admin, FIBRO))["text"].startswith("Fibromyalgia")
    # Nobody gets more than the whole group may have.
    friends.say(friends.admin, FIBRO)
    friends.say(friends.ben, FIBRO)
    await friends.silence()
    # Somebody in danger is answered all the same.
    for _ in range(2):
        alarm = await friends.ask(friends.anna, f"/ldn {EMERGENCY}")
        assert alarm["text"].startswith("🚨 Get help now\n")


async def test_an_emergency_is_short_and_for_that_person(friends: Room) -> None:
    message = friends.say(friends.anna, EMERGENCY)
    for call in ("/ldn", "/ldn can opioids do that?"):
        alarm = await friends.ask(friends.admin, call, reply_to=message)
        assert replied_to(alarm) == message["message_id"]
        assert alarm["text"] == (
            "🚨 Get help now\nThis can be sudden opioid withdrawal. Call your emergency number now."
        )
        assert buttons(alarm) == []


async def test_settings_are_for_admins(friends: Room) -> None:
    server = friends.server
    refusal = await friends.ask(friends.anna, "/settings")
    assert refusal["text"] == "Only admins of this group can change the settings."
    friends.say(friends.anna, "/settings")  # told once
    menu = await friends.ask(friends.admin, "/settings")
    assert labels(menu) == [
        "Answers: short",
        "Who may ask: everyone",
        "Cool-down: 3 questions a minute",
        "Quiet mode: off",
        "Done",
    ]
    tap = server.tap(friends.anna, menu, "Quiet mode: off")
    told = await server.callback_answer(tap)
    assert told["text"] == "Only admins of this group can change the settings."
    server.demote(friends.chat, friends.admin)
    tap = server.tap(friends.admin, menu, "Quiet mode: off")
    assert (await server.callback_answer(tap))["show_alert"] is True
    server.fail("getChatMember", refused("Bad Request: user not found"))
    tap = server.tap(friends.owner, menu, "Quiet mode: off")
    assert "could not check" in (await server.callback_answer(tap))["text"]
    for data in ("2:set:quiet=maybe", "2:set:colour=red", "2:set:colour", "2:set:=on"):
        told = await server.callback_answer(server.tap(friends.owner, menu, data=data))
        assert told["text"].startswith("This button is old"), data
    assert labels(server.message(menu) or {}) == labels(menu)


async def test_settings_are_changed_by_taps(friends: Room) -> None:
    server = friends.server
    menu = await friends.ask(friends.owner, "/settings", anonymous=True)
    server.tap(friends.owner, menu, "Answers: short")
    choices = await server.next_edit(friends.chat)
    assert labels(choices) == ["✓ short", "with all points", "« Back"]
    tap = server.tap(friends.owner, choices, "with all points")
    menu = await server.next_edit(friends.chat)
    assert (await server.callback_answer(tap))["text"] == "Answers: with all points"
    assert labels(menu)[0] == "Answers: with all points"
    # Two taps at once, the second of which changes nothing.
    for _ in range(2):
        server.tap(friends.owner, choices, "with all points", stale=True)
    server.tap(friends.owner, menu, "Done")
    closed = await server.next_edit(friends.chat)
    assert closed["text"].startswith("The settings are saved.")
    assert buttons(closed) == []


async def test_only_moderators_may_ask(friends: Room) -> None:
    await friends.set("Who may ask", "admins")
    told = await friends.ask(friends.anna, FIBRO)
    assert told["text"].startswith("In this group only admins may ask me.")
    assert labels(told) == ["Ask in private"]
    friends.say(friends.ben, FIBRO)  # told once
    # Another notice is told all the same.
    refusal = await friends.ask(friends.anna, "/settings")
    assert refusal["text"] == "Only admins of this group can change the settings."
    assert (await friends.ask(friends.admin, FIBRO))["text"].startswith("Fibromyalgia")
    answer = await friends.ask(friends.owner, FIBRO, anonymous=True)
    assert answer["text"].startswith("Fibromyalgia")
    alarm = await friends.ask(friends.anna, f"/ldn {EMERGENCY}")
    assert alarm["text"].startswith("🚨")


async def test_in_quiet_mode_others_hear_nothing(friends: Room) -> None:
    await friends.set("Quiet mode", "on")
    for text in (FIBRO, "/help", "/settings", f"/privacy@{friends.server.bot.username}"):
        friends.say(friends.anna, text)
    await friends.silence()
    question = friends.say(friends.anna, "does ldn help fibro?")
    answer = await friends.ask(friends.admin, "/ldn", reply_to=question)
    assert answer["text"].startswith("Fibromyalgia")
    friends.server.fail("getChatAdministrators", dropped())
    alarm = await friends.ask(friends.anna, f"/ldn {EMERGENCY}")
    assert alarm["text"].startswith("🚨")


async def test_the_cool_down_can_be_changed(friends: Room) -> None:
    await friends.set("Cool-down", "1 question in 5")
    assert (await friends.ask(friends.anna, FIBRO))["text"].startswith("Fibromyalgia")
    pause = await friends.ask(friends.anna, FIBRO)
    assert pause["text"].startswith("Many questions at once")


async def test_it_is_added_promoted_silenced_and_removed(
    shared_server: BotApiServer, bot: BotProcess
) -> None:
    server, written = shared_server, bot.written
    friends = room(server, bot_status="left")
    server.join(friends.chat, by=friends.owner)
    greeting = await friends.answer()
    assert greeting["text"].startswith("Hello. I answer questions on low-dose naltrexone")
    server.promote(friends.chat)
    server.demote(friends.chat)
    await friends.set("Quiet mode", "on")
    sent = len(server.calls("sendMessage"))
    server.restrict(friends.chat)
    friends.say(friends.anna, FIBRO)
    friends.say(friends.anna, f"/ldn {EMERGENCY}")
    await bot.line("a group forbids writing", after=written)
    elsewhere = room(server)
    await elsewhere.silence()
    server.restrict(friends.chat, can_send=True)
    await friends.silence()
    assert len(server.calls("sendMessage")) == sent + 2  # no attempt while it was forbidden
    server.leave(friends.chat, by=friends.owner)
    await bot.line("removed from a group", after=written)
    server.join(friends.chat, by=friends.owner)
    assert (await friends.answer())["text"].startswith("Hello.")
    menu = await friends.ask(friends.owner, "/settings")  # what was set has gone
    assert "Quiet mode: off" in labels(menu)


async def test_a_group_that_forbids_writing_untold(friends: Room, bot: BotProcess) -> None:
    written = bot.written
    friends.chat.bot_can_send = False
    friends.say(friends.anna, FIBRO)
    await bot.line("chat can't be written to", after=written)
    friends.chat.bot_can_send = True
    assert (await friends.ask(friends.ben, FIBRO))["text"].startswith("Fibromyalgia")
    assert "Traceback" not in bot.output


async def test_settings_move_with_a_group(shared_server: BotApiServer, bot: BotProcess) -> None:
    server, written = shared_server, bot.written
    old = room(server, basic=True)
    await old.set("Quiet mode", "on")
    new = Room(server, server.migrate(old.chat), old.owner, old.admin, old.anna, old.ben)
    await bot.line("a group became a supergroup", after=written)
    menu = await new.ask(new.owner, "/settings")
    assert "Quiet mode: on" in labels(menu)


async def test_a_question_from_before_a_move_is_answered(friends: Room) -> None:
    server = friends.server
    old = room(server, basic=True)
    question = {"message_id": 900001, "date": 1, "chat": old.chat.as_dict(), "text": FIBRO}
    command = {"type": "bot_command", "offset": 0, "length": 4}
    new = server.migrate(old.chat)
    server.inject({"message": {**question, "from": old.anna.as_dict(), "entities": [command]}})
    assert (await server.next_message(new))["text"].startswith("Fibromyalgia")


async def test_an_answer_whose_question_was_deleted(friends: Room) -> None:
    server = friends.server
    server.fail("sendMessage", server_error(502))
    question = friends.say(friends.anna, FIBRO)
    await server.until(
        lambda: [call.status for call in server.calls("sendMessage")[-1:]] == [502], "a broken line"
    )
    server.delete(question)
    answer = await friends.answer()
    assert answer["text"].startswith("Fibromyalgia")
    assert "reply_to_message" not in answer


async def test_nothing_of_a_group_is_kept_but_its_settings(
    server: BotApiServer, knowledge_dir: Path, tmp_path: Path
) -> None:
    knowledge = Path(shutil.copytree(knowledge_dir, tmp_path / "knowledge"))
    add_german(knowledge)
    friends = room(server)
    async with BotProcess(server, knowledge, tmp_path) as bot:
        await friends.set("Language of warnings", "Deutsch")
        await friends.set("Answers", "with all points")
        answer = await friends.ask(friends.anna, FIBRO)
        assert "LDN darf nicht mit Opioiden zusammentreffen" in answer["text"]
        alarm = await friends.ask(friends.anna, f"/ldn {EMERGENCY}")
        assert "Rufen Sie jetzt Ihre Notrufnummer an" in alarm["text"]
        assert_discreet(server, bot)
    kept = (tmp_path / "data" / "ldn-bot.sqlite3").read_bytes()
    assert b"vomiting" not in kept
    assert str(friends.anna.id).encode() not in kept
    async with BotProcess(server, knowledge, tmp_path):
        menu = await friends.ask(friends.owner, "/settings")
        assert labels(menu)[:4] == [
            "Answers: with all points",
            "Who may ask: everyone",
            "Cool-down: 3 questions a minute",
            "Language of warnings: Deutsch",
        ]
