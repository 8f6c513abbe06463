"""Reads one YAML file into plain values and remembers on which line each of them stands.

Only the plain subset of YAML is accepted: no tags, anchors or aliases, no duplicate keys, text in
UTF-8, at most :data:`MAX_BYTES`. Scalars follow PyYAML's safe rules (so ``2026-11-22`` is a date).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

MAX_BYTES = 2_000_000

Keys = tuple[str | int, ...]

# The C parser is about eight times faster; PyYAML falls back to Python where it is missing.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_constructor: Any = yaml.constructor.SafeConstructor()


class UnreadableYamlError(Exception):
    """A file that holds no acceptable YAML. ``line`` is 1-based, or ``None`` for the whole file."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """The values of a file and the line (1-based) of every key and list item."""

    data: Any
    lines: dict[Keys, int]

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
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableYamlError(f"can't be read: {error.strerror or error}") from error
    if len(raw) > MAX_BYTES:
        raise UnreadableYamlError(f"is larger than {MAX_BYTES:,} bytes")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise UnreadableYamlError(
            f"is not UTF-8 (byte 0x{raw[error.start]:02x}); save it as UTF-8", line
        ) from error
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join(part for part in (error.context, error.problem) if part)
        raise UnreadableYamlError(
            f"malformed YAML: {reason}", mark.line + 1 if mark else None
        ) from error
    except yaml.YAMLError as error:
        raise UnreadableYamlError(f"malformed YAML: {error}") from error
    if node is None:
        raise UnreadableYamlError("is empty")
    lines: dict[Keys, int] = {}
    return YamlDocument(_value(node, (), lines, set()), lines)


def _value(node: yaml.Node, path: Keys, lines: dict[Keys, int], seen: set[int]) -> object:
    line = node.start_mark.line + 1
    lines.setdefault(path, line)
    if id(node) in seen:
        raise UnreadableYamlError("aliases (*name) are not accepted; write the value again", line)
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines, seen)
    if isinstance(node, yaml.SequenceNode):
        return [_value(n, (*path, i), lines, seen) for i, n in enumerate(node.value)]
    if not node.tag.startswith("tag:yaml.org,2002:"):
        raise UnreadableYamlError(f"tags are not accepted: {node.tag}", line)
    try:
        return _constructor.construct_document(node)
    except (yaml.YAMLError, ValueError) as error:
        raise UnreadableYamlError(f"malformed value {node.value!r}", line) from error


def _mapping(
    node: yaml.MappingNode, path: Keys, lines: dict[Keys, int], seen: set[int]
) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise UnreadableYamlError("a key must be a plain word", line)
        # Keys stay text: YAML 1.1 would read the key `no` (Norwegian) as false.
        key = key_node.value
        if key in result:
            raise UnreadableYamlError(f"the key {key!r} stands twice", line)
        lines[(*path, key)] = line
        result[key] = _value(value_node, (*path, key), lines, seen)
    return result
