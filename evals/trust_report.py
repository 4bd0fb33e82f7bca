"""The trust report as tables: in a terminal, and between two marks of docs/trust.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.table import Table

from evals.data_lines import BadData

if TYPE_CHECKING:
    from pathlib import Path

    from evals.promises import Part, Promise
    from evals.statistics import Figure

BEGIN, END = "<!-- figures: ibid eval --trust --write docs/trust.md -->", "<!-- end of the figures -->"
COLUMNS = ("promise", "asked for", "reached", "95 % interval", "counted")
_BETWEEN = re.compile(rf"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)


def table_of(part: Part, found: Mapping[str, Figure]) -> Table:
    """One part, for a terminal; what is not kept stands in red."""
    table = Table(title=part.title, title_justify="left", box=SIMPLE)
    for column in COLUMNS:
        table.add_column(column, justify="left" if column == COLUMNS[0] else "right")
    for promise in part.promises:
        kept = promise.kept(found.get(promise.figure))
        table.add_row(*_row(promise, found.get(promise.figure)), style="" if kept else "red")
    return table


def markdown(parts: Mapping[Part, Mapping[str, Figure]], about: str) -> str:
    """All parts, for a page. `about` says what was asked and when."""
    lines = [about, ""]
    for part, found in parts.items():
        lines += [f"### {part.title}", "", _line(COLUMNS), "| --- | ---: | ---: | ---: | ---: |"]
        for promise in part.promises:
            figure = found.get(promise.figure)
            says, bound, reached, interval, counted = _row(promise, figure)
            lines.append(_line((says, bound, reached if promise.kept(figure) else f"**{reached}**", interval, counted)))
        lines.append("")
    return "\n".join(lines)


def write_between(page: Path, figures: str) -> None:
    """Put them in the place of those that stand there. Raises BadData where the page has no place for them."""
    try:
        text = page.read_text(encoding="utf-8")
    except OSError as problem:
        raise BadData(f"{page}: cannot be read ({problem.strerror})") from problem
    if len(_BETWEEN.findall(text)) != 1:
        raise BadData(f"{page}: needs the lines {BEGIN} and {END}, once, with room for the tables between them")
    page.write_text(_BETWEEN.sub(lambda _: f"{BEGIN}\n{figures}\n{END}", text), encoding="utf-8")


def _row(promise: Promise, figure: Figure | None) -> tuple[str, str, str, str, str]:
    if figure is None or figure.value is None:
        return promise.says, promise.bound, "not measured", "", ""
    interval = "" if figure.low is None or figure.high is None else f"{figure.low:.3f} to {figure.high:.3f}"
    counted = "" if figure.of is None else f"{figure.count:,} of {figure.of:,}"
    return promise.says, promise.bound, f"{figure.value:.0f}" if promise.never else f"{figure.value:.3f}", interval, counted


def _line(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"
