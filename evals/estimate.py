"""What a run through a model will take, about: told before it starts, from prompts that are made and not sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.adapters.memory_cache import MemoryCache
from bot.flows.drafts import Drafts
from bot.flows.writing import Writing
from bot.models import Spent
from bot.prompts import NOT_FOUND
from evals.runner import reply_to
from evals.trial import CHARACTERS, WRITTEN

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Sequence

    from bot.answers import Request
    from bot.models import Model
    from evals.desk import Desk
    from evals.golden import GoldenQuestion

MOST_WEIGHED = 20  # questions, for all of them
VERDICT = 2  # tokens of one


class Scales:
    """A writer that writes nothing and sends nothing: it weighs what the model would have been given."""

    name = "scales"
    signature = ""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.calls = 0
        self.characters = 0

    def sees(self, labels: Collection[str]) -> bool:  # noqa: ARG002  # the last writer sees everything
        return True

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        if self._model.sees(request.labels):
            self.calls += 1
            self.characters += sum(len(text) for _, text in request.messages)
        yield NOT_FOUND


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Of the first model alone: what it does not answer, the next one is asked as well."""

    questions: int
    model: Model
    spent: Spent

    @property
    def words(self) -> str:
        """One sentence."""
        taken = f"{self.spent.prompt:,} tokens of prompt and {self.spent.written:,} written"
        if self.model.price is None:
            return f"{self.questions} questions to {self.model.name}: about {taken}. Its price is not set, so that the money is not known."
        money = self.spent.money(self.model.price)
        return f"{self.questions} questions to {self.model.name}: about {taken}, that is {money:,.4g} by its price, less what it caches."


async def estimate(questions: Sequence[GoldenQuestion], desk: Desk, model: Model, *, judging: bool) -> Estimate:
    """From evenly chosen questions, with those that came before them in their threads: those are asked, too."""
    weighed = questions[:: -(-len(questions) // MOST_WEIGHED)] if questions else ()
    scales = Scales(model)
    writing = Writing(writers=(scales,), drafts=Drafts(MemoryCache()), finding=desk.answering.finding)
    weighing = replace(desk, answering=replace(desk.answering, writing=writing, rewriting=None))
    for golden in weighed:
        await reply_to(golden, weighing)
    read, written = scales.characters // CHARACTERS, WRITTEN * scales.calls
    if judging:
        read += sum(_judged(golden, desk) for golden in weighed if golden.answerable) // CHARACTERS
        written += VERDICT * sum(golden.answerable for golden in weighed)
    part = len(questions) / len(weighed) if weighed else 0.0
    return Estimate(questions=len(questions), model=model, spent=Spent(prompt=round(read * part), written=round(written * part)))


def _judged(golden: GoldenQuestion, desk: Desk) -> int:
    """The characters that a judge would read."""
    clauses = desk.clauses(*golden.clauses)
    prompt = desk.answering.prompts()["judge"].text
    return len(prompt) + len(golden.question) + sum(len(hit.passage.text) for hit in clauses) + WRITTEN * CHARACTERS
