"""The conversations' schema, one file per change, applied when the database opens."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from knowledge import migrations

if TYPE_CHECKING:
    from sqlalchemy import Connection

VERSION_TABLE = "conversation_revision"  # its own name: at scale the catalog's tables live in the same PostgreSQL


def upgrade(connection: Connection, revision: str) -> None:
    """Bring the schema to `revision`, in turn with the catalog's."""
    migrations.upgrade(connection, revision, Path(__file__).parent, VERSION_TABLE)
