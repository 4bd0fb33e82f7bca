"""Reads a prompt as a model sees it: the numbered sources, sentence by sentence, and the question."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SOURCE = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
_DATED = re.compile(r" \(effective [\d-]+\)$")
_CLAUSE = re.compile(r"^\d+(?:\.\d+)+\.?\s+")
_ITEM = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+(?:\([a-z0-9]{1,3}\)\s+)?")
_RULE = re.compile(r"^\|[\s:|-]+\|$")
_MARKUP = re.compile(r"\*\*|__|`|\[([^\]]+)\]\([^)]*\)")
_END = re.compile(r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bNo\.)(?<!\bDr\.)(?<!\bSt\.)\s+(?=[\"“(]?[A-Z£€$\d])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, list item or table row of a source, as it stands there."""

    text: str
    number: int  # of the source
    place: str  # the source's title and headings


def fenced(prompt: str, name: str) -> str:
    """What stands between <name> and </name>; empty without them."""
    match = re.search(rf"<{name}>(.*?)</{name}>", prompt, re.DOTALL)
    return match.group(1).strip() if match else ""


def read_sources(text: str) -> list[Sentence]:
    """Every sentence of the numbered sources. A [3] inside a source is its own text: numbers only count upwards."""
    starts: list[re.Match[str]] = []
    for match in _SOURCE.finditer(text):
        if int(match.group(1)) == len(starts) + 1:
            starts.append(match)
    ends = [*(match.start() for match in starts), len(text)][1:]
    return [
        Sentence(said, int(start.group(1)), _DATED.sub("", start.group(2)))
        for start, end in zip(starts, ends, strict=True)
        for said in _sentences(text[start.end() : end])
    ]


def _sentences(text: str) -> Iterator[str]:
    lead = ""
    header: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = block.splitlines()
        if all(line.lstrip().startswith("|") for line in lines):
            header, *rows = (_cells(line) for line in lines if not _RULE.match(line.strip()))
            yield from filter(None, (_row(header, row) for row in rows))
        elif _ITEM.match(lines[0]):
            yield from (f"{lead} {_plain(_ITEM.sub('', item)).rstrip(';,')}".strip() for item in _items(lines))
        else:
            *whole, last = _END.split(_CLAUSE.sub("", _plain(" ".join(lines))))
            lead = last if last.endswith(":") else ""
            yield from (said for said in (*whole, last) if said and not said.startswith("#") and said != lead)


def _items(lines: list[str]) -> list[str]:
    items: list[str] = []
    for line in lines:
        if _ITEM.match(line) or not items:
            items.append(line)
        else:
            items[-1] += f" {line.strip()}"
    return items


def _cells(line: str) -> list[str]:
    return [_plain(cell) for cell in line.strip().strip("|").split("|")]


def _row(header: list[str], row: list[str]) -> str:
    """A row in words: "For London: Limit per night £180, Breakfast £15"; a first cell without a word in it keeps its column's name."""
    first, *others = [(name, cell) for name, cell in zip(header, row, strict=False) if cell] or [("", "")]
    about = first[1] if re.search(r"[A-Za-z]{2}", first[1]) else f"{first[0].lower()} {first[1]}"
    about = f"the {about}" if about.startswith("United ") else about.strip()
    return f"For {about}: {', '.join(f'{name} {cell}'.strip() for name, cell in others)}" if others else ""


def _plain(text: str) -> str:
    return " ".join(_MARKUP.sub(lambda match: match.group(1) or "", text).split())
