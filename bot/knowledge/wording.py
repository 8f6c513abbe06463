"""Says what is wrong with a value so that a curator who is no programmer can put it right."""

from __future__ import annotations

import datetime as dt

from pydantic_core import ErrorDetails

from bot.knowledge.schema import base, sources, studies

_LONGEST_VALUE = 60

_REASONS = {
    "missing": "is missing",
    "extra_forbidden": "is no known field (is it misspelt, or indented wrongly?)",
    "string_type": "must be text",
    "string_too_short": "is empty",
    "too_short": "needs at least {min_length} entry",
    "too_long": "has more than {max_length} entries",
    "tuple_type": "must be a list: each entry on a line of its own that begins with '- '",
    "dict_type": "must be lines of the form 'name: value'",
    "model_type": "must be lines of the form 'name: value'",
    "model_attributes_type": "must be lines of the form 'name: value'",
    "enum": "must be {expected}",
    "literal_error": "must be {expected}",
    "date_type": "must be a date like 2026-11-22",
    "date_parsing": "must be a date like 2026-11-22",
    "date_from_datetime_parsing": "must be a date like 2026-11-22",
    "date_from_datetime_inexact": "must be a date like 2026-11-22, without the time",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}

PATTERNS = {
    base.SLUG: "must consist of small letters, digits and hyphens, like 'bruun-2024'",
    base.TOPIC_ID: "must be a kind, a dot and a name, like 'condition.fibromyalgia'; the kinds are "
    + ", ".join(base.TOPIC_KINDS),
    sources.DOI: "must be a DOI like 10.1016/x, without 'https://doi.org/' before it",
    sources.PMID: "must be a PubMed number (digits only)",
    sources.URL: "must be an address that begins with http:// or https:// and has no spaces",
    studies.P_VALUE: "must be a p value like 0.03 or <0.001",
}
"""What each pattern of the schema asks for."""


def reason(detail: ErrorDetails, written: str | None) -> str:
    """The reason for a problem. ``written`` is what stands in the file, if YAML changed the value.

    Only short values are repeated: the line says where the others stand.
    """
    kind, value, context = detail["type"], detail.get("input"), detail.get("ctx", {})
    if value is None and kind != "missing":
        return "has no value"
    if kind == "string_type" and written:
        return f'must be text; put it in quotes: "{written}" (YAML reads it as {_read(value)})'
    if kind == "string_pattern_mismatch":
        said = PATTERNS[context["pattern"]]
    elif kind in _REASONS:
        said = _REASONS[kind].format(**context)
    else:
        said = detail["msg"].removeprefix("Value error, ")
    found = value if isinstance(value, str) else written
    if not found or len(found) > _LONGEST_VALUE or kind in {"extra_forbidden", "missing"}:
        return said
    return f"{said}; found {found!r}"


def _read(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return "a date"
    return "a number"
