"""How often the bot speaks in a group: a limit for each person and one for the whole group."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Hashable
from enum import StrEnum
from typing import NamedTuple

NOTICE_SECONDS = 300.0
"""A group gets each notice at most this often."""

MOST_KNOWN = 10_000
"""Above so many people and groups, those whose last question is long ago are forgotten."""


class Pace(NamedTuple):
    """At most ``times`` within any ``seconds``."""

    times: int
    seconds: float


class Verdict(StrEnum):
    """What to do with a question."""

    ANSWER = "answer"
    TELL = "tell"
    """Don't answer, but say why: nobody in the group was told so lately."""
    SILENT = "silent"


class Notice(StrEnum):
    """Why something was not done. Each is told on its own: one says nothing of the other."""

    PAUSE = "pause"
    ADMINS_ASK = "admins ask"
    ADMINS_SET = "admins set"


class CoolDown:
    """Counts questions. Nothing is kept beyond the process, and a restart begins anew.

    Args:
        group_pace: the limit for a whole group.
        clock: seconds from any start, never going back.
    """

    def __init__(self, group_pace: Pace, clock: Callable[[], float] = time.monotonic) -> None:
        self._group_pace = group_pace
        self._clock = clock
        self._asked: dict[Hashable, tuple[float, deque[float]]] = {}
        """Times of answered questions, and for how many seconds they count."""
        self._told: dict[tuple[int, Notice], float] = {}

    def ask(self, group: int, person: int, pace: Pace | None) -> Verdict:
        """Decide on a question and count it if it is to be answered.

        ``pace`` is the limit for the person, ``None`` if there is none.
        """
        now = self._clock()
        limits: list[tuple[Hashable, Pace]] = [(group, self._group_pace)]
        if pace is not None:
            limits.append(((group, person), pace))
        if any(self._over(key, limit, now) for key, limit in limits):
            return Verdict.TELL if self.may_tell(group, Notice.PAUSE) else Verdict.SILENT
        self._forget_old(now)
        for key, limit in limits:
            _, times = self._asked.get(key, (0.0, deque()))
            times.append(now)
            self._asked[key] = (limit.seconds, times)
        return Verdict.ANSWER

    def is_over(self, group: int, person: int, pace: Pace) -> bool:
        """Whether a person has asked as much as ``pace`` allows. Counts nothing."""
        return self._over((group, person), pace, self._clock())

    def may_tell(self, group: int, notice: Notice) -> bool:
        """Whether a notice may be sent to a group now; if so, it counts as sent."""
        now = self._clock()
        last = self._told.get((group, notice))
        if last is not None and now - last < NOTICE_SECONDS:
            return False
        self._told[group, notice] = now
        return True

    def _over(self, key: Hashable, limit: Pace, now: float) -> bool:
        _, times = self._asked.get(key, (0.0, ()))
        return sum(now - moment < limit.seconds for moment in times) >= limit.times

    def _forget_old(self, now: float) -> None:
        if len(self._asked) + len(self._told) < MOST_KNOWN:
            return
        self._asked = {
            key: (seconds, times)
            for key, (seconds, times) in self._asked.items()
            if times and now - times[-1] < seconds
        }
        self._told = {key: last for key, last in self._told.items() if now - last < NOTICE_SECONDS}
