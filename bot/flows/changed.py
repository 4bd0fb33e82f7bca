"""Answers that would be other ones today: found by what they rest on, made again for their askers, and compared."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.answers import Answer, Closed, Outcome
from bot.flows.access import alone
from bot.flows.again import wish_of
from bot.flows.standing import stands_alone
from bot.receipts import behind
from bot.values import Audience, Place, Question
from knowledge.values import Scope

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.flows.answer import Answering
    from bot.ports import Clock, Library
    from bot.receipts import Mark, Receipt
    from bot.records import PastAnswers, Questions
    from bot.values import Person

LOOKS_BACK = timedelta(days=30)
MOST = 200  # answers that are made again at once: each may cost a model's call


@dataclass(frozen=True)
class Changed:
    """What one person was told, and would be told otherwise today."""

    person: Person
    receipts: tuple[Receipt, ...]


@dataclass(frozen=True)
class Comparison:
    """Who was told what would be other today; `left` are answers that were not looked at any more."""

    changed: tuple[Changed, ...] = ()
    left: int = 0

    @property
    def answers(self) -> int:
        return sum(len(one.receipts) for one in self.changed)


def differs(then: Receipt, now: Answer, mark: Mark) -> bool:
    """Another outcome, or other words of the documents as its proof. How it is put does not matter; one that failed says nothing."""
    if now.outcome in (Outcome.FAILED, Outcome.NOT_READY):
        return False
    return then.outcome is not now.outcome or then.behind.quotes != behind(now, mark).quotes


def says_enough(asked: str) -> bool:
    """Whether it can be asked again: what was said before a follow-up, or before a wish to be told it again, is not kept with it."""
    return stands_alone(asked) and wish_of(asked) is None


@dataclass(frozen=True, kw_only=True)
class Comparing:
    """What it takes to answer again. Nothing of it is noted as if somebody had asked."""

    library: Library
    answering: Answering
    past: PastAnswers
    questions: Questions
    clock: Clock
    mark: Mark

    async def compare(self, people: Collection[Person]) -> Comparison:
        """Raises Unavailable."""
        here = {person.id: person for person in people if person.membership == "full"}
        untold = await self.past.untold(here, self.clock.now() - LOOKS_BACK)
        changed: list[Changed] = []
        looked, left = 0, 0
        for user, receipts in untold.items():
            other: list[Receipt] = []
            for then in [one for one in receipts if await self._rests_on_what_is_gone(one)]:
                if looked >= MOST:
                    left += 1
                    continue
                looked += 1
                if await self._differs(then, here[user]):
                    other.append(then)
            if other:
                changed.append(Changed(here[user], tuple(other)))
        return Comparison(tuple(changed), left)

    async def _rests_on_what_is_gone(self, then: Receipt) -> bool:
        """One of the clauses that it cites is not there any more for whom it was made: gone, other, or for fewer."""
        scope = Scope(then.labels)
        return not all([await self.library.passage(passage, scope) for passage in then.passages])

    async def _differs(self, then: Receipt, person: Person) -> bool:
        asked = await self.questions.asked(then.id, person)
        if asked is None or not says_enough(asked):
            return False
        return differs(then, await self._again(asked, then, person), self.mark)

    async def _again(self, asked: str, then: Receipt, person: Person) -> Answer:
        """Told to nobody. What was said to the whole company is compared with what would be said to it today."""
        everybody = Audience(circle="whole_company")
        question = Question(
            text=asked,
            asker=person,
            audience=everybody if then.behind.circle == "whole_company" else alone(person),
            place=Place(team="", channel="", thread=None, kind="public" if then.behind.circle == "whole_company" else "direct"),
            asked_at=self.clock.now(),
        )
        async with aclosing(replace(self.answering, ledger=_Unnoted()).answer(question)) as events:
            async for event in events:
                if isinstance(event, Closed):
                    return event.answer
        raise AssertionError("an answer always ends")


class _Unnoted:
    """A ledger that keeps nothing."""

    async def open(self, question: Question) -> str:  # noqa: ARG002  (the port's own)
        return "0000-0000"

    async def close(self, answer: Answer) -> None:
        """Nobody asked."""

    async def feedback(self, receipt: str, person: Person, verdict: str) -> None:
        """Nobody was answered."""
