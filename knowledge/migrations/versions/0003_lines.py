"""Lines that a model wrote about where passages sit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of lines, empty, and give every passage none."""
    op.create_table(
        "lines",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("passage", sa.String(32), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_lines"),
    )
    op.create_index("ix_lines_passage", "lines", ["passage"])
    op.add_column("passages", sa.Column("line", sa.Text(), nullable=False, server_default=""))
