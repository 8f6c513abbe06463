"""The reply as plain data: the contract of ``ldn-bot ask --json``."""

from __future__ import annotations

from typing import Any

from bot.rendering.text import render_text
from bot.replies.model import Reply


def render_json(reply: Reply) -> dict[str, Any]:
    """The reply as a JSON-ready dictionary, without the caller's ``id`` and timing."""
    return {
        "kind": reply.kind.value,
        "topics": list(reply.topics),
        "options": [option.topic_id for option in reply.options],
        "opioid_warning": reply.opioid_warning.value,
        "unknown_medicines": list(reply.unknown_medicines),
        "refer": reply.refer,
        "language": reply.language,
        "confidence": round(reply.confidence, 3),
        "text": render_text(reply),
        "sources": [
            {
                "id": source.id,
                "title": source.title,
                "year": source.year,
                "url": source.link,
                "doi": source.doi,
                "level": source.level.value,
            }
            for source in reply.sources
        ],
        "knowledge_version": reply.knowledge_version,
    }
