"""The conversations' tables, in types that SQLite and PostgreSQL both have. Nothing that an employee wrote stands readable in them.

The prompts do: they are the admins' own words, with the name of who published them.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Boolean, Column, DateTime, Dialect, ForeignKey, Integer, MetaData, String, Table, Text, false
from sqlalchemy.types import TypeDecorator

REVISION = "0004"  # the newest file in migrations/versions; a test holds the two together


class Moment(TypeDecorator[datetime]):
    """A time in UTC: SQLite forgets the zone, PostgreSQL keeps it, and what comes back always has one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (SQLAlchemy's signature)
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (SQLAlchemy's signature)
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


tables = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

inbox = Table(
    "inbox",
    tables,
    Column("key", String(64), primary_key=True),  # pseudonym of the delivery's key: keys may hold user ids
    Column("message", String(64), unique=True),  # pseudonym of team/channel/ts; null where it is not a message
    Column("sealed", Text, nullable=False),  # the delivery as JSON; empty once it is closed
    Column("reply", Text, nullable=False),
    Column("taken_at", Moment, nullable=False, index=True),
    Column("closed_at", Moment),
    Column("outcome", Text, nullable=False),
)

receipts = Table(
    "receipts",
    tables,
    Column("id", String(9), primary_key=True),
    Column("asker", String(64), nullable=False, index=True),  # pseudonym
    Column("question", Text, nullable=False),  # sealed; empty after 30 days
    Column("labels", Text, nullable=False),  # JSON list
    Column("edition", Integer),
    Column("passages", Text, nullable=False),  # JSON list of the ids that were cited
    Column("prompt_hash", Text, nullable=False),
    Column("writer", Text, nullable=False),
    Column("tried", Text, nullable=False, server_default="[]"),  # JSON list of {writer, reason}: who came before, and why it did not speak
    Column("remembered", Boolean, nullable=False, server_default=false()),  # the draft came from the cache
    Column("prompt_tokens", Integer),
    Column("cached_tokens", Integer),
    Column("written_tokens", Integer),
    Column("outcome", Text, nullable=False),  # empty while the answer is being made
    Column("opened_at", Moment, nullable=False, index=True),
    Column("closed_at", Moment),
    Column("behind", Text, nullable=False, server_default="{}"),  # JSON: spans, scores and hashes of what was said and dropped; no text
    Column("told_at", Moment),  # its asker was told that what it rests on says something else by now
)

replies = Table(
    "replies",
    tables,
    Column("receipt", String(9), ForeignKey("receipts.id", ondelete="CASCADE"), primary_key=True),
    Column("team", Text, nullable=False),
    Column("channel", Text, nullable=False, index=True),
    Column("thread", Text, nullable=False),
    Column("ts", Text, nullable=False),  # of the reply
    Column("labels", Text, nullable=False),  # JSON list of those that its sentences rest on, but for everyone
)

disclosures = Table(
    "disclosures",
    tables,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("person", String(64), nullable=False, index=True),  # pseudonym of whom it is about
    Column("user", Text, nullable=False),  # the user id, sealed; empty once it is done
    Column("wish", String(16), nullable=False),  # export, or erase
    Column("reason", Text, nullable=False),
    Column("asked_by", Text, nullable=False),  # the admin's user id: whoever reads what is another's is named
    Column("asked_at", Moment, nullable=False),
    Column("agreed_by", Text, nullable=False, server_default=""),  # another admin's
    Column("agreed_at", Moment),
    Column("done_at", Moment),
)

feedback = Table(
    "feedback",
    tables,
    Column("receipt", String(9), ForeignKey("receipts.id", ondelete="CASCADE"), primary_key=True),
    Column("person", String(64), primary_key=True),  # pseudonym
    Column("verdict", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

thread_turns = Table(
    "thread_turns",
    tables,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("team", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("asker", String(64), nullable=False),  # pseudonym
    Column("question", Text, nullable=False),  # sealed
    Column("passages", Text, nullable=False),  # JSON list
    Column("at", Moment, nullable=False, index=True),
)

thread_attention = Table(
    "thread_attention",
    tables,
    Column("team", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("thread", Text, primary_key=True),
    Column("asker", Text, nullable=False),  # the user id, sealed: it is compared with the author of the next message
    Column("at", Moment, nullable=False, index=True),
    Column("muted", Boolean, nullable=False),
)

contacts = Table(
    "contacts",
    tables,
    Column("person", String(64), primary_key=True),  # pseudonym
    Column("at", Moment, nullable=False),
)

weekly_notes = Table(
    "weekly_notes",
    tables,
    Column("person", String(64), primary_key=True),  # pseudonym
    Column("user", Text, nullable=False),  # the user id, sealed: it is whom the note is sent to
    Column("week", String(8), nullable=False),  # the last one that is settled, such as 2026-W47
)

prompt_versions = Table(
    "prompt_versions",
    tables,
    Column("name", String(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1, for each prompt its own; the highest is live
    Column("text", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
