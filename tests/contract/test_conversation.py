"""What the inbox, the ledger, threads and contacts promise, over the database and over memory; and what the database must never hold."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import migrations
from bot.adapters.conversation import Conversation, conversation_url
from bot.adapters.conversation_tables import REVISION, tables
from bot.adapters.inbox import SqlInbox
from bot.adapters.ledger import SqlLedger
from bot.adapters.memory import FixedClock, MemoryContacts, MemoryInbox, MemoryLedger, MemoryThreads
from bot.adapters.secrecy import Secrecy, secrecy_from
from bot.adapters.threads import SqlContacts, SqlThreads
from bot.answers import Answer, Citation, Evidence, Outcome, Sentence, Tried
from bot.errors import ConversationUnavailable, Misconfigured
from bot.models import Spent
from bot.values import Delivery, Place, Turn
from knowledge.values import Scope
from tests.factories import NOW, a_hit, a_person, a_question

PLACE = Place(team="T1", channel="C1", thread="100.1", kind="public")
SECRET = "a secret for tests, long enough"


@dataclass(frozen=True, kw_only=True)
class Kept:
    clock: FixedClock
    inbox: SqlInbox | MemoryInbox
    ledger: SqlLedger | MemoryLedger
    threads: SqlThreads | MemoryThreads
    contacts: SqlContacts | MemoryContacts
    conversation: Conversation | None = None


def _sql(conversation: Conversation, secrecy: Secrecy, clock: FixedClock) -> Kept:
    parts = (conversation, secrecy, clock)
    return Kept(
        clock=clock,
        inbox=SqlInbox(*parts),
        ledger=SqlLedger(*parts),
        threads=SqlThreads(*parts),
        contacts=SqlContacts(*parts),
        conversation=conversation,
    )


@pytest.fixture(params=["database", "memory"])
async def kept(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Kept]:
    clock = FixedClock(NOW)
    if request.param == "memory":
        yield Kept(clock=clock, inbox=MemoryInbox(clock), ledger=MemoryLedger(), threads=MemoryThreads(clock), contacts=MemoryContacts())
        return
    conversation = await Conversation.open(conversation_url(tmp_path))
    yield _sql(conversation, Secrecy(SECRET), clock)
    await conversation.close()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Kept]:
    conversation = await Conversation.open(conversation_url(tmp_path))
    yield _sql(conversation, Secrecy(SECRET), FixedClock(NOW))
    await conversation.close()


def _delivery(key: str = "T1-Ev1", message: str = "", payload: str = '{"text": "hello"}') -> Delivery:
    return Delivery(key=key, message=message, payload=payload)


async def test_a_delivery_is_taken_once(kept: Kept) -> None:
    assert await kept.inbox.take(_delivery()) is True
    assert await kept.inbox.take(_delivery()) is False


async def test_a_delivery_is_not_taken_again_after_it_was_closed(kept: Kept) -> None:
    await kept.inbox.take(_delivery())
    await kept.inbox.close("T1-Ev1", "answered")

    assert await kept.inbox.take(_delivery()) is False


async def test_a_mention_and_its_message_twin_are_one(kept: Kept) -> None:
    assert await kept.inbox.take(_delivery("T1-Ev1", "T1/C1/100.1")) is True
    assert await kept.inbox.take(_delivery("T1-Ev2", "T1/C1/100.1")) is False
    assert await kept.inbox.take(_delivery("T1-Ev3", "T1/C1/100.2")) is True


async def test_deliveries_that_are_no_messages_do_not_collide(kept: Kept) -> None:
    assert await kept.inbox.take(_delivery("command 1")) is True
    assert await kept.inbox.take(_delivery("command 2")) is True


async def test_what_a_dead_process_left_open_waits_oldest_first_and_whole(kept: Kept) -> None:
    first, second = _delivery("one", "T1/C1/1"), _delivery("two", payload="ü")
    for delivery in (first, second, _delivery("three")):
        await kept.inbox.take(delivery)
        kept.clock.advance(seconds=1)
    await kept.inbox.begun("two", "200.2")
    await kept.inbox.close("three", "answered")

    assert await kept.inbox.waiting() == (first, replace(second, reply="200.2"))


async def test_what_is_open_is_counted_and_a_probe_leaves_nothing(kept: Kept) -> None:
    for key in ("one", "two", "three"):
        await kept.inbox.take(_delivery(key))
    await kept.inbox.close("two", "answered")
    await asyncio.gather(*(kept.inbox.probe() for _ in range(3)))

    assert await kept.inbox.count() == 2
    assert len(await kept.inbox.waiting()) == 2


async def test_a_probe_says_when_no_row_can_be_written(database: Kept, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "conversation.db") as connection:
        connection.execute("DROP TABLE inbox")

    with pytest.raises(ConversationUnavailable):
        await database.inbox.probe()


async def test_nothing_older_than_a_day_waits(kept: Kept) -> None:
    await kept.inbox.take(_delivery("old"))
    kept.clock.advance(hours=24, seconds=1)
    await kept.inbox.take(_delivery("new"))

    assert [delivery.key for delivery in await kept.inbox.waiting()] == ["new"]


async def test_closing_what_was_never_taken_does_nothing(kept: Kept) -> None:
    await kept.inbox.close("unknown", "answered")
    await kept.inbox.begun("unknown", "1.1")

    assert await kept.inbox.waiting() == ()


async def test_receipts_are_short_and_different(kept: Kept) -> None:
    receipts = {await kept.ledger.open(a_question()) for _ in range(20)}

    assert len(receipts) == 20
    assert all(len(receipt) == 9 and receipt[4] == "-" for receipt in receipts)


async def test_feedback_on_a_receipt_that_is_not_kept_does_nothing(kept: Kept) -> None:
    await kept.ledger.feedback("0000-0000", a_person(), "up")


async def test_turns_come_back_in_order_to_the_one_who_asked_in_that_thread(kept: Kept) -> None:
    priya, tom = a_person("priya"), a_person("tom")
    first, second = Turn("How long is parental leave?", ("p1", "p2")), Turn("And in Germany?")
    await kept.threads.remember(PLACE, priya, first)
    await kept.threads.remember(PLACE, priya, second)
    await kept.threads.remember(PLACE, tom, Turn("Something else?"))

    assert await kept.threads.recall(PLACE, priya) == (first, second)
    assert await kept.threads.recall(replace(PLACE, thread="100.2"), priya) == ()
    assert await kept.threads.recall(replace(PLACE, channel="C2"), priya) == ()
    assert await kept.threads.recall(replace(PLACE, team="T2"), priya) == ()


async def test_turns_are_forgotten_after_a_day(kept: Kept) -> None:
    await kept.threads.remember(PLACE, a_person(), Turn("How long is parental leave?"))
    kept.clock.advance(hours=24, seconds=1)

    assert await kept.threads.recall(PLACE, a_person()) == ()
    assert await kept.threads.last(PLACE) is None


async def test_the_last_reply_says_to_whom_and_when(kept: Kept) -> None:
    assert await kept.threads.last(PLACE) is None
    await kept.threads.remember(PLACE, a_person("priya"), Turn("One?"))
    kept.clock.advance(minutes=5)
    await kept.threads.remember(PLACE, a_person("tom"), Turn("Two?"))

    last = await kept.threads.last(PLACE)

    assert last is not None
    assert (last.asker, last.at, last.muted) == ("UTOM", NOW + timedelta(minutes=5), False)


async def test_a_muted_thread_is_muted_until_somebody_asks_again(kept: Kept) -> None:
    await kept.threads.remember(PLACE, a_person(), Turn("One?"))
    await kept.threads.mute(PLACE)
    muted = await kept.threads.last(PLACE)
    await kept.threads.remember(PLACE, a_person(), Turn("Two?"))
    again = await kept.threads.last(PLACE)

    assert muted is not None
    assert muted.muted
    assert again is not None
    assert not again.muted


async def test_muting_a_thread_where_ibid_never_spoke_does_nothing(kept: Kept) -> None:
    await kept.threads.mute(PLACE)

    assert await kept.threads.last(PLACE) is None


async def test_a_direct_message_without_a_thread_is_a_place_too(kept: Kept) -> None:
    place = replace(PLACE, thread=None)
    await kept.threads.remember(place, a_person(), Turn("One?"))

    assert len(await kept.threads.recall(place, a_person())) == 1


async def test_a_person_is_new_once(kept: Kept) -> None:
    assert await kept.contacts.first(a_person("priya")) is True
    assert await kept.contacts.first(a_person("priya")) is False
    assert await kept.contacts.first(a_person("tom")) is True


# What only the database promises.


def _answer(receipt: str) -> Answer:
    hit = a_hit("Employees may carry over five days.")
    citation = Citation(number=1, hit=hit, start=0, end=5)
    evidence = Evidence(
        scope=Scope(frozenset({"everyone"})), edition=3, writer="quotes", prompt_hash="abc123abc123", standalone="standalone words"
    )
    return Answer(
        receipt=receipt, outcome=Outcome.ANSWERED, sentences=(Sentence("Five days.", (citation,)),), looked_for="carry", evidence=evidence
    )


def _rows(folder: Path, table: str) -> list[dict[str, object]]:
    with sqlite3.connect(folder / "conversation.db") as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]


async def test_a_receipt_says_what_an_answer_rests_on_and_not_what_it_says(database: Kept, tmp_path: Path) -> None:
    receipt = await database.ledger.open(a_question())
    await database.ledger.close(_answer(receipt))
    await database.ledger.feedback(receipt, a_person("tom"), "up")
    await database.ledger.feedback(receipt, a_person("tom"), "down")

    (row,) = _rows(tmp_path, "receipts")
    assert (row["id"], row["labels"], row["edition"], row["writer"]) == (receipt, '["everyone"]', 3, "quotes")
    assert (row["outcome"], row["passages"], row["prompt_hash"]) == ("answered", '["annual-leave#4.1"]', "abc123abc123")
    assert [given["verdict"] for given in _rows(tmp_path, "feedback")] == ["down"]


async def test_a_receipt_says_who_spoke_why_others_did_not_and_what_it_took(database: Kept, tmp_path: Path) -> None:
    plain, cached = [await database.ledger.open(a_question()) for _ in range(2)]
    await database.ledger.close(_answer(plain))
    answer = _answer(cached)
    tried = (Tried("tuned", "too slow"), Tried("base", "busy"))
    evidence = replace(answer.evidence, tried=tried, remembered=True, spent=Spent(prompt=1200, cached=1024, written=80))
    await database.ledger.close(replace(answer, evidence=evidence))

    columns = ("tried", "remembered", "prompt_tokens", "cached_tokens", "written_tokens")
    found = {row["id"]: [row[column] for column in columns] for row in _rows(tmp_path, "receipts")}
    assert found[plain] == ["[]", 0, None, None, None]
    named = '[{"writer": "tuned", "reason": "too slow"}, {"writer": "base", "reason": "busy"}]'
    assert found[cached] == [named, 1, 1200, 1024, 80]


async def test_no_text_and_no_user_stands_readable_in_the_files(database: Kept, tmp_path: Path) -> None:
    priya = a_person("priya")
    question = a_question("How many zebra days do I get?", asker=priya)
    await database.inbox.take(Delivery(key="T1-UPRIYA-1", message="T1/C1/1", payload="zebra payload"))
    await database.threads.remember(PLACE, priya, Turn("zebra standalone"))
    await database.contacts.first(priya)
    receipt = await database.ledger.open(question)
    await database.ledger.close(_answer(receipt))
    await database.ledger.feedback(receipt, priya, "up")

    written = _bytes(tmp_path)

    assert receipt.encode() in written
    for text in (b"zebra", b"UPRIYA", b"Priya", b"Five days", b"carry over", b"standalone words", b"Annual leave"):
        assert text not in written
        assert text.lower() not in written.lower()


def _bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("conversation.db*"))


async def test_a_closed_delivery_keeps_no_payload(database: Kept, tmp_path: Path) -> None:
    await database.inbox.take(_delivery())
    await database.inbox.close("T1-Ev1", "answered")

    (row,) = _rows(tmp_path, "inbox")
    assert (row["sealed"], row["outcome"]) == ("", "answered")


async def test_the_sweep_deletes_what_has_been_kept_long_enough_and_nothing_else(database: Kept, tmp_path: Path) -> None:
    assert database.conversation is not None
    clock = database.clock

    async def fill(name: str) -> None:
        await database.inbox.take(_delivery(name))
        receipt = await database.ledger.open(a_question())
        await database.ledger.close(_answer(receipt))
        await database.ledger.feedback(receipt, a_person(), "up")
        await database.threads.remember(replace(PLACE, thread=name), a_person(), Turn("One?"))

    await fill("91 days")
    clock.advance(days=60)
    await fill("31 days")
    clock.advance(days=29)
    await fill("2 days")
    clock.advance(days=2)
    await fill("now")
    await database.conversation.sweep(clock.now())

    assert [bool(row["sealed"]) for row in _rows(tmp_path, "inbox")] == [False, True]  # two days and now
    assert [bool(row["question"]) for row in _rows(tmp_path, "receipts")] == [False, True, True]  # 31 days, two days, now
    assert len(_rows(tmp_path, "feedback")) == 3
    assert [row["thread"] for row in _rows(tmp_path, "thread_turns")] == ["now"]
    assert [row["thread"] for row in _rows(tmp_path, "thread_attention")] == ["now"]


async def test_everything_is_there_again_after_closing(tmp_path: Path) -> None:
    clock = FixedClock(NOW)
    first = await Conversation.open(conversation_url(tmp_path))
    await _sql(first, secrecy_from("", tmp_path), clock).inbox.take(_delivery())
    await first.close()
    second = await Conversation.open(conversation_url(tmp_path))
    waiting = await _sql(second, secrecy_from("", tmp_path), clock).inbox.waiting()
    await second.close()

    assert waiting == (_delivery(),)


async def test_what_another_key_sealed_is_lost_and_nothing_else(database: Kept) -> None:
    assert database.conversation is not None
    await database.threads.remember(PLACE, a_person(), Turn("One?"))
    await database.inbox.take(_delivery())
    other = _sql(database.conversation, Secrecy("another secret, long enough"), database.clock)

    assert await other.threads.last(PLACE) is None
    assert await other.inbox.waiting() == ()
    assert await other.inbox.take(_delivery("new")) is True


async def test_a_database_that_fails_is_unavailable_and_does_not_repeat_the_text(database: Kept, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "conversation.db") as connection:
        connection.execute("DROP TABLE receipts")

    with pytest.raises(ConversationUnavailable) as failure:
        await database.ledger.open(a_question("zebra"))

    assert "zebra" not in str(failure.value)
    assert "UPRIYA" not in str(failure.value)


async def test_twenty_writers_at_once_all_get_through(database: Kept) -> None:
    taken = await asyncio.gather(*(database.inbox.take(_delivery(f"key {number}")) for number in range(20)))
    twins = await asyncio.gather(*(database.threads.remember(PLACE, a_person(), Turn(f"{number}?")) for number in range(20)))

    assert all(taken)
    assert len(twins) == 20
    assert len(await database.threads.recall(PLACE, a_person())) == 20


def test_the_secret_is_made_once_and_is_this_users_alone(tmp_path: Path) -> None:
    first = secrecy_from("", tmp_path).pseudonym("U1")

    assert secrecy_from("", tmp_path).pseudonym("U1") == first
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert secrecy_from(SECRET, tmp_path).pseudonym("U1") != first


@pytest.mark.parametrize("content", ["", "short", "\xff" * 40])
def test_a_damaged_secret_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret.key").write_text(content, encoding="latin-1")

    with pytest.raises(Misconfigured, match=r"secret\.key"):
        secrecy_from("", tmp_path)


def test_a_short_key_in_the_settings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="IBID_SECRET_KEY"):
        secrecy_from("short", tmp_path)


def test_the_migrations_make_the_tables_that_the_code_uses(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlalchemy import create_engine

    engine = create_engine(f"sqlite:///{tmp_path / 'new.db'}")
    with engine.begin() as connection:
        migrations.upgrade(connection, REVISION)
        options = {"version_table": migrations.VERSION_TABLE, "compare_type": True}
        difference = compare_metadata(MigrationContext.configure(connection, opts=options), tables)
    engine.dispose()

    assert difference == []
    newest = max(file.name for file in Path(migrations.__file__).parent.glob("versions/0*.py"))
    assert newest.startswith(REVISION)
