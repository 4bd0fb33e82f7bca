"""The catalog's tables, in types that SQLite and PostgreSQL both have."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, DateTime, ForeignKey, Index, Integer, MetaData, String, Table, Text

REVISION = "0003"  # the newest file in migrations/versions; a test holds the two together

tables = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

versions = Table(
    "versions",
    tables,
    Column("id", String(32), primary_key=True),
    Column("document", Text, nullable=False, index=True),
    Column("source_hash", String(64), nullable=False),
    Column("described", Text, nullable=False),  # the Document as JSON: title, rule, dates
    Column("text", Text, nullable=False),
)

passages = Table(
    "passages",
    tables,
    Column("version", String(32), ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True),  # its order in the version
    Column("id", String(32), nullable=False),
    Column("label", Text, nullable=False),
    Column("path", Text, nullable=False),  # the headings as a JSON list
    Column("clause", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("page", Integer),
    Column("anchor", Text, nullable=False),
    Column("situation", Text, nullable=False),
    Column("line", Text, nullable=False, server_default=""),
    Index(None, "id"),
)

windows = Table(
    "windows",
    tables,
    Column("version", String(32), ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True),
    Column("passage_place", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),  # its order in the passage
    Column("id", String(32), nullable=False, index=True),  # the same content has the same id, in any document
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
)

editions = Table(
    "editions",
    tables,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("embedder", Text, nullable=False),
    Column("published_at", DateTime(timezone=True)),  # NULL: prepared and never published
)

edition_versions = Table(
    "edition_versions",
    tables,
    Column("edition", Integer, ForeignKey("editions.number", ondelete="CASCADE"), primary_key=True),
    Column("document", Text, primary_key=True),
    Column("version", String(32), ForeignKey("versions.id"), nullable=False, index=True),
)

live = Table(
    "live",
    tables,
    Column("only", Integer, CheckConstraint("only = 1", name="one_row"), primary_key=True, autoincrement=False),
    Column("edition", Integer, ForeignKey("editions.number")),
)

denied = Table(
    "denied",
    tables,
    Column("document", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("denied_at", DateTime(timezone=True), nullable=False),
)

withdrawn = Table(
    "withdrawn",
    tables,
    Column("version", String(32), ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True),
    Column("withdrawn_at", DateTime(timezone=True), nullable=False),
)

unread = Table(
    "unread",
    tables,
    Column("path", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("withheld", Boolean, nullable=False),
)

lines = Table(
    "lines",
    tables,
    Column("key", String(32), primary_key=True),  # of the passage, where it sits, the prompt and the model
    Column("passage", String(32), nullable=False, index=True),
    Column("line", Text, nullable=False),  # empty: what the model wrote could not be used
)
