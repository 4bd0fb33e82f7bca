"""A question in, a checked answer out: the one flow that everything else exists for.

Read it from top to bottom: who reads → what may they read → what is asked → which passages → is it answerable → write and
check line by line (writing.py) → release → close. No failure is papered over: the reply closes with what is proved.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

from bot.errors import NotReady, Unavailable
from bot.flows.access import scope_for
from bot.flows.context import labels_of, request_for, sources_from
from bot.flows.finding import Finding, Found
from bot.flows.rewriting import Rewriting
from bot.flows.understand import Understood, understand
from bot.flows.writing import Writing
from bot.ports import Clock, Ledger, Library
from bot.prompts import PromptSet
from bot.values import Answer, Closed, Event, Evidence, Outcome, Progress, Question, Released, Sentence, Withdrawn
from knowledge.values import Findings, Scope
from knowledge.weights import THRESHOLDS

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Answering:
    """What the flow needs from outside, chosen once by bootstrap."""

    library: Library
    finding: Finding
    writing: Writing
    rewriting: Rewriting | None = None  # None: no model is set up, words decide
    ledger: Ledger
    clock: Clock
    prompts: Callable[[], PromptSet]  # as they are live at the moment of asking
    company: str

    async def answer(self, question: Question) -> AsyncGenerator[Event, None]:
        """Progress, then Released sentences, then exactly one Closed. Of outages, only that no receipt can be opened is raised."""
        receipt = await self.ledger.open(question)
        answer = Answer(receipt=receipt, outcome=Outcome.FAILED)
        try:
            async with aclosing(self._steps(question, receipt)) as steps:
                async for event in steps:
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

    async def _steps(self, question: Question, receipt: str) -> AsyncGenerator[Event, None]:
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
        standalone, found = await self._find(question, understood, scope)
        # The index has said what it found; whether a reader may see it is decided here, once more and last.
        hits = tuple(hit for hit in found.findings.hits if scope.allows(hit.passage.label) and scope.allows(hit.document.rule.label))
        findings = replace(found.findings, hits=hits)
        request = request_for(
            standalone, sources_from(hits), question.audience, prompts=self.prompts(), company=self.company, today=self.clock.today()
        )
        evidence = replace(
            evidence,
            standalone=standalone,
            edition=findings.edition,
            confidence=findings.confidence,
            sources=request.sources,
            prompt_hash=request.prompt_hash,
            milliseconds=(("search", _since(began)),),
        )
        draft = Answer(receipt=receipt, outcome=Outcome.NOT_FOUND, looked_for=standalone, evidence=evidence)
        if not hits or findings.confidence < THRESHOLDS.answer_from:
            yield Closed(_refusal(draft, findings))
            return
        yield Progress("writing")
        began, shown = time.perf_counter(), list[Sentence]()
        async with aclosing(self.writing.write(draft, request, found)) as events:
            async for event in events:
                if isinstance(event, Released):
                    if await self._stands(event.sentence, scope):
                        shown.append(event.sentence)
                        yield event
                    continue
                answer = _written(event.answer, findings, began)
                for sentence in answer.sentences:
                    if not await self._stands(sentence, scope):
                        answer = _without(answer, sentence)
                        if sentence in shown:
                            yield Withdrawn(sentence, "taken away")
                yield Closed(answer)

    async def _stands(self, sentence: Sentence, scope: Scope) -> bool:
        """Whether all that it rests on may still be shown: while an answer is written, a document may be taken away."""
        passages = [await self.library.passage(citation.hit.passage.id, scope) for citation in sentence.citations]
        return None not in passages

    async def _find(self, question: Question, understood: Understood, scope: Scope) -> tuple[str, Found]:
        """What the question finds alone; together with what was asked before, where alone it says or finds too little."""
        if not understood.leans:
            found = await self.finding.find(understood.standalone, scope, understood.as_of)
            if not understood.joined or found.findings.confidence >= THRESHOLDS.alone_from:
                return understood.standalone, found
        rewritten = self.rewriting and await self.rewriting.standalone(question.text, question.turns, labels_of(question.audience))
        standalone = rewritten or understood.joined
        return standalone, await self.finding.find(standalone, scope, understood.as_of)


def _without(answer: Answer, sentence: Sentence) -> Answer:
    """What may no longer be shown leaves an answer that is not whole; where it was all, there is none, and asking again finds another."""
    left = tuple(other for other in answer.sentences if other is not sentence)
    return replace(answer, sentences=left, complete=False, outcome=answer.outcome if left else Outcome.FAILED)


def _written(answer: Answer, findings: Findings, began: float) -> Answer:
    answer = replace(answer, evidence=replace(answer.evidence, milliseconds=(*answer.evidence.milliseconds, ("write", _since(began)))))
    return _refusal(answer, findings) if answer.outcome is Outcome.NOT_FOUND else answer


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000


def _refusal(answer: Answer, findings: Findings) -> Answer:
    """What was looked for, and whose document came nearest, if it came near at all."""
    near = next((hit for hit in findings.hits if findings.confidence >= THRESHOLDS.mention_from), None)
    return replace(
        answer,
        nearest_title=near.document.title if near else "",
        nearest_owner=near.document.owner if near else "",
    )
