"""Fits the weights of knowledge/relevance.py to the tune half: python -m evals.fit

Each answerable question is an example of 'something here answers it' and each unanswerable or near-miss one of the opposite;
restricted ones count as well, since what is left for their asker answers nothing. The fit is a logistic regression by plain
gradient descent with some shrinkage, and no weight may pull against the direction a person would expect; the weights it prints
are for the features as they are, not standardised.
"""

from __future__ import annotations

import asyncio
import math
import sys
from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from bot.adapters.quote_writer import QuoteWriter
from bot.settings import read_settings
from evals.desk import Desk, furnish, own_corpus
from evals.figures import FALSE_REFUSALS_ALLOWED, refused_at
from evals.golden import ANSWERABLE, TO_REFUSE, Kind, load_golden
from evals.runner import reply_to
from evals.statistics import auc
from knowledge.embedding import open_minilm
from knowledge.relevance import ConfidenceWeights, Evidence, confidence

ROUNDS = 5_000
STEP = 0.2
SHRINK = 0.015
NAMES = tuple(Evidence.__dataclass_fields__)
DIRECTIONS = np.array([-1.0 if name == "elsewhere" else 1.0 for name in NAMES])

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """What a search measured for a question, and whether there was something to find."""

    kind: Kind
    evidence: Evidence

    @property
    def answerable(self) -> bool:
        return self.kind in ANSWERABLE


async def examples(desk: Desk, ids: frozenset[str]) -> tuple[Example, ...]:
    """The tune half's questions as the search saw them. What the words alone decided never reached the search and is left out."""
    found = []
    for golden in load_golden(read_settings().documents / "golden.yaml"):
        if golden.half != "tune" or not (golden.answerable or golden.kind in TO_REFUSE) or (ids and golden.id not in ids):
            continue
        known = (await reply_to(golden, desk)).answer.evidence
        if known.as_of is None or not known.scope.labels:
            continue
        measured = desk.corpus.weigh(known.standalone, known.scope, known.as_of).evidence
        found.append(Example(golden.kind, measured))
    return tuple(found)


def fit(found: Sequence[Example]) -> ConfidenceWeights:
    """The weights under which the examples are likeliest, each class counting the same."""
    rows = np.array([astuple(one.evidence) for one in found])
    wanted = np.array([one.answerable for one in found], dtype=np.float64)
    centre, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    slopes, bias = _descend((rows - centre) / spread, wanted)
    plain = slopes / spread
    weights = dict(zip(NAMES, (round(float(value), 3) for value in plain), strict=True))
    return ConfidenceWeights(bias=round(float(bias - plain @ centre), 3), **weights)


def _descend(rows: Matrix, wanted: Matrix) -> tuple[Matrix, float]:
    balance = np.where(wanted == 1, 0.5 / wanted.mean(), 0.5 / (1 - wanted.mean()))
    slopes: Matrix = np.zeros(rows.shape[1])
    bias = 0.0
    for _ in range(ROUNDS):
        error = balance * (1 / (1 + np.exp(-(rows @ slopes + bias))) - wanted)
        slopes = slopes - STEP * (rows.T @ error / len(rows) + SHRINK * slopes)
        slopes = DIRECTIONS * np.maximum(DIRECTIONS * slopes, 0.0)
        bias -= STEP * float(error.mean())
    return slopes, bias


def report(console: Console, found: Sequence[Example], fitted: ConfidenceWeights) -> None:
    """The fitted weights, how well each feature and both sets of weights tell the two apart, and where to draw the line."""
    table = Table(title=f"{len(found)} questions of the tune half", title_justify="left")
    for column in ("signal", "AUC", "95 % interval", "refused at 8 %", "threshold at 8 %"):
        table.add_column(column)
    signals = {name: [float(getattr(one.evidence, name)) for one in found] for name in NAMES}
    signals["weights as they are"] = [confidence(one.evidence, ConfidenceWeights()) for one in found]
    signals["weights as fitted"] = [confidence(one.evidence, fitted) for one in found]
    for name, values in signals.items():
        sure = [value for one, value in zip(found, values, strict=True) if one.answerable]
        unsure = [value for one, value in zip(found, values, strict=True) if not one.answerable]
        area, refused = auc(sure, unsure), refused_at(FALSE_REFUSALS_ALLOWED, sure, unsure)
        line = sorted(sure)[math.floor(FALSE_REFUSALS_ALLOWED * len(sure))]
        table.add_row(name, f"{area.value:.3f}", f"{area.low:.3f} to {area.high:.3f}", f"{refused.value:.3f}", f"{line:.3f}")
    console.print(table)
    for kind in sorted(TO_REFUSE):
        unsure = [confidence(one.evidence, fitted) for one in found if one.kind == kind]
        sure = [confidence(one.evidence, fitted) for one in found if one.answerable]
        console.print(f"as fitted, against {kind}: AUC {auc(sure, unsure).value:.3f} ({len(unsure)})", highlight=False)
    console.print(fitted, soft_wrap=True)


async def main(ids: Sequence[str]) -> None:
    """All of the tune half, or the questions named."""
    settings = read_settings()
    embedder = open_minilm(settings.embedder_dir, settings.data_dir, variant=settings.embedder_variant)
    with own_corpus(settings, embedder) as corpus:
        desk = await furnish(corpus, settings.documents, (QuoteWriter(),), lambda _: None)
        found = await examples(desk, frozenset(ids))
    report(Console(), found, fit(found))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
