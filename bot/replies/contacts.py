"""Whom to call, in one line for each service."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge.schema import Contact, HelpLine


def contact_lines(
    contact: Contact, *, crisis: bool, poison: bool
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The lines of a country with their source ids; how sure a number is stands behind it.

    ``crisis`` and ``poison`` say which lines are shown beside the emergency number.
    """
    numbers = " or ".join(contact.emergency)
    yield f"{contact.country}: emergency {numbers}.", contact.sources
    lines = (
        (crisis, "crisis line", contact.crisis_line),
        (poison, "poison line", contact.poison_line),
    )
    for wanted, what, line in lines:
        if wanted and line:
            yield f"{contact.country}, {what}: {_service(line)}.", contact.sources
    if contact.note:
        yield contact.note, contact.sources


def _service(line: HelpLine) -> str:
    reach = ", ".join(part for part in (line.number, line.hours, line.url) if part)
    marks = []
    if line.confidence == "secondary":
        marks.append("number read second-hand")
    if line.as_of:
        marks.append(f"as of {line.as_of}")
    known = f" ({'; '.join(marks)})" if marks else ""
    return f"{line.name}, {reach}{known}"
