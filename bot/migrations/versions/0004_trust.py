"""What is behind each answer, where a reply stands, and who ordered what is kept of somebody else."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Receipts from before have nothing behind them but what stands in their columns."""
    op.add_column("receipts", sa.Column("behind", sa.Text(), nullable=False, server_default="{}"))
    op.add_column("receipts", sa.Column("told_at", sa.DateTime(timezone=True)))
    op.create_table(
        "replies",
        sa.Column("receipt", sa.String(9), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["receipt"], ["receipts.id"], name="fk_replies_receipt_receipts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("receipt", name="pk_replies"),
    )
    op.create_index("ix_replies_channel", "replies", ["channel"])
    op.create_table(
        "disclosures",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("wish", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("agreed_at", sa.DateTime(timezone=True)),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("number", name="pk_disclosures"),
    )
    op.create_index("ix_disclosures_person", "disclosures", ["person"])
