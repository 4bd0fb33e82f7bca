"""Who speaks, and when a sentence may be shown.

The writers are asked in their order, each only if it may see what the prompt holds. Nothing is released until the answer is decided:
the first proved sentence waits for the second, or for the draft's end. Before a release any failure, and a draft that proves nothing,
moves on to the next writer; after it nobody else continues: the reply closes with what is proved and says that it was cut off.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from bot.answers import Answer, Closed, Dropped, Outcome, Released, Request, Sentence, Source, Tried, Withdrawn
from bot.errors import Unavailable, WriterFailed
from bot.flows.answers_it import answers_it
from bot.flows.conditions import missing_conditions
from bot.flows.drafts import Draft, Drafts, lines
from bot.flows.finding import Finding, Found
from bot.flows.ground import check
from bot.flows.numbering import Numbering
from bot.ports import Writer
from bot.prompts import NOT_FOUND

log = logging.getLogger(__name__)

LONGEST = 30.0  # seconds that one answer may be written, by however many writers; the last one has them for itself
MOST_LINES = 5  # of one draft that answers one question; conditions come on top
PROVED_NOTHING = "proved nothing"
NO_ANSWER = "does not answer"
MAY_NOT_SEE = "may not see these documents"


class Attempt:
    """One writer's draft, checked line by line."""

    def __init__(self, writer: Writer, request: Request) -> None:
        self.writer = writer
        self._request = request
        self._numbering = Numbering()
        self.proved: list[Sentence] = []
        self.dropped: list[Dropped] = []
        self.failure = ""  # why it broke off
        self._checked: list[Sentence] = []  # as proved, in the prompt's numbers
        self._gave_up = False
        self._shown = 0  # of what is proved
        self.unanswering = False  # what was proved is no answer

    @property
    def released(self) -> bool:
        return self._shown > 0

    @property
    def decided(self) -> bool:
        """Whether this is the answer: something is proved, or the writer says itself that nothing answers. What was shown always is."""
        return self.released if self.failure or self.unanswering else bool(self.proved) or self._gave_up

    @property
    def complete(self) -> bool:
        return not self.failure

    async def read(self, draft: Draft, until: float) -> AsyncGenerator[Released, None]:
        """The sentences that may be shown by now, as they are proved."""
        async with aclosing(lines(draft, until)) as written:
            async for line in written:
                if self._gave_up:
                    continue  # to its end, which tells whether it is whole and what it cost
                self._gave_up = gives_up(line)
                if self._gave_up or self._full:
                    continue
                result = await asyncio.to_thread(check, line, self._request)  # the analyzer is no work for the loop
                self._take(result)
                if len(self.proved) >= 2 and self._answers:
                    for released in self._unshown():
                        yield released

    async def settle(self) -> tuple[Released | Withdrawn, ...]:
        """Once no more is written: what waited, and the conditions that the answer would lack. Where it is none, what was shown."""
        if not self.proved:
            return ()
        if not self._answers:
            withdrawn = tuple(Withdrawn(sentence, NO_ANSWER) for sentence in self.proved[: self._shown])
            self.unanswering, self.proved = True, []
            return withdrawn
        missing = await asyncio.to_thread(missing_conditions, self._checked, self.dropped, self._request.sources)
        self.proved += [self._numbering.sentence(condition) for condition in missing]
        return tuple(self._unshown())

    @property
    def _full(self) -> bool:
        return len(self.proved) >= MOST_LINES and not self._request.parts

    @property
    def _answers(self) -> bool:
        return answers_it(self._request.question, self._checked, self.dropped)

    def _take(self, result: Sentence | Dropped) -> None:
        if isinstance(result, Dropped):
            self.dropped.append(result)
            return
        self._checked.append(result)
        self.proved.append(self._numbering.sentence(result))

    def _unshown(self) -> Iterator[Released]:
        while self._shown < len(self.proved):
            self._shown += 1
            yield Released(self.proved[self._shown - 1])

    def broke_off(self, problem: Unavailable) -> None:
        self.failure = problem.reason if isinstance(problem, WriterFailed) else type(problem).__name__
        log.warning("a writer broke off", extra={"writer": self.writer.name, "reason": self.failure, "detail": str(problem)})

    def told(self, answer: Answer) -> Answer:
        """The answer, with what became of this draft. Lines that fell before, in other drafts, are told in its numbers too."""
        sources = self._numbering.sources(self._worth_telling(answer.evidence.sources))
        dropped = tuple(map(self._numbering.dropped, (*answer.evidence.dropped, *self.dropped)))
        evidence = replace(answer.evidence, writer=self.writer.name, sources=sources, dropped=dropped)
        shown = tuple(self.proved) if self.decided else ()  # of a draft that broke off: only what was released
        outcome = Outcome.ANSWERED if shown else Outcome.NOT_FOUND
        return replace(answer, outcome=outcome, sentences=shown, complete=self.complete, evidence=evidence)

    def _worth_telling(self, found: tuple[Source, ...]) -> tuple[Source, ...]:
        """Of a whole handbook: what the draft named, and what was found for the question."""
        numbers = {citation.number for sentence in self._checked for citation in sentence.citations}
        numbers |= {number for dropped in self.dropped for number in dropped.sources}
        passages = {source.hit.passage.id for source in found}
        return tuple(source for source in self._request.sources if source.number in numbers or source.hit.passage.id in passages)


@dataclass(frozen=True, kw_only=True)
class Writing:
    """The writers in their order; the last one may see everything and needs nobody."""

    writers: tuple[Writer, ...]
    drafts: Drafts
    finding: Finding
    seconds: float = LONGEST
    may_be_silent: bool = False  # where nobody can speak there is no answer, and that is no failure

    def models(self, labels: frozenset[str]) -> Writing | None:
        """Without the quotes, for what only models can write; None where none may see these labels."""
        models = tuple(writer for writer in self.writers if writer.signature and writer.sees(labels))
        return replace(self, writers=models) if models else None

    async def write(
        self, answer: Answer, request: Request, found: Found, whole: Request | None = None
    ) -> AsyncGenerator[Released | Withdrawn | Closed, None]:
        """Sentences that may be shown, then the answer. Raises the last writer's failure when nobody spoke.

        `whole` is the request with all that the readers may read, for models that may see it.
        """
        clock = asyncio.get_running_loop()
        until = clock.time() + self.seconds
        allowed = [writer for writer in self.writers if writer.sees(request.labels)]
        for writer in self.writers:
            last = writer is self.writers[-1]
            if writer not in allowed:
                answer = _passed_over(answer, writer, MAY_NOT_SEE)
                continue
            given = whole if whole is not None and writer.signature and writer.sees(whole.labels) else request
            attempt = Attempt(writer, given)
            async with self.drafts.reading(writer, given, found.ahead) as draft:
                try:
                    async with aclosing(attempt.read(draft, clock.time() + self.seconds if last else until)) as released:
                        async for event in released:
                            yield event
                    for settled in await attempt.settle():
                        yield settled
                except Unavailable as problem:
                    if last and not attempt.released and not self.may_be_silent:
                        raise
                    attempt.broke_off(problem)
                    for settled in await attempt.settle() if attempt.released else ():
                        yield settled
                answer = _paid(answer, draft)
                if attempt.decided or last:
                    if writer is allowed[0] and attempt.complete and attempt.proved:
                        await self._keep(writer, draft, found)
                    yield Closed(attempt.told(answer))
                    return
                await self.drafts.forget(draft)
            answer = _passed_over(
                answer, writer, attempt.failure or (NO_ANSWER if attempt.unanswering else PROVED_NOTHING), attempt.dropped
            )

    async def _keep(self, writer: Writer, draft: Draft, found: Found) -> None:
        await self.drafts.keep(writer, draft)
        if writer.signature:
            await self.finding.led_to(found, draft.key)


def gives_up(line: str) -> bool:
    """Only these words alone: a policy may have a sentence that begins with them."""
    return line.strip().rstrip(".!") == NOT_FOUND


def _passed_over(answer: Answer, writer: Writer, reason: str, dropped: Sequence[Dropped] = ()) -> Answer:
    """This writer is not the one that speaks."""
    evidence = answer.evidence
    tried, fallen = (*evidence.tried, Tried(writer.name, reason)), (*evidence.dropped, *dropped)
    return replace(answer, evidence=replace(evidence, tried=tried, dropped=fallen))


def _paid(answer: Answer, draft: Draft) -> Answer:
    """What the draft cost: nothing where it was remembered."""
    evidence = answer.evidence
    spent = draft.spent if evidence.spent is None or draft.spent is None else evidence.spent + draft.spent
    return replace(answer, evidence=replace(evidence, remembered=draft.remembered, spent=spent or evidence.spent))
