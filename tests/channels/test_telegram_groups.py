"""Parts of the handling of groups that need no server."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Message, MessageEntity, User

from bot.channels.telegram import cooldown
from bot.channels.telegram.addressing import (
    call_by_command,
    call_by_name_or_reply,
    command_in,
    topic_linked,
)
from bot.channels.telegram.buttons import answer_keyboard
from bot.channels.telegram.chat_settings import (
    Setting,
    group_settings,
    settings_for,
)
from bot.channels.telegram.cooldown import NOTICE_SECONDS, CoolDown, Notice, Pace, Verdict
from bot.channels.telegram.desk import Desk
from bot.channels.telegram.group_replies import asks, reply_to_call
from bot.channels.telegram.limits import Limiter
from bot.engine import Engine
from bot.knowledge import KnowledgeBase
from bot.replies import Question, ReplyKind
from bot.settings import Settings
from bot.storage import Storage
from tests.bot_api.formatting import automatic_entities
from tests.bot_api.state import Json

GROUP, OTHER_GROUP = -1001, -1002
ANNA, BEN, CARLA = 1, 2, 3
BOT = User(99, "LDN", is_bot=True, username="ldn_test_bot")
THREE_A_MINUTE = Pace(3, 60.0)

ANSWER, TELL, SILENT = Verdict.ANSWER, Verdict.TELL, Verdict.SILENT


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cool(clock: Clock) -> CoolDown:
    return CoolDown(Pace(5, 60.0), clock)


def test_a_person_rests_and_is_told_once(cool: CoolDown, clock: Clock) -> None:
    heard = [cool.ask(GROUP, ANNA, THREE_A_MINUTE) for _ in range(6)]
    assert heard == [ANSWER, ANSWER, ANSWER, TELL, SILENT, SILENT]
    assert cool.is_over(GROUP, ANNA, THREE_A_MINUTE)
    assert cool.ask(GROUP, BEN, THREE_A_MINUTE) is ANSWER
    assert cool.ask(OTHER_GROUP, ANNA, THREE_A_MINUTE) is ANSWER
    clock.now = 59.9
    assert cool.ask(GROUP, ANNA, THREE_A_MINUTE) is SILENT
    clock.now = 60.0
    assert not cool.is_over(GROUP, ANNA, THREE_A_MINUTE)
    assert cool.ask(GROUP, ANNA, THREE_A_MINUTE) is ANSWER


def test_a_group_rests_whoever_asks(cool: CoolDown, clock: Clock) -> None:
    assert [cool.ask(GROUP, person, None) for person in range(5)] == [ANSWER] * 5
    assert cool.ask(GROUP, ANNA, None) is TELL
    assert cool.ask(GROUP, CARLA, THREE_A_MINUTE) is SILENT
    clock.now = NOTICE_SECONDS
    assert [cool.ask(GROUP, ANNA, None) for _ in range(7)] == [ANSWER] * 5 + [TELL, SILENT]


def test_notices_have_their_own_pace(cool: CoolDown, clock: Clock) -> None:
    assert cool.may_tell(GROUP, Notice.ADMINS_ASK)
    assert not cool.may_tell(GROUP, Notice.ADMINS_ASK)
    assert cool.may_tell(OTHER_GROUP, Notice.ADMINS_ASK)
    assert cool.may_tell(GROUP, Notice.ADMINS_SET)
    heard = [cool.ask(GROUP, ANNA, Pace(1, 60.0)) for _ in range(3)]
    assert heard == [ANSWER, TELL, SILENT]
    clock.now = NOTICE_SECONDS
    assert cool.may_tell(GROUP, Notice.ADMINS_ASK)


@given(
    st.lists(st.tuples(st.floats(0, 40), st.integers(1, 4), st.booleans()), max_size=80),
)
def test_no_window_holds_more_than_allowed(asked: list[tuple[float, int, bool]]) -> None:
    clock = Clock()
    cool = CoolDown(Pace(5, 60.0), clock)
    answered: list[tuple[float, int, bool]] = []
    told: list[float] = []
    for pause, person, limited in asked:
        clock.now += pause
        verdict = cool.ask(GROUP, person, THREE_A_MINUTE if limited else None)
        if verdict is ANSWER:
            answered.append((clock.now, person, limited))
        elif verdict is TELL:
            told.append(clock.now)
    for start, person, _ in answered:
        window = [one for one in answered if start <= one[0] < start + 60.0]
        assert len(window) <= 5
        assert sum(one[1:] == (person, True) for one in window) <= 3
    assert all(b - a >= NOTICE_SECONDS for a, b in pairwise(told))


def test_those_who_asked_long_ago_are_forgotten(
    cool: CoolDown, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cooldown, "MOST_KNOWN", 10)
    for person in range(100):
        clock.now += 61.0
        cool.ask(GROUP, person, THREE_A_MINUTE)
        cool.may_tell(GROUP - person, Notice.PAUSE)
    assert len(cool._asked) + len(cool._told) <= 20
    assert cool.ask(GROUP, 99, Pace(1, 60.0)) is not ANSWER


# -- who is meant


def message(text: str, reply_to: Json | None = None, **content: object) -> Message:
    fields: Json = {
        "message_id": 5,
        "date": 1,
        "chat": {"id": GROUP, "type": "supergroup", "title": "G"},
        "from": {"id": ANNA, "is_bot": False, "first_name": "Anna"},
        "text": text,
        "entities": automatic_entities(text),
        **content,
    }
    if reply_to:
        fields["reply_to_message"] = {**fields, "entities": [], "message_id": 4, **reply_to}
    return Message.de_json(fields, None)


OWN = {"from": {"id": BOT.id, "is_bot": True, "first_name": "LDN"}, "text": "An answer"}
ANOTHER = {"text": "does it help?"}
TOPIC = {"forum_topic_created": {"name": "Pain", "icon_color": 1}, "text": None}


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("/ldn does it help?", "does it help?"),
        ("/ldn@ldn_test_bot  does\nit help?", "does\nit help?"),
        ("/ldn", ""),
        ("/ldn @ldn_test_bot does it help?", "does it help?"),
        ("/ask: does it help?", "does it help?"),
        ("/ldn /start", "/start"),
        ("/ldn 🙂🙂 does it help?", "🙂🙂 does it help?"),
    ],
)
def test_a_command_is_followed_by_a_question(text: str, question: str) -> None:
    call = call_by_command(message(text), BOT)
    assert (call.text, call.shown, call.by_reply) == (question, None, False)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("@ldn_test_bot does it help?", "does it help?"),
        ("@LDN_Test_Bot, does it help?", "does it help?"),
        ("🙂👩‍⚕️ does it help, @ldn_test_bot?", "🙂👩‍⚕️ does it help, ?"),
        ("hey @ldn_test_bot: @ldn_test_bot", "hey"),
    ],
)
def test_a_name_is_taken_out_of_the_question(text: str, question: str) -> None:
    call = call_by_name_or_reply(message(text), BOT)
    assert call is not None
    assert call.text == question


@pytest.mark.parametrize("text", ["does it help?", "@ldn_test_bot2 does it help?", "@x", "ldn"])
def test_what_names_somebody_else_is_no_call(text: str) -> None:
    assert call_by_name_or_reply(message(text), BOT) is None
    assert call_by_name_or_reply(message(text, reply_to=ANOTHER), BOT) is None


def test_what_a_message_replies_to() -> None:
    to_own = call_by_name_or_reply(message("and how long?", reply_to=OWN), BOT)
    assert to_own is not None
    assert (to_own.by_reply, to_own.shown) == (True, None)
    to_another = call_by_command(message("/ldn", reply_to=ANOTHER), BOT)
    assert to_another.shown is not None
    assert to_another.shown.text == "does it help?"
    in_topic = call_by_command(message("/ldn", reply_to=TOPIC), BOT)
    assert in_topic.shown is None
    assert call_by_name_or_reply(message("hello", reply_to={**OWN, **TOPIC}), BOT) is None


def test_a_text_mention_and_a_caption_are_read() -> None:
    me = {"id": BOT.id, "is_bot": True, "first_name": "LDN"}
    entity = {"type": "text_mention", "offset": 0, "length": 3, "user": me}
    call = call_by_name_or_reply(message("LDN does it help?", entities=[entity]), BOT)
    assert call is not None
    assert call.text == "does it help?"
    caption = "@ldn_test_bot does it help?"
    under = message("", caption=caption, caption_entities=automatic_entities(caption))
    assert (found := call_by_name_or_reply(under, BOT)) is not None
    assert found.text == "does it help?"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/topics@ldn_test_bot", ("topics", True)),
        ("/Topics@LDN_test_bot x", ("topics", True)),
        ("/topics", ("topics", False)),
        ("/topics@other_bot", None),
        ("topics@ldn_test_bot", None),
    ],
)
def test_commands_for_this_bot(text: str, command: tuple[str, bool] | None) -> None:
    assert command_in(message(text), BOT) == command


def test_the_topic_of_an_answer_stands_in_its_link(small_engine: Engine) -> None:
    reply = small_engine.open("condition.long-covid")
    assert reply is not None
    markup = answer_keyboard(reply, group=True, bot_username="ldn_test_bot")
    assert markup is not None
    assert topic_linked(message("x", reply_markup=markup.to_dict())) == "condition.long-covid"
    assert topic_linked(message("x")) is None


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9))))
def test_any_message_can_be_read(text: str, places: list[tuple[int, int]]) -> None:
    entities = [MessageEntity("mention", offset, length).to_dict() for offset, length in places]
    sent = message(text, entities=entities)
    call_by_command(sent, BOT)
    call_by_name_or_reply(sent, BOT)
    command_in(sent, BOT)


# -- what is answered


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Desk:
    """A desk with the shipped knowledge; its storage is not used."""
    return Desk(engine, Storage(f"sqlite:///{tmp_path}/x.sqlite3"), Settings())


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("long covid", "condition.long-covid"),
        ("effexor", "interaction.antidepressants"),
        ("tramadol", "interaction.tramadol"),
        ("has anyone tried it for ms", "condition.multiple-sclerosis"),
        ("me too", None),
        ("best pizza in town", None),
        ("who won the match", None),
    ],
)
async def test_that_it_is_on_ldn_goes_without_saying(
    desk: Desk, text: str, topic: str | None
) -> None:
    settings = group_settings({}, desk.engine.knowledge)
    own = await reply_to_call(desk, call_by_command(message(f"/ldn {text}"), BOT), settings)
    pointed = message("/ldn", reply_to={"text": text})
    shown = await reply_to_call(desk, call_by_command(pointed, BOT), settings)
    assert own.reply == shown.reply
    assert own.reply is not None
    assert own.reply.topics[:1] == ((topic,) if topic else ())
    assert (own.message.message_id, shown.message.message_id) == (5, 4)


@pytest.mark.parametrize(
    "words", ["", "please", "thoughts?", "can you help here?", "see above", "what do you think"]
)
async def test_words_that_only_point_at_a_message(desk: Desk, words: str) -> None:
    settings = group_settings({}, desk.engine.knowledge)
    pointed = message(f"/ldn {words}", reply_to={"text": "does ldn help fibromyalgia?"})
    answered = await reply_to_call(desk, call_by_command(pointed, BOT), settings)
    assert answered.message.message_id == 4
    assert answered.reply is not None
    assert answered.reply.topics == ("condition.fibromyalgia",)


async def test_words_that_ask_something_beside_a_message(desk: Desk) -> None:
    settings = group_settings({}, desk.engine.knowledge)
    said = {"text": "does ldn help fibromyalgia?"}
    asked = message("/ldn what about tramadol?", reply_to=said)
    answered = await reply_to_call(desk, call_by_command(asked, BOT), settings)
    assert answered.message.message_id == 5
    assert answered.reply is not None
    assert answered.reply.topics[0] == "interaction.tramadol"
    danger = {"text": "took ldn after my oxycodone and now i am vomiting and shaking"}
    asked = message("/ldn what about tramadol?", reply_to=danger)
    answered = await reply_to_call(desk, call_by_command(asked, BOT), settings)
    assert answered.message.message_id == 4
    assert answered.reply is not None
    assert answered.reply.kind is ReplyKind.EMERGENCY


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("and for crohns", True),
        ("how long does it take?", True),
        ("side effects", True),
        ("i take tramadol", True),
        ("thank you!", False),
        ("me too", False),
        ("my sister is like that too", False),
        ("that's what my doctor said", False),
        ("it worked for me after 3 weeks", False),
    ],
)
def test_people_also_talk_below_an_answer(engine: Engine, text: str, asked: bool) -> None:
    reply = engine.reply(Question(text, previous_topic="condition.fibromyalgia"))
    assert asks(engine, text, reply) is asked


# -- settings


def test_what_is_missing_or_unknown_is_at_its_default(shipped_knowledge: KnowledgeBase) -> None:
    default = group_settings({}, shipped_knowledge)
    assert default == group_settings({"pace": "99", "length": "", "x": "y"}, shipped_knowledge)
    assert default.language is None
    assert not default.quiet
    assert not default.moderators_only
    german = group_settings({"language": "de", "quiet": "on"}, shipped_knowledge)
    assert (german.language, german.quiet) == ("de", True)


def test_every_setting_fits_its_buttons(
    shipped_knowledge: KnowledgeBase, small_engine: Engine
) -> None:
    settings = settings_for(shipped_knowledge)
    assert "language" in {setting.name for setting in settings}
    assert "language" not in {setting.name for setting in settings_for(small_engine.knowledge)}
    for setting in settings:
        assert isinstance(setting, Setting)
        for value, label in setting.values.items():
            assert len(f"2:set:{setting.name}={value}".encode()) <= 64
            assert len(f"{setting.title}: {label}") <= 60
            group_settings({setting.name: value}, shipped_knowledge)


# -- Telegram's limit


class QuickLoop(asyncio.SelectorEventLoop):
    """Waits for nothing: when all are waiting, it is later at once."""

    def __init__(self) -> None:
        self.now = 0.0
        super().__init__(LeapingSelector(self))

    def time(self) -> float:
        return self.now


class LeapingSelector(selectors.DefaultSelector):
    def __init__(self, loop: QuickLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self._loop.now += max(0.0, timeout or 0.0)
        return super().select(0)


@pytest.fixture
def quick() -> Iterator[asyncio.Runner]:
    with asyncio.Runner(loop_factory=QuickLoop) as runner:
        yield runner


def test_a_group_never_gets_more_than_twenty_messages_a_minute(quick: asyncio.Runner) -> None:
    sent: list[float] = []
    asked: list[float] = []

    async def note(times: list[float]) -> bool:
        times.append(asyncio.get_running_loop().time())
        return True

    async def flood() -> None:
        limiter = Limiter()
        await limiter.initialize()

        async def call(endpoint: str, times: list[float]) -> None:
            data = {"chat_id": GROUP}
            await limiter.process_request(note, [times], {}, endpoint, data, None)

        async with asyncio.TaskGroup() as tasks:
            for number in range(100):
                tasks.create_task(call("sendMessage" if number % 2 else "editMessageText", sent))
                tasks.create_task(call("getChatMember", asked))

    quick.run(flood())
    assert len(sent) == 100
    for start in sent:
        assert sum(start <= moment < start + 60.0 for moment in sent) <= 20
    assert max(sent) <= 11.1 * 60  # and it doesn't wait for longer than it has to
    assert max(asked) == 0.0
