"""Versions that a scan took away, and what the last run could not take in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables, empty."""
    op.create_table(
        "withdrawn",
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["versions.id"], name="fk_withdrawn_version", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("version", name="pk_withdrawn"),
    )
    op.create_table(
        "unread",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("path", name="pk_unread"),
    )
