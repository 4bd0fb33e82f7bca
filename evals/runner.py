"""Asks every golden question the way Slack would: the same person, the same place, the same thread, the same flow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.answers import Answer, Closed, Outcome
from bot.flows.access import alone, audience_of
from bot.values import ChannelFacts, Place, Question, Turn
from evals.desk import Desk
from evals.figures import Reply
from evals.golden import GoldenQuestion
from evals.leaks import leaked, may_read

REMEMBERED = (Outcome.ANSWERED, Outcome.NOT_FOUND, Outcome.NO_VERSION)  # as in Slack
_ASKED_AT = datetime(2026, 11, 16, 9, tzinfo=UTC)
_DIRECT = ChannelFacts(kind="direct")


async def replies_to(questions: Sequence[GoldenQuestion], desk: Desk, progress: Callable[[int], None]) -> tuple[Reply, ...]:
    """One after the other, in order. `progress` hears how many are done."""
    replies = []
    for done, golden in enumerate(questions, start=1):
        replies.append(await reply_to(golden, desk))
        progress(done)
    return tuple(replies)


async def reply_to(golden: GoldenQuestion, desk: Desk) -> Reply:
    """The earlier questions of the thread are asked too: a follow-up leans on what was understood of them."""
    turns: tuple[Turn, ...] = ()
    for before in golden.before:
        turns += _remembered(await _ask(before, turns, golden, desk))
    desk.meter.take()
    answer = await _ask(golden.question, turns, golden, desk)
    everything = desk.documents()
    where = "dm" if answer.contact else golden.where  # what is nobody else's is answered alone
    readable = [document for document in everything if may_read(desk.workspace, golden.asker, where, document.rule)]
    verdict = leaked(answer, readable, everything)
    return Reply(golden=golden, answer=answer, hits=answer.evidence.found, leaked=verdict, bills=desk.meter.take())


async def where_asked(golden: GoldenQuestion, desk: Desk) -> Question:
    """The golden question in its place, with who will read the reply."""
    asker = await desk.directory.person(golden.asker)
    facts = _DIRECT if golden.where == "dm" else await desk.directory.channel(golden.where)
    return Question(
        text=golden.question,
        asker=asker,
        audience=audience_of(facts, asker),
        place=Place(team=desk.directory.team, channel=golden.where, thread=golden.id, kind=facts.kind or "private"),
        asked_at=_ASKED_AT,
    )


async def _ask(text: str, turns: tuple[Turn, ...], golden: GoldenQuestion, desk: Desk) -> Answer:
    question = replace(await where_asked(golden, desk), text=text, turns=turns)
    answer = await _answered(question, desk)
    if answer.outcome is Outcome.CONTACT_FIRST:  # in Slack the asker is then answered alone, at once
        return await _answered(replace(question, audience=alone(question.asker)), desk)
    return answer


async def _answered(question: Question, desk: Desk) -> Answer:
    async for event in desk.answering.answer(question):
        if isinstance(event, Closed):
            return event.answer
    raise RuntimeError("the flow ended without Closed")  # it promises exactly one


def _remembered(answer: Answer) -> tuple[Turn, ...]:
    """What a thread keeps of a question."""
    if answer.outcome not in REMEMBERED:
        return ()
    return (Turn(answer.evidence.standalone, tuple(citation.hit.passage.id for citation in answer.citations)),)
