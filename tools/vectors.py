"""Makes the packaged vectors of words and phrasings (see bot/matching/data/README.md).

`python tools/vectors.py` computes them for `knowledge/`; `--check` changes nothing and fails when
more than a few phrasings have no stored vector.
"""

import argparse
import sys
from importlib.resources import as_file
from typing import Any

import numpy as np
import numpy.typing as npt
from spellchecker import SpellChecker

from bot.knowledge import KnowledgeBase, default_directory, load
from bot.language import Understander
from bot.language.text import words
from bot.matching.phrasing_space import phrasings_of
from bot.matching.readings import sentence_of
from bot.matching.sentence_model import MODEL_SHA256, PHRASING_VECTORS, SentenceModel, key_of
from bot.matching.vectors import DATA, WORD_VECTORS, packed

COMMON_WORDS = 22_000
"""English words taken from the frequency list, beside all words of the knowledge."""

COMPONENTS = 256
MISSING_TOLERATED = 0.02


def main() -> int:
    """Write or check the files; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--words", action="store_true", help="make the word vectors anew as well")
    options = parser.parse_args()
    knowledge = load(default_directory())
    understander = Understander(knowledge)
    model = SentenceModel()
    examples = knowledge.vocabulary.emergency_examples
    texts = [text for _, text in phrasings_of(knowledge)]
    deciding = knowledge.vocabulary.decision_examples
    texts += [*knowledge.vocabulary.off_topic, *examples.none]
    texts += [*deciding.decisions, *deciding.none]
    texts += [text for urgent in examples.emergencies.values() for text in urgent]
    read = [understander.tokens(text) for text in texts]
    sentences = sorted({sentence_of(tokens) for tokens in read})
    missing = [sentence for sentence in sentences if not model.is_stored(sentence)]
    print(f"{len(sentences)} phrasings, {len(missing)} without a stored vector")
    if options.check:
        return int(len(missing) > MISSING_TOLERATED * len(sentences))
    numbers, scales = packed(model.embed(sentences))
    keys = np.array([key_of(sentence) for sentence in sentences])
    _save(PHRASING_VECTORS, model=np.array(MODEL_SHA256), keys=keys, vectors=numbers, scales=scales)
    if options.words:
        _write_words(knowledge, model, {token for tokens in read for token in tokens})
    return 0


def _write_words(knowledge: KnowledgeBase, model: SentenceModel, used: set[str]) -> None:
    names = {
        word
        for entity in knowledge.vocabulary.entities.values()
        for name in entity.names
        for word in words(name)
    }
    frequencies = SpellChecker(language="en").word_frequency.dictionary
    common = sorted(frequencies, key=lambda word: -frequencies[word])[:COMMON_WORDS]
    vocabulary = sorted({*used, *names, *(word for entry in common for word in words(entry))})
    vectors = model.embed(vocabulary)
    middle = vectors.mean(axis=0)
    _, sizes, directions = np.linalg.svd(vectors - middle, full_matrices=False)
    reduced = (vectors - middle) @ directions[:COMPONENTS].T / np.sqrt(sizes[:COMPONENTS])
    numbers, scales = packed(reduced)
    _save(WORD_VECTORS, words=np.array(vocabulary), vectors=numbers, scales=scales)
    print(f"{len(vocabulary)} words, {vectors.shape[1]} numbers reduced to {COMPONENTS}")


def _save(name: str, **arrays: npt.NDArray[Any]) -> None:
    with as_file(DATA / name) as path, path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)


if __name__ == "__main__":
    sys.exit(main())
