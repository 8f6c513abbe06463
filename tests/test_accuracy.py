"""The held-out questions: nothing may get worse without anybody noticing."""

import json
from pathlib import Path

import pytest

from bot.cli.evaluating import Scoreboard, judge, read_questions
from bot.engine import Engine
from bot.replies import Question

DATA = Path(__file__).parent / "data"
TOLERATED = 0.01
"""Share by which a result may fall below the recorded one."""


@pytest.fixture(scope="module")
def board(engine: Engine) -> Scoreboard:
    board = Scoreboard()
    for row in read_questions(DATA / "questions.jsonl"):
        if row.split == "held-out":
            expected = [engine.knowledge.aliases.get(topic, topic) for topic in row.topics]
            context = (row.context,) if row.context else ()
            judge(row, expected, engine.reply(Question(row.q, context=context)), board)
    return board


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("name", "recorded"), json.loads((DATA / "accuracy.json").read_text()).items()
)
def test_held_out_questions_are_answered_as_well_as_before(
    board: Scoreboard, name: str, recorded: float
) -> None:
    assert board.share(name) >= recorded - TOLERATED
