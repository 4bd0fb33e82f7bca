"""Versions, passages, windows, editions, the live row and the deny list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the catalog."""
    _documents()
    _editions()
    live = sa.table("live", sa.column("only", sa.Integer), sa.column("edition", sa.Integer))
    op.bulk_insert(live, [{"only": 1, "edition": None}])


def _documents() -> None:
    op.create_table(
        "versions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("source_hash", sa.String(64), nullable=False),
        sa.Column("described", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
    )
    op.create_index("ix_versions_document", "versions", ["document"])
    op.create_table(
        "passages",
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("anchor", sa.Text(), nullable=False),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["versions.id"], name="fk_passages_version", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("version", "place", name="pk_passages"),
    )
    op.create_index("ix_passages_id", "passages", ["id"])
    op.create_table(
        "windows",
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("passage_place", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["versions.id"], name="fk_windows_version", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("version", "passage_place", "place", name="pk_windows"),
    )
    op.create_index("ix_windows_id", "windows", ["id"])


def _editions() -> None:
    op.create_table(
        "editions",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("embedder", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_editions"),
    )
    op.create_table(
        "edition_versions",
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("version", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["editions.number"], name="fk_edition_versions_edition", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["version"], ["versions.id"], name="fk_edition_versions_version"),
        sa.PrimaryKeyConstraint("edition", "document", name="pk_edition_versions"),
    )
    op.create_index("ix_edition_versions_version", "edition_versions", ["version"])
    op.create_table(
        "live",
        sa.Column("only", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.CheckConstraint("only = 1", name=op.f("ck_live_one_row")),
        sa.ForeignKeyConstraint(["edition"], ["editions.number"], name="fk_live_edition"),
        sa.PrimaryKeyConstraint("only", name="pk_live"),
    )
    op.create_table(
        "denied",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("denied_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("document", name="pk_denied"),
    )
