"""The live bot's own flow, set up once more for golden questions: nobody's ledger, no lasting cache, the prompts that are to be tried."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.adapters.memory_cache import MemoryCache
from bot.answers import Answer, Closed
from bot.flows.drafts import Drafts
from bot.flows.finding import Finding, Memory
from bot.flows.rewriting import Rewriting
from bot.flows.understand import understand
from bot.flows.writing import Writing
from bot.prompts import NOT_FOUND
from bot.values import Audience, Person, Place, Question, Turn
from evals.unkept import Unkept

if TYPE_CHECKING:
    from bot.answers import Request
    from bot.flows.answer import Answering
    from bot.models import Spent
    from bot.ports import Writer
    from bot.prompts import PromptSet
    from evals.golden import GoldenQuestion

SOMEBODY = Person(id="golden", name="a colleague")
IN_PUBLIC = Audience(circle="whole_company")  # so that nothing is shown but what everyone may read


class Stage:
    """Where golden questions are asked in public, by a colleague who is nobody. One request is written once, however often it is made."""

    def __init__(self, live: Answering, finding: Finding) -> None:
        self._live = live
        self._finding = finding
        self._drafts = Drafts(MemoryCache())

    async def answer(self, golden: GoldenQuestion, writers: tuple[Writer, ...], prompts: PromptSet) -> Answer:
        """As Ibid would, with these words and no quotes behind the writers: they would hide that a prompt proves nothing."""
        rewriting = Rewriting(writers=writers, drafts=self._drafts, prompts=lambda: prompts)
        return await self._ask(golden, writers, prompts, rewriting)

    async def request(self, golden: GoldenQuestion, prompts: PromptSet) -> Request | None:
        """What a writer would be given; None when it would not be asked."""
        scales = Scales()
        await self._ask(golden, (scales,), prompts, None)
        return scales.request

    async def _ask(self, golden: GoldenQuestion, writers: tuple[Writer, ...], prompts: PromptSet, rewriting: Rewriting | None) -> Answer:
        writing = Writing(writers=writers, drafts=self._drafts, finding=self._finding)
        answering = replace(
            self._live, finding=self._finding, writing=writing, rewriting=rewriting, ledger=Unkept(), prompts=lambda: prompts
        )
        async with aclosing(answering.answer(self._question(golden))) as events:
            async for event in events:
                if isinstance(event, Closed):
                    return event.answer
        raise RuntimeError("the flow ended without Closed")  # it promises exactly one

    def _question(self, golden: GoldenQuestion) -> Question:
        """What was asked before it is understood by its words alone: old prompts and new ones start from the same."""
        turns: tuple[Turn, ...] = ()
        for before in golden.before:
            turns += (Turn(understand(before, turns, self._live.clock.today()).standalone),)
        place = Place(team="golden", channel="golden", thread=golden.id, kind="public")
        return Question(text=golden.question, asker=SOMEBODY, audience=IN_PUBLIC, place=place, asked_at=self._live.clock.now(), turns=turns)


def own_finding(live: Answering) -> Finding:
    """Searches as the bot does, and remembers by itself: what is tried leaves nothing in the bot's cache."""
    memory = live.finding.memory
    return Finding(live.library, Memory(memory.contexts, MemoryCache()) if memory else None)


class Scales:
    """A writer that writes nothing: it keeps what it was given."""

    name = "scales"
    signature = ""

    def __init__(self) -> None:
        self.request: Request | None = None

    def sees(self, labels: Collection[str]) -> bool:  # noqa: ARG002  # the port's signature
        return True

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        self.request = request
        yield NOT_FOUND
