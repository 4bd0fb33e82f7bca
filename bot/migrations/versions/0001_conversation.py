"""The inbox, receipts with their feedback, threads, attention and contacts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the conversations."""
    _inbox()
    _receipts()
    _threads()
    op.create_table(
        "contacts",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_contacts"),
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("message", sa.String(64), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("taken_at", _MOMENT, nullable=False),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_inbox"),
        sa.UniqueConstraint("message", name="uq_inbox_message"),
    )
    op.create_index("ix_inbox_taken_at", "inbox", ["taken_at"])


def _receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("id", sa.String(9), nullable=False),
        sa.Column("asker", sa.String(64), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.Column("passages", sa.Text(), nullable=False),
        sa.Column("prompt_hash", sa.Text(), nullable=False),
        sa.Column("writer", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_receipts"),
    )
    op.create_index("ix_receipts_asker", "receipts", ["asker"])
    op.create_index("ix_receipts_opened_at", "receipts", ["opened_at"])
    op.create_table(
        "feedback",
        sa.Column("receipt", sa.String(9), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["receipt"], ["receipts.id"], name="fk_feedback_receipt", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("receipt", "person", name="pk_feedback"),
    )


def _threads() -> None:
    op.create_table(
        "thread_turns",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("asker", sa.String(64), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("passages", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_thread_turns"),
    )
    op.create_index("ix_thread_turns_at", "thread_turns", ["at"])
    op.create_table(
        "thread_attention",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("asker", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("muted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("team", "channel", "thread", name="pk_thread_attention"),
    )
    op.create_index("ix_thread_attention_at", "thread_attention", ["at"])
