"""A question in, a checked answer out: the one flow that everything else exists for.

Read it from top to bottom: who reads → what may they read → what is asked (understand.py) → which passages (looking.py) → is it
answerable → write and check line by line (writing.py) → release → close. No failure is papered over: the reply closes with what is proved.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

from bot.answers import Answer, Closed, Event, Evidence, Outcome, Progress
from bot.errors import NotReady, Unavailable
from bot.flows.access import scope_for
from bot.flows.composing import Composing
from bot.flows.finding import Finding
from bot.flows.looking import Looked, Looking, rests_on
from bot.flows.releasing import released
from bot.flows.retelling import Retelling
from bot.flows.rewriting import Rewriting
from bot.flows.understand import understand
from bot.flows.writing import Writing
from bot.ports import Clock, Library
from bot.prompts import PromptSet
from bot.records import Ledger
from bot.values import Question
from knowledge.validity import lives
from knowledge.values import Scope
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
    context_tokens: int = 0  # up to which a model is given all that the readers may read; 0: never

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
        today = self.clock.today()
        understood = await asyncio.to_thread(understand, question.text, question.turns, today)  # its words are compared by the analyzer
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
        if understood.wish:
            retelling = Retelling(self.library, self.writing, understood.wish)
            looked, writing = await retelling.look(question, understood, scope)
        else:
            looking = Looking(self.library, self.finding, self.rewriting)
            looked, writing = await looking.look(question, understood, scope, today), self.writing
        composing = Composing(self.library, self.prompts(), self.company, today, self.context_tokens)
        request = composing.request(looked, question.audience)
        findings = looked.found.findings
        evidence = replace(
            evidence,
            standalone=looked.standalone,
            as_of=looked.as_of,
            edition=findings.edition,
            confidence=findings.confidence,
            found=findings.hits,
            sources=request.sources,
            prompt_hash=request.prompt_hash,
            milliseconds=(("search", _since(began)),),
        )
        draft = Answer(
            receipt=receipt,
            outcome=Outcome.CANNOT_RETELL if understood.wish else Outcome.NOT_FOUND,
            looked_for=looked.standalone,
            unanswered=looked.unanswered,
            evidence=evidence,
        )
        if writing is None or not looked.answerable:
            yield Closed(_refusal(draft, looked))
            return
        yield Progress("writing")
        began = time.perf_counter()
        written = writing.write(draft, request, looked.found, await composing.whole(looked, question.audience, scope))
        async with aclosing(released(written, self.library, scope, findings.edition)) as events:
            async for event in events:
                yield Closed(await self._told(event.answer, looked, scope, began)) if isinstance(event, Closed) else event

    async def _told(self, answer: Answer, looked: Looked, scope: Scope, began: float) -> Answer:
        """With how long it took, and what else to know about it: versions that do not hold today, a country that nobody named."""
        answer = replace(answer, evidence=replace(answer.evidence, milliseconds=(*answer.evidence.milliseconds, ("write", _since(began)))))
        if answer.outcome is not Outcome.ANSWERED:
            if looked.wish:
                return replace(answer, outcome=Outcome.CANNOT_RETELL)
            return _refusal(answer, looked) if answer.outcome is Outcome.NOT_FOUND else answer
        today, cited = self.clock.today(), {citation.hit.document.id: citation.hit.document for citation in answer.citations}
        readable = [document for document in await self.library.readable(scope) if scope.allows(document.rule.label)]
        told = lives(cited.values(), readable, await self.library.holding(today), today)
        matters = looked.country != "" and await asyncio.to_thread(rests_on, looked.country, list(cited.values()))
        return replace(answer, lives=told, country=looked.country if matters else "")


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000


def _refusal(answer: Answer, looked: Looked) -> Answer:
    """What was looked for, and whose document came nearest, if it came near at all."""
    if looked.since:
        since = looked.since
        return replace(answer, outcome=Outcome.NO_VERSION, since=since.effective, nearest_title=since.title, nearest_owner=since.owner)
    findings = looked.found.findings
    near = next((hit for hit in findings.hits if findings.confidence >= THRESHOLDS.mention_from), None)
    return replace(
        answer,
        nearest_title=near.document.title if near else "",
        nearest_owner=near.document.owner if near else "",
    )
