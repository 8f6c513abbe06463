"""Meaning of whole sentences as vectors: a small language model that runs on the own machine.

It is all-MiniLM-L6-v2 (Apache-2.0), trained further on the phrasings of the knowledge base by
``tools/train.py``. Its files are packaged and checked before use. Without them the bot works on the
vectors of words alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.resources import as_file
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from bot.matching.learned import Learned
from bot.matching.readings import Reading
from bot.matching.vectors import DATA, Vector, read_packed

MODEL = "sentence-model.onnx"
MODEL_SHA256 = "43e27c541dfa09241dad6c937c32334a4942d749f6652f7a0c29afe0edd01d65"
TOKENIZER = "tokenizer.json"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
LEARNED = "sentence-heads.npz"
LEARNED_SHA256 = "60f2dbec1d119834df74c301d0b28086406d431a5c6f5f5f792f5cf25e3a9050"
PHRASING_VECTORS = "phrasing-vectors.npz"

MOST_PIECES = 128
"""Longest sentence that is read, in pieces of words; what comes behind is cut off."""


class ModelError(Exception):
    """The sentence model cannot be used; the message says why."""


class SentenceModel:
    """Turns sentences into vectors of length 1.

    Vectors of the packaged phrasings are looked up when many are asked for; others are computed.

    Args:
        folder: where the files lie, if not in the package.

    Raises:
        ModelError: a file is missing or is not the expected one.
    """

    def __init__(self, folder: Path | None = None) -> None:
        with as_file(DATA) as packaged:
            folder = folder or packaged
            _verify(folder / MODEL, MODEL_SHA256)
            _verify(folder / TOKENIZER, TOKENIZER_SHA256)
            _verify(folder / LEARNED, LEARNED_SHA256)
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
            options = onnxruntime.SessionOptions()
            # One core: a second one brings little for a sentence and is missing elsewhere.
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            self._session = onnxruntime.InferenceSession(
                str(folder / MODEL), options, providers=["CPUExecutionProvider"]
            )
        self._tokenizer.enable_truncation(MOST_PIECES)
        self._tokenizer.enable_padding()
        learned = read_packed(LEARNED)
        self.learned = Learned(
            tuple(learned["topic_ids"].tolist()),
            learned["topics"],
            learned["elsewhere"],
            learned["emergency"],
            learned["decision"],
            learned["several"],
        )
        stored = read_packed(PHRASING_VECTORS)
        self._stored = stored
        self._last: tuple[str, Reading] | None = None
        # Vectors of another model are of no use; they are computed anew.
        keys = stored["keys"].tolist() if str(stored["model"]) == MODEL_SHA256 else []
        self._rows = {int(key): number for number, key in enumerate(keys)}

    def embed(self, sentences: Sequence[str]) -> Vector:
        """The vectors of ``sentences``, one row each."""
        known = [self._rows.get(key_of(sentence)) for sentence in sentences]
        missing = [s for s, row in zip(sentences, known, strict=True) if row is None]
        fresh = iter(self._compute(missing)) if missing else iter(())
        rows = [
            next(fresh)
            if row is None
            else self._stored["vectors"][row].astype(np.float32) * self._stored["scales"][row]
            for row in known
        ]
        return np.array(rows, dtype=np.float32)

    def read(self, sentence: str) -> Reading:
        """One sentence with the vectors of its pieces.

        The last one is kept: who looks for dangers and who looks for topics read the same message.
        """
        last = self._last
        if last is None or last[0] != sentence:
            vectors, states, places = self._run([sentence])
            last = self._last = sentence, Reading(vectors[0], states[0], places[0])
        return last[1]

    def is_stored(self, sentence: str) -> bool:
        """Whether the vector of ``sentence`` is packaged."""
        return key_of(sentence) in self._rows

    def _compute(self, sentences: Sequence[str], batch: int = 32) -> Vector:
        parts = [
            self._run(sentences[start : start + batch])[0]
            for start in range(0, len(sentences), batch)
        ]
        return np.concatenate(parts)

    def _run(self, sentences: Sequence[str]) -> tuple[Vector, Vector, npt.NDArray[np.int64]]:
        """The vectors of sentences, and the states and places of their pieces of words."""
        encoded = self._tokenizer.encode_batch(list(sentences))
        ids = np.array([one.ids for one in encoded], dtype=np.int64)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": mask}
        vectors, states = self._session.run(["vector", "states"], inputs)
        return vectors, states, np.array([one.offsets for one in encoded], dtype=np.int64)


def key_of(sentence: str) -> int:
    """A number that stands for a sentence in the packaged file."""
    digest = hashlib.blake2b(sentence.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _verify(path: Path, expected: str) -> None:
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(f"{path.name}: {error.strerror or error}") from error
    if found != expected:
        raise ModelError(f"{path.name} is not the expected file (its SHA-256 is {found})")
