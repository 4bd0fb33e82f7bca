"""How well the proof holds: pairs of sentences, invented lines, exceptions and calculations, through the writing that shows them.

Tune and check are apart: the rules were written with the tune half in view, and nobody looked at what goes wrong in the other one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Collection, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bot.adapters.memory_cache import MemoryCache
from bot.adapters.quote_writer import QuoteWriter
from bot.answers import Answer, Closed, Outcome, Request, Source
from bot.flows.drafts import Drafts
from bot.flows.finding import Finding, Found
from bot.flows.writing import Writing
from bot.models import Spent
from bot.prompts import NOT_FOUND
from evals.claims import Claim, load_claims
from evals.claims_cli import FOLDER
from evals.clauses import Exceptional, Reckoned, load_exceptions, load_own_numbers
from evals.golden import HALVES, GoldenQuestion, Half
from evals.holding import Held, hold
from evals.stage import Stage
from evals.statistics import Figure, auc, balanced, share
from knowledge.alignment import nearest
from knowledge.support import support
from knowledge.values import Findings, Hit
from knowledge.words import content_words, stems

if TYPE_CHECKING:
    from bot.ports import Writer
    from evals.desk import Desk
    from evals.golden import Clause

INVENTED = 300  # wrong lines, among as many right ones
BESIDE = 3  # other passages of the document that the writer is given too


@dataclass(frozen=True)
class Says:
    """A writer that says these lines, and nothing where the clause they are about is not among its sources."""

    lines: tuple[str, ...]
    clause: Clause
    name: str = "says"

    @property
    def signature(self) -> str:
        return f"says {self.clause} {self.lines}"

    def sees(self, labels: Collection[str]) -> bool:  # noqa: ARG002  # the port's signature
        return True

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        marks = "".join(f" [{source.number}]" for source in request.sources if self._is_it(source))
        for line in self.lines if marks else (NOT_FOUND,):
            yield f"{line}{marks}\n" if marks else f"{line}\n"

    def _is_it(self, source: Source) -> bool:
        return self.clause.covers(source.hit.document.stem, source.hit.passage.clause)


async def proof_figures(desk: Desk, wice: Path | None = None) -> dict[str, Figure]:
    """Every figure of the proof by its name; those of WiCE only where its folder is given and there."""
    pairs = load_claims(FOLDER / "pairs.yaml")
    close = load_claims(FOLDER / "close.yaml")
    return {
        **await asyncio.to_thread(_pair_figures, pairs, desk),
        **await _invented_figures(_invented(pairs, close), desk),
        **await _exception_figures(load_exceptions(), desk),
        **await _own_number_figures(load_own_numbers(), desk),
        **(await asyncio.to_thread(wice_figures, wice) if wice and (wice / "items.jsonl").exists() else {}),
    }


def _pair_figures(pairs: Sequence[Claim], desk: Desk) -> dict[str, Figure]:
    held = [hold(claim, desk) for claim in pairs]
    of_half = {half: [one for one in held if one.claim.half == half] for half in HALVES}

    def accuracy(these: Sequence[Held]) -> Figure:
        return balanced([one.shown for one in these if one.claim.right], [not one.shown for one in these if not one.claim.right])

    return {
        "pairs_balanced_accuracy": accuracy(held),
        **{f"pairs_balanced_accuracy_{half}": accuracy(of_half[half]) for half in HALVES},
        "check_median_ms": Figure(median(one.milliseconds for one in held)),
    }


def _invented(pairs: Sequence[Claim], close: Sequence[Claim]) -> list[tuple[Half, Clause, str, tuple[Claim, ...]]]:
    """The pairs, each in one draft with its twin, and of the close lines as many of either kind as are wanted on top."""
    drafts: list[tuple[Half, Clause, str, tuple[Claim, ...]]]
    drafts = [(right.half, right.clause, right.question, (wrong, right)) for right, wrong in zip(pairs[::2], pairs[1::2], strict=True)]
    for kind in (True, False):
        missing = INVENTED - len(pairs) // 2
        drafts += [(one.half, one.clause, one.question, (one,)) for one in [claim for claim in close if claim.right is kind][-missing:]]
    return drafts


async def _invented_figures(drafts: Sequence[tuple[Half, Clause, str, tuple[Claim, ...]]], desk: Desk) -> dict[str, Figure]:
    shown: dict[tuple[Half, bool], list[bool]] = {(half, right): [] for half in HALVES for right in (True, False)}
    for half, clause, question, claims in drafts:
        answer = await _written(question, Says(tuple(claim.line for claim in claims), clause), clause, desk)
        texts = {sentence.text for sentence in answer.sentences if not sentence.condition}
        for claim in claims:
            shown[(half, claim.right)].append(claim.line.removeprefix("- ") in texts)
    wrong = {half: shown[(half, False)] for half in HALVES}
    right = {half: [not one for one in shown[(half, True)]] for half in HALVES}
    return {
        "invented_wrong_shown": share([one for half in HALVES for one in wrong[half]]),
        "invented_right_dropped": share([one for half in HALVES for one in right[half]]),
        **{f"invented_wrong_shown_{half}": share(wrong[half]) for half in HALVES},
        **{f"invented_right_dropped_{half}": share(right[half]) for half in HALVES},
    }


async def _exception_figures(exceptions: Sequence[Exceptional], desk: Desk) -> dict[str, Figure]:
    kept: dict[Half, list[bool]] = {half: [] for half in HALVES}
    added: list[int] = []
    for one in exceptions:
        answer = await _written(one.question, Says((one.line,), one.clause), one.clause, desk, QuoteWriter())
        said = " ".join(sentence.text for sentence in answer.sentences)
        kept[_half(one.clause)].append(one.exception.lower() in said.lower())
        added.append(sum(sentence.condition for sentence in answer.sentences))
    return {
        "exceptions_kept": share([verdict for half in HALVES for verdict in kept[half]]),
        **{f"exceptions_kept_{half}": share(kept[half]) for half in HALVES},
        "exceptions_lines_added": Figure(median(added)),
    }


async def _own_number_figures(questions: Sequence[Reckoned], desk: Desk) -> dict[str, Figure]:
    """Through the whole flow, the search too: answered is what shows the line that calculates."""
    stage = Stage(desk.answering, desk.answering.finding)
    answered = []
    for one in questions:
        golden = GoldenQuestion(
            id=one.id, kind="own_numbers", asker="", where="", question=one.question, before=(), clauses=(one.clause,), says=(), never=()
        )
        answer = await stage.answer(golden, (Says(one.lines, one.clause),), desk.answering.prompts())
        answered.append(answer.outcome is Outcome.ANSWERED and one.lines[0] in {sentence.text for sentence in answer.sentences})
    return {"own_numbers_answered": share(answered)}


async def _written(question: str, writer: Writer, clause: Clause, desk: Desk, *behind: Writer) -> Answer:
    """What is shown of a draft about this clause, with passages of the same document beside it."""
    hits = _given(clause, desk)
    sources = tuple(Source(number, hit) for number, hit in enumerate(hits, start=1))
    request = Request(question, sources, (("user", f"{clause} {question}"),), "", company=desk.directory.company)
    finding = Finding(desk.watched)
    writing = Writing(writers=(writer, *behind), drafts=Drafts(MemoryCache()), finding=finding)
    draft = Answer(receipt="proof", outcome=Outcome.NOT_FOUND)
    found = Found(Findings(hits=hits, confidence=1.0, edition=0))
    async with aclosing(writing.write(draft, request, found)) as events:
        async for event in events:
            if isinstance(event, Closed):
                return event.answer
    raise RuntimeError("the writing ended without Closed")  # it promises exactly one


def _given(clause: Clause, desk: Desk) -> tuple[Hit, ...]:
    about = desk.clauses(clause)
    others = [hit for hit in desk.of_document(clause.stem) if hit not in about]
    return tuple(replace(hit, score=1.0) for hit in about) + tuple(replace(hit, score=0.5) for hit in others[:BESIDE])


def _half(clause: Clause) -> Half:
    return Claim(id="", clause=clause, question="", line="", right=True, kind="right").half


def wice_figures(folder: Path) -> dict[str, Figure]:
    """WiCE's claims against the whole page that each cites: the support score beside plain word coverage, by the area under the curve."""
    scores: dict[str, tuple[list[float], list[float]]] = {"": ([], []), "_words": ([], [])}
    for item in _items(folder / "items.jsonl"):
        page, claim = "\n".join(item["evidence"]), item["claim"]
        near = "\n".join(nearest(claim, page))
        scores[""][0 if item["label"] else 1].append(support(claim, near, page))
        telling = content_words(claim)
        scores["_words"][0 if item["label"] else 1].append(len(set(telling) & stems(page)) / len(telling))
    return {f"wice{name}_auc": auc(right, wrong) for name, (right, wrong) in scores.items()}


def _items(file: Path) -> Iterator[Mapping[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
