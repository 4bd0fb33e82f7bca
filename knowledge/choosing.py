"""The one choice when nothing says who may read it: everyone, some folders restricted, or stop. What is chosen stands in policies.csv."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.access_rules import in_a_cell
from knowledge.connectors.names import TABLE
from knowledge.errors import BadMetadata, CannotRead
from knowledge.policies_csv import read_table
from knowledge.policy import KEYS, NO_RULE
from knowledge.reading.cleaning import decode
from knowledge.values import AccessRule, Unread


@dataclass(frozen=True, order=True)
class Unruled:
    """A folder at the top of the source, and how many documents below it say nothing. The folder "" is the top itself."""

    folder: str
    documents: int


def without_a_rule(unread: Collection[Unread]) -> tuple[str, ...]:
    """Those of what a run could not take in that only lack a rule, by path."""
    return tuple(sorted(one.path for one in unread if NO_RULE in one.reason))


def choices(unruled: Collection[str]) -> tuple[Unruled, ...]:
    """The folders that a person is asked about, by name."""
    folders = Counter(path.partition("/")[0] if "/" in path else "" for path in unruled)
    return tuple(sorted(Unruled(folder, count) for folder, count in folders.items()))


def rules_for(unruled: Collection[str], restricted: Mapping[str, AccessRule]) -> dict[str, AccessRule]:
    """Everyone, but for what lies in the folders that are restricted; of two folders the inner one counts. Raises BadMetadata."""
    if idle := sorted(folder for folder in restricted if not any(_is_in(path, folder) for path in unruled)):
        raise BadMetadata(f"there is nothing without a rule in {idle[0] or 'the top folder'}; the folders are: {_listed(unruled)}")
    rules: dict[str, AccessRule] = {}
    for path in unruled:
        inner = max((folder for folder in restricted if _is_in(path, folder)), key=len, default=None)
        rules[path] = AccessRule(everyone=True) if inner is None else restricted[inner]
    return rules


def write_table(folder: Path, rules: Mapping[str, AccessRule]) -> None:
    """Write the rules into the folder's policies.csv, whole or not at all. Raises BadMetadata and CannotRead."""
    path = folder / TABLE
    if path.is_symlink():
        raise CannotRead(f"{TABLE} is a link; write the rules into the file that it leads to")
    try:
        existing = path.read_bytes() if path.exists() else None
        written = table_with(existing, rules)
        mode = path.stat().st_mode & 0o777 if existing is not None else 0o644
        _replace(path, written, mode)
    except OSError as error:
        raise CannotRead(f"{path} cannot be written ({error.strerror}); write the rules into it yourself") from error


def table_with(existing: bytes | None, rules: Mapping[str, AccessRule]) -> bytes:
    """The table with these rules: rows and columns stay as they were, an empty cell under `access` is filled, and the rest is added.

    A rule that is there already stays. Raises BadMetadata where the table as it is cannot be understood.
    """
    if existing is None or not existing.strip():
        existing = f"file,{','.join(KEYS)}\n".encode()
    if faults := read_table(existing).faults:
        raise BadMetadata(f"{next(iter(faults.values()))}; mend that first")
    text = decode(existing) if not _is_utf8(existing) else existing.decode("utf-8-sig")
    line_end = "\r\n" if "\r\n" in text else "\n"
    records = list(_records(text))
    header = [name.strip() for name in records[0][0]]
    complete = "access" in header
    if not complete:
        header.append("access")
    left, lines = dict(rules), list[str]()
    for place, (row, raw) in enumerate(records):
        changed = row if complete or len(row) != len(header) - 1 else [*row, "" if place else "access"]
        rule = left.pop(_file(row, header), None) if place else None
        if rule is not None and len(changed) == len(header) and not changed[header.index("access")].strip():
            changed = [*changed[: header.index("access")], in_a_cell(rule), *changed[header.index("access") + 1 :]]
        lines.append(raw if changed == row else _line(changed, line_end))
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += line_end
    for file, rule in sorted(left.items()):
        named = {"file": file, "access": in_a_cell(rule)}
        lines.append(_line([named.get(name, "") for name in header], line_end))
    mark = b"\xef\xbb\xbf" if existing.startswith(b"\xef\xbb\xbf") else b""
    return mark + "".join(lines).encode()


def _records(text: str) -> Iterator[tuple[list[str], str]]:
    """Each row, and the very letters that it was read from."""
    lines = io.StringIO(text, newline="").readlines()
    reader = csv.reader(lines, strict=True)
    before = 0
    for row in reader:
        yield row, "".join(lines[before : reader.line_num])
        before = reader.line_num


def _file(row: list[str], header: list[str]) -> str:
    column = header.index("file")
    return row[column].strip().removeprefix("./") if len(row) > column else ""


def _line(cells: list[str], line_end: str) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator=line_end).writerow(cells)
    return written.getvalue()


def _is_in(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/") if folder else "/" not in path


def _listed(unruled: Collection[str]) -> str:
    return ", ".join(one.folder or "the top folder" for one in choices(unruled))


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _replace(path: Path, content: bytes, mode: int) -> None:
    """Raises OSError."""
    descriptor, name = tempfile.mkstemp(prefix=".policies-", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(mode)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
