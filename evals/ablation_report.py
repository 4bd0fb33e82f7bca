"""An ablation as tables: in a terminal, and as the page docs/retrieval.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.table import Table

from evals.ablation import ALL, COLUMNS, DECISIVE_TOO, Scores

if TYPE_CHECKING:
    from rich.console import Console

STAGES, SPLITS = "What each stage is worth", "Other ways to split"
_HEAD = """# How well the right clause is found

This page is made by `ibid eval --ablate --write docs/retrieval.md`, with `--data` for each folder of questions beside the golden ones.
Nothing here needs a key: the model is the built-in one.

A question goes through these stages: misspelt words and abbreviations that the documents explain are put right, the glossary adds the
documents' words, documents for other countries than the one that is named are left out; then meaning (the cosine of the nearest window)
and words (BM25) become one score, in which the section that a passage stands in counts too; where the first does not lead clearly, the
first passages are read word by word (MaxSim) and put in order again. A passage is a whole clause or table, so that nothing has to be
widened afterwards. MMR is there, and switched off. All weights stand in `knowledge/weights.py`.

- recall@k: the share of the right places among the first k; of the golden questions, where any right clause is enough, the share of
  questions with one. A hit that shows no other place than those before it takes up no rank.
- MRR: one divided by the rank of the first right place, as a mean.
- refusal AUC: how often an answerable question finds surer than one that nothing answers; where a set has some of both.

Of the golden questions only the tune half is here, on which weights were chosen; the check half is looked at apart.
"""
_SPLITS_SAY = """The same documents and questions, without spelling and learnt abbreviations, over passages that are cut in other ways; each
is still embedded in windows of what the model reads. A longer passage holds the right clause more easily and proves less: `tokens` is
how much text the first five are. *semantic* is LlamaIndex's splitter with the built-in model, cut where a sentence is less like the one
before it than nineteen of twenty are; the plain windows overlap by a tenth.
"""

_DECISIVE_SAYS = """In a decisive search the first passage leads the second by the margin in `knowledge/weights.py`. Its first passages
are read word by word all the same, for the sentence that is quoted: not re-ranking saves no time, and keeps a clear order.
"""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One way to search, or to split, on one set."""

    name: str
    scores: Scores
    tokens: int = 0


@dataclass(frozen=True, kw_only=True)
class SetReport:
    """All that was compared on one set of questions."""

    name: str
    questions: int
    stages: tuple[Compared, ...]
    splits: tuple[Compared, ...]
    reranked: float  # share of the questions
    milliseconds: float  # of reading the first passages word by word

    @property
    def sentence(self) -> str:
        """How often the re-ranker runs, how long it takes, and what skipping it costs."""
        of = {row.name: row.scores for row in self.stages}
        changes = [f"{name} by {_change(of[ALL][name], of[DECISIVE_TOO][name])}" for name in ("recall@3", "MRR")]
        return (
            f"{self.name}: {self.questions} questions with a right answer. {1 - self.reranked:.0%} of all searches are decisive and not "
            f"re-ranked; to re-rank them as well changes {' and '.join(changes)}. Reading the first passages word by word takes "
            f"{self.milliseconds:.0f} ms (median)."
        )


def show(console: Console, reports: Sequence[SetReport]) -> None:
    """A table for each set of questions, of its stages and of its splitters."""
    for title, of_set, rows in _tables(reports):
        table = Table(title=f"{title}: {of_set}", title_justify="left", box=SIMPLE)
        for column in rows[0]:
            table.add_column(column, justify="right" if column else "left")
        for row in rows[1:]:
            table.add_row(*row)
        console.print(table)
    for report in reports:
        console.print(report.sentence, markup=False, highlight=False, soft_wrap=True)


def markdown(reports: Sequence[SetReport]) -> str:
    """The whole page."""
    parts = [_HEAD]
    begun = ""
    for title, of_set, rows in _tables(reports):
        if title != begun:
            parts.append(f"## {title}\n")
            parts += [_SPLITS_SAY] if title == SPLITS else []
            begun = title
        head, *body = ("| " + " | ".join(row) + " |" for row in rows)
        rule = "|" + "|".join([" --- ", *(" ---: " for _ in rows[0][1:])]) + "|"
        parts.append(f"### {of_set}\n\n" + "\n".join((head, rule, *body)) + "\n")
    parts.append("## How often the re-ranker runs\n")
    parts.append("\n".join(f"- {report.sentence}" for report in reports) + "\n")
    parts.append(_DECISIVE_SAYS)
    return "\n".join(parts)


def _tables(reports: Sequence[SetReport]) -> Iterator[tuple[str, str, list[list[str]]]]:
    """Title, set, and rows, the head among them."""
    for title in (STAGES, SPLITS):
        for report in reports:
            compared = report.stages if title == STAGES else report.splits
            columns = [column for column in COLUMNS if compared[0].scores[column] is not None]
            told = ["tokens"] if title == SPLITS else []
            body = [
                [row.name, *(_figure(row.scores[column]) for column in columns), *(f"{row.tokens:,}" for _ in told)] for row in compared
            ]
            yield title, report.name, [["", *columns, *told], *body]


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _change(before: float | None, after: float | None) -> str:
    return f"{(after or 0.0) - (before or 0.0):+.3f}"
