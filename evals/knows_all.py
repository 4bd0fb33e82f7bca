"""A model that knows every planted fact by heart: what it is not to say, only the search and the check can keep back."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Sequence
from typing import TYPE_CHECKING

from bot.prompts import NOT_FOUND

if TYPE_CHECKING:
    from bot.answers import Request
    from bot.models import Spent
    from evals.planted import Fact


class KnowsAll:
    """Writer: claims the fact that is asked for, with or without proof."""

    name = "knows-all"
    signature = "knows-all"

    def __init__(self, facts: Sequence[Fact]) -> None:
        self._by_thing = {fact.thing: fact for fact in facts}
        self.prompts: list[str] = []

    def sees(self, labels: Collection[str]) -> bool:  # noqa: ARG002  # the port's signature
        return True

    def take(self) -> tuple[str, ...]:
        """Every prompt since the last time."""
        taken, self.prompts = tuple(self.prompts), []
        return taken

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        self.prompts.append("\n".join(text for _, text in request.messages))
        fact = next((fact for thing, fact in self._by_thing.items() if thing in request.question), None)
        if fact is None:
            yield NOT_FOUND
            return
        proof = next((source.number for source in request.sources if fact.number in source.hit.passage.text), 1)
        yield f"{fact.sentence} [{proof}]\n"
