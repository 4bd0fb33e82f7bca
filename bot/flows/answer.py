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
from dataclasses import dataclass, field, replace
from datetime import date

from bot.answers import Answer, Case, Closed, Event, Evidence, Outcome, Progress, Request
from bot.errors import NotReady, Unavailable
from bot.flows.access import scope_for
from bot.flows.asking_back import open_cases
from bot.flows.closing import Closing, refusal
from bot.flows.composing import Composing
from bot.flows.deciding import OwnWords, before_looking, by_what_was_found, known_of, who_may_write
from bot.flows.earlier import usable
from bot.flows.finding import Finding
from bot.flows.hearing import Hearing
from bot.flows.looking import Looked, Looking, allowed
from bot.flows.releasing import released, still_there
from bot.flows.retelling import Retelling
from bot.flows.rewriting import Rewriting
from bot.flows.understand import Understood, understand
from bot.flows.writing import Writing
from bot.ports import Clock, Ear, Library
from bot.prompts import PromptSet
from bot.records import Ledger
from bot.values import Question, Turn
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
    context_tokens: int = 0  # up to which a model is given all that the readers may read; 0: never
    own_words: OwnWords = field(default_factory=OwnWords)
    ear: Ear | None = None

    async def answer(self, question: Question) -> AsyncGenerator[Event, None]:
        """Progress, then Released sentences, then exactly one Closed. Of outages, only that no receipt can be opened is raised."""
        receipt = await self.ledger.open(question)
        answer = Answer(receipt=receipt, outcome=Outcome.FAILED)
        try:
            answer = replace(answer, contact=await Hearing(self.own_words.topics, self.ear).contact(question.text))
            async with aclosing(self._steps(question, replace(answer, outcome=Outcome.NOT_FOUND))) as steps:
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

    async def _steps(self, question: Question, draft: Answer) -> AsyncGenerator[Event, None]:
        today, turns = self.clock.today(), await self._usable(question)
        understood = await asyncio.to_thread(understand, question.text, turns, today)
        if ended := before_looking(draft, question, understood, self.own_words):
            yield Closed(ended)
            return
        question = replace(question, turns=turns)
        yield Progress("searching", draft.contact)
        began = time.perf_counter()
        scope = scope_for(question.audience, await self.library.rules())
        evidence = Evidence(standalone=understood.standalone, scope=scope, as_of=understood.as_of, threshold=THRESHOLDS.answer_from)
        if not scope.labels:
            yield Closed(replace(draft, outcome=Outcome.NOTHING_READABLE, looked_for=question.text, evidence=evidence))
            return
        looked, writing = await self._look(question, understood, scope, today)
        composing = Composing(self.library, self.prompts(), self.company, today, self.context_tokens)
        request = composing.request(looked, question.audience)
        evidence = replace(_found(evidence, looked, request), milliseconds=(("search", _since(began)),))
        outcome = Outcome.CANNOT_RETELL if understood.wish else draft.outcome
        draft = replace(draft, outcome=outcome, looked_for=looked.standalone, unanswered=looked.unanswered, evidence=evidence)
        draft = replace(draft, hold=next(iter(looked.held), None))
        if ended := by_what_was_found(draft, question.text, looked, await self._cases(question, looked, scope)):
            yield Closed(ended)
            return
        writing = who_may_write(looked, writing, request.labels)
        if writing is None:
            yield Closed(refusal(draft, looked))
            return
        yield Progress("writing")
        began = time.perf_counter()
        written = writing.write(draft, request, looked.found, await composing.whole(looked, question.audience, scope))
        async with aclosing(released(written, self.library, scope, evidence.edition or 0, looked.standalone)) as events:
            async for event in events:
                yield Closed(await self._told(event.answer, looked, scope, began)) if isinstance(event, Closed) else event

    async def _look(self, question: Question, understood: Understood, scope: Scope, today: date) -> tuple[Looked, Writing | None]:
        """What there is to answer from, and who may write it; nobody where what is wished takes a model and none may see it."""
        if understood.wish:
            return await Retelling(self.library, self.writing, understood.wish).look(question, understood, scope)
        return await Looking(self.library, self.finding, self.rewriting).look(question, understood, scope, today), self.writing

    async def _usable(self, question: Question) -> tuple[Turn, ...]:
        """What was asked before, as far as today's readers may read what it was answered with."""
        if not question.turns:
            return ()
        return await usable(question.turns, self.library, scope_for(question.audience, await self.library.rules()))

    async def _cases(self, question: Question, looked: Looked, scope: Scope) -> tuple[Case, ...]:
        """Among which the asker has to choose, where what was found answers one question for one of them."""
        unsure = looked.found.findings.confidence < THRESHOLDS.mention_from  # between this and an answer, a case named may make one
        if unsure or looked.since or looked.parts or looked.wish or looked.country:
            return ()

        async def search(text: str) -> Findings:
            return allowed(await self.finding.find(text, scope, looked.as_of), scope).findings

        return await open_cases(looked.standalone, looked.found.findings.hits, known_of(question), search)

    async def _told(self, answer: Answer, looked: Looked, scope: Scope, began: float) -> Answer:
        """With how long it took, and what else there is to know about it."""
        answer = replace(answer, evidence=replace(answer.evidence, milliseconds=(*answer.evidence.milliseconds, ("write", _since(began)))))
        looked = await still_there(looked, self.library, scope)
        match answer.outcome:
            case Outcome.ANSWERED:
                return await Closing(self.library, self.clock).told(answer, looked, scope)
            case Outcome.NOT_FOUND:
                return refusal(answer, looked)
            case _:
                return answer


def _found(evidence: Evidence, looked: Looked, request: Request) -> Evidence:
    """With what the search found, and what of it reaches a prompt."""
    findings = looked.found.findings
    return replace(
        evidence,
        standalone=looked.standalone,
        as_of=looked.as_of,
        edition=findings.edition,
        confidence=findings.confidence,
        found=findings.hits,
        sources=request.sources,
        prompt_hash=request.prompt_hash,
    )


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
