"""Golden questions asked of two editions: does the new one still find the clauses that the live one finds?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.flows.understand import as_of
from evals.golden import BadGolden, GoldenQuestion, load_golden
from knowledge.errors import KnowledgeError
from knowledge.gate import Difference, Search
from knowledge.values import Hit, Scope

AMONG = 5  # first passages
ABOUT, OTHERS = 40, 20  # questions; each is searched for twice while the run waits
MARGIN = 0.05  # of the questions asked; so many may find their clause no more before anybody has to decide
EVERYONE = Scope(frozenset({"everyone"}))

WORSE = (
    "{lost} of {asked} golden questions no longer find their clause among the first {among} ({won} find it that did not), "
    "such as: {example}"
)


@dataclass(frozen=True)
class GoldenGate:
    """Gate, over the questions that one search can answer. What only some may read is asked about by nobody here."""

    questions: tuple[GoldenQuestion, ...]
    today: date

    def objection(self, before: Search, after: Search, difference: Difference, told: Callable[[int, int], None]) -> str:
        """Clauses of documents that are gone are not missed: that they were taken away is no fault."""
        asked = choose(self.questions, difference)
        found: list[tuple[GoldenQuestion, bool, bool]] = []
        for golden in asked:
            told(len(found), len(asked))
            found.append((golden, self._finds(golden, before), self._finds(golden, after)))
        lost = [golden for golden, then, now in found if then and not now]
        won = sum(now and not then for _, then, now in found)
        if len(lost) - won <= MARGIN * len(asked):
            return ""
        return WORSE.format(lost=len(lost), asked=len(asked), among=AMONG, won=won, example=lost[0].question)

    def _finds(self, golden: GoldenQuestion, search: Search) -> bool:
        hits = search(golden.question, EVERYONE, as_of(golden.question, self.today)).hits[:AMONG]
        return any(_answers(golden, hit) for hit in hits)


def choose(questions: Sequence[GoldenQuestion], difference: Difference) -> tuple[GoldenQuestion, ...]:
    """Those about what has changed, and always the same few of the others."""
    stems, missing = ({name.rsplit("/", 1)[-1].rsplit(".", 1)[0] for name in names} for names in (difference.touched, difference.gone))
    alone = [one for one in questions if one.answerable and not one.before and not any(clause.stem in missing for clause in one.clauses)]
    alone.sort(key=lambda one: hashlib.sha256(one.id.encode()).digest())
    about = [one for one in alone if any(clause.stem in stems for clause in one.clauses)]
    return (*about[:ABOUT], *[one for one in alone if one not in about][:OTHERS])


def open_golden_gate(documents: Path, today: date) -> GoldenGate | None:
    """The questions beside the documents; None where there are none. Raises KnowledgeError where they are there and cannot be read."""
    file = documents / "golden.yaml"
    if not file.is_file():
        return None
    try:
        return GoldenGate(load_golden(file), today)
    except BadGolden as problem:
        raise KnowledgeError(f"the golden questions cannot be asked: {problem}") from problem


def _answers(golden: GoldenQuestion, hit: Hit) -> bool:
    return any(clause.covers(hit.document.stem, hit.passage.clause) for clause in golden.clauses)
