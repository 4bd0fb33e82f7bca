"""A question in, a checked answer out: the one flow that everything else exists for.

Read it from top to bottom: who reads → what may they read → what is asked → which passages → is it answerable → write →
check line by line → release → close. Nothing is released until the answer is decided: the first proved sentence waits
for the second, or for the draft's end. After a release no failure is papered over: the reply closes with what is proved.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from bot.errors import NotReady, Unavailable
from bot.flows.access import scope_for
from bot.flows.context import request_for, sources_from
from bot.flows.ground import NOT_FOUND, check
from bot.flows.numbering import Numbering
from bot.flows.understand import Understood, understand
from bot.ports import Clock, Ledger, Library, Writer
from bot.prompts import Prompt
from bot.values import Answer, Closed, Dropped, Event, Evidence, Outcome, Progress, Question, Released, Request, Sentence
from knowledge.values import Findings, Scope
from knowledge.weights import THRESHOLDS

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Answering:
    """What the flow needs from outside, chosen once by bootstrap."""

    library: Library
    writer: Writer
    ledger: Ledger
    clock: Clock
    prompt: Prompt
    company: str

    async def answer(self, question: Question) -> AsyncIterator[Event]:
        """Progress, then Released sentences, then exactly one Closed. Of outages, only that no receipt can be opened is raised."""
        receipt = await self.ledger.open(question)
        answer = Answer(receipt=receipt, outcome=Outcome.FAILED)
        try:
            async for event in self._steps(question, receipt):
                if isinstance(event, Closed):
                    answer = event.answer
                else:
                    yield event
        except NotReady:
            answer = replace(answer, outcome=Outcome.NOT_READY)
        except Unavailable as problem:
            log.warning("answer failed", extra={"receipt": receipt, "cause": type(problem).__name__, "detail": str(problem)})
        finally:
            await self._close(answer)
        yield Closed(answer)

    async def _close(self, answer: Answer) -> None:
        """Also the row of an answer that broke off. What cannot be noted is no reason to take back what is proved."""
        try:
            await self.ledger.close(answer)
        except Unavailable as problem:
            log.warning("a receipt stayed open", extra={"receipt": answer.receipt, "cause": type(problem).__name__})

    async def _steps(self, question: Question, receipt: str) -> AsyncIterator[Event]:
        understood = understand(question.text, question.turns, self.clock.today())
        if understood.ends:
            yield Closed(Answer(receipt=receipt, outcome=understood.ends, looked_for=understood.standalone))
            return
        yield Progress("searching")
        began = time.perf_counter()
        scope = scope_for(question.audience, await self.library.rules())
        evidence = Evidence(standalone=understood.standalone, scope=scope, as_of=understood.as_of, threshold=THRESHOLDS.answer_from)
        if not scope.labels:
            yield Closed(Answer(receipt=receipt, outcome=Outcome.NOTHING_READABLE, looked_for=question.text, evidence=evidence))
            return
        understood, findings = await self._find(understood, scope)
        # The index has said what it found; whether a reader may see it is decided here, once more and last.
        hits = tuple(hit for hit in findings.hits if scope.allows(hit.passage.label) and scope.allows(hit.document.rule.label))
        searched = time.perf_counter()
        request = request_for(understood.standalone, sources_from(hits), prompt=self.prompt, company=self.company, today=self.clock.today())
        evidence = replace(
            evidence,
            standalone=understood.standalone,
            edition=findings.edition,
            confidence=findings.confidence,
            sources=request.sources,
            prompt_hash=request.prompt_hash,
            writer=self.writer.name,
            milliseconds=(("search", (searched - began) * 1000),),
        )
        draft = Answer(receipt=receipt, outcome=Outcome.NOT_FOUND, looked_for=understood.standalone, evidence=evidence)
        if not hits or findings.confidence < THRESHOLDS.answer_from:
            yield Closed(_refusal(draft, understood, replace(findings, hits=hits)))
            return
        yield Progress("writing")
        async for event in self._write(draft, request):
            if isinstance(event, Closed) and event.answer.outcome is Outcome.NOT_FOUND:
                yield Closed(_refusal(event.answer, understood, replace(findings, hits=hits)))
            else:
                yield event

    async def _find(self, understood: Understood, scope: Scope) -> tuple[Understood, Findings]:
        """What the question finds alone; together with the turn before it, where alone it finds too little."""
        findings = await self.library.search(understood.standalone, scope, understood.as_of)
        if not understood.joined or findings.confidence >= THRESHOLDS.alone_from:
            return understood, findings
        return replace(understood, standalone=understood.joined), await self.library.search(understood.joined, scope, understood.as_of)

    async def _write(self, answer: Answer, request: Request) -> AsyncIterator[Event]:
        began = time.perf_counter()
        numbering = Numbering()
        proved: list[Sentence] = []
        dropped: list[Dropped] = []
        complete = True
        try:
            async for line in _lines(self.writer, request):
                result = check(line, request)
                if isinstance(result, Dropped):
                    dropped.append(result)
                    continue
                proved.append(numbering.sentence(result))
                if len(proved) == 2:
                    yield Released(proved[0])
                if len(proved) >= 2:
                    yield Released(proved[-1])
        except Unavailable:
            if len(proved) < 2:  # nothing has been released: this failure may still become another outcome
                raise
            complete = False
        if len(proved) == 1:
            yield Released(proved[0])
        evidence = replace(
            answer.evidence,
            sources=numbering.sources(answer.evidence.sources),
            dropped=tuple(numbering.dropped(line) for line in dropped),
            milliseconds=(*answer.evidence.milliseconds, ("write", (time.perf_counter() - began) * 1000)),
        )
        outcome = Outcome.ANSWERED if proved else Outcome.NOT_FOUND
        yield Closed(replace(answer, outcome=outcome, sentences=tuple(proved), complete=complete, evidence=evidence))


async def _lines(writer: Writer, request: Request) -> AsyncIterator[str]:
    """Whole lines of the draft, up to the writer's own word that it found nothing."""
    rest = ""
    async for piece in writer.write(request):
        *lines, rest = (rest + piece).split("\n")
        for line in filter(str.strip, lines):
            if _gives_up(line):
                return
            yield line
    if rest.strip() and not _gives_up(rest):
        yield rest


def _gives_up(line: str) -> bool:
    """Only these words alone: a policy may have a sentence that begins with them."""
    return line.strip().rstrip(".!") == NOT_FOUND


def _refusal(answer: Answer, understood: Understood, findings: Findings) -> Answer:
    """What was looked for, and whose document came nearest, if it came near at all."""
    near = next((hit for hit in findings.hits if findings.confidence >= THRESHOLDS.mention_from), None)
    return replace(
        answer,
        looked_for=understood.standalone,
        nearest_title=near.document.title if near else "",
        nearest_owner=near.document.owner if near else "",
    )
