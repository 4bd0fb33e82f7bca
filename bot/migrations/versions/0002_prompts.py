"""Prompts with all their versions, and what a receipt says about the models that were asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the prompts, empty, and widen the receipts; of those that are there nothing more is known."""
    op.create_table(
        "prompt_versions",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", "number", name="pk_prompt_versions"),
    )
    # Added in place: copying the table, as SQLite else asks for, would delete the feedback that hangs on its rows.
    op.add_column("receipts", sa.Column("tried", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("receipts", sa.Column("remembered", sa.Boolean(), nullable=False, server_default=sa.false()))
    for tokens in ("prompt_tokens", "cached_tokens", "written_tokens"):
        op.add_column("receipts", sa.Column(tokens, sa.Integer(), nullable=True))
