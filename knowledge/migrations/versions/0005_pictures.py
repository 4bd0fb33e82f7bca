"""What a model wrote about pictures, and which versions and files have them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, empty."""
    op.create_table(
        "pictures",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("picture", sa.String(64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_pictures"),
    )
    op.create_index("ix_pictures_picture", "pictures", ["picture"])
    op.create_table(
        "version_pictures",
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("picture", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["versions.id"], name="fk_version_pictures_version", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("version", "picture", name="pk_version_pictures"),
    )
    op.create_index("ix_version_pictures_picture", "version_pictures", ["picture"])
    op.create_table(
        "unpictured",
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("content_hash", name="pk_unpictured"),
    )
