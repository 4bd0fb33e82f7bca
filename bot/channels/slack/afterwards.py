"""What follows a posted reply: a turn to go on from, a note of where it stands, and what is offered to its asker alone."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bot.answers import Answer, Outcome
from bot.channels.slack.circle import stand
from bot.channels.slack.desk import spot_of
from bot.channels.slack.offers import case_offer, private_offer
from bot.errors import NotReady, Unavailable
from bot.flows.offering import Offering
from bot.flows.resting import labels_shown
from bot.receipts import keeps_words
from bot.values import Delivery, Question, StandingReply, Turn

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from bot.channels.slack.blocks import Reply
    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand

log = logging.getLogger(__name__)
REMEMBERED = (Outcome.ANSWERED, Outcome.NOT_FOUND, Outcome.NO_VERSION)  # what a follow-up can build on


class Afterwards:
    """Never at the cost of the reply, which stands already: what fails here is logged."""

    def __init__(self, desk: Desk, errand: Errand, ts: str) -> None:
        self._desk = desk
        self._ibid = desk.ibid
        self._errand = errand
        self._ts = ts  # where the reply stands; empty where it was whispered

    async def follow(self, question: Question, answer: Answer) -> None:
        for observer in self._ibid.observers:
            self._desk.tasks.start(("behind", answer.receipt), partial(observer.behind, question, answer))
        for step in (self._remember, self._offer):
            await _left_out_at_worst(step(question, answer))

    async def stands(self, question: Question, answer: Answer) -> None:
        """So that it can be taken out of the sight of whoever comes later and may not read it."""
        labels = labels_shown(answer)
        if self._ts and question.audience.circle != "alone" and labels:
            reply = StandingReply(receipt=answer.receipt, place=question.place, ts=self._ts, labels=labels)
            await _left_out_at_worst(stand(self._desk, reply))

    async def _remember(self, question: Question, answer: Answer) -> None:
        """What is asked alone feeds no thread that others read; and what was erased while it was answered leaves nothing."""
        asked_alone = bool(self._errand.response_url) or self._errand.alone
        if answer.outcome in REMEMBERED and keeps_words(answer) and not asked_alone:
            if await self._ibid.questions.asked(answer.receipt, question.asker) is None:
                return
            turn = Turn(answer.evidence.standalone, tuple(citation.hit.passage.id for citation in answer.citations))
            await self._ibid.threads.remember(question.place, question.asker, turn)

    async def _offer(self, question: Question, answer: Answer) -> None:
        """To the asker alone, once in a thread; nobody else learns of it. Where no question is kept, none could be answered again."""
        if question.audience.circle == "alone" or await self._ibid.questions.asked(answer.receipt, question.asker) is None:
            return
        if answer.outcome is Outcome.ASKS_BACK:
            await self._whisper(case_offer(answer.receipt, answer.cases, self._ibid.wording))
            return
        answering = self._ibid.answering
        offering = Offering(library=answering.library, finding=answering.finding, clock=self._ibid.clock)
        if await offering.goes_further(question, answer) and await self._first():
            await self._whisper(private_offer(answer.receipt, self._ibid.wording))

    async def _first(self) -> bool:
        """The inbox knows what was done before, over a restart too."""
        errand, inbox = self._errand, self._ibid.inbox
        key = f"offer/{errand.team}/{errand.channel}/{errand.root}/{errand.user}"
        if not await inbox.take(Delivery(key=key)):
            return False
        await inbox.close(key, "offered")
        return True

    async def _whisper(self, reply: Reply) -> None:
        await self._desk.voice.whisper(replace(spot_of(self._errand), thread=self._errand.root), reply)


async def _left_out_at_worst(step: Awaitable[None]) -> None:
    try:
        await step
    except (Unavailable, NotReady) as problem:
        log.warning("something was left out after a reply", extra={"cause": type(problem).__name__})
