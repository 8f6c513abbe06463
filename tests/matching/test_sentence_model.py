"""The sentence model: checked before use, and not needed for an answer."""

from pathlib import Path

import numpy as np
import pytest

from bot.engine import Engine
from bot.knowledge import KnowledgeBase
from bot.matching.sentence_model import ModelError, SentenceModel
from bot.replies import Question


def test_another_file_than_the_expected_one_is_refused(tmp_path: Path) -> None:
    model = tmp_path / "model.onnx"
    model.write_bytes(b"something else")
    with pytest.raises(ModelError, match="not the expected file"):
        SentenceModel(model)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.onnx: No such file"):
        SentenceModel(tmp_path / "model.onnx")


def test_same_meaning_is_nearer_than_same_words() -> None:
    asked, alike, other = SentenceModel().embed(
        ["my sleep is ruined since i take it", "i cannot rest at night", "my dog is ruined"]
    )
    assert asked @ alike > asked @ other
    assert np.linalg.norm(asked) == pytest.approx(1.0, abs=0.01)


def test_questions_are_answered_without_a_model(shipped_knowledge: KnowledgeBase) -> None:
    reply = Engine(shipped_knowledge).reply(Question("does ldn help fibromyalgia"))
    assert reply.topics[0] == "condition.fibromyalgia"
