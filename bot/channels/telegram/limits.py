"""How fast the bot may write: Telegram's limits, kept on our side."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from telegram.ext import AIORateLimiter

SEND_RETRIES_WHEN_FLOODED = 3

GROUP_BURST = 12
GROUP_SECONDS = 90.0
"""Messages to a group at once, and how long the next twelve take after that.

The library's limiter is a bucket that leaks all the time. Filled with twelve, it lets eight more
pass in the same minute: the 20 a minute that Telegram allows, and never more.
"""

NOT_WRITING = frozenset({"getChatMember", "getChatAdministrators", "sendChatAction"})
"""Calls that name a group and put no message there."""


class Limiter(AIORateLimiter):
    """The library's limiter, which counts only what writes into a group."""

    def __init__(self) -> None:
        super().__init__(
            group_max_rate=GROUP_BURST,
            group_time_period=GROUP_SECONDS,
            max_retries=SEND_RETRIES_WHEN_FLOODED,
        )

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,  # noqa: ANN401
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:  # noqa: ANN401
        """As in the parent class; it counts by the chat that ``data`` names."""
        counted = {} if endpoint in NOT_WRITING else data
        return await super().process_request(
            callback, args, kwargs, endpoint, counted, rate_limit_args
        )
