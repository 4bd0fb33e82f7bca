"""Which golden questions prompts are tried on: a few of each kind, the same ones as long as the documents are the same."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from evals.golden import TO_REFUSE, GoldenQuestion, Kind

if TYPE_CHECKING:
    from bot.answers import Request

MOST_LOOKED_AT = 60  # of one kind, until enough of them serve
Wanted = tuple[Mapping[Kind, int], ...]  # what one kind of a group lacks, the others of the group make up for
OF_EACH: Wanted = ({"plain": 3, "follow_up": 2, "dated": 1, "own_numbers": 1}, {"near_miss": 2, "unanswerable": 1})
IN_THREADS: Wanted = ({"follow_up": 10},)  # where only the words that rewrite a question are other ones
Given = Callable[[GoldenQuestion], Awaitable["Request | None"]]


async def choose(questions: Sequence[GoldenQuestion], wanted: Wanted, given: Given) -> tuple[GoldenQuestion, ...]:
    """Those that a prompt decides about. `given` says what a writer would get for a question.

    Left out is what no writer is asked, and what has its answer in no source that everyone may read. The half that `ibid eval`
    checks with stays unseen: whoever tunes a prompt on it has nothing left to measure with.
    """
    chosen: list[GoldenQuestion] = []
    for group in wanted:
        waiting = {kind: iter(_in_turn([one for one in questions if one.kind == kind])) for kind in group}
        of_group: list[GoldenQuestion] = []
        for kind, number in group.items():
            of_group += await _take(waiting[kind], number, given)
        for kind in group:
            of_group += await _take(waiting[kind], sum(group.values()) - len(of_group), given)
        chosen += of_group
    return tuple(chosen)


def _in_turn(of_a_kind: Sequence[GoldenQuestion]) -> list[GoldenQuestion]:
    half = [one for one in of_a_kind if one.half == "tune"]
    return sorted(half or of_a_kind, key=lambda one: hashlib.sha256(one.id.encode()).digest())


async def _take(waiting: Iterator[GoldenQuestion], number: int, given: Given) -> list[GoldenQuestion]:
    taken: list[GoldenQuestion] = []
    for _ in range(MOST_LOOKED_AT):
        golden = next(waiting, None) if len(taken) < number else None
        if golden is None:
            break
        if serves(golden, await given(golden)):
            taken.append(golden)
    return taken


def serves(golden: GoldenQuestion, request: Request | None) -> bool:
    """Whether the words of a prompt make a difference to this question."""
    if request is None:
        return False
    hits = [source.hit for source in request.sources]
    answering = (clause.covers(hit.document.stem, hit.passage.clause) for clause in golden.clauses for hit in hits)
    return golden.kind in TO_REFUSE or any(answering)
