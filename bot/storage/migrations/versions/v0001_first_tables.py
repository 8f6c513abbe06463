"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("body", sa.Text, comment="JSON of an update that waits for its answer"),
        sa.Column("answered_at", sa.BigInteger),
    )
    op.create_index("ix_inbox_answered_at", "inbox", ["answered_at"])
    op.create_table(
        "chat_settings",
        sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "watches",
        sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("topic_id", sa.Text, primary_key=True),
    )
    op.create_index("ix_watches_topic_id", "watches", ["topic_id"])
    op.create_table(
        "followups",
        sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column(
            "topic_ids", sa.Text, nullable=False, comment="separated by spaces, the best one first"
        ),
        sa.Column(
            "before", sa.Text, nullable=False, comment="topic_ids before the update was answered"
        ),
        sa.Column(
            "update_id", sa.BigInteger, nullable=False, comment="whose answer was about topic_ids"
        ),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_followups_expires_at", "followups", ["expires_at"])
    op.create_table(
        "answers",
        sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("question_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("answer_ids", sa.Text, nullable=False, comment="of the answer's messages"),
        sa.Column(
            "leaned_on", sa.Text, nullable=False, comment="the topic talked about before, or empty"
        ),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_answers_expires_at", "answers", ["expires_at"])
    op.create_table(
        "feedback",
        sa.Column("topic_id", sa.Text, primary_key=True),
        sa.Column("verdict", sa.Text, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_table(
        "refusals",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column(
            "topic_id",
            sa.Text,
            primary_key=True,
            comment="the nearest topic; empty if none is near",
        ),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_table(
        "questions",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "evidence",
        sa.Column("topic_id", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False, comment="the evidence that watchers know of"),
    )
    op.create_table(
        "notes",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("topic_id", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False, comment="the bot's own words on a topic"),
    )
    op.create_index("ix_notes_chat_id", "notes", ["chat_id"])
    op.create_table(
        "pictures",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column(
            "file_id", sa.Text, nullable=False, comment="where Telegram keeps it for this bot"
        ),
        sa.Column("caption", sa.Text, nullable=False),
    )
