"""policies.csv: one row of metadata for each file; a wrong row is its own file's trouble, a wrong table stops the run."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.errors import BadMetadata, CannotRead
from knowledge.policy import KEYS, meant_name
from knowledge.reading.cleaning import decode


@dataclass(frozen=True)
class Table:
    """policies.csv: what it says about each file, empty cells left out, and what is wrong with a row, for the file that it names."""

    rows: Mapping[str, dict[str, str]] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)

    def row(self, file: str) -> dict[str, str] | None:
        """Raises BadMetadata where the file's row is not to be trusted."""
        if file in self.faults:
            raise BadMetadata(self.faults[file])
        return self.rows.get(file)


def read_table(content: bytes) -> Table:
    """A row that is wrong is its own file's trouble. Raises BadMetadata where the table as a whole cannot be understood."""
    try:
        rows = list(csv.reader(io.StringIO(decode(content), newline=""), strict=True))
    except (csv.Error, CannotRead) as error:
        raise BadMetadata(f"policies.csv does not parse: {error}") from error
    header = _header(rows)
    table: dict[str, dict[str, str]] = {}
    faults: dict[str, str] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        cells = {name: cell.strip() for name, cell in zip(header, row, strict=False) if cell.strip()}
        file = cells.pop("file", "").removeprefix("./")
        if not file:
            raise BadMetadata(f"policies.csv, row {number} names no file; fill the cell under `file`, or take the row out")
        if len(row) != len(header):
            if header[0] != "file":  # a cell too many or too few may have moved the name
                raise BadMetadata(f"policies.csv, row {number} has {_miscounted(row, header)}")
            faults[file] = f"row {number} of policies.csv has {_miscounted(row, header)}"
        elif file in table:
            faults[file] = f"row {number} of policies.csv is a second row for it; keep one"
        table[file] = cells
    return Table(table, faults)


def _header(rows: list[list[str]]) -> list[str]:
    header = [name.strip() for name in rows[0]] if rows else []
    if "file" not in header:
        raise BadMetadata("policies.csv needs a first line with the names of its columns, among them `file`")
    for name in header:
        if name not in {"file", *KEYS}:
            meant = meant_name(name.lower(), ("file", *KEYS))
            raise BadMetadata(f"policies.csv has a column {name!r}{meant}. Its columns are file, {', '.join(KEYS)}")
    if len(set(header)) < len(header):
        raise BadMetadata("policies.csv has the same column twice")
    return header


def _miscounted(row: list[str], header: list[str]) -> str:
    return f"{len(row)} cell{'' if len(row) == 1 else 's'} under {len(header)} columns; quote a cell that holds a comma"
