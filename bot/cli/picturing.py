"""``ldn-bot picture``."""

from __future__ import annotations

from pathlib import Path

import typer

from bot.cli import start
from bot.pictures import picture, picture_topics


def write_picture(topic_id: str, file: Path, *, dark: bool) -> int:
    """Write the picture of a topic and print its text alternative.

    Returns:
        The exit code: 1 if the topic has no picture (the topics that have one are listed), 2 if
        it is unknown or the file can't be written.
    """
    knowledge = start.knowledge(start.settings())
    if knowledge.topic(topic_id) is None:
        start.fail(f"there is no topic {topic_id!r}")
    made = picture(knowledge, topic_id, dark=dark)
    if made is None:
        topics = ", ".join(picture_topics(knowledge)) or "none"
        typer.echo(f"ldn-bot: {topic_id} has no picture; topics with one: {topics}", err=True)
        return 1
    try:
        file.write_bytes(made.png)
    except OSError as error:
        start.fail(f"{file} can't be written: {error.strerror}")
    typer.echo(made.alt)
    return 0
