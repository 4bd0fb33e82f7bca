"""From answers to figures: what each figure counts is said here and nowhere else.

Answerable are plain, follow_up, dated and own_numbers; to be refused are unanswerable, near_miss and restricted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

import numpy as np

from bot.answers import Answer, Outcome
from evals.golden import TO_REFUSE, GoldenQuestion
from evals.meter import Bill
from evals.phrases import says
from evals.statistics import Figure, auc, mean, share
from knowledge.values import Hit

FALSE_REFUSALS_ALLOWED = 0.08
Verdict = Literal["right", "wrong", "unclear"]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A golden question and what came of it."""

    golden: GoldenQuestion
    answer: Answer
    hits: tuple[Hit, ...] = ()  # of the search, in order; more than reached the prompt
    leaked: bool = False
    bills: tuple[Bill, ...] = ()  # of the models that were asked for this answer
    verdict: Verdict | None = None  # of a judge, where one was asked

    @property
    def answered(self) -> bool:
        return self.answer.outcome is Outcome.ANSWERED

    @property
    def shown(self) -> str:
        return " ".join(sentence.text for sentence in self.answer.sentences)

    @property
    def rank(self) -> int | None:
        """The place of the first hit that is a gold clause, from 1; None where no hit is."""
        return next((place for place, hit in enumerate(self.hits, start=1) if self.is_gold(hit)), None)

    @property
    def says_all(self) -> bool:
        return self.answered and all(says(self.shown, phrase) for phrase in self.golden.says)

    @property
    def says_forbidden(self) -> bool:
        return any(says(self.shown, phrase) for phrase in self.golden.never)

    @property
    def useful(self) -> bool:
        """Whether the asker was served well: told what is right, refused what must be, or sent to the system that knows."""
        if self.golden.answerable:
            return self.says_all and not self.says_forbidden
        if self.golden.kind == "own_record":
            return self.answer.outcome is Outcome.OWN_RECORD
        return not self.answered

    def is_gold(self, hit: Hit) -> bool:
        return any(clause.covers(hit.document.stem, hit.passage.clause) for clause in self.golden.clauses)


def figures(replies: Sequence[Reply]) -> dict[str, Figure]:
    """Every figure of these replies, by its name in the report."""
    answerable = [reply for reply in replies if reply.golden.answerable]
    to_refuse = [reply for reply in replies if reply.golden.kind in TO_REFUSE]
    cited = [reply.is_gold(citation.hit) for reply in answerable if reply.answered for citation in reply.answer.citations]
    lengths = [len(reply.answer.sentences) for reply in replies if reply.answered]
    sure, unsure = _confidences(answerable), _confidences(to_refuse)
    return {
        "n": Figure(len(replies)),
        "top1": share([_within(reply, 1) for reply in answerable]),
        "top3": share([_within(reply, 3) for reply in answerable]),
        "top5": share([_within(reply, 5) for reply in answerable]),
        "mrr": mean([1 / reply.rank if reply.rank else 0.0 for reply in answerable]),
        "gold_cited": share([any(reply.is_gold(citation.hit) for citation in reply.answer.citations) for reply in answerable]),
        "citation_precision": share(cited),
        "said_required": share([reply.says_all for reply in answerable]),
        "said_forbidden": share([reply.says_forbidden for reply in replies]),
        "useful": share([reply.useful for reply in replies]),
        "refused": share([not reply.answered for reply in to_refuse]),
        "false_refusals": share([not reply.answered for reply in answerable]),
        "refusal_auc": auc(sure, unsure),
        "refused_at_8": refused_at(FALSE_REFUSALS_ALLOWED, sure, unsure),
        "leaks": Figure(sum(reply.leaked for reply in replies)),
        "median_sentences": Figure(median(lengths) if lengths else None),
    }


def refused_at(allowed: float, sure: Sequence[float], unsure: Sequence[float]) -> Figure:
    """What share of the unanswerable is refused by the threshold that refuses at most the allowed share of the answerable."""
    if not sure:
        return Figure(None, count=0, of=0)
    threshold = sorted(sure)[int(allowed * len(sure))]
    return share([confidence < threshold for confidence in unsure])


def as_json(found: Mapping[str, Figure]) -> dict[str, object]:
    """Plain numbers by name, with the intervals and counts beside them."""
    return {
        **{name: _rounded(figure.value) for name, figure in found.items()},
        "intervals": {name: [_rounded(figure.low), _rounded(figure.high)] for name, figure in found.items() if figure.low is not None},
        "counts": {name: [figure.count, figure.of] for name, figure in found.items() if figure.of is not None},
    }


def _confidences(replies: Sequence[Reply]) -> list[float]:
    return [reply.answer.evidence.confidence for reply in replies]


def _within(reply: Reply, places: int) -> bool:
    return reply.rank is not None and reply.rank <= places


def _rounded(value: float | None) -> float | int | None:
    return value if value is None or isinstance(value, int) else float(np.round(value, 4))
