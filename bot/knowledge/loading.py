"""Loads a knowledge folder: reads, validates, links; reports every problem of one run at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.knowledge.base import KnowledgeBase, Vocabulary
from bot.knowledge.made_entities import LDN, ldn_entity, opioid_entity, study_entity
from bot.knowledge.problems import KnowledgeError, Origin, Problem, dotted
from bot.knowledge.references import dangling
from bot.knowledge.schema import (
    DecisionFile,
    EditorialFile,
    EmergencyFile,
    Entity,
    EntityFile,
    EntityKind,
    Intent,
    IntentFile,
    NoticeFile,
    OpioidFile,
    SmallTalkFile,
    Source,
    SourceFile,
    Study,
    Topic,
    WordsFile,
)
from bot.knowledge.study_topics import study_topic
from bot.knowledge.yaml_reader import Keys, UnreadableYamlError, YamlDocument, read_yaml

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
    "vocabulary/opioids.yaml": OpioidFile,
    "vocabulary/emergencies.yaml": EmergencyFile,
    "vocabulary/decisions.yaml": DecisionFile,
    "vocabulary/intents.yaml": IntentFile,
    "vocabulary/smalltalk.yaml": SmallTalkFile,
    "vocabulary/words.yaml": WordsFile,
}
"""Files with a form of their own, all required; other files in ``vocabulary`` hold entities."""

_PACKAGED = Path(__file__).parent / "data"
_CHECKOUT = Path(__file__).parents[2] / "knowledge"

R = TypeVar("R", bound=BaseModel)


def default_directory() -> Path:
    """The knowledge shipped with the package, or that of the source checkout."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT


@dataclass(frozen=True, slots=True)
class LoadedKnowledge:
    """A valid knowledge base and where each record came from (by id; studies by topic id)."""

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
    loaded = loader.run()
    if loader.problems or loaded is None:
        raise KnowledgeError(loader.problems)
    return loaded


@dataclass(slots=True)
class _Loader:
    directory: Path
    problems: list[Problem] = field(default_factory=list)
    origins: dict[str, Origin] = field(default_factory=dict)
    digest: Any = field(default_factory=hashlib.sha256)

    def run(self) -> LoadedKnowledge | None:
        if not self.directory.is_dir():
            self.problems.append(Problem(str(self.directory), 1, "", "is no folder"))
            return None
        sources: dict[str, Source] = {}
        studies: dict[str, Study] = {}
        topics: dict[str, Topic] = {}
        entities: dict[str, Entity] = {}
        fixed: dict[str, Any] = {}
        for path in sorted(self.directory.rglob("*.y*ml")):
            name = path.relative_to(self.directory)
            folder = name.parts[0] if len(name.parts) == 2 else ""
            if name.as_posix() in SINGLE_FILES:
                self._read_single(path, name.as_posix(), fixed)
            elif folder == "sources":
                self._read_sources(path, sources)
            elif folder == "studies":
                self._read_study(path, studies)
            elif folder in TOPIC_FOLDERS:
                self._read_topic(path, TOPIC_FOLDERS[folder], topics)
            elif folder == "vocabulary":
                self._read_entities(path, entities)
            else:
                reason = "lies in no known folder; see docs/curators.md for the layout"
                self.problems.append(Problem(str(name), 1, "", reason))
        for required in SINGLE_FILES:
            if not (self.directory / required).is_file():
                self.problems.append(Problem(required, 1, "", "this file is missing"))
        for study in studies.values():
            self._add_study(study, topics, entities)
        aliases = self._aliases(topics)
        if len(fixed) < len(SINGLE_FILES):
            return None  # the missing or broken files have been reported
        intents = self._intents(fixed["vocabulary/intents.yaml"])
        for opioid in fixed["vocabulary/opioids.yaml"].opioids:
            entities.setdefault(opioid.id, opioid_entity(opioid))
        entities[LDN] = ldn_entity(fixed["vocabulary/words.yaml"])
        base = KnowledgeBase(
            sources=MappingProxyType(sources),
            studies=MappingProxyType(studies),
            topics=MappingProxyType(topics),
            aliases=MappingProxyType(aliases),
            vocabulary=Vocabulary(
                entities=MappingProxyType(entities),
                intents=MappingProxyType(intents),
                opioids=fixed["vocabulary/opioids.yaml"],
                emergencies=fixed["vocabulary/emergencies.yaml"],
                decisions=fixed["vocabulary/decisions.yaml"],
                smalltalk=fixed["vocabulary/smalltalk.yaml"].smalltalk,
                words=fixed["vocabulary/words.yaml"],
            ),
            notices=fixed["notices.yaml"],
            editorial=fixed["editorial.yaml"],
            version=self.digest.hexdigest()[:12],
        )
        self.problems += dangling(base, self.origins)
        return LoadedKnowledge(base, self.origins)

    # -- files

    def _document(self, path: Path) -> tuple[str, YamlDocument] | None:
        name = path.relative_to(self.directory).as_posix()
        try:
            document = read_yaml(path)
        except UnreadableYamlError as error:
            self.problems.append(Problem(name, error.line or 1, "", error.reason))
            return None
        self.digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
        return name, document

    def _validated(self, model: type[R], name: str, document: YamlDocument) -> R | None:
        try:
            return model.model_validate(document.data)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                keys = _readable_keys(detail["loc"])
                line = document.line_of(keys)
                self.problems.append(Problem(name, line, dotted(keys), _reason(detail)))
            return None

    def _claim_id(self, record_id: str, origin: Origin) -> bool:
        """Note where ``record_id`` stands; false (and a problem) if it stands elsewhere already."""
        earlier = self.origins.get(record_id)
        if earlier is not None:
            line = earlier.document.line_of((*earlier.path, "id"))
            reason = f"the id {record_id!r} is already used in {earlier.file}:{line}"
            self.problems.append(origin.problem(reason, "id"))
            return False
        self.origins[record_id] = origin
        return True

    def _read_sources(self, path: Path, sources: dict[str, Source]) -> None:
        read = self._document(path)
        file = read and self._validated(SourceFile, *read)
        if not read or not file:
            return
        for index, source in enumerate(file.sources):
            if self._claim_id(source.id, Origin(*read, ("sources", index))):
                sources[source.id] = source

    def _read_study(self, path: Path, studies: dict[str, Study]) -> None:
        read = self._document(path)
        study = read and self._validated(Study, *read)
        if not read or not study:
            return
        origin = Origin(*read)
        if study.id != path.stem:
            self.problems.append(
                origin.problem(f"the file must be named {study.id}.yaml after its id", "id")
            )
        if self._claim_id(study.topic_id, origin):
            studies[study.id] = study

    def _read_topic(self, path: Path, kind: str, topics: dict[str, Topic]) -> None:
        read = self._document(path)
        topic = read and self._validated(Topic, *read)
        if not read or not topic:
            return
        origin = Origin(*read)
        expected = f"{kind}.{path.stem}"
        if topic.id != expected:
            reason = f"{topic.id!r} does not fit this place; a file here has the id {expected!r}"
            self.problems.append(origin.problem(reason, "id"))
        if self._claim_id(topic.id, origin):
            topics[topic.id] = topic

    def _read_single(self, path: Path, name: str, fixed: dict[str, Any]) -> None:
        read = self._document(path)
        file = read and self._validated(SINGLE_FILES[name], *read)
        if read and file:
            fixed[name] = file
            self.origins[name] = Origin(*read)

    def _read_entities(self, path: Path, entities: dict[str, Entity]) -> None:
        read = self._document(path)
        file = read and self._validated(EntityFile, *read)
        if not read or not file:
            return
        for index, entity in enumerate(file.entities):
            origin = Origin(*read, ("entities", index))
            if entity.kind is EntityKind.STUDY:
                self.problems.append(origin.problem("studies stand in knowledge/studies/", "kind"))
            elif self._claim_id(f"entity {entity.id}", origin):
                entities[entity.id] = entity

    # -- links between records

    def _add_study(
        self, study: Study, topics: dict[str, Topic], entities: dict[str, Entity]
    ) -> None:
        topic = study_topic(study)
        topics[topic.id] = topic
        entity = study_entity(study)
        entities[entity.id] = entity

    def _aliases(self, topics: dict[str, Topic]) -> dict[str, str]:
        aliases: dict[str, str] = {}
        for topic in topics.values():
            for index, alias in enumerate(topic.aliases):
                taken = alias if alias in topics else aliases.get(alias)
                if taken:
                    reason = f"the id {alias!r} already leads to {taken!r}"
                    self.problems.append(self.origins[topic.id].problem(reason, "aliases", index))
                aliases[alias] = topic.id
        return aliases

    def _intents(self, file: IntentFile) -> dict[str, Intent]:
        result: dict[str, Intent] = {}
        for index, intent in enumerate(file.intents):
            if intent.id in result:
                origin = self.origins["vocabulary/intents.yaml"]
                self.problems.append(
                    origin.problem(f"the id {intent.id!r} stands twice", "intents", index)
                )
            result[intent.id] = intent
        return result


def _readable_keys(loc: tuple[int | str, ...]) -> Keys:
    """Pydantic's location without the names of union branches."""
    return tuple(
        part for part in loc if not (isinstance(part, str) and part.startswith("function-"))
    )


_REASONS = {
    "missing": "is missing",
    "extra_forbidden": "is no known field (is it misspelt?)",
    "string_type": "must be text; put it in quotes",
}


def _reason(detail: ErrorDetails) -> str:
    reason = _REASONS.get(detail["type"])
    if reason is None:
        reason = detail["msg"].removeprefix("Value error, ")
    value = detail.get("input")
    if detail["type"] in {"missing", "extra_forbidden"} or isinstance(value, dict | list):
        return reason
    return f"{reason} (found: {value!r:.80})"
