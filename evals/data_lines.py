"""The lines of a folder's files: JSON objects and relevance judgements; a complaint names the file, the line and what is expected."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator
from pathlib import Path

JUDGED = "a question's id, a document's id and a score, separated by tabs (or the same with one column before the document's id)"

Entry = dict[str, object]
Grades = dict[str, dict[str, float]]  # question → document → grade, where it is above 0


class BadData(Exception):
    """A folder that cannot be measured. The message says what is wrong and what is expected."""


def lines(file: Path) -> Iterator[tuple[str, str]]:
    """What each line is called in a complaint, and the line; blank ones are none. Only a line feed ends a line: JSON may hold U+2028."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadData(f"{file}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadData(f"{file}: is not UTF-8 from byte {error.start} on; save it as UTF-8") from error
    return ((f"{file}, line {number}", line.strip("\r")) for number, line in enumerate(text.split("\n"), start=1) if line.strip())


def objects(file: Path, expected: str) -> Iterator[tuple[str, Entry]]:
    """The JSON object of each line, and what the line is called."""
    for where, line in lines(file):
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadData(f"{where}: is not JSON ({_reason(error)}); expected {expected}") from error
        if not isinstance(entry, dict):
            raise BadData(f"{where}: is JSON, but no object; expected {expected}")
        yield where, entry


def grades(file: Path, questions: Collection[str]) -> Grades:
    """qrels.tsv with or without a header. A score of 0 or less says that the document is no answer."""
    found: Grades = {}
    for number, (where, line) in enumerate(lines(file)):
        cells = [cell.strip() for cell in line.split("\t")] if "\t" in line else line.split()
        score = _number(cells[-1])
        if number == 0 and score is None and cells[0] not in questions:
            continue  # the header
        if len(cells) not in (3, 4) or score is None:
            raise BadData(f"{where}: expected {JUDGED}")
        if score > 0:
            of_question = found.setdefault(clean(cells[0]), {})
            document = clean(cells[-2])
            of_question[document] = max(score, of_question.get(document, 0.0))
    return found


def name_of(where: str, entry: Entry) -> str:
    """The id of a row or a question: text, or a whole number."""
    value = entry.get("id", entry.get("_id"))
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
        raise BadData(f'{where}: "id" must be text or a whole number')
    return clean(str(value)).strip()


def text_of(where: str, entry: Entry, key: str) -> str:
    """The text under a key; "" where there is none or it is null."""
    value = entry.get(key)
    if value is not None and not isinstance(value, str):
        raise BadData(f'{where}: "{key}" must be text')
    return clean(value or "")


def clean(text: str) -> str:
    """Without halves of characters: nothing could be embedded, printed or written with them."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _number(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _reason(error: Exception) -> str:
    return f"{error.msg}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else str(error).partition("\n")[0]
