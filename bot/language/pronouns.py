"""An "it" that can mean nothing but LDN: "is it safe with antibiotics"."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.entities import Mention

PRONOUNS = {"it", "this"}
SUBJECT = "ldn"

TAKEN = {
    *("take", "taking", "took", "taken", "start", "starting", "started", "use", "using", "used"),
    *("try", "trying", "tried", "on", "combine", "mix", "have", "having", "add", "adding"),
}
"""Behind one of these a pronoun stands for a medicine."""

ASKS = {"is", "does", "will", "can", "could", "would", "should", "has", "did"}
DOES = {
    *("safe", "ok", "okay", "fine", "alright", "dangerous", "risky", "harmful", "bad", "good"),
    *("any", "help", "work", "interact", "clash", "mix", "react", "interfere", "affect", "cause"),
    *("go", "be", "treat", "cure", "allowed", "possible", "used", "taken", "mess", "effective"),
}
"""Between one of :data:`ASKS` and one of these as well."""


def with_subject(tokens: Sequence[str], mentions: Sequence[Mention]) -> tuple[str, ...]:
    """``tokens`` with "ldn" for a pronoun that speaks of it, before the first thing that is named.

    A pronoun behind a name may mean that, one right before it points to it ("this kratom tea").
    Where nothing is named it is left alone as well.
    """
    first = min((mention.start for mention in mentions), default=0)
    for place in range(first - 1):
        before = tokens[place - 1] if place else ""
        behind = tokens[place + 1] if place + 1 < len(tokens) else ""
        speaks_of_it = before in TAKEN or (before in ASKS and behind in DOES)
        if tokens[place] in PRONOUNS and speaks_of_it:
            return (*tokens[:place], SUBJECT, *tokens[place + 1 :])
    return tuple(tokens)
