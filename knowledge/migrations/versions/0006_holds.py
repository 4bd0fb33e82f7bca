"""Holds: what was stopped for a time, under which names and as which earlier versions; and how often something was taken away."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, empty. The number of a hold is never given twice: a button may still carry it."""
    op.create_table(
        "holds",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_holds"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "held_names",
        sa.Column("hold", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["hold"], ["holds.number"], name="fk_held_names_hold", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hold", "document", name="pk_held_names"),
    )
    op.create_table(
        "held_versions",
        sa.Column("hold", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["hold"], ["holds.number"], name="fk_held_versions_hold", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["version"], ["versions.id"], name="fk_held_versions_version", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hold", "version", name="pk_held_versions"),
    )
    op.create_table(
        "takings",
        sa.Column("only", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("only = 1", name=op.f("ck_takings_one_row")),
        sa.PrimaryKeyConstraint("only", name="pk_takings"),
    )
    takings = sa.table("takings", sa.column("only", sa.Integer), sa.column("count", sa.Integer))
    op.bulk_insert(takings, [{"only": 1, "count": 0}])
