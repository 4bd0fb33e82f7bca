"""The receipts kept in memory: for tests, and as the plainest statement of what their ports promise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.answers import Answer
from bot.receipts import Receipt, behind, keeps_words, question_of, rested_on
from bot.values import Person, Question
from knowledge.values import content_id


@dataclass
class MemoryLedger:
    """Ledger, Receipts, Questions and PastAnswers. `unrecorded` are channels of which nothing is kept but how answers ended."""

    opened: dict[str, Question] = field(default_factory=dict)
    closed: dict[str, Answer] = field(default_factory=dict)
    verdicts: dict[tuple[str, str], str] = field(default_factory=dict)
    unrecorded: set[str] = field(default_factory=set)
    told_of: set[str] = field(default_factory=set)
    forgotten: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    async def open(self, question: Question) -> str:
        number = f"{len(self.opened) + 1:08x}"
        receipt = f"{number[:4]}-{number[4:]}"
        self.opened[receipt] = question
        return receipt

    async def close(self, answer: Answer) -> None:
        self.closed[answer.receipt] = answer

    async def feedback(self, receipt: str, person: Person, verdict: str) -> None:
        """A receipt that is not kept, or is nobody's, takes none."""
        if self.whose(receipt):
            self.verdicts[receipt, person.id] = verdict

    async def asked(self, receipt: str, person: Person | None = None) -> str | None:
        whose = self.whose(receipt)
        if not whose or (person and person.id != whose):
            return None
        question, answer = self.opened[receipt], self.closed.get(receipt)
        return question_of(question.text, question.turns, answer) if answer else question.text

    async def receipt(self, receipt: str, person: Person | None = None) -> Receipt | None:
        if receipt not in self.opened or (person and person.id != self.whose(receipt)):
            return None
        question, answer = self.opened[receipt], self.closed.get(receipt)
        kept = Receipt(id=receipt, outcome=answer.outcome if answer else None, opened_at=question.asked_at)
        if answer is None:
            return kept
        kept = replace(kept, closed_at=question.asked_at, writer=answer.evidence.writer, remembered=answer.evidence.remembered)
        return self._behind(replace(kept, spent=answer.evidence.spent), answer) if self.whose(receipt) else kept

    async def untold(self, users: Collection[str], since: datetime) -> Mapping[str, tuple[Receipt, ...]]:
        found: dict[str, list[Receipt]] = defaultdict(list)
        for receipt, question in self.opened.items():
            kept = await self.receipt(receipt)
            if kept and kept.passages and question.asked_at >= since and question.asker.id in users and receipt not in self.told_of:
                found[question.asker.id].append(kept)
        return {user: tuple(every) for user, every in found.items()}

    async def told(self, receipt: str) -> bool:
        new = receipt not in self.told_of
        self.told_of.add(receipt)
        return new

    async def resting_on(self, passages: Collection[str], since: datetime) -> int:
        recent = [answer for receipt, answer in self.closed.items() if self.opened[receipt].asked_at >= since]
        return sum(any(citation.hit.passage.id in passages for citation in answer.citations) for answer in recent)

    async def forget(self, document: str, passages: Collection[str]) -> int:
        before = [await self.receipt(receipt) for receipt in self.opened]
        self.forgotten.append((document, frozenset(passages)))
        after = [await self.receipt(receipt) for receipt in self.opened]
        return sum(one != other for one, other in zip(before, after, strict=True))

    def whose(self, receipt: str) -> str:
        """Empty where it is nobody's."""
        question, answer = self.opened.get(receipt), self.closed.get(receipt)
        if question is None or question.place.channel in self.unrecorded or (answer and not keeps_words(answer)):
            return ""
        return question.asker.id

    def _behind(self, kept: Receipt, answer: Answer) -> Receipt:
        evidence, passages, found = answer.evidence, rested_on(answer), behind(answer, content_id, self.opened[kept.id].audience.circle)
        for document, gone in self.forgotten:
            named = {place.passage for place in found.places if place.document == document} | gone
            passages, found = tuple(one for one in passages if one not in named), found.without(document, gone)
        return replace(
            kept,
            labels=evidence.scope.labels,
            edition=evidence.edition,
            passages=passages,
            prompt_hash=evidence.prompt_hash,
            tried=evidence.tried,
            behind=found,
        )
