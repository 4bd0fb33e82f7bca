"""The catalog's schema, one file per change, applied when the catalog opens."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

if TYPE_CHECKING:
    from sqlalchemy import Connection

VERSION_TABLE = "catalog_revision"  # its own name: at scale the conversation's tables live in the same PostgreSQL
_ONE_AT_A_TIME = threading.Lock()  # Alembic keeps the migration that runs in a global of the process


def upgrade(connection: Connection, revision: str, folder: Path = Path(__file__).parent, version_table: str = VERSION_TABLE) -> None:
    """Bring the schema to `revision`. Alembic is loaded only when there is something to do: it costs 0.2 s."""
    if inspect(connection).has_table(version_table):
        at = connection.execute(text(f"SELECT version_num FROM {version_table}")).scalar()  # noqa: S608 (a constant of ours)
        if at == revision:
            return
    with _ONE_AT_A_TIME:
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes["connection"] = connection
        if connection.dialect.name == "sqlite":  # whose driver else commits each table alone: a killed start would leave half a schema
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        command.upgrade(config, revision)
