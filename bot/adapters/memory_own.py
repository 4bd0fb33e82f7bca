"""What is kept of one person, in memory: for tests, and as the plainest statement of what the ports promise."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.adapters.memory import FixedClock, MemoryContacts, MemoryLedger, MemoryNotes, MemoryThreads
from bot.flows.disclosing import objection
from bot.own_records import Disclosure, Judged, Objection, OwnCopy, PastAnswer, Wish


@dataclass
class MemoryOwnRecords:
    """OwnRecords over the other memories."""

    ledger: MemoryLedger
    threads: MemoryThreads
    contacts: MemoryContacts
    notes: MemoryNotes

    async def copy(self, user: str) -> OwnCopy:
        mine = [receipt for receipt in self.ledger.opened if self.ledger.whose(receipt) == user]
        kept = [(await self.ledger.receipt(receipt), await self.ledger.asked(receipt)) for receipt in mine]
        verdicts = self.ledger.verdicts.items()
        return OwnCopy(
            answers=tuple(PastAnswer(receipt, question) for receipt, question in kept if receipt),
            judged=tuple(Judged(receipt, said, self.ledger.opened[receipt].asked_at) for (receipt, by), said in verdicts if by == user),
            remembered=self.threads.of(user),
            listening=self.threads.listening_to(user),
            told_at=datetime.min.replace(tzinfo=UTC) if user in self.contacts.met else None,
            note=user in self.notes.weeks,
        )

    async def erase(self, user: str) -> int:
        copy = await self.copy(user)
        for one in copy.answers:
            del self.ledger.opened[one.receipt.id]
            self.ledger.closed.pop(one.receipt.id, None)
        for key in [key for key in self.ledger.verdicts if key[1] == user or key[0] not in self.ledger.opened]:
            del self.ledger.verdicts[key]
        self.threads.forget(user)
        self.contacts.met.discard(user)
        self.notes.weeks.pop(user, None)
        return sum((len(copy.answers), len(copy.judged), len(copy.remembered), copy.listening, copy.told_at is not None, copy.note))


@dataclass
class MemoryDisclosures:
    """Disclosures."""

    clock: FixedClock
    kept: list[Disclosure] = field(default_factory=list)

    async def ask(self, user: str, wish: Wish, reason: str, by: str) -> Disclosure:
        number = len(self.kept) + 1
        self.kept.append(Disclosure(number=number, user=user, wish=wish, reason=reason, asked_by=by, asked_at=self.clock.now()))
        return self.kept[-1]

    async def agree(self, number: int, admin: str) -> Disclosure | Objection:
        if not 1 <= number <= len(self.kept):
            return "unknown"
        against = objection(self.kept[number - 1], admin, self.clock.now())
        if against:
            return against
        self.kept[number - 1] = replace(self.kept[number - 1], agreed_by=admin)
        return self.kept[number - 1]

    async def done(self, number: int) -> None:
        self.kept[number - 1] = replace(self.kept[number - 1], user="", done_at=self.clock.now())
