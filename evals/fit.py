"""Fits the weights of knowledge/relevance.py to the tune half, and to folders beside it: python -m evals.fit [FOLDER…]

Each answerable question is an example of 'something here answers it' and each unanswerable or near-miss one of the opposite;
restricted ones count as well, since what is left for their asker answers nothing. The fit is a logistic regression by plain
gradient descent with some shrinkage, and no weight may pull against the direction a person would expect; the weights it prints
are for the features as they are, not standardised. Of the folders only those count that have questions of both kinds; together they
count two thirds of what the tune half does. How good a fit is, is told by fits to four fifths of the questions, asked about the rest.
"""

from __future__ import annotations

import asyncio
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from bot.adapters.quote_writer import QuoteWriter
from bot.settings import read_settings
from evals.data import Measured, read_folder
from evals.data_search import Asking, fill, kept_corpus
from evals.desk import Desk, furnish, own_corpus
from evals.figures import FALSE_REFUSALS_ALLOWED, refused_at
from evals.golden import ANSWERABLE, TO_REFUSE, load_golden
from evals.runner import reply_to
from evals.statistics import auc
from knowledge.corpus import Corpus
from knowledge.embedding import open_minilm
from knowledge.relevance import ConfidenceWeights, Evidence, confidence

ROUNDS = 5_000
STEP = 0.2
SHRINK = 0.015
PARTS = 5  # of a cross-validation
TUNE, OF_TUNE = "golden tune", 0.6
BOTH = 2  # kinds
NAMES = tuple(Evidence.__dataclass_fields__)
DIRECTIONS = np.array([-1.0 if name == "elsewhere" else 1.0 for name in NAMES])

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """What a search measured for a question, and whether there was something to find."""

    kind: str  # of a golden question
    answerable: bool
    evidence: Evidence


Sets = Mapping[str, Sequence[Example]]


async def of_golden(desk: Desk) -> tuple[Example, ...]:
    """The tune half's questions as the search saw them. What the words alone decided never reached the search and is left out."""
    found = []
    for golden in load_golden(read_settings().documents / "golden.yaml"):
        if golden.half != "tune" or not (golden.answerable or golden.kind in TO_REFUSE):
            continue
        known = (await reply_to(golden, desk)).answer.evidence
        if known.as_of is None or not known.scope.labels:
            continue
        measured = desk.corpus.weigh(known.standalone, known.scope, known.as_of).evidence
        found.append(Example(golden.kind, golden.kind in ANSWERABLE, measured))
    return tuple(found)


def of_folder(measured: Measured, corpus: Corpus) -> tuple[Example, ...]:
    """The last turn of each question of which it is known whether it can be answered."""
    fill(corpus, measured, lambda _: None)
    asking = Asking(measured, corpus)
    return tuple(Example("", asked.answerable, asking.evidence(asked.text)) for asked in measured.questions if asked.answerable is not None)


def fit(sets: Sets) -> ConfidenceWeights:
    """The weights under which the examples are likeliest, each class of a set counting the same."""
    rows = np.array([astuple(one.evidence) for found in sets.values() for one in found])
    wanted = np.array([one.answerable for found in sets.values() for one in found], dtype=np.float64)
    counts = np.concatenate([_counts(name, found, len(sets)) for name, found in sets.items()])
    centre, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    slopes, bias = _descend((rows - centre) / spread, wanted, counts)
    plain = slopes / spread
    weights = dict(zip(NAMES, (round(float(value), 3) for value in plain), strict=True))
    return ConfidenceWeights(bias=round(float(bias - plain @ centre), 3), **weights)


def held_out(sets: Sets) -> dict[str, list[float]]:
    """The confidence of each example under weights that were fitted without it."""
    fits = [fit({name: _without(found, part) for name, found in sets.items()}) for part in range(PARTS)]
    return {name: [confidence(one.evidence, fits[place % PARTS]) for place, one in enumerate(found)] for name, found in sets.items()}


def _without(found: Sequence[Example], part: int) -> list[Example]:
    return [one for place, one in enumerate(found) if place % PARTS != part]


def _counts(name: str, found: Sequence[Example], sets: int) -> Matrix:
    """What each example counts; together 1 over all sets."""
    share = 1.0 if sets == 1 else OF_TUNE if name == TUNE else (1 - OF_TUNE) / (sets - 1)
    answerable = np.array([one.answerable for one in found])
    counts: Matrix = np.where(answerable, share / 2 / max(answerable.sum(), 1), share / 2 / max((~answerable).sum(), 1))
    return counts


def _descend(rows: Matrix, wanted: Matrix, counts: Matrix) -> tuple[Matrix, float]:
    slopes: Matrix = np.zeros(rows.shape[1])
    bias = 0.0
    for _ in range(ROUNDS):
        error = counts * (1 / (1 + np.exp(-(rows @ slopes + bias))) - wanted)
        slopes = slopes - STEP * (rows.T @ error + SHRINK * slopes)
        slopes = DIRECTIONS * np.maximum(DIRECTIONS * slopes, 0.0)
        bias -= STEP * float(error.sum())
    return slopes, bias


def report(console: Console, name: str, found: Sequence[Example], fitted: ConfidenceWeights, unseen: Sequence[float]) -> None:
    """How well each feature and each way to weigh them tell the two apart in one set, and where to draw the line."""
    table = Table(title=f"{len(found)} questions of {name}", title_justify="left")
    for column in ("signal", "AUC", "95 % interval", "refused at 8 %", "threshold at 8 %"):
        table.add_column(column)
    signals = {name: [float(getattr(one.evidence, name)) for one in found] for name in NAMES}
    signals["weights as they are"] = [confidence(one.evidence, ConfidenceWeights()) for one in found]
    signals["weights as fitted"] = [confidence(one.evidence, fitted) for one in found]
    signals["fitted without it"] = list(unseen)
    for signal, values in signals.items():
        sure, unsure = _apart(found, values)
        area, refused = auc(sure, unsure), refused_at(FALSE_REFUSALS_ALLOWED, sure, unsure)
        line = sorted(sure)[math.floor(FALSE_REFUSALS_ALLOWED * len(sure))]
        table.add_row(signal, f"{area.value:.3f}", f"{area.low:.3f} to {area.high:.3f}", f"{refused.value:.3f}", f"{line:.3f}")
    console.print(table)
    for kind in sorted({one.kind for one in found if not one.answerable and one.kind}):
        of_kind = [(one, value) for one, value in zip(found, unseen, strict=True) if one.answerable or one.kind == kind]
        sure, unsure = _apart([one for one, _ in of_kind], [value for _, value in of_kind])
        console.print(f"fitted without it, against {kind}: AUC {auc(sure, unsure).value:.3f} ({len(unsure)})", highlight=False)


def _apart(found: Sequence[Example], values: Sequence[float]) -> tuple[list[float], list[float]]:
    pairs = list(zip(found, values, strict=True))
    return [value for one, value in pairs if one.answerable], [value for one, value in pairs if not one.answerable]


async def main(folders: Sequence[str]) -> None:
    """The tune half, and the folders named."""
    settings, sets = read_settings(), {}
    embedder = open_minilm(settings.embedder_dir, settings.data_dir, variant=settings.embedder_variant)
    with own_corpus(settings, embedder) as corpus:
        desk = await furnish(corpus, settings.documents, (QuoteWriter(),), lambda _: None)
        sets[TUNE] = await of_golden(desk)
    for measured in map(read_folder, map(Path, folders)):
        with kept_corpus(settings.data_dir, measured.name, embedder) as corpus:
            found = of_folder(measured, corpus)
        if len({one.answerable for one in found}) == BOTH:
            sets[measured.name] = found
    console, fitted, unseen = Console(), fit(sets), held_out(sets)
    for name, found in sets.items():
        report(console, name, found, fitted, unseen[name])
    console.print(fitted, soft_wrap=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
