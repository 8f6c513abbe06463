"""The sentence model: checked before use, and not needed for an answer."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.engine import Engine
from bot.knowledge import KnowledgeBase
from bot.matching.readings import place_of, sentence_of
from bot.matching.sentence_model import MODEL, MOST_PIECES, ModelError, SentenceModel
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


def test_a_piece_is_read_amid_its_sentence() -> None:
    tokens = ["what", "about", "my", "migraine", "and", "a", "glass", "of", "wine"]
    reading = SentenceModel().read(sentence_of(tokens))
    head, wine = (reading.piece(*place_of(tokens, *span)) for span in ((0, 4), (5, 9)))
    assert head is not None
    assert wine is not None
    alone = SentenceModel().embed(["migraine", "wine"])
    assert head @ alone[0] > wine @ alone[0]
    assert wine @ alone[1] > head @ alone[1]
    assert np.linalg.norm(wine) == pytest.approx(1.0, abs=0.01)


def test_what_lies_behind_the_longest_text_that_is_read_has_no_vector() -> None:
    tokens = ["word"] * MOST_PIECES + ["wine"]
    reading = SentenceModel().read(sentence_of(tokens))
    assert reading.piece(*place_of(tokens, MOST_PIECES, MOST_PIECES + 1)) is None
