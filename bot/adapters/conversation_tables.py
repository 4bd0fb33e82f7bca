"""The conversations' tables, in types that SQLite and PostgreSQL both have. Nothing that an employee wrote stands readable in them.

The prompts do: they are the admins' own words, with the name of who published them. Why each column is there and how long, it says itself.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Boolean, Column, DateTime, Dialect, ForeignKey, Integer, MetaData, String, Table, Text, false
from sqlalchemy.types import TypeDecorator

from bot.adapters.declared import about, purpose
from bot.retention import CONTACTS_KEPT, DELIVERIES_KEPT, DISCLOSURES_KEPT, PAYLOADS_KEPT, QUESTIONS_KEPT, RECEIPTS_KEPT, TURNS_KEPT

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
    Column("key", String(64), primary_key=True, info=purpose("know a delivery that comes twice", "pseudonym")),
    Column("message", String(64), unique=True, info=purpose("know a mention and its message as one", "pseudonym")),  # null: no message
    Column("sealed", Text, nullable=False, info=purpose("what was delivered, until its outcome is posted", "sealed", PAYLOADS_KEPT)),
    Column("reply", Text, nullable=False, info=purpose("finish the reply that was begun before a crash", "mark")),
    Column("taken_at", Moment, nullable=False, index=True, info=purpose("end what has waited too long", "number")),
    Column("closed_at", Moment, info=purpose("know what is still open", "number")),
    Column("outcome", Text, nullable=False, info=purpose("know what is still open", "number")),
    info=about("what Slack delivered to Ibid: nobody who asked is forgotten when a process dies", DELIVERIES_KEPT),
)

receipts = Table(
    "receipts",
    tables,
    Column("id", String(9), primary_key=True, info=purpose("name the answer, on its buttons and to the operator", "mark")),
    Column("asker", String(64), nullable=False, index=True, info=purpose("show and erase a person's own", "pseudonym")),  # empty: nobody's
    Column("question", Text, nullable=False, info=purpose("the asker's own list, and asking again", "sealed", QUESTIONS_KEPT)),
    Column("labels", Text, nullable=False, info=purpose("prove what the readers were allowed", "mark")),  # JSON list
    Column("edition", Integer, info=purpose("prove which documents were asked", "number")),
    Column("passages", Text, nullable=False, info=purpose("find the answers that a changed clause is behind", "mark")),  # JSON, as cited
    Column("prompt_hash", Text, nullable=False, info=purpose("prove what the model was told", "mark")),
    Column("writer", Text, nullable=False, info=purpose("prove who wrote it", "number")),
    Column("tried", Text, nullable=False, server_default="[]", info=purpose("who came before, and why it did not speak", "number")),  # JSON
    Column("remembered", Boolean, nullable=False, server_default=false(), info=purpose("say that a draft was not new", "number")),
    Column("prompt_tokens", Integer, info=purpose("costs", "number")),
    Column("cached_tokens", Integer, info=purpose("costs", "number")),
    Column("written_tokens", Integer, info=purpose("costs", "number")),
    Column("outcome", Text, nullable=False, info=purpose("count answers and refusals", "number")),  # empty while it is being made
    Column("opened_at", Moment, nullable=False, index=True, info=purpose("end what was kept long enough", "number")),
    Column("closed_at", Moment, info=purpose("count how long answers take", "number")),
    Column("behind", Text, nullable=False, server_default="{}", info=purpose("prove each sentence, and what was left out", "mark")),  # JSON
    Column("told_at", Moment, info=purpose("tell its asker only once that it has changed", "number")),
    info=about("one row for each answer, behind which one can look", RECEIPTS_KEPT),
)
BLANK = {  # of a receipt that is nobody's any more
    "asker": "",
    "question": "",
    "labels": "[]",
    "edition": None,
    "passages": "[]",
    "prompt_hash": "",
    "writer": "",
    "tried": "[]",
    "prompt_tokens": None,
    "cached_tokens": None,
    "written_tokens": None,
    "behind": "{}",
}

replies = Table(
    "replies",
    tables,
    Column(
        "receipt",
        String(9),
        ForeignKey("receipts.id", ondelete="CASCADE"),
        primary_key=True,
        info=purpose("which answer stands there", "mark"),
    ),
    Column("team", Text, nullable=False, info=purpose("find the reply", "mark")),
    Column("channel", Text, nullable=False, index=True, info=purpose("find the reply", "mark")),
    Column("thread", Text, nullable=False, info=purpose("find the reply", "mark")),
    Column("ts", Text, nullable=False, info=purpose("find the reply", "mark")),  # its own
    Column(
        "labels", Text, nullable=False, info=purpose("know whom it may not be shown to", "mark")
    ),  # JSON list; empty once it is taken back
    info=about(
        "where replies stand that others can read: they are taken back when people can who may not; what every employee may read "
        "is noted no longer than its receipt",
        "as long as the reply stands",
    ),
)
FOR_EMPLOYEES = ("[]", '["everyone"]')  # the labels of replies that at most guests are kept from

disclosures = Table(
    "disclosures",
    tables,
    Column("number", Integer, primary_key=True, autoincrement=True, info=purpose("name the wish", "number")),
    Column("person", String(64), nullable=False, index=True, info=purpose("show a person who asked about them", "pseudonym")),
    Column("user", Text, nullable=False, info=purpose("do it, and tell the person", "sealed", "until it is done")),  # empty afterwards
    Column("wish", String(16), nullable=False, info=purpose("a copy, or erasure", "number")),
    Column("reason", Text, nullable=False, info=purpose("account for it", "name")),
    Column("asked_by", Text, nullable=False, info=purpose("name the admin who asked", "name")),  # whoever reads what is another's is named
    Column("asked_at", Moment, nullable=False, info=purpose("account for it", "number")),
    Column("agreed_by", Text, nullable=False, server_default="", info=purpose("name the other admin who agreed", "name")),
    Column("agreed_at", Moment, info=purpose("account for it", "number")),
    Column("done_at", Moment, info=purpose("account for it", "number")),
    info=about("the trace of every look at what is somebody else's", DISCLOSURES_KEPT),
)

feedback = Table(
    "feedback",
    tables,
    Column(
        "receipt",
        String(9),
        ForeignKey("receipts.id", ondelete="CASCADE"),
        primary_key=True,
        info=purpose("which answer was judged", "mark"),
    ),
    Column("person", String(64), primary_key=True, info=purpose("count each person once, show and erase one's own", "pseudonym")),
    Column("verdict", Text, nullable=False, info=purpose("find answers that did not help", "number")),
    Column("at", Moment, nullable=False, info=purpose("the last verdict counts", "number")),
    info=about("whether an answer was helpful", "as long as the receipt"),
)

thread_turns = Table(
    "thread_turns",
    tables,
    Column("number", Integer, primary_key=True, autoincrement=True, info=purpose("keep the order", "number")),
    Column("team", Text, nullable=False, info=purpose("find the thread", "mark")),
    Column("channel", Text, nullable=False, info=purpose("find the thread", "mark")),
    Column("thread", Text, nullable=False, info=purpose("find the thread", "mark")),
    Column("asker", String(64), nullable=False, info=purpose("nobody else's questions are used", "pseudonym")),
    Column("question", Text, nullable=False, info=purpose("understand a follow-up question", "sealed")),
    Column("passages", Text, nullable=False, info=purpose("understand a follow-up question", "mark")),  # JSON list
    Column("at", Moment, nullable=False, index=True, info=purpose("end what was kept long enough", "number")),
    info=about("what was asked in a thread, for follow-up questions", TURNS_KEPT),
)

thread_attention = Table(
    "thread_attention",
    tables,
    Column("team", Text, primary_key=True, info=purpose("find the thread", "mark")),
    Column("channel", Text, primary_key=True, info=purpose("find the thread", "mark")),
    Column("thread", Text, primary_key=True, info=purpose("find the thread", "mark")),
    Column("asker", Text, nullable=False, info=purpose("know whether the next message is from whom Ibid answered", "sealed")),  # user id
    Column("at", Moment, nullable=False, index=True, info=purpose("stop listening after 30 minutes", "number")),
    Column("muted", Boolean, nullable=False, info=purpose("be quiet where somebody asked for it", "number")),
    info=about("whom Ibid answered last in a thread", TURNS_KEPT),
)

contacts = Table(
    "contacts",
    tables,
    Column("person", String(64), primary_key=True, info=purpose("say once what is kept", "pseudonym")),
    Column("at", Moment, nullable=False, info=purpose("say it again after a year", "number")),
    info=about("who was told what Ibid keeps", CONTACTS_KEPT),
)

weekly_notes = Table(
    "weekly_notes",
    tables,
    Column("person", String(64), primary_key=True, info=purpose("find a person's own", "pseudonym")),
    Column("user", Text, nullable=False, info=purpose("whom the note is sent to", "sealed")),
    Column("week", String(8), nullable=False, info=purpose("send it once a week", "number")),  # the last one that is settled: 2026-W47
    info=about("who asked for the weekly note about their documents", "until `/ibid note off`"),
)

prompt_versions = Table(
    "prompt_versions",
    tables,
    Column("name", String(32), primary_key=True, info=purpose("which prompt", "name")),
    Column("number", Integer, primary_key=True, autoincrement=False, info=purpose("keep the order; the highest is live", "number")),
    Column("text", Text, nullable=False, info=purpose("what models are told", "name")),
    Column("author", Text, nullable=False, info=purpose("name the admin who published it", "name")),
    Column("reason", Text, nullable=False, info=purpose("account for it", "name")),
    Column("at", Moment, nullable=False, info=purpose("account for it", "number")),
    info=about("every version of every prompt", "as long as the installation"),
)
