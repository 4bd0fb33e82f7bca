"""The catalog's tables, in types that SQLite and PostgreSQL both have."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, DateTime, ForeignKey, Index, Integer, MetaData, String, Table, Text

REVISION = "0006"  # the newest file in migrations/versions; a test holds the two together

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
    Column("content_hash", String(64), nullable=False, index=True, server_default=""),  # of the file's bytes alone
    Column("remarks", Text, nullable=False, server_default="[]"),  # what its reader left out, as a JSON list of sentences
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
    Column("held", Text, nullable=False, server_default=""),  # why it was not published; empty where nothing was held against it
    Column("undone_at", DateTime(timezone=True)),  # somebody went back from it
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
    Column("why", String(16), nullable=False, server_default="narrowed"),  # removed, or narrowed: fewer may read it, or nobody knows who
)

undone = Table(
    "undone",
    tables,
    Column("version", String(32), ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True),  # no automatic run publishes it
)

brought_back = Table(
    "brought_back",
    tables,
    Column("document", Text, primary_key=True),  # gone from its source, and kept because an admin confirmed its title
)

erased = Table(
    "erased",
    tables,
    Column("content_hash", String(64), primary_key=True),  # of the bytes of each version: under no name are they read again
    Column("document", Text, primary_key=True),
    Column("swept", Boolean, nullable=False),  # false until no byte of its text and vectors is left
)

holds = Table(
    "holds",
    tables,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("document", Text, nullable=False),  # either this
    Column("topic", Text, nullable=False),  # or this; the other is empty
    Column("sentence", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("until", Date, nullable=False),
    sqlite_autoincrement=True,  # no number is given twice: a button may still carry it
)

held_names = Table(
    "held_names",
    tables,
    Column("hold", Integer, ForeignKey("holds.number", ondelete="CASCADE"), primary_key=True),
    Column("document", Text, primary_key=True),  # its name, and those that it was given since
)

held_versions = Table(
    "held_versions",
    tables,
    Column("hold", Integer, ForeignKey("holds.number", ondelete="CASCADE"), primary_key=True),
    Column("version", String(32), ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True),  # of it under names that it had before
)

takings = Table(
    "takings",
    tables,
    Column("only", Integer, CheckConstraint("only = 1", name="one_row"), primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),  # held against the list beside the catalog: one that counts less was put back
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

pictures = Table(
    "pictures",
    tables,
    Column("key", String(32), primary_key=True),  # of the picture, the prompt and the model
    Column("picture", String(64), nullable=False, index=True),  # the hash of its bytes, which are not kept
    Column("words", Text, nullable=False),  # empty: what the model wrote could not be used
)

version_pictures = Table(
    "version_pictures",
    tables,
    Column("version", String(32), ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True),
    Column("picture", String(64), primary_key=True, index=True),  # in the version, and shown to a model
)

unpictured = Table(
    "unpictured",
    tables,
    Column("content_hash", String(64), primary_key=True),  # of a file that was searched for pictures and has none
)
