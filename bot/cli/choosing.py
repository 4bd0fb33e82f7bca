"""The one choice at the terminal when documents do not say who may read them; what is chosen stands in their policies.csv."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.index_shown import counted
from bot.cli.terminal import asked, can_ask, put

if TYPE_CHECKING:
    from bot.owner_socket import Line
    from bot.settings import Settings
    from knowledge.choosing import Unruled
    from knowledge.values import AccessRule

TOP = "the top folder"
WAYS = {"1": "everyone", "everyone": "everyone", "2": "folders", "folders": "folders", "3": "stop", "stop": "stop", "": "stop"}
Ask = Callable[[str], str]


def settled(settings: Settings, request: Line, unruled: Sequence[str]) -> bool:
    """Whether rules were written, so that another run finds them. Where nobody can be asked, what to do is said instead."""
    if settings.sources is not None and not request["folder"]:
        put(in_sources(settings.sources, unruled))
        return False
    folder = Path(str(request["folder"]) or settings.documents)
    if request["plan_only"] or not can_ask():
        put(elsewhere(folder, unruled))
        return False
    return _chosen(folder, unruled, _groups(settings))


def in_sources(file: Path, unruled: Sequence[str]) -> str:
    """Which lines of sources.yaml are missing."""
    of_source = Counter(path.partition("/")[0] for path in unruled)
    found = ", ".join(f"{count:,} of the source {name}" for name, count in of_source.items())
    names = " and ".join(f"`name: {name}`" for name in of_source)
    return (
        f"Nothing says who may read {counted(len(unruled), 'document')} ({found}). Write below {names} in {file} "
        "`access: everyone`, or `access: {groups: [hr]}`, and run `ibid index` again."
    )


def elsewhere(folder: Path, unruled: Sequence[str]) -> str:
    """What to do where nobody can be asked."""
    return (
        f"Nothing says who may read {counted(len(unruled), 'document')}. `ibid index` asks, at a terminal; or write into "
        f"{folder / 'policies.csv'} a first line `file,access` and one such as `{unruled[0]},everyone` for each of them; or set "
        "IBID_DEFAULT_ACCESS=everyone for all."
    )


def rules_wanted(unruled: Sequence[str], groups: frozenset[str] | None, ask: Ask, tell: Callable[[str], None]) -> dict[str, AccessRule]:
    """Ask until it is clear. A folder that is left out stays without a rule; nothing at all where the answer is to stop."""
    from knowledge.choosing import choices, rules_for

    folders = choices(unruled)
    read = "it" if len(unruled) == 1 else "them"
    tell(f"Nothing says who may read {counted(len(unruled), 'document')}, so nobody is answered from {read}:")
    for one in folders:
        tell(f"  {_called(one)}")
    tell("  1  everyone at the company may read them\n  2  some folders are for groups only\n  3  stop, and write nothing")
    while (way := WAYS.get(ask("Which? [3] ").lower())) is None:
        tell("Type 1, 2 or 3.")
    if way == "stop":
        return {}
    if way == "everyone":
        return rules_for(unruled, {})
    named = f" Groups are: {', '.join(sorted(groups))}." if groups else ""
    tell(f"For each folder type everyone, or the groups that may read it; Enter leaves it as it is, read by nobody.{named}")
    rules = {one.folder: _rule(one, groups, ask, tell) for one in folders}
    settled_on = {folder: rule for folder, rule in rules.items() if rule is not None}
    meant = [path for path in unruled if (path.partition("/")[0] if "/" in path else "") in settled_on]
    return rules_for(meant, settled_on)


def _rule(one: Unruled, groups: frozenset[str] | None, ask: Ask, tell: Callable[[str], None]) -> AccessRule | None:
    from knowledge.access_rules import read_rule

    while answer := ask(f"  {_called(one)}: "):
        try:
            return read_rule(answer if ":" in answer or answer.lower() == "everyone" else f"groups: {answer}", groups, None)
        except ValueError as problem:
            tell(f"    {problem}")
    return None


def _chosen(folder: Path, unruled: Sequence[str], groups: frozenset[str] | None) -> bool:
    from knowledge.choosing import write_table
    from knowledge.errors import BadMetadata, CannotRead

    rules = rules_wanted(unruled, groups, asked, put)
    if not rules:
        put("Nothing was written.")
        return False
    try:
        write_table(folder, rules)
    except BadMetadata as problem:
        put(f"Nothing was written: {problem}.")
        return False
    except CannotRead as problem:
        _print_table(folder, rules, str(problem))
        return False
    put(f"Written into {folder / 'policies.csv'}: {counted(len(rules), 'rule')}.")
    return True


def _print_table(folder: Path, rules: Mapping[str, AccessRule], problem: str) -> None:
    """For whoever may write there."""
    from knowledge.choosing import table_with

    path = folder / "policies.csv"
    existing = path.read_bytes() if path.is_file() else None
    put(f"{problem}. It should hold:\n")
    put(table_with(existing, rules).decode("utf-8-sig"))


def _groups(settings: Settings) -> frozenset[str] | None:
    """Those of the people file; None where no file names them, and Slack knows which there are."""
    from bot.adapters.file_directory import read_directory
    from bot.bootstrap import people_file

    file = people_file(settings)
    directory = read_directory(file) if file else None
    return directory.known_groups if directory else None


def _called(one: Unruled) -> str:
    return f"{one.folder or TOP} ({counted(one.documents, 'document')})"
