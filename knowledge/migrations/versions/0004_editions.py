"""What a run has to know to plan, hold, undo and erase: bytes' hashes, remarks, and why something is away."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Old versions have no hash of their bytes: they are read again, and until then count as moved nowhere."""
    op.add_column("versions", sa.Column("content_hash", sa.String(64), nullable=False, server_default=""))
    op.add_column("versions", sa.Column("remarks", sa.Text(), nullable=False, server_default="[]"))
    op.create_index("ix_versions_content_hash", "versions", ["content_hash"])
    op.add_column("withdrawn", sa.Column("why", sa.String(16), nullable=False, server_default="narrowed"))
    op.add_column("editions", sa.Column("held", sa.Text(), nullable=False, server_default=""))
    op.add_column("editions", sa.Column("undone_at", sa.DateTime(timezone=True)))
    op.create_table(
        "undone",
        sa.Column("version", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["versions.id"], name="fk_undone_version", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("version", name="pk_undone"),
    )
    op.create_table(
        "brought_back",
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("document", name="pk_brought_back"),
    )
    op.create_table(
        "erased",
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("swept", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("content_hash", "document", name="pk_erased"),
    )
