"""The words that a company adds and its admins edit: sensitive matters with their contacts, and where records are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from bot.answers import System
from bot.errors import Misconfigured
from bot.flows.own_record import Signpost
from bot.flows.sensitive import Topic
from knowledge.plain_yaml import TextLoader

_ON_ITS_OWN, _OF_ONESELF, _LIKE = "- on its own:", "- of oneself:", "- like:"
_EVERYDAY = "everyday"  # the heading of ordinary sentences
_LONGEST_CONTACT = 600  # characters: it stands before an answer
_KEYS = {"asked", "name", "form", "link", "default"}


def load_topics(path: Path) -> tuple[Topic, ...]:
    """The headings of sensitive.md. A missing file has none. Raises Misconfigured with the line and what to do."""
    if not path.exists():
        return ()
    lines = _read(path).splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("## ")]
    topics = [_topic(path, lines, start, end) for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
    names = [topic.name for topic in topics]
    for place, (start, name) in enumerate(zip(starts, names, strict=True)):
        if name in names[:place]:
            raise _wrong(path, start + 1, f"the heading `{name}` stands there twice; keep one of them")
    return tuple(topics)


def load_systems(path: Path) -> tuple[Signpost, ...]:
    """The entries of where_to.yaml in their order, the default last. Raises Misconfigured with the line and what to do."""
    try:
        node = yaml.compose(_read(path), Loader=TextLoader)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        raise _wrong(path, mark.line + 1 if mark else 1, f"is not YAML: {getattr(problem, 'problem', problem)}") from problem
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        raise _wrong(path, 1, "must be a list of entries, each with `asked` and `name`, and one with `default: true`")
    entries = [_signpost(path, entry) for entry in node.value]
    defaults = [number for number, entry in enumerate(entries) if not entry.asked]
    if len(defaults) != 1 or defaults[0] != len(entries) - 1:
        raise _wrong(path, node.end_mark.line, "needs one entry with `default: true`, as the last: it is named where no other fits")
    return tuple(entries)


def _topic(path: Path, lines: list[str], start: int, end: int) -> Topic:
    name = lines[start].removeprefix("## ").strip()
    contact: list[str] = []
    said: dict[str, list[str]] = {_ON_ITS_OWN: [], _OF_ONESELF: [], _LIKE: []}
    for number, line in enumerate(lines[start + 1 : end], start=start + 2):
        kind = next((kind for kind in said if line.lower().startswith(kind)), None)
        if kind:
            phrases = list(_phrases(line[len(kind) :], "|" if kind == _LIKE else ","))
            if not phrases:
                raise _wrong(path, number, f"no words after `{kind}`; write some, with commas between, or take the line out")
            said[kind] += phrases
        elif line.lstrip().startswith(("-", "*  ")):
            raise _wrong(path, number, f"write `{_ON_ITS_OWN} …`, `{_OF_ONESELF} …` or `{_LIKE} …`")
        elif line.strip():
            contact.append(line.strip())
    if name == _EVERYDAY and said[_LIKE] and not contact:
        return Topic(name, "", like=tuple(said[_LIKE]))
    if not name or not contact or len(" ".join(contact)) > _LONGEST_CONTACT:
        most = f"of at most {_LONGEST_CONTACT} characters"
        raise _wrong(path, start + 1, f"`## {name}` needs one or two sentences that say whom to speak to, {most}")
    if not any(said.values()):
        raise _wrong(path, start + 1, f"`## {name}` has no words by which it is known; write `{_ON_ITS_OWN} …`")
    return Topic(name, " ".join(contact), tuple(said[_ON_ITS_OWN]), tuple(said[_OF_ONESELF]), tuple(said[_LIKE]))


def _phrases(text: str, between: str) -> Iterator[str]:
    return filter(None, (phrase.strip() for phrase in text.split(between)))


def _signpost(path: Path, node: yaml.Node) -> Signpost:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        raise _wrong(path, line, "each entry has `asked`, `name` and perhaps `form` and `link`")
    said: dict[str, str] = {}
    asked: tuple[str, ...] = ()
    for key, value in node.value:
        if key.value not in _KEYS or key.value in said:
            known = ", ".join(sorted(_KEYS))
            raise _wrong(path, key.start_mark.line + 1, f"`{key.value}` is not known there, or given twice; known: {known}")
        if key.value == "asked":
            asked = _asked(path, value)
        elif not isinstance(value, yaml.ScalarNode) or not value.value.strip():
            raise _wrong(path, key.start_mark.line + 1, f"`{key.value}` needs words")
        said[key.value] = value.value.strip() if isinstance(value, yaml.ScalarNode) else ""
    if "name" not in said or ("asked" in said) == (said.get("default") == "true"):
        raise _wrong(path, line, "an entry needs `name`, and either `asked` or `default: true`")
    link = said.get("link", "")
    if link and (urlsplit(link).scheme != "https" or not urlsplit(link).hostname or re.search(r"[\s<>|]", link)):
        raise _wrong(path, line, f"`link` must be an address that begins with https://, and is {link!r}")
    return Signpost(asked, System(said["name"], said.get("form", ""), link))


def _asked(path: Path, node: yaml.Node) -> tuple[str, ...]:
    words = [item.value.strip() for item in node.value if isinstance(item, yaml.ScalarNode)] if isinstance(node, yaml.SequenceNode) else []
    if not words or not all(words) or len(words) != len(node.value):
        raise _wrong(path, node.start_mark.line + 1, "`asked` must be a list of words, such as [pay slip, salary]")
    return tuple(words)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as problem:
        raise Misconfigured(f"wording/{path.name} cannot be read: {problem.strerror}.") from problem
    except UnicodeDecodeError as problem:
        raise Misconfigured(f"wording/{path.name} is not UTF-8 text; save it as that.") from problem


def _wrong(path: Path, line: int, what: str) -> Misconfigured:
    return Misconfigured(f"wording/{path.name}, line {line}: {what}.")
