"""Access as people write it: `everyone`, `{groups: [hr, managers]}`, or in a cell `groups: hr managers`."""

from __future__ import annotations

import re
from difflib import get_close_matches

from knowledge.values import AccessRule

_FORMS = "write `everyone`, `{groups: [hr]}` or `{people: [wendy]}`; in a cell of policies.csv `groups: hr managers`"
_NAME = re.compile(r"[\w.@+-]+")


def read_rule(value: object, known_groups: frozenset[str] | None, known_people: frozenset[str] | None) -> AccessRule:
    """Raises ValueError on any other form and on names that do not exist: a rule that is not understood opens nothing."""
    kind, names = _kind_and_names(value)
    if kind == "everyone":
        return AccessRule(everyone=True)
    known = known_groups if kind == "groups" else known_people
    for name in sorted(names):
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not a name; {_FORMS}")
        if known is not None and name not in known:
            close = get_close_matches(name, sorted(known), n=1)
            who = "group" if kind == "groups" else "person"
            cure = f"did you mean {close[0]!r}?" if close else f"{kind} are: {', '.join(sorted(known))}"
            raise ValueError(f"there is no {who} {name!r}; {cure}")
    return AccessRule(groups=names) if kind == "groups" else AccessRule(people=names)


def in_a_cell(rule: AccessRule) -> str:
    """The rule as policies.csv has it, which `read_rule` reads back."""
    if rule.everyone:
        return "everyone"
    kind, names = ("groups", rule.groups) if rule.groups else ("people", rule.people)
    return f"{kind}: {' '.join(sorted(names))}"


def _kind_and_names(value: object) -> tuple[str, frozenset[str]]:
    if isinstance(value, str):
        text = value.strip()
        if text.lower() == "everyone":
            return "everyone", frozenset()
        kind, colon, rest = text.partition(":")
        value = {kind.strip(): re.split(r"[\s,;]+", rest.strip())} if colon else text
    if not isinstance(value, dict) or len(value) != 1:
        raise ValueError(f"{_short(value)} is not understood; {_FORMS}")
    ((kind, names),) = value.items()
    if isinstance(names, str):
        names = re.split(r"[\s,;]+", names.strip())
    named = isinstance(names, list) and bool(names) and all(isinstance(name, str) and name for name in names)
    if kind not in {"groups", "people"} or not named:
        raise ValueError(f"{_short(value)} is not understood; {_FORMS}")
    return str(kind), frozenset(names)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
