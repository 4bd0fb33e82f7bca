"""Abbreviations that documents explain themselves, as in "Paid Time Off (PTO)" or "PTO (paid time off)"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from knowledge.glossary import Entry, holds
from knowledge.plain_words import plain_words
from knowledge.words import FUNCTION_WORDS, words

LONGEST = 100  # characters before or behind an abbreviation that may explain it
_SHORT = r"[A-Z][A-Za-z]?[A-Z][A-Za-z]{0,4}?"
_BEHIND = re.compile(rf"\(({_SHORT})s?\)")
_BEFORE = re.compile(rf"\b({_SHORT})s? \(([A-Za-z][^()]{{3,{LONGEST}}})\)")
_SPOKEN = re.compile(r"(?:[A-Za-z][\w'’-]*[ \n])+$")
_WORD = re.compile(r"\w+")
_SMALL = frozenset("a an and at by for from in of on or the to with".split())


@dataclass(frozen=True)
class Abbreviation:
    """What is said short, and what it stands for."""

    short: str
    long: str
    stems: tuple[str, ...]  # of `long`


def met(question: str, known: Iterable[Abbreviation], whole: Callable[[str], bool]) -> tuple[Entry, ...]:
    """For the glossary: who says the one also means the other. `is` and `it` are words, only `IS` and `IT` are short for something."""
    said = set(_WORD.findall(question))
    spoken, stems = {word.lower() for word in said}, tuple(words(question))
    found = []
    for one in known:
        lower = one.short.lower()
        if one.short in said or (lower in spoken and not _a_word(lower, whole)):
            found.append(Entry((tuple(words(one.short)),), (one.long,)))
        elif one.stems[0] in stems and holds(stems, one.stems) and not _a_word(lower, whole):
            found.append(Entry((one.stems,), (one.short,)))
    return tuple(found)


def explained(text: str) -> Iterator[tuple[str, str]]:
    """("PTO", "Paid Time Off") for each that the text explains."""
    for match in _BEHIND.finditer(text):
        before = _SPOKEN.search(text[max(0, match.start() - LONGEST) : match.start()])
        if before and (found := _standing_for(match.group(1), before.group().split())):
            yield match.group(1), found
    for short, long in _BEFORE.findall(text):
        spoken = long.split()
        if all(word[0].isalpha() for word in spoken) and _standing_for(short, spoken) == " ".join(spoken):
            yield short, " ".join(spoken)


def agreed(found: Iterable[tuple[str, str]]) -> tuple[Abbreviation, ...]:
    """Those that are explained in one way: what is explained in two is not explained."""
    meant: dict[str, dict[tuple[str, ...], str]] = {}
    for short, long in found:
        meant.setdefault(short, {}).setdefault(tuple(words(long)), long.lower())
    once = {short: longs for short, longs in sorted(meant.items()) if len(longs) == 1}
    return tuple(Abbreviation(short, long, stems) for short, longs in once.items() for stems, long in longs.items())


def _a_word(lower: str, whole: Callable[[str], bool]) -> bool:
    return lower in FUNCTION_WORDS or not plain_words().isdisjoint(words(lower)) or whole(lower)


def _standing_for(short: str, spoken: list[str]) -> str:
    """The last words whose initials the letters are; small words may be passed over. Empty where there are none."""
    letters = [letter.lower() for letter in short]
    first = len(spoken)
    while letters and first:
        first -= 1
        if spoken[first][0].lower() == letters[-1]:
            letters.pop()
        elif spoken[first].lower() not in _SMALL:
            return ""
    return "" if letters else " ".join(spoken[first:])
