"""What Alembic runs: the migrations on the connection that the conversations' database handed over."""

from __future__ import annotations

from alembic import context

from bot.adapters.conversation_tables import tables
from bot.migrations import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables,
    version_table=VERSION_TABLE,
    render_as_batch=True,  # SQLite cannot alter a column in place
)
with context.begin_transaction():
    context.run_migrations()
