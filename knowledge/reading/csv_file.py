"""CSV and TSV to one table, whatever it is separated by and encoded in."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from knowledge.reading import Reading
from knowledge.reading.cleaning import decoded
from knowledge.reading.grids import refuse_databases, write_grid
from knowledge.reading.outline import Outline

_SEPARATORS = ",;\t|"
_SAMPLE = 65_536  # characters
_LINE_END = re.compile("\r\n?")
_EXCEL_HINT = "sep="


def read(content: bytes) -> Reading:
    """Parse the rows; empty ones are left out."""
    text = _LINE_END.sub("\n", decoded(content)).lstrip("\n\ufeff")
    separator = ""
    if text[:4].lower() == _EXCEL_HINT:  # Excel's own first line, which no one sees
        line, _, text = text.partition("\n")
        separator = line[4:5]
    rows = _rows(text, separator or _separator(text[:_SAMPLE]))
    outline = Outline()
    write_grid([row for row in rows if any(cell.strip() for cell in row)], outline)
    return Reading(outline.sections(), {}, outline.properties(), outline.hidden.remarks())


def _separator(sample: str) -> str:
    """The character that cuts most rows into the same number of cells, and into the most cells where several do."""
    best, best_score = ",", 0.0
    for candidate in _SEPARATORS:
        widths = Counter(len(row) for row in csv.reader(io.StringIO(sample), delimiter=candidate) if any(row))
        width, count = max(((width, count) for width, count in widths.items() if width > 1), key=lambda pair: pair[1], default=(1, 0))
        score = count / max(widths.total(), 1) + min(width, 50) / 1_000
        if width > 1 and score > best_score:
            best, best_score = candidate, score
    return best


def _rows(text: str, separator: str) -> list[list[str]]:
    """The rows; where a quotation mark is never closed, it is a mark like any other, such as one for inches."""
    refuse_databases(text.count("\n") // 10)  # cells may hold line ends, though seldom ten
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator, strict=True))
    except csv.Error:
        rows = [line.split(separator) for line in text.split("\n")]
    refuse_databases(len(rows))
    return rows
