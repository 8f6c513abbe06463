"""Links that open the private chat with the bot, at once with an answer."""

from __future__ import annotations

from telegram.helpers import create_deep_linked_url


def payload_of(topic_id: str) -> str:
    """A topic id in the characters that Telegram allows behind ``?start=``.

    Ids have one dot and no underscore, so an underscore in place of the dot can be turned back.
    """
    return topic_id.replace(".", "_", 1)


def topic_of(payload: str) -> str:
    """The topic id in what came with ``/start``; it may be one that doesn't exist."""
    return payload.replace("_", ".", 1).lower()


def deep_link(bot_username: str, topic_id: str | None = None) -> str:
    """The address that opens a topic in the private chat (without a topic: the chat only).

    Raises:
        ValueError: the id is longer than Telegram allows (64 characters).
    """
    payload = payload_of(topic_id) if topic_id else None
    return create_deep_linked_url(bot_username, payload)
