"""What the figures look like in a terminal: one table of figures with their intervals, one of kinds, and what went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from bot.answers import Outcome
from evals.figures import Reply, figures
from evals.golden import KINDS
from evals.holding import Held
from evals.statistics import Figure

PLAIN_NUMBERS = {"n", "leaks", "median_sentences"}
LARGE = 100
PER_KIND = ("top1", "top5", "gold_cited", "said_required", "said_forbidden", "useful")


def show(console: Console, title: str, replies: Sequence[Reply]) -> None:
    """Both tables of one half."""
    console.print(_figures_table(f"Golden questions, {title}", figures(replies)))
    console.print(_kinds_table(title, replies))


def show_figures(console: Console, title: str, found: Mapping[str, Figure]) -> None:
    """Any figures by their names."""
    console.print(_figures_table(title, found))


def show_failures(console: Console, replies: Sequence[Reply]) -> None:
    """Every reply that did not serve its asker, and every leak, with what was found and said."""
    wrong = [reply for reply in replies if not reply.useful or reply.leaked or reply.says_forbidden]
    for reply in wrong:
        golden = reply.golden
        wanted = ", ".join(f"{clause.stem}#{clause.number}" for clause in golden.clauses)
        console.print(
            f"[bold]{golden.id}[/bold] {golden.kind} · {golden.asker} in {golden.where} · {_reason(reply)}", highlight=False, soft_wrap=True
        )
        asked = " → ".join((*golden.before, golden.question))
        console.print(f"  asked   {asked}", markup=False, highlight=False, soft_wrap=True)
        if wanted:
            console.print(f"  wanted  {wanted} · {' + '.join(golden.says) or 'no answer'}", markup=False, highlight=False, soft_wrap=True)
        found = ", ".join(f"{hit.document.stem}#{hit.passage.clause}" for hit in reply.hits[:3])
        console.print(
            f"  found   {found or 'nothing'} · sure {reply.answer.evidence.confidence:.2f}", markup=False, highlight=False, soft_wrap=True
        )
        if reply.shown:
            console.print(f"  said    {reply.shown}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"{len(wrong)} of {len(replies)} went wrong.")


def show_failed_claims(console: Console, title: str, held: Sequence[Held]) -> None:
    """Every wrong line that would be shown and every right one that would not, with the check's reason."""
    failed = [one for one in held if one.shown != one.claim.right]
    for one in failed:
        claim = one.claim
        clause = f"{claim.clause.stem}#{claim.clause.number}"
        console.print(f"{claim.id} {claim.kind} · {clause} · {one.objection or 'shown'}", markup=False, highlight=False, soft_wrap=True)
        console.print(f"  asked   {claim.question}", markup=False, highlight=False, soft_wrap=True)
        console.print(f"  line    {claim.line}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"{title}: {len(failed)} of {len(held)} went wrong.", markup=False)


def _reason(reply: Reply) -> str:
    if reply.leaked:
        return "[red]leaked[/red]"
    if reply.says_forbidden:
        return "says what it must not"
    if not reply.golden.answerable:
        return f"should not have been {reply.answer.outcome}"
    if reply.answer.outcome is not Outcome.ANSWERED:
        return f"{reply.answer.outcome}, gold at {reply.rank or 'no place'}"
    return f"does not say it, gold at {reply.rank or 'no place'}"


def _figures_table(title: str, found: Mapping[str, Figure]) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE)
    table.add_column("figure")
    table.add_column("value", justify="right")
    table.add_column("95 % interval", justify="right")
    table.add_column("count", justify="right")
    for name, figure in found.items():
        interval = "" if figure.low is None or figure.high is None else f"{_number(figure.low)} to {_number(figure.high)}"
        table.add_row(name, _value(name, figure), interval, "" if figure.of is None else f"{figure.count} of {figure.of}")
    return table


def _kinds_table(title: str, replies: Sequence[Reply]) -> Table:
    table = Table(title=f"By kind, {title}", title_justify="left", box=SIMPLE, padding=0)
    table.add_column("kind", no_wrap=True)
    for name in ("n", *PER_KIND, "answered", "leaks"):
        table.add_column(name.replace("_", "\n"), justify="right")
    for kind in KINDS:
        of_kind = [reply for reply in replies if reply.golden.kind == kind]
        if of_kind:
            found = figures(of_kind)
            cells = [_value(name, found[name]) for name in PER_KIND]
            answered = sum(reply.answered for reply in of_kind)
            table.add_row(kind, str(len(of_kind)), *cells, str(answered), _value("leaks", found["leaks"]))
    return table


def _value(name: str, figure: Figure) -> str:
    if figure.value is None:
        return "–"
    return f"{figure.value:g}" if name in PLAIN_NUMBERS else _number(figure.value)


def _number(value: float) -> str:
    """Shares with three decimals, tokens with none."""
    return f"{value:.3f}" if value < LARGE else f"{value:,.0f}"
