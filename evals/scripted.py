"""A scripted model that reads well: given the right passage it says what the passage says, and given none it says that it found nothing."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Iterator
from typing import TYPE_CHECKING

from bot.flows.quote import draft
from bot.prompts import NOT_FOUND
from evals.phrases import says
from knowledge.sentences import units
from knowledge.verbatim import spoken

if TYPE_CHECKING:
    from bot.answers import Request, Source
    from bot.models import Spent
    from evals.golden import GoldenQuestion

MOST = 2  # lines, where the clause holds none of the words that a right answer says: what is asked for is worked out from it


class Scripted:
    """Writer. `golden` is the question that is being asked: by its clauses it tells whether a passage answers."""

    name = "scripted"

    def __init__(self) -> None:
        self.golden: GoldenQuestion | None = None

    @property
    def signature(self) -> str:
        """It answers one question only, so that nothing that it wrote is remembered for another."""
        return f"scripted {self.golden.id if self.golden else ''}"

    def sees(self, labels: Collection[str]) -> bool:  # noqa: ARG002  # the port's signature
        return True

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        lines = tuple(dict.fromkeys(_lines(request, self.golden))) if self.golden else ()
        for line in lines or (NOT_FOUND,):
            yield f"{line}\n"


def _lines(request: Request, golden: GoldenQuestion) -> Iterator[str]:
    """For each phrase the first sentence of a right passage that says it, and nothing that must not be said."""
    right = [source for source in request.sources if _answers(source, golden)]
    told = [line for phrase in golden.says if (line := next(_saying(phrase, right, golden.never), ""))]
    if told or not right:
        yield from told
    else:
        yield from draft(request.question, right, MOST)


def _saying(phrase: str, sources: list[Source], never: tuple[str, ...]) -> Iterator[str]:
    for source in sources:
        text = source.hit.passage.text
        for unit in units(text):
            line = spoken(unit, text)
            if says(line, phrase) and not any(says(line, forbidden) for forbidden in never):
                yield f"{line} [{source.number}]"


def _answers(source: Source, golden: GoldenQuestion) -> bool:
    return any(clause.covers(source.hit.document.stem, source.hit.passage.clause) for clause in golden.clauses)
