"""Markdown pipe tables inside a passage: where they are, and what their columns are called."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TABLE = re.compile(r"^(\|[^\n]*\|)\n\|(?: --- \|)+(?:\n\|[^\n]*\|)*", re.MULTILINE)
_CELL_EDGE = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class TableSpan:
    """A table's place in a text, where its rows begin, and its column names as one line."""

    start: int
    rows: int
    end: int
    header: str


def table_spans(text: str) -> tuple[TableSpan, ...]:
    """The tables in a text, in order."""
    found = []
    for table in _TABLE.finditer(text):
        separator_end = text.find("\n", table.end(1) + 1)
        rows = table.end() if separator_end == -1 or separator_end > table.end() else separator_end + 1
        found.append(TableSpan(table.start(), rows, table.end(), spoken(table[1])))
    return tuple(found)


def is_table(text: str) -> bool:
    """Whether the text begins with a table."""
    return _TABLE.match(text) is not None


def header_cells(table: str) -> list[str]:
    """The names of the columns that have one."""
    return [cell for cell in cells(table.split("\n", 1)[0]) if cell]


def cells(row: str) -> list[str]:
    """The cells of one row as their author wrote them."""
    return [cell.strip().replace("\\|", "|") for cell in _CELL_EDGE.split(row.strip())[1:-1]]


def spoken(text: str) -> str:
    """The words of a table without its lines: an embedder spends a token on every bar and dash."""
    lines = []
    for line in text.split("\n"):
        bare = line.strip()
        if bare.startswith("|") and not re.sub(r"[|\s:-]", "", bare):
            continue
        lines.append(re.sub(r"\s*(?<!\\)\|\s*", "  ", line).strip() if bare.startswith("|") or bare.endswith("|") else line)
    return "\n".join(lines)
