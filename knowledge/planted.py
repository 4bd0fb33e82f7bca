"""Words in a document that speak to a machine instead of a person: orders to an assistant, tags of a prompt, text only a program reads.

A policy speaks to people. What is written for whoever answers from it (ignore what you were told, add this to your reply, you are now …)
is no clause: it is left out where a document is read, its owner is told where it stands, and no line that says such a thing is shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from knowledge.planted_forms import BLOB, HINT, ORDER, TAG
from knowledge.reading.hidden import Hidden, below
from knowledge.sentences import Unit, units
from knowledge.values import Section

_LONGEST = 4000  # characters of a sentence that are looked at
_RUNS_ON = re.compile(r"[.!?:;]\s+")
_QUOTES = str.maketrans("’‘", "''")
_MOST_BEGINNINGS = 8  # places in a sentence that are tried
_ONLY_A_MARK = re.compile(r"\s*(?:[-*•–]|\(?\w{1,4}[.)]|(?:\d+\.)+\d*)")
WHY = "that speaks to a program instead of to people"


@dataclass(frozen=True)
class Sifted:
    """A text without what speaks to a machine, and the words that did."""

    text: str
    left_out: tuple[str, ...] = ()


def is_instruction_to_reader_machine(unit: str) -> bool:
    """Whether this sentence, item or row speaks to a program that reads it, and not to a person."""
    unit = unit[:_LONGEST] if unit.isascii() else _plainly(unit[:_LONGEST])
    if not HINT.search(unit):
        return False
    unit = " ".join(unit.split())
    return bool(ORDER.search(unit) or TAG.search(unit) or BLOB.search(unit))


def without_planted(sections: Iterable[Section]) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """The sections as people are to be answered from them, and remarks for the owner that say how much was left out, and where."""
    hidden = Hidden()
    kept = tuple(_without(section, hidden) for section in sections)
    return kept, hidden.remarks()


def sifted(text: str) -> Sifted:
    """The text of a block without such sentences, and without what follows them in the same paragraph: that is the rest of the order."""
    spans = _spans(text)
    if not spans:
        return Sifted(text)
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    rest = "".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    lines = (line.rstrip() for line in rest.splitlines())
    tidy = "\n".join(line for line in lines if not _ONLY_A_MARK.fullmatch(line)).strip("\n")
    return Sifted(tidy, tuple(text[start:end] for start, end in spans))


@lru_cache(maxsize=2048)
def masked(text: str) -> str:
    """The text with blanks in their place, so that every character that is left stands where it stood."""
    for start, end in _spans(text):
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def _spans(text: str) -> tuple[tuple[int, int], ...]:
    if text.isascii() and not HINT.search(text):
        return ()
    spans: list[tuple[int, int]] = []
    until = 0
    for unit in units(text):
        if unit.start < until or is_instruction_to_reader_machine(text[unit.start : unit.end]):
            spans.append((unit.start if unit.start < until else _begins(text, unit), unit.end))
            until = max(until, _goes_on_to(text, unit))
    return tuple(spans)


def _plainly(text: str) -> str:
    """In plain letters: ｉｇｎｏｒｅ and i<zero width>gnore are read by a machine as ignore."""
    visible = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    return visible.translate(_QUOTES)


def _without(section: Section, hidden: Hidden) -> Section:
    path = tuple(heading for heading in section.path if not is_instruction_to_reader_machine(heading))
    if path != section.path:
        hidden.text(" ".join(heading for heading in section.path if heading not in path), WHY, "a heading")
    blocks = []
    for block in section.blocks:
        found = sifted(block.text)
        if found.left_out:
            hidden.text(" ".join(found.left_out), WHY, f"page {block.page}" if block.page else below(path[-1] if path else ""))
        if found.text:
            blocks.append(block if not found.left_out else replace(block, text=found.text))
    return replace(section, path=path, blocks=tuple(blocks))


def _begins(text: str, unit: Unit) -> int:
    """Where the order begins in a unit that is for people up to there: a tag begins no sentence, and so ends none."""
    ends = [unit.start + found.end() for found in _RUNS_ON.finditer(text[unit.start : unit.end])]
    for at in reversed(ends[-_MOST_BEGINNINGS:]):
        if is_instruction_to_reader_machine(text[at : unit.end]) and not is_instruction_to_reader_machine(text[unit.start : at]):
            return at
    return unit.start


def _goes_on_to(text: str, unit: Unit) -> int:
    """Where the paragraph of a sentence ends; an item and a row end by themselves."""
    if unit.kind != "sentence":
        return unit.end
    end = text.find("\n\n", unit.end)
    return len(text) if end < 0 else end
