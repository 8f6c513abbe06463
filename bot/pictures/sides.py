"""On which side of 'no difference' an estimate favours LDN, where the record says so.

Lower is better for pain, higher for quality of life, and trials subtract in both orders. The side
is therefore never guessed from the measure: the note of the estimate must say it, or the direction
of a clear result must.
"""

from __future__ import annotations

import re

from bot.knowledge.schema import Direction, Estimate, Outcome

LOWER = -1
HIGHER = 1

_SIGN = r"(?P<sign>negative value|positive value|below 0|above 0|value below 0|value above 0)"
_FAVOURS = re.compile(
    _SIGN + r" (?:is in favour of|favours) (?P<who>LDN|naltrexone|placebo)", re.IGNORECASE
)
_MEANS = re.compile(
    _SIGN + r" means (?:more pain relief|(?:a larger fall|less \w+|fewer \w+|better))"
    r" (?:on|with) (?:LDN|naltrexone)",
    re.IGNORECASE,
)
_LOWER_SIGNS = {"negative value", "below 0", "value below 0"}


def better_side(outcome: Outcome) -> int | None:
    """:data:`LOWER` or :data:`HIGHER`: where results better on LDN lie.

    ``None`` if the record doesn't say, or says two things that don't fit together. A difference
    is meant: for a ratio it depends on whether the event is a good or a bad one.
    """
    estimate = outcome.estimate
    if estimate is None or estimate.value is None or estimate.metric.null_value is None:
        return None
    noted = _from_note(estimate)
    found = _from_direction(outcome.direction, estimate.value - estimate.metric.null_value)
    if noted is not None and found is not None and noted != found:
        return None
    return noted or found


def _from_note(estimate: Estimate) -> int | None:
    note = estimate.note or ""
    if match := _FAVOURS.search(note):
        side = LOWER if match["sign"].lower() in _LOWER_SIGNS else HIGHER
        return -side if match["who"].lower() == "placebo" else side
    if match := _MEANS.search(note):
        return LOWER if match["sign"].lower() in _LOWER_SIGNS else HIGHER
    return None


def _from_direction(direction: Direction, above_null: float) -> int | None:
    if not above_null or direction not in {Direction.FAVOURS_LDN, Direction.FAVOURS_COMPARATOR}:
        return None
    side = HIGHER if above_null > 0 else LOWER
    return side if direction is Direction.FAVOURS_LDN else -side
