"""Loads a knowledge folder: reads, validates, links; reports every problem of one run at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.knowledge.base import KnowledgeBase, Vocabulary
from bot.knowledge.made_entities import LDN, ldn_entity, opioid_entity, study_entity
from bot.knowledge.problems import KnowledgeError, Origin, Problem, dotted
from bot.knowledge.records import Records
from bot.knowledge.references import dangling
from bot.knowledge.schema import (
    ContactFile,
    DecisionExampleFile,
    DecisionFile,
    EditorialFile,
    EmergencyExampleFile,
    EmergencyFile,
    EntityFile,
    EntityKind,
    GlossaryFile,
    IntentFile,
    LanguageFile,
    NoticeFile,
    OffTopicFile,
    OpioidFile,
    SmallTalkFile,
    SourceFile,
    Study,
    Topic,
    WordsFile,
)
from bot.knowledge.study_topics import study_topic
from bot.knowledge.word_topics import word_topic
from bot.knowledge.wording import reason
from bot.knowledge.yaml_reader import UnreadableYamlError, read_yaml

TOPIC_FOLDERS = {
    "about": "about",
    "mechanisms": "mechanism",
    "conditions": "condition",
    "side-effects": "side-effect",
    "interactions": "interaction",
    "contraindications": "contraindication",
    "dosing": "dosing",
    "access": "access",
    "evidence": "evidence",
    "safety": "safety",
}
"""Which folder holds which kind of topic: one a file, named like the id after the dot."""

SINGLE_FILES: dict[str, type[BaseModel]] = {
    "notices.yaml": NoticeFile,
    "editorial.yaml": EditorialFile,
    "contacts.yaml": ContactFile,
    "glossary.yaml": GlossaryFile,
    "vocabulary/opioids.yaml": OpioidFile,
    "vocabulary/emergencies.yaml": EmergencyFile,
    "vocabulary/emergency_examples.yaml": EmergencyExampleFile,
    "vocabulary/decisions.yaml": DecisionFile,
    "vocabulary/decision_examples.yaml": DecisionExampleFile,
    "vocabulary/intents.yaml": IntentFile,
    "vocabulary/smalltalk.yaml": SmallTalkFile,
    "vocabulary/off_topic.yaml": OffTopicFile,
    "vocabulary/words.yaml": WordsFile,
}
"""Files with a form of their own, all required; other files in ``vocabulary`` hold entities."""

_ENTRY = "vocabulary entry"
_LISTS = {
    SourceFile: ("source", "sources"),
    EntityFile: (_ENTRY, "entities"),
    OpioidFile: (_ENTRY, "opioids"),
    IntentFile: ("intent", "intents"),
}
"""Files that hold many records with an id: what kind they are and under which field they stand."""

_PACKAGED = Path(__file__).parent / "data"
_CHECKOUT = Path(__file__).parents[2] / "knowledge"

R = TypeVar("R", bound=BaseModel)


def default_directory() -> Path:
    """The knowledge shipped with the package, or that of the source checkout."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT


@dataclass(frozen=True, slots=True)
class LoadedKnowledge:
    """A valid knowledge base and where each record came from (see :class:`Records`)."""

    base: KnowledgeBase
    origins: dict[str, Origin]


def load(directory: Path) -> KnowledgeBase:
    """Load the knowledge in ``directory``.

    Raises:
        KnowledgeError: with every problem found, each with file, line, field and reason.
    """
    return load_with_origins(directory).base


def load_with_origins(directory: Path) -> LoadedKnowledge:
    """Like :func:`load`, for checks that want to name lines.

    Raises:
        KnowledgeError: as :func:`load`.
    """
    loader = _Loader(directory)
    loader.read()
    loader.link()
    if loader.problems:
        raise KnowledgeError(loader.problems)
    return LoadedKnowledge(loader.base(), loader.records.origins)


@dataclass(slots=True)
class _Loader:
    directory: Path
    problems: list[Problem] = field(default_factory=list)
    records: Records = field(default_factory=Records)
    digest: Any = field(default_factory=hashlib.sha256)

    def read(self) -> None:
        """Read every file; keep what is valid and note what is not."""
        self.records.ids[_ENTRY].add(LDN)
        if not self.directory.is_dir():
            raise KnowledgeError([Problem(str(self.directory), 0, "", "is no folder")])
        names = [path.relative_to(self.directory) for path in self.directory.rglob("*")]
        for name in sorted(names):
            if any(part.startswith(".") for part in name.parts):
                continue
            if name.suffix in {".yaml", ".yml"}:
                self._read_file(name)
            elif any(suffix.lower() in {".yaml", ".yml"} for suffix in name.suffixes):
                self._report(name.as_posix(), "the name of the file must end in .yaml")
        for required, model in SINGLE_FILES.items():
            if not (self.directory / required).is_file():
                self._report(required, "this file is missing")
                if model in _LISTS:
                    self.records.ids[_LISTS[model][0]].open = True

    def link(self) -> None:
        """Make aliases, and check that everything referred to exists."""
        records = self.records
        for topic in records.topics.values():
            self._add_aliases(topic.aliases, topic.id)
        for study in records.studies.values():
            self._add_aliases(study.aliases, study.topic_id)
        self.problems += dangling(records)

    def base(self) -> KnowledgeBase:
        """The knowledge base, once nothing is wrong."""
        records, files = self.records, self.records.files
        glossary: GlossaryFile = files["glossary.yaml"]
        topics = (
            records.topics
            | {study.topic_id: study_topic(study) for study in records.studies.values()}
            | {word.topic_id: word_topic(word, glossary.reviewed) for word in glossary.words}
        )
        opioids, words = files["vocabulary/opioids.yaml"], files["vocabulary/words.yaml"]
        made = [*map(opioid_entity, opioids.opioids), *map(study_entity, records.studies.values())]
        entities = {entity.id: entity for entity in (*made, ldn_entity(words))} | records.entities
        return KnowledgeBase(
            sources=MappingProxyType(records.sources),
            studies=MappingProxyType(records.studies),
            topics=MappingProxyType(topics),
            aliases=MappingProxyType(records.aliases),
            vocabulary=Vocabulary(
                entities=MappingProxyType(entities),
                intents=MappingProxyType(records.intents),
                opioids=opioids,
                emergencies=files["vocabulary/emergencies.yaml"],
                emergency_examples=files["vocabulary/emergency_examples.yaml"],
                decisions=files["vocabulary/decisions.yaml"],
                decision_examples=files["vocabulary/decision_examples.yaml"],
                smalltalk=files["vocabulary/smalltalk.yaml"].smalltalk,
                off_topic=files["vocabulary/off_topic.yaml"].questions,
                words=words,
            ),
            notices=files["notices.yaml"],
            editorial=files["editorial.yaml"],
            contacts=files["contacts.yaml"],
            glossary=files["glossary.yaml"],
            languages=MappingProxyType(records.languages),
            version=self.digest.hexdigest()[:12],
        )

    # -- files

    def _read_file(self, name: PurePath) -> None:
        folder = name.parts[0] if len(name.parts) == 2 else ""
        if name.as_posix() in SINGLE_FILES:
            self._read_single(name.as_posix())
        elif folder == "sources":
            self._read_sources(name)
        elif folder == "studies":
            self._read_study(name)
        elif folder in TOPIC_FOLDERS:
            self._read_topic(name, TOPIC_FOLDERS[folder])
        elif folder == "vocabulary":
            self._read_entities(name)
        elif folder == "languages":
            self._read_language(name)
        else:
            others = ("sources", "studies", "vocabulary", "languages")
            folders = ", ".join(sorted([*TOPIC_FOLDERS, *others]))
            reason = f"lies in no folder that is read; move it into one of: {folders}"
            self._report(name.as_posix(), reason)

    def _report(self, name: str, reason: str, line: int = 0, field: str = "") -> None:
        self.problems.append(Problem(name, line, field, reason))

    def _read(self, model: type[R], name: str) -> tuple[R, Origin] | None:
        """The file's record, or ``None`` and a problem for everything that is wrong with it."""
        kind, listed = _LISTS.get(model, (None, ""))
        try:
            document = read_yaml(self.directory / name)
        except UnreadableYamlError as error:
            self._report(name, error.reason, error.line)
            if kind:
                self.records.ids[kind].open = True
            return None
        self.digest.update(name.encode() + b"\0" + document.raw + b"\0")
        if kind:
            self.records.ids[kind].update(_ids_in(document.data, listed))
        try:
            return model.model_validate(document.data), Origin(name, document)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                keys = tuple(part for part in detail["loc"] if part != "[key]")
                said = reason(detail, document.written.get(keys))
                self._report(name, said, document.line_of(keys), dotted(keys))
            return None

    def _is_new(self, key: str, record_id: str, origin: Origin) -> bool:
        """Note where a record stands; false (and a problem) if its id is used already."""
        earlier = self.records.origins.setdefault(key, origin)
        if earlier is not origin:
            line = earlier.document.line_of((*earlier.path, "id"))
            reason = f"the id {record_id!r} is already used in {earlier.file}:{line}"
            self.problems.append(origin.problem(reason, "id"))
        return earlier is origin

    def _read_single(self, name: str) -> None:
        if read := self._read(SINGLE_FILES[name], name):
            file, origin = read
            self.records.files[name] = file
            self.records.origins[name] = origin
            if isinstance(file, GlossaryFile):
                for index, word in enumerate(file.words):
                    self._is_new(word.topic_id, word.id, origin.at("words", index))
                    self.records.ids["topic"].add(word.topic_id)
            if isinstance(file, IntentFile):
                for index, intent in enumerate(file.intents):
                    if self._is_new(f"intent {intent.id}", intent.id, origin.at("intents", index)):
                        self.records.intents[intent.id] = intent

    def _read_sources(self, name: PurePath) -> None:
        if read := self._read(SourceFile, name.as_posix()):
            for index, source in enumerate(read[0].sources):
                if self._is_new(source.id, source.id, read[1].at("sources", index)):
                    self.records.sources[source.id] = source

    def _read_entities(self, name: PurePath) -> None:
        if read := self._read(EntityFile, name.as_posix()):
            for index, entity in enumerate(read[0].entities):
                place = read[1].at("entities", index)
                if entity.kind is EntityKind.STUDY:
                    self.problems.append(place.problem("studies belong in studies/", "kind"))
                elif self._is_new(f"entity {entity.id}", entity.id, place):
                    self.records.entities[entity.id] = entity

    def _read_language(self, name: PurePath) -> None:
        if read := self._read(LanguageFile, name.as_posix()):
            file, origin = read
            if file.language != name.stem:
                reason = f"the file of {file.language!r} must be called {file.language}.yaml"
                self.problems.append(origin.problem(reason, "language"))
            elif self._is_new(f"language {file.language}", file.language, origin):
                self.records.languages[file.language] = file

    def _read_study(self, name: PurePath) -> None:
        self._note_study(name.stem)
        if read := self._read(Study, name.as_posix()):
            study, origin = read
            self._note_study(study.id)
            self._check_place(study.id, name.stem, origin)
            if self._is_new(study.topic_id, study.id, origin):
                self.records.studies[study.id] = study

    def _note_study(self, study_id: str) -> None:
        self.records.ids["study"].add(study_id)
        self.records.ids["topic"].add(f"study.{study_id}")

    def _read_topic(self, name: PurePath, kind: str) -> None:
        self.records.ids["topic"].add(f"{kind}.{name.stem}")
        if read := self._read(Topic, name.as_posix()):
            topic, origin = read
            self.records.ids["topic"].add(topic.id)
            self._check_place(topic.id, f"{kind}.{name.stem}", origin)
            if self._is_new(topic.id, topic.id, origin):
                self.records.topics[topic.id] = topic

    def _check_place(self, record_id: str, expected: str, origin: Origin) -> None:
        if record_id != expected:
            reason = (
                f"{record_id!r} does not fit the place of this file: here the id must be "
                f"{expected!r} (or rename the file)"
            )
            self.problems.append(origin.problem(reason, "id"))

    def _add_aliases(self, aliases: tuple[str, ...], topic_id: str) -> None:
        records = self.records
        for index, alias in enumerate(aliases):
            taken = alias if alias in records.origins else records.aliases.get(alias)
            if taken:
                reason = f"the id {alias!r} already leads to {taken!r}"
                self.problems.append(records.origins[topic_id].problem(reason, "aliases", index))
            records.aliases[alias] = topic_id
            records.ids["topic"].add(alias)


def _ids_in(data: object, listed: str) -> Iterator[str]:
    """The ids in a file's list of records, which may be faulty otherwise."""
    entries = data.get(listed) if isinstance(data, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            yield entry["id"]
