"""The three forms that a people file may have, read as one: YAML and JSON say all of it, CSV is a list of people with their groups."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import yaml

from bot.errors import Misconfigured
from knowledge.plain_yaml import WithoutSurprises

COLUMNS = ("id", "name", "full_name", "groups", "country", "contract", "admin", "guest", "deactivated")
_NEEDED = ("id", "name")
_YES_NO = {"": False, "no": False, "false": False, "0": False, "yes": True, "true": True, "1": True}


class _Loader(WithoutSurprises, yaml.SafeLoader):
    """With dates as dates."""


def read_people(file: Path) -> Mapping[str, object]:
    """As workspace.yaml says it: people, groups, channels. Raises Misconfigured."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise Misconfigured(f"IBID_PEOPLE_FILE: {file} cannot be read: {problem.strerror}.") from problem
    except UnicodeDecodeError as problem:
        kind = "YAML" if file.suffix.lower() in (".yaml", ".yml") else "UTF-8 text"
        raise Misconfigured(f"IBID_PEOPLE_FILE: {file} is not {kind}.") from problem
    match file.suffix.lower():
        case ".csv":
            content: object = _from_csv(file, text)
        case ".json":
            content = _from_json(file, text)
        case _:
            content = _from_yaml(file, text)
    if not isinstance(content, Mapping) or not isinstance(content.get("people"), Mapping):
        raise Misconfigured(f"IBID_PEOPLE_FILE: {file} needs `people:`, with a line for each person.")
    return content


def _from_yaml(file: Path, text: str) -> object:
    try:
        return yaml.load(text, _Loader)  # noqa: S506  # a SafeLoader, with less in it
    except yaml.MarkedYAMLError as problem:
        where = f", line {problem.problem_mark.line + 1}" if problem.problem_mark else ""
        raise Misconfigured(f"IBID_PEOPLE_FILE: {file}{where} is not YAML: {problem.problem}.") from problem
    except (yaml.YAMLError, RecursionError, TypeError, ValueError) as problem:
        raise Misconfigured(f"IBID_PEOPLE_FILE: {file} is not YAML.") from problem


def _from_json(file: Path, text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as problem:
        raise Misconfigured(f"IBID_PEOPLE_FILE: {file} is not JSON: {problem}.") from problem


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Who is named twice would have the rights of whichever stands last."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} is given twice")
    return found


def _from_csv(file: Path, text: str) -> Mapping[str, object]:
    rows = csv.DictReader(text.splitlines(), restkey="…", strict=True)
    try:
        columns = [column.strip() for column in rows.fieldnames or ()]
        rows.fieldnames = columns
        _check(file, columns)
        people: dict[str, dict[str, object]] = {}
        for row in rows:
            _add(people, row, file, rows.line_num)
    except csv.Error as problem:
        raise Misconfigured(f"IBID_PEOPLE_FILE: {file}, line {rows.line_num} is not CSV: {problem}.") from problem
    named = {str(group) for person in people.values() for group in _listed(person["groups"])}
    return {"people": people, "groups": {group: {} for group in named}, "groups_elsewhere": True}


def _check(file: Path, columns: list[str]) -> None:
    missing = [name for name in _NEEDED if name not in columns]
    if missing:
        raise Misconfigured(
            f"IBID_PEOPLE_FILE: {file} has no column {missing[0]!r} in its first line; are its columns separated by commas?"
        )
    unknown = [name for name in columns if name not in COLUMNS]
    if unknown:
        raise Misconfigured(f"IBID_PEOPLE_FILE: {file} has a column {unknown[0]!r}, which is not known; known: {', '.join(COLUMNS)}.")


def _add(people: dict[str, dict[str, object]], row: Mapping[str, str | None], file: Path, line: int) -> None:
    if "…" in row:
        raise Misconfigured(f"IBID_PEOPLE_FILE: {file}, line {line} has more fields than the first line; groups are separated by ;")
    given = {name: (value or "").strip() for name, value in row.items()}
    if not any(given.values()):
        return
    missing = [name for name in _NEEDED if not given[name]]
    if missing:
        raise Misconfigured(f"IBID_PEOPLE_FILE: {file}, line {line} has no {missing[0]}.")
    if given["name"] in people or any(given["id"] == person["id"] for person in people.values()):
        raise Misconfigured(f"IBID_PEOPLE_FILE: {file}, line {line} names somebody who stands above already.")
    for name in ("admin", "guest", "deactivated"):
        if given.get(name, "").lower() not in _YES_NO:
            raise Misconfigured(f"IBID_PEOPLE_FILE: {file}, line {line}: {name} is yes or no.")
    people[given["name"]] = {
        "id": given["id"],
        "name": given.get("full_name") or given["name"],
        "groups": [group.strip() for group in given.get("groups", "").split(";") if group.strip()],
        "country": given.get("country", ""),
        "contract": given.get("contract", ""),
        **{name: _YES_NO[given.get(name, "").lower()] for name in ("admin", "guest", "deactivated")},
    }


def _listed(groups: object) -> list[object]:
    return groups if isinstance(groups, list) else []
