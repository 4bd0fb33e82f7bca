"""Prompts tried before they are live: golden questions, answered by the live bot's own parts with the old words and with the new."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

from bot.answers import Answer, Outcome
from bot.errors import NotReady, NoTrial
from bot.models import Price, Spent
from bot.prompts import OF_ANSWER, PromptSet
from bot.trials import Compared, TrialPlan, TrialReport, Verdict
from evals.choosing import IN_THREADS, OF_EACH, choose
from evals.figures import Reply
from evals.golden import BadGolden, GoldenQuestion, load_golden
from evals.stage import Stage, own_finding

if TYPE_CHECKING:
    from pathlib import Path

    from bot.bootstrap import Ibid
    from bot.ports import Writer

EVERYONE = "everyone"  # the one access label of all that is asked here
USED = frozenset({*OF_ANSWER, "rewrite"})  # the prompts that answers are made with
SECONDS = 4.0  # for a question, old and new, until a trial has shown how long it takes here
CHARACTERS = 4  # in a token, about
WRITTEN = 120  # tokens of an answer, about
_TROUBLE = (Outcome.FAILED, Outcome.NOT_READY)


class GoldenTrial:
    """Trial, over one bot."""

    def __init__(self, ibid: Ibid) -> None:
        self._ibid = ibid
        self._finding = own_finding(ibid.answering)
        self._seconds = SECONDS
        self._chosen: dict[object, tuple[GoldenQuestion, ...]] = {}  # the last choice, by what it was made of

    async def plan(self, new: PromptSet) -> TrialPlan:
        old = self._ibid.prompts.live
        questions = await self._questions(old, new)
        writer = self._writers()[0]
        price = next((model.price for model in self._ibid.settings.models if model.name == writer.name), None)
        money = await self._money(price, questions, (old, new)) if price else None
        return TrialPlan(questions=len(questions), seconds=self._seconds * len(questions), money=money, model=writer.name)

    async def run(self, old: PromptSet, new: PromptSet, progress: Callable[[int, int], None]) -> TrialReport:
        """Old and new side by side, so that both meet the model in the same mood; one question at a time, so that others get theirs."""
        began = time.perf_counter()
        questions, writers = await self._questions(old, new), self._writers()
        stage, done, total = self._stage(), 0, 2 * len(questions)
        pairs: list[tuple[Answer, Answer]] = []

        async def answered(golden: GoldenQuestion, prompts: PromptSet) -> Answer:
            nonlocal done
            answer = await stage.answer(golden, writers, prompts)
            done += 1
            progress(done, total)
            return answer

        for golden in questions:
            async with asyncio.TaskGroup() as both:
                before, after = (both.create_task(answered(golden, prompts)) for prompts in (old, new))
            pairs.append((before.result(), after.result()))
        took = time.perf_counter() - began
        if not any(answer.outcome in _TROUBLE for pair in pairs for answer in pair):  # a failure is quick, and says nothing
            self._seconds = took / len(questions)
        spent = (answer.evidence.spent or Spent() for pair in pairs for answer in pair)
        compared = tuple(_compared(golden, *pair) for golden, pair in zip(questions, pairs, strict=True))
        return TrialReport(questions=compared, seconds=took, spent=reduce(add, spent, Spent()), model=writers[0].name)

    def _stage(self) -> Stage:
        return Stage(self._ibid.answering, self._finding)

    def _writers(self) -> tuple[Writer, ...]:
        """The models that may see what everyone may read, first to last; the quotes only where there are none."""
        *models, quotes = self._ibid.answering.writing.writers
        return tuple(model for model in models if model.sees({EVERYONE})) or (quotes,)

    async def _questions(self, old: PromptSet, new: PromptSet) -> tuple[GoldenQuestion, ...]:
        """Raises NoTrial."""
        changed = {name for name, prompt in new.prompts.items() if prompt.text != old[name].text}
        if changed and not changed & USED:
            raise NoTrial(f"No answer is made with the prompt {min(changed)}, so that there is nothing to try it on.")
        wanted = IN_THREADS if changed & USED == {"rewrite"} else OF_EACH
        golden = self._ibid.settings.documents / "golden.yaml"
        edition = await self._edition()
        made_of = (golden, await asyncio.to_thread(_stamp, golden), edition, wanted is OF_EACH, self._ibid.clock.today())
        if made_of not in self._chosen:
            questions = await asyncio.to_thread(_load, golden)
            stage = self._stage()
            chosen = await choose(questions, wanted, lambda one: stage.request(one, old))
            self._chosen = {made_of: chosen}
        if not any(question.answerable for question in self._chosen[made_of]):
            raise NoTrial(f"None of the questions in {golden} has its answer in a document that everyone may read and that is found.")
        return self._chosen[made_of]

    async def _edition(self) -> int | None:
        try:
            live = await self._ibid.shelf.live()
            await self._ibid.library.rules()
        except NotReady as problem:
            raise NoTrial("Nothing is indexed yet: a prompt can be tried when there are documents to answer from.") from problem
        return live.number if live else None

    async def _money(self, price: Price, questions: tuple[GoldenQuestion, ...], sets: tuple[PromptSet, ...]) -> float:
        stage = self._stage()
        requests = [await stage.request(golden, prompts) for prompts in sets for golden in questions]
        read = sum(len(text) for request in requests if request for _, text in request.messages) // CHARACTERS
        return Spent(prompt=read, written=WRITTEN * len(requests)).money(price)


def verdict(reply: Reply) -> Verdict:
    """By the rules of the figures: right says all that it must and nothing that it must not; where nothing answers, silence is right."""
    if reply.answer.outcome in _TROUBLE:
        return "failed"
    if reply.answered:
        return "forbidden" if reply.says_forbidden else "right" if reply.useful else "wrong"
    return "right" if reply.useful else "refused"


def _compared(golden: GoldenQuestion, before: Answer, after: Answer) -> Compared:
    replies = [Reply(golden=golden, answer=answer) for answer in (before, after)]
    said = ["\n".join(sentence.text for sentence in answer.sentences) for answer in (before, after)]
    return Compared(
        question=golden.question, before=verdict(replies[0]), after=verdict(replies[1]), said_before=said[0], said_after=said[1]
    )


def _stamp(golden: Path) -> int:
    """Changes with the file. Raises NoTrial."""
    try:
        return golden.stat().st_mtime_ns
    except OSError as problem:
        raise NoTrial(
            f"There are no golden questions for these documents: {golden} is missing. A list of questions with what a right answer "
            "says makes a change tryable; handbook/golden.yaml, which came with Ibid, shows what one looks like."
        ) from problem


def _load(golden: Path) -> tuple[GoldenQuestion, ...]:
    try:
        return load_golden(golden)
    except BadGolden as problem:
        raise NoTrial(f"The golden questions cannot be used: {problem}.") from problem
