"""The table of methods that really behave; every other one fails loudly."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from tests.bot_api.journal import Call
from tests.bot_api.state import State

Handler = Callable[[State, Call], Awaitable[object]]
HANDLERS: Final[dict[str, Handler]] = {}


def method(name: str) -> Callable[[Handler], Handler]:
    """Register a handler: it gets the state and the checked call and returns the result."""

    def register(handler: Handler) -> Handler:
        HANDLERS[name] = handler
        return handler

    return register
