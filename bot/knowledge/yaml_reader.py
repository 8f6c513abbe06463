"""Reads one YAML file into plain values and remembers on which line each of them stands.

Only the plain subset of YAML is accepted: no tags, anchors or aliases, no duplicate keys, text in
UTF-8, at most :data:`MAX_BYTES`. Unquoted scalars follow PyYAML's safe rules (so ``2026-11-22`` is
a date and ``no`` is false). The values are built from the parser's events: PyYAML's own way from
events over nodes to values takes three times as long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

MAX_BYTES = 2_000_000
MAX_DEPTH = 20

Keys = tuple[str | int, ...]

_Event = Any  # PyYAML's stubs leave out what its events hold

# The C parser is about eight times faster; PyYAML falls back to Python where it is missing.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_resolvers: dict[str, list[tuple[str, Any]]] = yaml.SafeLoader.yaml_implicit_resolvers
_constructor: Any = yaml.constructor.SafeConstructor()

_HINTS = {
    "mapping values are not allowed": "': ' stands inside a text (put the text in quotes), or the "
    "line above is indented otherwise",
    "did not find expected '-' indicator": "the entries of this list do not stand one below the "
    "other",
    "did not find expected key": "the indentation does not fit the lines above, or a text with "
    "quotation marks inside is not quoted as a whole",
    "could not find expected ':'": "this line is neither 'name: value' nor a part of the text "
    "above; look at the indentation",
    "unexpected end of stream": "a quotation mark is opened here and never closed",
    "alphabetic or numeric character": "a text can't begin with * or &; put it in quotes",
    "cannot start any token": "a text can't begin with this character; put it in quotes",
    "did not find expected ',' or": "a bracket is opened and not closed, or a comma is missing",
    "block sequence entries are not allowed": "a list begins on a line of its own",
    "unknown escape character": "a backslash inside double quotes; use single quotes",
    "expected <document start>": "this does not continue what stands above; look at the "
    "indentation",
}
"""What libyaml's messages mostly mean, for people who don't know YAML."""


class UnreadableYamlError(Exception):
    """A file that holds no acceptable YAML. ``line`` is 1-based, or 0 for the whole file."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """The values of a file and the line (1-based) of every key and list item.

    ``written`` holds, for values that YAML reads as something else than text, what stands in the
    file (``no`` for false).
    """

    data: Any
    raw: bytes
    lines: dict[Keys, int]
    written: dict[Keys, str]

    def line_of(self, path: Keys) -> int:
        """Line of the value at ``path``, or of its nearest parent that stands in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(path: Path) -> YamlDocument:
    """Read ``path``.

    Raises:
        UnreadableYamlError: the file can't be opened, is no UTF-8, too large, malformed or uses
            YAML that is not accepted here.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableYamlError(f"can't be read: {error.strerror or error}") from error
    if len(raw) > MAX_BYTES:
        raise UnreadableYamlError(f"is larger than {MAX_BYTES:,} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise UnreadableYamlError(
            f"is not UTF-8 (byte 0x{raw[error.start]:02x}); save it as UTF-8", line
        ) from error
    try:
        reader = _Reader(iter(_Loader(text).get_event, None))
        data = reader.document()
    except yaml.MarkedYAMLError as error:
        raise _malformed(error, text) from error
    except yaml.reader.ReaderError as error:
        line = text.encode()[: error.position].count(b"\n") + 1
        reason = f"malformed YAML: a character that can't be in a text (U+{error.character:04X})"
        raise UnreadableYamlError(reason, line) from error
    return YamlDocument(data, raw, reader.lines, reader.written)


def _malformed(error: yaml.MarkedYAMLError, text: str) -> UnreadableYamlError:
    said = f"{error.context or ''} {error.problem or ''}".strip()
    mark = error.problem_mark or error.context_mark
    if "unexpected end of stream" in said:
        mark = error.context_mark or mark
    if mark is None:
        return UnreadableYamlError(f"malformed YAML: {said}")
    lines = text.splitlines()
    before = lines[mark.line][: mark.column + 1] if mark.line < len(lines) else ""
    if "cannot start any token" in said and "\t" in before:
        hint = "a tab stands here; use spaces"
    else:
        hint = next((hint for part, hint in _HINTS.items() if part in said), said)
    return UnreadableYamlError(f"malformed YAML: {hint}", mark.line + 1)


@dataclass(slots=True)
class _Reader:
    """Builds the value of the one document in a stream of parser events."""

    events: Iterator[_Event]
    lines: dict[Keys, int] = field(default_factory=dict)
    written: dict[Keys, str] = field(default_factory=dict)

    def document(self) -> object:
        next(self.events)  # start of the stream
        if isinstance(next(self.events), yaml.StreamEndEvent):
            raise UnreadableYamlError("is empty")
        first = next(self.events)
        self.lines[()] = _line(first)
        value = self._value(first, ())
        next(self.events)  # end of the document
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise UnreadableYamlError("a second document ('---') begins here", _line(after))
        return value

    def _value(self, event: _Event, path: Keys) -> object:
        if event.anchor or event.tag:
            raise _unaccepted(event)
        if isinstance(event, yaml.ScalarEvent):
            text: str = event.value
            return self._resolved(text, path) if event.implicit[0] else text
        if len(path) > MAX_DEPTH:
            raise UnreadableYamlError("is nested too deeply", _line(event))
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _resolved(self, text: str, path: Keys) -> object:
        """The value of unquoted text: mostly the text itself."""
        for tag, pattern in _resolvers.get(text[:1], ()):
            if pattern.match(text):
                self.written[path] = text
                try:
                    return _constructor.construct_document(yaml.ScalarNode(tag, text))
                except (yaml.YAMLError, ValueError):
                    return text  # a date like 2026-13-45: the schema says what it should be
        return text

    def _sequence(self, path: Keys) -> list[object]:
        result: list[object] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            below = (*path, len(result))
            self.lines[below] = _line(event)
            result.append(self._value(event, below))
        return result

    def _mapping(self, path: Keys) -> dict[str, object]:
        result: dict[str, object] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                raise UnreadableYamlError("the name of a field must be a plain word", _line(event))
            # Keys stay text: YAML 1.1 would read the key `no` (Norwegian) as false.
            key: str = event.value
            below = (*path, key)
            if key in result:
                reason = f"{key!r} stands twice here (first in line {self.lines[below]})"
                raise UnreadableYamlError(reason, _line(event))
            self.lines[below] = _line(event)
            result[key] = self._value(next(self.events), below)
        return result


def _unaccepted(event: _Event) -> UnreadableYamlError:
    if event.anchor:
        sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
        reason = f"{sign}{event.anchor}: references inside YAML are not accepted; write the value "
        return UnreadableYamlError(f"{reason}itself (in quotes if it begins so)", _line(event))
    reason = f"{event.tag}: tags are not accepted (quote a text that begins with '!')"
    return UnreadableYamlError(reason, _line(event))


def _line(event: _Event) -> int:
    return event.start_mark.line + 1  # type: ignore[no-any-return]
