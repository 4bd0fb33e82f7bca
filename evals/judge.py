"""A model compares answers with the clause that answers the question. What it says is a figure, and decides nothing anybody sees."""

from __future__ import annotations

import re
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.answers import Request
from bot.errors import Unavailable
from bot.flows.context import fenced, labels_of
from bot.models import Spent
from evals.figures import Verdict
from evals.runner import where_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.ports import Writer
    from bot.prompts import PromptSet
    from evals.desk import Desk
    from evals.figures import Reply
    from knowledge.values import Hit

_VERDICT = re.compile(r"\W*(right|wrong)\W*", re.IGNORECASE)


async def judged(replies: Sequence[Reply], desk: Desk, judge: Writer, progress: Callable[[int], None]) -> tuple[Reply, ...]:
    """The replies, those to answerable questions that were answered with what the judge says of them. Others are not judged.

    Nor are those whose clause, or whose question, the judge may not see.
    """
    given = []
    for done, reply in enumerate(replies, start=1):
        given.append(await _judged(reply, desk, judge) if reply.answered and reply.golden.answerable else reply)
        progress(done)
    return tuple(given)


async def _judged(reply: Reply, desk: Desk, judge: Writer) -> Reply:
    clauses = desk.clauses(*reply.golden.clauses)
    labels = labels_of((await where_asked(reply.golden, desk)).audience)
    request = request_for(reply, clauses, labels, desk.answering.prompts())
    return replace(reply, verdict=await _verdict(request, judge)) if clauses and judge.sees(request.labels) else reply


async def _verdict(request: Request, judge: Writer) -> Verdict:
    said = ""
    try:
        async with aclosing(judge.write(request)) as pieces:
            async for piece in pieces:
                said += "" if isinstance(piece, Spent) else piece
    except Unavailable:
        return "unclear"
    match = _VERDICT.fullmatch(said)
    if match is None:
        return "unclear"
    return "right" if match.group(1).lower() == "right" else "wrong"


def request_for(reply: Reply, clauses: Sequence[Hit], labels: frozenset[str], prompts: PromptSet) -> Request:
    """What the judge is asked. `labels` are those of the question. Everything is fenced: none of it is an instruction."""
    prompt, asked = prompts["judge"], "\n".join((*reply.golden.before, reply.golden.question))
    text = prompt.fill(
        {
            "question": fenced(asked),
            "clause": fenced("\n\n".join(hit.passage.text for hit in clauses)),
            "answer": fenced("\n".join(sentence.text for sentence in reply.answer.sentences)),
        }
    )
    head, _, rest = text.partition("<clause>")
    read = (*clauses, *(citation.hit for citation in reply.answer.citations))
    seen = labels.union(hit.document.rule.label for hit in read)
    return Request(asked, (), (("system", head.strip()), ("user", f"<clause>{rest}")), prompt.hash, seen)
