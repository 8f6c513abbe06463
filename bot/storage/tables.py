"""The tables.

Two rules decide what stands in them. What is kept with a chat's id is kept because the person asked
for it, or expires by itself, and :meth:`bot.storage.Storage.forget` deletes it. No question text
stands beside an id: not a chat's, not a person's. Only the inbox holds messages as they came, ids
included, and each one no longer than until its answer was sent.

Times are whole seconds since 1970, which both databases compare alike.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text

metadata = MetaData()

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("body", Text, comment="JSON of an update that waits for its answer"),
    Column("answered_at", BigInteger, index=True),
)

chat_settings = Table(
    "chat_settings",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

watches = Table(
    "watches",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("topic_id", Text, primary_key=True, index=True),
)

followups = Table(
    "followups",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("topic_ids", Text, nullable=False, comment="separated by spaces, the best one first"),
    Column("before", Text, nullable=False, comment="topic_ids before the update was answered"),
    Column("update_id", BigInteger, nullable=False, comment="whose answer was about topic_ids"),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

answers = Table(
    "answers",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("question_id", BigInteger, primary_key=True, autoincrement=False),
    Column("answer_ids", Text, nullable=False, comment="of the answer's messages"),
    Column("leaned_on", Text, nullable=False, comment="the topic talked about before, or empty"),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

feedback = Table(
    "feedback",
    metadata,
    Column("topic_id", Text, primary_key=True),
    Column("verdict", Text, primary_key=True),
    Column("count", Integer, nullable=False),
)

refusals = Table(
    "refusals",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("topic_id", Text, primary_key=True, comment="the nearest topic; empty if none is near"),
    Column("count", Integer, nullable=False),
)

questions = Table(
    "questions",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
)

evidence = Table(
    "evidence",
    metadata,
    Column("topic_id", Text, primary_key=True),
    Column("state", Text, nullable=False, comment="the evidence that watchers know of"),
)

notes = Table(
    "notes",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("topic_id", Text, nullable=False),
    Column("text", Text, nullable=False, comment="the bot's own words on a topic"),
)

pictures = Table(
    "pictures",
    metadata,
    Column("key", Text, primary_key=True),
    Column("file_id", Text, nullable=False, comment="where Telegram keeps it for this bot"),
    Column("caption", Text, nullable=False),
)
