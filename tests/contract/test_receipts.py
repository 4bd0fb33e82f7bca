"""What receipts, questions, one's own records and disclosures promise, over the database and over memory."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import bot.adapters.ledger
from bot.adapters.conversation import Conversation, conversation_url
from bot.adapters.conversation_tables import tables
from bot.adapters.disclosures import SqlDisclosures
from bot.adapters.ledger import SqlLedger
from bot.adapters.memory import FixedClock, MemoryContacts, MemoryLedger, MemoryNotes, MemoryThreads
from bot.adapters.memory_own import MemoryDisclosures, MemoryOwnRecords
from bot.adapters.notes import SqlNotes
from bot.adapters.own_records import SqlOwnRecords
from bot.adapters.replies import SqlReplies
from bot.adapters.secrecy import Secrecy
from bot.adapters.threads import SqlContacts, SqlThreads
from bot.answers import Answer, Citation, Contact, Dropped, Evidence, Outcome, Sentence, Source
from bot.own_records import Disclosure
from bot.retention import CONTACTS_KEPT, DISCLOSURES_KEPT, QUESTIONS_KEPT, RECEIPTS_KEPT, WISHES_OPEN
from bot.values import Place, StandingReply, Turn
from knowledge.values import Scope
from tests.factories import NOW, TODAY, a_document, a_hit, a_person, a_question

SECRET = "a secret for tests, long enough"
SILENT = "CSILENT"  # where nothing is recorded
PLACE = Place(team="T1", channel="C1", thread="100.1", kind="public")
TEXT = "Employees may carry over five zebras."


@dataclass(frozen=True, kw_only=True)
class Kept:
    clock: FixedClock
    ledger: SqlLedger | MemoryLedger
    threads: SqlThreads | MemoryThreads
    contacts: SqlContacts | MemoryContacts
    notes: SqlNotes | MemoryNotes
    own: SqlOwnRecords | MemoryOwnRecords
    disclosures: SqlDisclosures | MemoryDisclosures
    conversation: Conversation | None = None

    async def answer(self, *, asker: str = "priya", channel: str = "D1", **changes: Any) -> str:  # noqa: ANN401  (any field of an answer)
        asked = a_question("How many zebras?", asker=a_person(asker))
        receipt = await self.ledger.open(replace(asked, place=replace(asked.place, channel=channel), asked_at=self.clock.now()))
        await self.ledger.close(replace(an_answer(receipt), **changes))
        return receipt


async def _records(channel: str) -> bool:
    return channel != SILENT


def _sql(conversation: Conversation, clock: FixedClock) -> Kept:
    secrecy = Secrecy(SECRET)
    return Kept(
        clock=clock,
        ledger=SqlLedger(conversation, secrecy, clock, _records),
        threads=SqlThreads(conversation, secrecy, clock, _records),
        contacts=SqlContacts(conversation, secrecy, clock),
        notes=SqlNotes(conversation, secrecy),
        own=SqlOwnRecords(conversation, secrecy),
        disclosures=SqlDisclosures(conversation, secrecy, clock),
        conversation=conversation,
    )


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Kept]:
    conversation = await Conversation.open(conversation_url(tmp_path))
    yield _sql(conversation, FixedClock(NOW))
    await conversation.close()


@pytest.fixture(params=["database", "memory"])
async def kept(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Kept]:
    clock = FixedClock(NOW)
    if request.param == "database":
        conversation = await Conversation.open(conversation_url(tmp_path))
        yield _sql(conversation, clock)
        await conversation.close()
        return
    ledger, threads, contacts, notes = MemoryLedger(unrecorded={SILENT}), MemoryThreads(clock), MemoryContacts(), MemoryNotes()
    own = MemoryOwnRecords(ledger, threads, contacts, notes)
    yield Kept(clock=clock, ledger=ledger, threads=threads, contacts=contacts, notes=notes, own=own, disclosures=MemoryDisclosures(clock))


def an_answer(receipt: str) -> Answer:
    hit = a_hit(TEXT, document=a_document("leave"))
    citation = Citation(number=1, hit=hit, start=0, end=len(TEXT))
    evidence = Evidence(
        scope=Scope(frozenset({"everyone", "groups:hr"})),
        as_of=TODAY,
        edition=7,
        writer="tuned",
        prompt_hash="abc",
        sources=(Source(1, hit),),
        dropped=(Dropped("Six giraffes.", "says six giraffes, which is not in the cited source", (1,)),),
    )
    return Answer(receipt=receipt, outcome=Outcome.ANSWERED, sentences=(Sentence(TEXT, (citation,), score=0.9),), evidence=evidence)


async def test_a_receipt_has_everything_that_an_answer_is_proved_by(kept: Kept) -> None:
    found = await kept.ledger.receipt(await kept.answer())

    assert found is not None
    assert (found.outcome, found.edition, found.writer, found.prompt_hash) == (Outcome.ANSWERED, 7, "tuned", "abc")
    assert found.labels == {"everyone", "groups:hr"}
    (said,) = found.behind.said
    (proof,) = said.proofs
    assert (said.score, proof.place.document, proof.place.passage, proof.start, proof.end) == (
        0.9,
        "leave/leave.md",
        "leave#4.1",
        0,
        len(TEXT),
    )
    assert [(one.why, one.passages) for one in found.behind.left_out] == [("figure", ("leave#4.1",))]
    assert found.behind.as_of == TODAY


async def test_a_follow_up_is_kept_as_it_can_be_asked_again_by_itself(kept: Kept) -> None:
    asked = a_question("And in Germany?", asker=a_person("priya"), turns=(Turn("How many zebras?"),))
    receipt = await kept.ledger.open(replace(asked, place=replace(asked.place, channel="D1"), asked_at=kept.clock.now()))
    evidence = Evidence(standalone="How many zebras? And in Germany?")
    await kept.ledger.close(Answer(receipt=receipt, outcome=Outcome.NOT_FOUND, evidence=evidence))
    assert await kept.ledger.asked(receipt, a_person("priya")) == "How many zebras? And in Germany?"
    assert await kept.ledger.asked(receipt, a_person("tom")) is None


async def test_only_the_asker_gets_the_receipt_and_the_question_back(kept: Kept) -> None:
    receipt = await kept.answer()
    priya, tom = a_person("priya"), a_person("tom")

    assert await kept.ledger.asked(receipt, priya) == "How many zebras?"
    assert await kept.ledger.asked(receipt) == "How many zebras?"
    assert await kept.ledger.asked(receipt, tom) is None
    assert await kept.ledger.receipt(receipt, tom) is None
    assert await kept.ledger.receipt(receipt, priya) == await kept.ledger.receipt(receipt)
    assert await kept.ledger.asked("0000-0000", priya) is None
    assert await kept.ledger.receipt("0000-0000") is None


@pytest.mark.parametrize("change", [{"outcome": Outcome.CONTACT_FIRST, "sentences": ()}, {"contact": Contact("health", "Speak to Ann.")}])
async def test_of_a_question_about_what_is_nobody_elses_neither_words_nor_asker_nor_documents_are_kept(
    kept: Kept, change: dict[str, Any]
) -> None:
    receipt = await kept.answer(**change)
    found = await kept.ledger.receipt(receipt)

    assert await kept.ledger.asked(receipt, a_person("priya")) is None
    assert await kept.own.copy("UPRIYA") == await kept.own.copy("UNOBODY")
    assert found is not None
    assert (found.outcome, found.passages, found.behind.places) == (change.get("outcome", Outcome.ANSWERED), (), frozenset())


async def test_where_nothing_is_recorded_only_how_it_ended_is_known(kept: Kept) -> None:
    receipt = await kept.answer(channel=SILENT)
    await kept.ledger.feedback(receipt, a_person("priya"), "up")
    found = await kept.ledger.receipt(receipt)

    assert found is not None
    assert (found.outcome, found.passages, found.behind.said, found.labels) == (Outcome.ANSWERED, (), (), frozenset())
    assert await kept.ledger.receipt(receipt, a_person("priya")) is None
    assert await kept.ledger.asked(receipt) is None
    assert await kept.own.copy("UPRIYA") == await kept.own.copy("UNOBODY")


async def test_answers_are_told_of_once_and_by_their_asker(kept: Kept) -> None:
    first = await kept.answer()
    kept.clock.advance(minutes=1)
    second = await kept.answer()
    await kept.answer(asker="tom")
    await kept.answer(sentences=(), outcome=Outcome.NOT_FOUND)
    found = await kept.ledger.untold(["UPRIYA", "UNOBODY"], NOW - timedelta(days=30))

    assert {user: [one.id for one in every] for user, every in found.items()} == {"UPRIYA": [first, second]}
    assert await kept.ledger.told(first) is True
    assert await kept.ledger.told(first) is False
    left = await kept.ledger.untold(["UPRIYA"], NOW - timedelta(days=30))
    assert [one.id for one in left["UPRIYA"]] == [second]
    assert await kept.ledger.untold(["UPRIYA"], NOW + timedelta(minutes=2)) == {}


async def test_an_erased_document_is_in_no_receipt_any_more(kept: Kept) -> None:
    receipt = await kept.answer()

    assert await kept.ledger.forget("other.md", ["other#1"]) == 0
    assert await kept.ledger.forget("leave/leave.md", []) == 1
    found = await kept.ledger.receipt(receipt)
    assert found is not None
    assert (found.passages, found.behind.said, found.behind.left_out, found.behind.shown_to_writer) == ((), (), (), ())
    assert await kept.ledger.forget("leave/leave.md", []) == 0


async def test_a_document_that_had_another_name_is_found_by_its_passages(kept: Kept) -> None:
    receipt = await kept.answer()

    assert await kept.ledger.forget("holidays.md", ["leave#4.1"]) == 1
    found = await kept.ledger.receipt(receipt)
    assert found is not None
    assert (found.passages, found.behind.places) == ((), frozenset())


async def _everything(kept: Kept, person: str) -> None:
    asker = a_person(person)
    receipt = await kept.answer(asker=person)
    await kept.ledger.feedback(receipt, asker, "up")
    await kept.threads.remember(PLACE, asker, Turn(f"{person}'s question?"))
    await kept.contacts.first(asker)
    await kept.notes.subscribe(asker.id, "2026-W47")


async def test_a_copy_holds_everything_of_one_person_and_nothing_of_another(kept: Kept) -> None:
    await _everything(kept, "tom")
    await _everything(kept, "priya")
    copy = await kept.own.copy("UPRIYA")

    assert [one.question for one in copy.answers] == ["How many zebras?"]
    assert [one.verdict for one in copy.judged] == ["up"]
    assert [one.question for one in copy.remembered] == ["priya's question?"]
    assert (copy.listening, copy.note, copy.told_at is not None) == (1, True, True)


async def test_erasing_takes_everything_of_one_person_and_nothing_of_another(kept: Kept) -> None:
    await _everything(kept, "tom")
    await kept.threads.remember(replace(PLACE, thread="2"), a_person("tom"), Turn("Tom's second?"))
    await _everything(kept, "priya")
    toms = await kept.own.copy("UTOM")

    assert await kept.own.erase("UPRIYA") == 6
    assert await kept.own.copy("UPRIYA") == await kept.own.copy("UNOBODY")
    assert await kept.own.copy("UTOM") == toms
    assert await kept.contacts.first(a_person("priya")) is True


async def test_one_admin_alone_never_gets_it(kept: Kept) -> None:
    wish = await kept.disclosures.ask("UPRIYA", "export", "a complaint", "URUTH")

    assert await kept.disclosures.agree(wish.number, "URUTH") == "same_admin"
    assert await kept.disclosures.agree(wish.number, "UPRIYA") == "their_own"
    assert await kept.disclosures.agree(99, "UGRETA") == "unknown"
    agreed = await kept.disclosures.agree(wish.number, "UGRETA")
    assert isinstance(agreed, Disclosure)
    assert (agreed.user, agreed.wish, agreed.asked_by, agreed.agreed_by) == ("UPRIYA", "export", "URUTH", "UGRETA")
    assert await kept.disclosures.agree(wish.number, "UHIRO") == "done"
    await kept.disclosures.done(wish.number)
    assert await kept.disclosures.agree(wish.number, "UGRETA") == "done"


async def test_a_wish_that_nobody_agreed_to_within_a_week_is_over(kept: Kept) -> None:
    wish = await kept.disclosures.ask("UPRIYA", "erase", "she left", "URUTH")
    kept.clock.at += WISHES_OPEN + timedelta(seconds=1)

    assert await kept.disclosures.agree(wish.number, "UGRETA") == "over"


# What only the database promises.


def _rows(folder: Path, table: str) -> list[dict[str, object]]:
    with sqlite3.connect(folder / "conversation.db") as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]


async def test_the_person_sees_who_asked_about_them_also_after_erasing(database: Kept, tmp_path: Path) -> None:
    wish = await database.disclosures.ask("UPRIYA", "export", "a complaint", "URUTH")
    await database.disclosures.agree(wish.number, "UGRETA")
    await database.disclosures.done(wish.number)
    await database.own.erase("UPRIYA")

    (seen,) = (await database.own.copy("UPRIYA")).disclosures
    assert (seen.asked_by, seen.agreed_by, seen.reason, seen.done_at) == ("URUTH", "UGRETA", "a complaint", NOW)
    (row,) = _rows(tmp_path, "disclosures")
    assert row["user"] == ""
    assert "PRIYA" not in str(row)


async def test_the_question_waits_for_the_end_of_its_answer_outside_the_database(database: Kept, tmp_path: Path) -> None:
    """Only then is it known whether it may be kept at all."""
    receipt = await database.ledger.open(a_question("How many zebras?"))
    (open_row,) = _rows(tmp_path, "receipts")
    await database.ledger.close(an_answer(receipt))
    (closed_row,) = _rows(tmp_path, "receipts")

    assert open_row["question"] == ""
    assert closed_row["question"] != ""


async def test_nothing_of_a_person_stands_in_the_row_of_a_place_where_nothing_is_recorded(database: Kept, tmp_path: Path) -> None:
    asked = a_question("How many zebras?")
    receipt = await database.ledger.open(replace(asked, place=replace(asked.place, channel=SILENT)))
    (row,) = _rows(tmp_path, "receipts")
    assert row["asker"] == ""  # not even while the answer is being made
    await database.ledger.close(an_answer(receipt))
    await database.threads.remember(replace(PLACE, channel=SILENT), a_person(), Turn("One?"))

    (row,) = _rows(tmp_path, "receipts")
    assert (row["asker"], row["question"], row["behind"], row["passages"], row["outcome"]) == ("", "", "{}", "[]", "answered")
    assert _rows(tmp_path, "thread_turns") == _rows(tmp_path, "thread_attention") == []


async def test_threads_forget_the_turns_that_rest_on_an_erased_document_and_no_others(database: Kept, tmp_path: Path) -> None:
    await database.threads.remember(PLACE, a_person(), Turn("One?", ("leave#4.1", "other#1")))
    await database.threads.remember(PLACE, a_person(), Turn("Two?", ("other#1",)))
    await database.ledger.forget("leave/leave.md", ["leave#4.1"])

    assert [row["passages"] for row in _rows(tmp_path, "thread_turns")] == ['["other#1"]']


async def test_more_receipts_than_are_read_at_once_are_all_read(database: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.adapters.ledger, "_PAGE", 3)
    receipts = {await database.answer() for _ in range(7)}
    found = await database.ledger.untold(["UPRIYA"], NOW)

    assert {one.id for one in found["UPRIYA"]} == receipts
    assert await database.ledger.forget("leave/leave.md", ["leave#4.1"]) == 7


async def test_a_receipt_whose_reply_still_stands_stays_as_a_number_of_nobodys(database: Kept, tmp_path: Path) -> None:
    assert database.conversation is not None
    receipt = await database.answer()
    await database.ledger.feedback(receipt, a_person("tom"), "up")
    await SqlReplies(database.conversation).stands(StandingReply(receipt=receipt, place=PLACE, ts="100.2", labels=frozenset({"groups:hr"})))
    await database.own.erase("UPRIYA")

    (row,) = _rows(tmp_path, "receipts")
    assert (row["id"], row["asker"], row["question"], row["behind"], row["passages"]) == (receipt, "", "", "{}", "[]")
    assert _rows(tmp_path, "feedback") == []
    assert len(_rows(tmp_path, "replies")) == 1


async def test_what_is_erased_while_it_is_answered_is_nobodys_and_its_reply_can_still_be_taken_back(database: Kept, tmp_path: Path) -> None:
    assert database.conversation is not None
    asked = a_question("How many zebras?")
    receipt = await database.ledger.open(replace(asked, asked_at=database.clock.now()))
    await database.own.erase(asked.asker.id)
    await database.ledger.close(an_answer(receipt))
    reply = StandingReply(receipt=receipt, place=PLACE, ts="100.2", labels=frozenset({"groups:hr"}))
    replies = SqlReplies(database.conversation)
    await replies.stands(reply)

    assert [one.receipt for one in await replies.in_channel("C1")] == [receipt]
    assert (await database.own.copy(asked.asker.id)).answers == ()
    (row,) = _rows(tmp_path, "receipts")
    assert (row["asker"], row["question"], row["passages"], row["labels"], row["behind"]) == ("", "", "[]", "[]", "{}")


async def test_the_sweep_ends_what_was_kept_long_enough(database: Kept, tmp_path: Path) -> None:
    assert database.conversation is not None
    standing, gone = await database.answer(), await database.answer()
    await SqlReplies(database.conversation).stands(StandingReply(receipt=standing, place=PLACE, ts="1", labels=frozenset({"x"})))
    await database.contacts.first(a_person())
    await database.disclosures.ask("UPRIYA", "export", "a complaint", "URUTH")

    async def left(after: timedelta) -> tuple[list[tuple[object, bool, bool]], int, int]:
        assert database.conversation is not None
        await database.conversation.sweep(NOW + after)
        receipts = [(row["id"], bool(row["asker"]), bool(row["question"])) for row in _rows(tmp_path, "receipts")]
        return receipts, len(_rows(tmp_path, "contacts")), len(_rows(tmp_path, "disclosures"))

    second = timedelta(seconds=1)
    both = [(standing, True, True), (gone, True, True)]
    assert await left(QUESTIONS_KEPT) == (both, 1, 1)
    assert await left(QUESTIONS_KEPT + second) == ([(standing, True, False), (gone, True, False)], 1, 1)
    assert await left(RECEIPTS_KEPT + second) == ([(standing, False, False)], 1, 1)
    assert await left(CONTACTS_KEPT + second) == ([(standing, False, False)], 0, 1)
    assert await left(DISCLOSURES_KEPT + second) == ([(standing, False, False)], 0, 0)


async def test_a_question_that_was_kept_long_enough_is_not_told_before_the_sweep_either(database: Kept) -> None:
    receipt = await database.answer()
    database.clock.at += QUESTIONS_KEPT + timedelta(seconds=1)

    assert await database.ledger.asked(receipt, a_person("priya")) is None


def test_every_column_says_why_it_is_there_and_how_long() -> None:
    silent = [f"{table.name}.{column.name}" for table in tables.tables.values() for column in table.columns if "purpose" not in column.info]
    assert silent == []
    assert [table.name for table in tables.tables.values() if "about" not in table.info] == []
