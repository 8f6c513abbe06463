"""The sentence model: checked before use, and not needed for an answer."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.engine import Engine
from bot.knowledge import KnowledgeBase
from bot.matching.sentence_model import MODEL, ModelError, SentenceModel
from bot.matching.similarity import LearnedSimilarity
from bot.replies import Question


def test_another_file_than_the_expected_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / MODEL).write_bytes(b"something else")
    with pytest.raises(ModelError, match="not the expected file"):
        SentenceModel(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"sentence-model\.onnx: No such file"):
        SentenceModel(tmp_path)


def test_same_meaning_is_nearer_than_same_words() -> None:
    asked, alike, other = SentenceModel().embed(
        ["my sleep is ruined since i take it", "i cannot rest at night", "my dog is ruined"]
    )
    assert asked @ alike > asked @ other
    assert np.linalg.norm(asked) == pytest.approx(1.0, abs=0.01)


def test_questions_are_answered_without_a_model(shipped_knowledge: KnowledgeBase) -> None:
    reply = Engine(shipped_knowledge).reply(Question("does ldn help fibromyalgia"))
    assert reply.topics[0] == "condition.fibromyalgia"


def test_a_topic_newer_than_the_training_goes_by_its_phrasings() -> None:
    model = SentenceModel()
    known = ["does it help fibromyalgia", "fibro pain relief", "my dreams are wild", "odd dreams"]
    vectors = model.embed(known)
    learned = replace(model.learned, topic_ids=("condition.fibromyalgia",))
    topics = LearnedSimilarity(
        learned, ["condition.fibromyalgia", "new.dreams"], vectors, [0, 0, 1, 1], vectors[:1]
    )
    asked = model.embed(["crazy nightmares since i started", "x"])[0]
    assert topics.topics(asked).argmax() == 1
    assert topics.phrasings(asked, [0, 1])[1] > topics.phrasings(asked, [0, 1])[0]
