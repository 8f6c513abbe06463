"""The record of every call the bot made."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.bot_api.errors import ApiError
from tests.bot_api.validation import Upload


@dataclass(slots=True)
class Call:
    """One call: what the bot asked and what it was told."""

    method: str
    params: dict[str, Any] = field(default_factory=dict)
    """Parameters with their types, JSON parsed; uploaded files as ``Upload``."""
    raw: dict[str, Any] = field(default_factory=dict)
    """Parameters as they came."""
    files: dict[str, Upload] = field(default_factory=dict)
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    seconds: float | None = None
    """How long the answer took; None while the call is under way."""
    status: int | None = None
    """HTTP status of the answer; None while under way, or if there was no answer."""
    response: dict[str, Any] | str | None = None
    violations: list[str] = field(default_factory=list)
    fault: str | None = None
    """The planned fault that hit this call."""
    strict: bool = True

    @property
    def refused(self) -> bool:
        """Tell whether the server's rules (not a planned fault) refused the call."""
        return self.fault is None and self.status is not None and self.status >= 400

    def violate(self, problem: str) -> None:
        """Record a breach of the API's rules; in strict mode the call fails with 400."""
        self.violations.append(problem)
        if self.strict:
            raise ApiError(400, f"Bad Request: strict emulator: {problem}")

    def __str__(self) -> str:
        """Return one line for a failed test's message."""
        params = json.dumps(self.raw, ensure_ascii=False, default=str)
        if len(params) > 300:
            params = f"{params[:300]}…"
        line = f"{self.at:%H:%M:%S.%f} {self.method} {params} -> {self.status}"
        if isinstance(self.response, dict) and not self.response.get("ok"):
            line += f" {self.response.get('description')}"
        if self.fault:
            line += f" [fault: {self.fault}]"
        for problem in self.violations:
            line += f" [VIOLATION: {problem}]"
        return line
