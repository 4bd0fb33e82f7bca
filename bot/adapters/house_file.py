"""The house rules' file: read strictly, and complained about by line; what is not understood there widens nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from bot.errors import Misconfigured
from bot.house_rules import NO_RULES, Grant, HouseRules, StoringApp
from knowledge.plain_yaml import TextLoader
from knowledge.values import AccessRule

_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,}")
_USER = re.compile(r"[UW][A-Z0-9]{2,}")
_PARTS = ("grants", "apps_that_store", "record_none", "follow_ups")
_CHANNEL_HOW = "write a channel's id (C…), which Slack shows at the end of the channel's details: a name can pass to another channel"
_USER_HOW = "write the app's user id (U…), which Slack shows in its profile"
_LABEL_HOW = "write an access label, such as groups:hr or people:priya,tom"


@dataclass(frozen=True)
class _Place:
    """Where a mistake stands."""

    file: Path
    line: int

    def wrong(self, what: str) -> Misconfigured:
        return Misconfigured(f"IBID_HOUSE_RULES: {self.file.name}, line {self.line}: {what}.")


def read_house_rules(file: Path | None) -> HouseRules:
    """Raises Misconfigured with the line, what is wrong there, and what to write."""
    if file is None:
        return NO_RULES
    root = _composed(file)
    if root is None:
        return NO_RULES
    parts = _fields(root, file, _PARTS, required=())
    follow_ups = _text(parts["follow_ups"], file) if "follow_ups" in parts else "on"
    if follow_ups not in ("on", "off"):
        raise _at(parts["follow_ups"], file).wrong("follow_ups is on or off")
    return HouseRules(
        grants=tuple(_grant(row, file) for row in _rows(parts, "grants", file)),
        apps_that_store=tuple(_app(row, file) for row in _rows(parts, "apps_that_store", file)),
        record_none=frozenset(_shaped(row, file, _CHANNEL, _CHANNEL_HOW) for row in _rows(parts, "record_none", file)),
        follow_ups=follow_ups == "on",
    )


def _composed(file: Path) -> yaml.Node | None:
    try:
        loader = TextLoader(file.read_text(encoding="utf-8-sig"))
        try:
            node = loader.get_single_node()
            if node is not None:
                loader.construct_document(node)  # a key that is given twice shows here
        finally:
            loader.dispose()
    except OSError as problem:
        raise Misconfigured(f"IBID_HOUSE_RULES: {file} cannot be read: {problem.strerror}.") from problem
    except UnicodeDecodeError as problem:
        raise Misconfigured(f"IBID_HOUSE_RULES: {file.name} is not UTF-8 text; save it as that.") from problem
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise _Place(file, line).wrong(f"does not parse: {problem.problem or 'not YAML'}") from problem
    except (yaml.YAMLError, RecursionError, TypeError) as problem:
        raise Misconfigured(f"IBID_HOUSE_RULES: {file.name} does not parse; docs/access.md shows one.") from problem
    return None if isinstance(node, yaml.ScalarNode) and not node.value else node


def _grant(row: yaml.Node, file: Path) -> Grant:
    names = ("channel", "label", "reason", "by", "until")
    fields = _fields(row, file, names, required=names)
    return Grant(
        channel=_shaped(fields["channel"], file, _CHANNEL, _CHANNEL_HOW),
        label=_label(fields["label"], file),
        reason=_text(fields["reason"], file),
        by=_text(fields["by"], file),
        until=_day(fields["until"], file),
    )


def _app(row: yaml.Node, file: Path) -> StoringApp:
    fields = _fields(row, file, ("app", "reason"), required=("app", "reason"))
    return StoringApp(app=_shaped(fields["app"], file, _USER, _USER_HOW), reason=_text(fields["reason"], file))


def _label(node: yaml.Node, file: Path) -> str:
    text = _text(node, file)
    try:
        rule = AccessRule.from_label(text)
    except ValueError as problem:
        raise _at(node, file).wrong(f"{text!r} is no access label; {_LABEL_HOW}") from problem
    if rule.everyone:
        raise _at(node, file).wrong(
            f"everyone is no label to grant: employees have it, and people from outside are granted nothing; {_LABEL_HOW}"
        )
    return rule.label


def _day(node: yaml.Node, file: Path) -> date:
    text = _text(node, file)
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise _at(node, file).wrong(f"{text!r} is no day; write the grant's last one as YYYY-MM-DD") from problem


def _shaped(node: yaml.Node, file: Path, form: re.Pattern[str], how: str) -> str:
    text = _text(node, file)
    if not form.fullmatch(text):
        raise _at(node, file).wrong(f"{text!r} is no id; {how}")
    return text


def _text(node: yaml.Node, file: Path) -> str:
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        raise _at(node, file).wrong("there must be words here")
    return str(node.value).strip()


def _rows(parts: Mapping[str, yaml.Node], name: str, file: Path) -> Iterator[yaml.Node]:
    node = parts.get(name)
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
        return
    if not isinstance(node, yaml.SequenceNode):
        raise _at(node, file).wrong(f"{name} is a list, each entry behind a hyphen")
    yield from node.value


def _fields(node: yaml.Node, file: Path, names: tuple[str, ...], *, required: tuple[str, ...]) -> Mapping[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise _at(node, file).wrong(f"this must have the fields {', '.join(names)}, each with a colon behind its name")
    for key, _ in node.value:
        if key.value not in names:
            raise _at(key, file).wrong(f"`{key.value}` is not known here; known: {', '.join(names)}")
    fields = {str(key.value): value for key, value in node.value}
    missing = [name for name in required if name not in fields]
    if missing:
        raise _at(node, file).wrong(f"`{missing[0]}` is missing; a rule without it does not count")
    return fields


def _at(node: yaml.Node, file: Path) -> _Place:
    return _Place(file, node.start_mark.line + 1)
