"""The receipts: a pseudonym, label names, ids and hashes; the question sealed; never the text of an answer or a document."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.adapters.conversation_tables import feedback, receipts, thread_turns
from bot.adapters.receipt_rows import closing_row, receipt_from
from bot.errors import ConversationUnavailable
from bot.receipts import keeps_words, packed, question_of, unpacked
from bot.retention import QUESTIONS_KEPT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from bot.adapters.conversation import Conversation
    from bot.adapters.secrecy import Secrecy
    from bot.answers import Answer
    from bot.ports import Clock
    from bot.receipts import Receipt
    from bot.values import Circle, Person, Question, Turn

Records = Callable[[str], Awaitable[bool]]  # whether anything of what is asked in a channel is kept
_PAGE = 200  # rows
_TRIES = 5  # two receipts in four thousand million get the same number


async def everywhere(_channel: str) -> bool:
    """Where nobody has said that nothing is to be recorded."""
    return True


@dataclass(frozen=True)
class _Open:
    """What waits in memory for the end of an answer: only then is it known whether the question may be kept."""

    question: str
    recorded: bool
    turns: tuple[Turn, ...] = ()
    circle: Circle = "alone"


class SqlLedger:
    """Ledger, Receipts, Questions and PastAnswers in the conversations' database. `records` says of a channel whether anything is."""

    def __init__(self, conversation: Conversation, secrecy: Secrecy, clock: Clock, records: Records = everywhere) -> None:
        self._conversation = conversation
        self._secrecy = secrecy
        self._clock = clock
        self._records = records
        self._open: dict[str, _Open] = {}

    async def open(self, question: Question) -> str:
        recorded = await self._records(question.place.channel)
        row = {
            "asker": self._secrecy.pseudonym(question.asker.id) if recorded else "",
            "question": "",
            "labels": "[]",
            "passages": "[]",
            "prompt_hash": "",
            "writer": "",
            "outcome": "",
            "opened_at": self._clock.now(),
        }
        for _ in range(_TRIES):
            number = secrets.token_hex(4)
            receipt = f"{number[:4]}-{number[4:]}"
            try:
                async with self._conversation.begin() as connection:
                    await connection.execute(insert(receipts).values(id=receipt, **row))
            except IntegrityError:
                continue
            self._open[receipt] = _Open(question.text, recorded, question.turns, question.audience.circle)
            return receipt
        raise ConversationUnavailable("no free receipt number was found")

    async def close(self, answer: Answer) -> None:
        """Where nothing is recorded, and of what is nobody else's, there stays how it ended and what it cost: nobody's, about nothing."""
        begun = self._open.pop(answer.receipt, _Open("", recorded=True))
        async with self._conversation.begin() as connection:
            whose = await connection.scalar(select(receipts.c.asker).where(receipts.c.id == answer.receipt))
            recorded = begun.recorded and keeps_words(answer) and bool(whose)  # nobody's: it was erased while it was being made
            row = closing_row(answer, self._secrecy.mark, self._clock.now(), begun.circle, recorded=recorded)
            kept = question_of(begun.question, begun.turns, answer)
            row |= {"question": self._secrecy.seal(kept) if kept else ""} if recorded else {"asker": ""}
            await connection.execute(update(receipts).where(receipts.c.id == answer.receipt).values(row))

    async def feedback(self, receipt: str, person: Person, verdict: str) -> None:
        """The last verdict of a person counts. A receipt that is no longer kept, or is nobody's, takes none."""
        who = self._secrecy.pseudonym(person.id)
        given = {"verdict": verdict, "at": self._clock.now()}
        same = (feedback.c.receipt == receipt) & (feedback.c.person == who)
        try:
            async with self._conversation.begin() as connection:
                if not await connection.scalar(select(receipts.c.asker).where(receipts.c.id == receipt)):
                    return
                changed = await connection.execute(update(feedback).where(same).values(given))
                if not changed.rowcount:
                    await connection.execute(insert(feedback).values(receipt=receipt, person=who, **given))
        except IntegrityError:
            return

    async def asked(self, receipt: str, person: Person | None = None) -> str | None:
        row = await self._row(receipt, person)
        if row is None or not row.question or row.opened_at < self._clock.now() - QUESTIONS_KEPT:
            return None
        return self._secrecy.unseal(row.question)

    async def receipt(self, receipt: str, person: Person | None = None) -> Receipt | None:
        row = await self._row(receipt, person)
        return receipt_from(row) if row else None

    async def untold(self, users: Collection[str], since: datetime) -> Mapping[str, tuple[Receipt, ...]]:
        whose = {self._secrecy.pseudonym(user): user for user in users}
        recent = (receipts.c.opened_at >= since) & (receipts.c.told_at.is_(None)) & (receipts.c.passages != "[]")
        found: dict[str, list[Receipt]] = defaultdict(list)
        async for row in self._rows(recent):
            if row.asker in whose:
                found[whose[row.asker]].append(receipt_from(row))
        return {user: tuple(sorted(every, key=lambda one: one.opened_at)) for user, every in found.items()}

    async def told(self, receipt: str) -> bool:
        untold = (receipts.c.id == receipt) & receipts.c.told_at.is_(None)
        async with self._conversation.begin() as connection:
            return bool((await connection.execute(update(receipts).where(untold).values(told_at=self._clock.now()))).rowcount)

    async def resting_on(self, passages: Collection[str], since: datetime) -> int:
        wanted = set(passages)
        recent = select(receipts.c.passages).where(receipts.c.opened_at >= since, receipts.c.passages != "[]")
        async with self._conversation.begin() as connection:
            found = await connection.execute(recent)
        return sum(not wanted.isdisjoint(json.loads(row.passages)) for row in found)

    async def forget(self, document: str, passages: Collection[str]) -> int:
        """Also the turns of threads that rest on it."""
        gone, changed = set(passages), 0
        async for row in self._rows(receipts.c.behind != "{}"):
            behind, cited = unpacked(row.behind), json.loads(row.passages)
            left = behind.without(document, gone)
            named = {place.passage for place in behind.places if place.document == document} | gone
            kept = [passage for passage in cited if passage not in named]
            if left != behind or kept != cited:
                changed += 1
                values = {"behind": packed(left), "passages": json.dumps(kept)}
                async with self._conversation.begin() as connection:
                    await connection.execute(update(receipts).where(receipts.c.id == row.id).values(values))
        async with self._conversation.begin() as connection:
            for turn in (await connection.execute(select(thread_turns.c.number, thread_turns.c.passages))).all():
                if gone.intersection(json.loads(turn.passages)):
                    await connection.execute(delete(thread_turns).where(thread_turns.c.number == turn.number))
        return changed

    async def _rows(self, wanted: ColumnElement[bool]) -> AsyncIterator[Any]:
        """A page at a time: neither the loop nor the database waits for all of them."""
        last = ""
        while True:
            page = select(receipts).where(wanted, receipts.c.id > last).order_by(receipts.c.id).limit(_PAGE)
            async with self._conversation.begin() as connection:
                rows = (await connection.execute(page)).all()
            for row in rows:
                yield row
            if len(rows) < _PAGE:
                return
            last = rows[-1].id

    async def _row(self, receipt: str, person: Person | None) -> Any:  # noqa: ANN401  (a row has the columns that the table has)
        wanted = receipts.c.id == receipt
        if person is not None:
            wanted &= receipts.c.asker == self._secrecy.pseudonym(person.id)
        async with self._conversation.begin() as connection:
            return (await connection.execute(select(receipts).where(wanted))).one_or_none()
