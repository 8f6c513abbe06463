"""Faults on demand: what goes wrong between a bot and the real server."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from tests.bot_api.errors import ApiError, too_many_requests

PROXY_PAGE: Final = (
    "<html>\r\n<head><title>{status}</title></head>\r\n"
    "<body><center><h1>{status}</h1></center><hr><center>nginx</center></body>\r\n</html>\r\n"
)
CONFLICT: Final = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance "
    "is running"
)
REASONS: Final = {500: "Internal Server Error", 502: "Bad Gateway", 504: "Gateway Timeout"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong with a call; make one with the functions below."""

    kind: Literal["error", "page", "drop", "hang", "garbage"]
    error: ApiError | None = None
    status: int = 502
    after_effect: bool = False
    """Whether the call does its work first, so that only its answer is lost."""


def flood(retry_after: int = 1) -> Fault:
    """Answer 429 with ``retry_after`` seconds."""
    return Fault("error", too_many_requests(retry_after))


def server_error(status: int = 502, *, after_effect: bool = False) -> Fault:
    """Answer 500, 502 or 504 with a proxy's HTML page in place of JSON."""
    return Fault("page", status=status, after_effect=after_effect)


def unauthorized() -> Fault:
    """Answer 401, as when the token was revoked."""
    return Fault("error", ApiError(401, "Unauthorized"))


def forbidden(reason: str = "bot was blocked by the user") -> Fault:
    """Answer 403."""
    return Fault("error", ApiError(403, f"Forbidden: {reason}"))


def conflict() -> Fault:
    """Answer 409, as when another copy of the bot polls."""
    return Fault("error", ApiError(409, CONFLICT))


def refused(description: str, code: int = 400) -> Fault:
    """Answer any other error: the whole description, such as "Bad Request: chat not found"."""
    return Fault("error", ApiError(code, description))


def dropped(*, after_effect: bool = False) -> Fault:
    """Close the connection without an answer."""
    return Fault("drop", after_effect=after_effect)


def hang(*, after_effect: bool = False) -> Fault:
    """Never answer; ends when the bot gives up or the server stops."""
    return Fault("hang", after_effect=after_effect)


def garbage(*, after_effect: bool = False) -> Fault:
    """Answer 200 with JSON that is cut off in the middle."""
    return Fault("garbage", after_effect=after_effect)


@dataclass(slots=True)
class Planned:
    """A fault that waits for its calls."""

    fault: Fault
    method: str | None
    left: int


class FaultPlan:
    """The faults still to come, in the order they were asked for."""

    def __init__(self) -> None:
        """Start with none."""
        self.planned: list[Planned] = []

    def add(self, method: str | None, fault: Fault, times: int) -> None:
        """Plan a fault for the next calls of a method, or of any but getUpdates for None."""
        self.planned.append(Planned(fault, method, times))

    def next_for(self, method: str) -> Fault | None:
        """Return the fault for a call that came in just now, and count it."""
        for plan in self.planned:
            hit = method != "getUpdates" if plan.method is None else plan.method == method
            if hit:
                plan.left -= 1
                if plan.left == 0:
                    self.planned.remove(plan)
                return plan.fault
        return None

    def clear(self) -> None:
        """Forget all faults that have not happened yet."""
        self.planned.clear()


@dataclass(slots=True)
class FloodLimits:
    """The published sending limits; off until ``enabled`` is set."""

    enabled: bool = False
    per_second: int = 30
    per_group_minute: int = 20
    clock: Callable[[], float] = time.monotonic
    _all: deque[float] = field(default_factory=deque)
    _groups: dict[int, deque[float]] = field(default_factory=dict)

    def count(self, chat_id: int, *, group: bool) -> None:
        """Count a sent or edited message; 429 when it is one too many."""
        if not self.enabled:
            return
        now = self.clock()
        limits = [(self._all, self.per_second, 1.0)]
        if group:
            limits.append((self._groups.setdefault(chat_id, deque()), self.per_group_minute, 60.0))
        for times, most, span in limits:
            while times and times[0] <= now - span:
                times.popleft()
            if len(times) >= most:
                raise too_many_requests(max(1, math.ceil(times[0] + span - now)))
        for times, _, _ in limits:
            times.append(now)
