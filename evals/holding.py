"""Claims held against the check that decides what is shown, and against plain word coverage: the least that a check has to beat."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from bot.answers import Dropped, Request, Source
from bot.flows.ground import check
from evals.claims import KINDS, BadClaims
from evals.statistics import Figure, balanced, share
from knowledge.words import content_words, words

if TYPE_CHECKING:
    from evals.claims import Claim
    from evals.desk import Desk
    from knowledge.values import Hit


@dataclass(frozen=True, kw_only=True)
class Held:
    """A claim, and what became of it."""

    claim: Claim
    objection: str  # why it would not be shown; empty: it would
    coverage: float  # the share of its telling words that its clause has
    milliseconds: float

    @property
    def shown(self) -> bool:
        return not self.objection


def hold(claim: Claim, desk: Desk) -> Held:
    """As a writer's line that ends in the marks of every passage of its clause. Raises BadClaims where no passage is that clause."""
    hits = desk.clauses(claim.clause)
    if not hits:
        raise BadClaims(f"{claim.id}: no passage that is indexed is clause {claim.clause.number} of {claim.clause.stem}")
    sources = tuple(Source(number, hit) for number, hit in enumerate(hits, start=1))
    request = Request(claim.question, sources, (), "", company=desk.directory.company)
    marks = "".join(f" [{source.number}]" for source in sources)
    began = time.perf_counter()
    verdict = check(f"{claim.line}{marks}", request)
    took = 1000 * (time.perf_counter() - began)
    objection = verdict.reason if isinstance(verdict, Dropped) else ""
    return Held(claim=claim, objection=objection, coverage=coverage(claim.line, hits), milliseconds=took)


def coverage(line: str, hits: Sequence[Hit]) -> float:
    """The share of the line's telling words that stand in the clause."""
    telling, there = content_words(line), {word for hit in hits for word in words(hit.passage.text)}
    return sum(word in there for word in telling) / len(telling) if telling else 0.0


def best_threshold(held: Sequence[Held]) -> float | None:
    """From which coverage on a line would be shown, for word coverage to be right as often as it can be; None without both verdicts."""
    right = [one.coverage for one in held if one.claim.right]
    wrong = [one.coverage for one in held if not one.claim.right]
    if not right or not wrong:
        return None

    def accuracy(threshold: float) -> float:
        return sum(value >= threshold for value in right) / len(right) + sum(value < threshold for value in wrong) / len(wrong)

    return max(sorted({*right, *wrong}), key=accuracy)


def claim_figures(held: Sequence[Held], threshold: float | None) -> dict[str, Figure]:
    """By name in the report: the check's, then those of word coverage at the threshold, then the check's by kind of mistake."""
    return {
        "n": Figure(len(held)),
        **_verdicts("", held, [one.shown for one in held]),
        **(_verdicts("words_", held, [one.coverage >= threshold for one in held]) if threshold is not None else {}),
        "words_threshold": Figure(threshold),
        "median_ms": Figure(median(one.milliseconds for one in held) if held else None),
        **{f"wrong_shown_{kind}": share([one.shown for one in held if one.claim.kind == kind]) for kind in KINDS if kind != "right"},
    }


def _verdicts(prefix: str, held: Sequence[Held], shown: Sequence[bool]) -> dict[str, Figure]:
    right = [verdict for one, verdict in zip(held, shown, strict=True) if one.claim.right]
    wrong = [verdict for one, verdict in zip(held, shown, strict=True) if not one.claim.right]
    return {
        f"{prefix}wrong_shown": share(wrong),
        f"{prefix}right_dropped": share([not verdict for verdict in right]),
        f"{prefix}balanced_accuracy": balanced(right, [not verdict for verdict in wrong]),
    }
