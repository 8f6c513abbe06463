"""Check of every call against the published list of methods, parameters and types.

``methods.json`` holds, one method or type per line, ``{"parameter": "Type|Other type!"}``: ``!``
marks a required one, ``[]`` an array. A list in place of the fields names the variants of a type.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.bot_api.errors import ApiError, bad_request

SCALARS: Final = frozenset({"Integer", "Float", "String", "Boolean", "InputFile"})
# What the server says when a required parameter is missing or empty; other names get the
# general sentence.
MISSING: Final[dict[str, str]] = {
    "chat_id": "chat_id is empty",
    "user_id": "invalid user_id specified",
    "message_id": "message identifier is not specified",
    "text": "message text is empty",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
}
JSON_NAMES: Final[dict[str, str]] = {
    "reply_markup": "reply keyboard markup",
    "media": "input media",
    "results": "inline query results",
    "button": "inline query results button",
    "commands": "commands",
    "scope": "BotCommandScope",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file sent in the call's multipart body."""

    name: str
    content_type: str
    content: bytes


@dataclass(slots=True)
class Findings:
    """What a check found: names the API does not know, and values of a wrong shape."""

    unknown: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        """Return the number of findings, by which the best variant of a type is chosen."""
        return len(self.unknown) + len(self.errors)


class Schema:
    """The methods and types of the Bot API."""

    def __init__(self, path: Path | None = None) -> None:
        """Read the data file that ships with this package, or another one of the same form."""
        source = path or Path(__file__).with_name("methods.json")
        data: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
        self.version: str = data["version"]
        self.methods: dict[str, dict[str, str]] = data["methods"]
        self.types: dict[str, dict[str, str] | list[str]] = data["types"]
        self._by_lower: dict[str, str] = {name.lower(): name for name in self.methods}

    def method(self, name: str) -> str:
        """Return the method's proper spelling (the server ignores case); 404 if there is none."""
        found = self._by_lower.get(name.lower())
        if found is None:
            raise ApiError(404, "Not Found: method not found")
        return found

    def check(
        self, method: str, raw: dict[str, Any], files: dict[str, Upload], violations: list[str]
    ) -> dict[str, Any]:
        """Turn raw parameters into typed values.

        Takes strings as they come from a form (or JSON values) and the uploaded files; returns
        the parameters and adds the names the API does not know to ``violations``. Raises a 400
        for a missing parameter or a value of the wrong type.
        """
        fields = self.methods[method]
        params: dict[str, Any] = {}
        findings = Findings()
        for name, value in raw.items():
            if name not in fields:
                findings.unknown.append(f'unknown parameter "{name}"')
                continue
            types = _types(fields[name])
            decoded = self._decode(name, value, types)
            if decoded is not None and decoded != "":
                self._check_value(decoded, types, name, findings)
                params[name] = decoded
        for name, upload in files.items():
            if name in fields and "InputFile" in _types(fields[name]):
                params[name] = upload
            elif f"attach://{name}" not in _strings(params):
                findings.unknown.append(f'uploaded file "{name}" is used by nothing')
        violations += findings.unknown
        if findings.errors:
            raise bad_request(findings.errors[0])
        for name, kind in fields.items():
            if kind.endswith("!") and name not in params:
                raise bad_request(MISSING.get(name, f'Parameter "{name}" is required'))
        return params

    def _decode(self, name: str, value: object, types: list[str]) -> object:
        if not isinstance(value, str):
            return value
        text = value.strip()
        if "Integer" in types and re.fullmatch(r"-?\d{1,19}", text):
            return int(text)
        if "Float" in types and re.fullmatch(r"-?\d+(\.\d+)?", text):
            return float(text)
        if "Boolean" in types and text.lower() in {"true", "false", "1", "0", "yes", "no"}:
            return text.lower() in {"true", "1", "yes"}
        if "String" in types or "InputFile" in types or text == "":
            return value
        if not all(kind in SCALARS for kind in types):
            try:
                return json.loads(text)
            except ValueError:
                kind = JSON_NAMES.get(name, name)
                raise bad_request(f"can't parse {kind} JSON object") from None
        return value

    def _check_value(self, value: object, types: list[str], path: str, findings: Findings) -> None:
        if any(_is_scalar(value, kind) for kind in types):
            return
        candidates = []
        for kind in types:
            own = Findings()
            if kind.startswith("[]"):
                if not isinstance(value, list):
                    continue
                for index, item in enumerate(value):
                    self._check_value(item, [kind[2:]], f"{path}[{index}]", own)
            elif kind in SCALARS or not isinstance(value, dict):
                continue
            else:
                self._check_object(value, kind, path, own)
            candidates.append(own)
        if not candidates:
            wanted = " or ".join(types).replace("[]", "Array of ")
            findings.errors.append(f'Field "{path}" must be of type {wanted}')
            return
        best = min(candidates, key=len)
        findings.unknown += best.unknown
        findings.errors += best.errors

    def _check_object(
        self, value: dict[str, Any], kind: str, path: str, findings: Findings
    ) -> None:
        fields = self.types[kind]
        if isinstance(fields, list):
            self._check_value(value, self._variants(value, kind, fields), path, findings)
            return
        for name, item in value.items():
            if name not in fields:
                findings.unknown.append(f'unknown field "{name}" in {path} ({kind})')
            elif item is not None:
                self._check_value(item, _types(fields[name]), f"{path}.{name}", findings)
        findings.errors += [
            f"can't parse {path}: Can't find field \"{name}\""
            for name, spec in fields.items()
            if spec.endswith("!") and value.get(name) is None
        ]

    def _variants(self, value: dict[str, Any], kind: str, names: list[str]) -> list[str]:
        tag = value.get("type", value.get("source"))
        fitting = [name for name in names if tag == _tag(kind, name)]
        return fitting or names


def _types(spec: str) -> list[str]:
    return spec.removesuffix("!").split("|")


def _tag(parent: str, variant: str) -> str:
    """Return the value of the ``type`` field of a variant: BotCommandScopeChat has "chat"."""
    name = variant.removeprefix(parent).removeprefix("Cached")
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _is_scalar(value: object, kind: str) -> bool:
    match kind:
        case "Integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "String" | "InputFile":
            return isinstance(value, str)
        case "Boolean":
            return isinstance(value, bool)
    return False


def _strings(value: object) -> set[str]:
    if isinstance(value, str):
        return {value}
    if isinstance(value, dict):
        return set().union(*map(_strings, value.values()))
    if isinstance(value, list):
        return set().union(*map(_strings, value))
    return set()
