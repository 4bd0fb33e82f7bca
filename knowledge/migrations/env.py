"""What Alembic runs: the migrations on the connection that the catalog handed over."""

from __future__ import annotations

from alembic import context

from knowledge.catalog_tables import tables
from knowledge.migrations import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables,
    version_table=VERSION_TABLE,
    render_as_batch=True,  # SQLite cannot alter a column in place
)
with context.begin_transaction():
    context.run_migrations()
