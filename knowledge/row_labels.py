"""The names of a table's rows that stand for many: 5 to 7 years, F1 to F3, Monday to Friday. Who says six years speaks of the first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import inf

_SPELLED = {
    word: number for number, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}  # fmt: skip
_N = rf"(\d+(?:\.\d+)?|{'|'.join(_SPELLED)})"
_UNITS = "minute|hour|day|week|month|quarter|year|mile|night"
_TOLD = re.compile(rf"\b{_N}(?:\s?(?:to|and|or|–|-)\s?{_N})?[\s-](?:\w+\s){{0,2}}?({_UNITS}|yr|mth|wk|hr)s?\b", re.IGNORECASE)
_SHORT = {"yr": "year", "mth": "month", "wk": "week", "hr": "hour"}
_COUNTED_UP = re.compile(rf"\b({_UNITS})s?\s{_N}(?:\s?(?:to|and|–|-)\s?{_N})?\b", re.IGNORECASE)
_SPAN = re.compile(rf"\b{_N}\s?(?:to|–|-)\s?{_N}\b", re.IGNORECASE)
_FROM = re.compile(
    rf"\b{_N}(?:\s(?:{_UNITS})s?)?\s(?:or more|and more|and over|or over|or longer)\b|\b(?:from|at least)\s{_N}\b", re.IGNORECASE
)
_OVER = re.compile(rf"\b(?:over|more than|above)\s{_N}\b", re.IGNORECASE)
_UP_TO = re.compile(rf"\b(?:up to|within|at most)\s{_N}\b", re.IGNORECASE)
_UNDER = re.compile(rf"\b(?:under|less than|below)\s{_N}\b", re.IGNORECASE)
_CODES = re.compile(r"\b([A-Z])(\d{1,2})\s?(?:to|–|-|and)\s?\1(\d{1,2})\b")
_CODE = re.compile(r"\b([A-Z])(\d{1,2})\b")
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_DAY_SPAN = re.compile(rf"\b({'|'.join(_DAYS)})s?\s?(?:to|–|-)\s?({'|'.join(_DAYS)})s?\b", re.IGNORECASE)
_WEEKEND, _WEEKEND_DAYS = re.compile(r"\bweekends?\b", re.IGNORECASE), re.compile(r"\b(?:satur|sun)days?\b", re.IGNORECASE)
_DAY = re.compile(rf"\b({'|'.join(_DAYS)})s?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """The lengths, bands and days that a text names."""

    lengths: tuple[tuple[float, str], ...]
    codes: tuple[tuple[str, int], ...]
    days: tuple[int, ...]
    weekend: bool


def named_in(text: str) -> Named:
    """What the rows of a table may stand for; kept nowhere, since the text may be a question."""
    codes = tuple((letter, int(number)) for letter, number in _CODE.findall(text))
    days = tuple(_DAYS.index(day.lower()) for day in _DAY.findall(text))
    return Named(_lengths(text), codes, days, bool(_WEEKEND.search(text)))


def stands_for(label: str, named: Named, head: str = "") -> frozenset[str]:
    """What a text names that this row's name stands for without saying it; `head` is what stands above it: completed years of service."""
    found: list[str] = []
    span, codes, days = _span(label), _CODES.search(label), _DAY_SPAN.search(label)
    if span:
        unit = f"{label} {head}".lower()
        found += [f"{number:g} {told}" for number, told in named.lengths if span[0] <= number <= span[1] and told in unit]
    if codes:
        low, high = int(codes[2]), int(codes[3])
        found += [f"{letter}{number}" for letter, number in named.codes if letter == codes[1] and low <= number <= high]
    if days:
        first, last = (_DAYS.index(day.lower()) for day in days.groups())
        found += [_DAYS[day] for day in named.days if first <= day <= last]
    if named.weekend and _WEEKEND_DAYS.search(label):
        found.append("weekend")
    return frozenset(found)


@lru_cache(maxsize=2048)
def _span(label: str) -> tuple[float, float] | None:
    if found := _SPAN.search(label):
        return _number(found[1]), _number(found[2])
    if found := _FROM.search(label):
        return _number(found[1] or found[2]), inf
    if found := _OVER.search(label):
        return _number(found[1]) + 1e-6, inf
    if found := _UP_TO.search(label):
        return 0, _number(found[1])
    if found := _UNDER.search(label):
        return 0, _number(found[1]) - 1e-6
    return None


def _lengths(text: str) -> tuple[tuple[float, str], ...]:
    """The numbers of units of time or distance in a text, each with its unit."""
    told = [(number, _SHORT.get(unit.lower(), unit.lower())) for first, last, unit in _TOLD.findall(text) for number in (first, last)]
    told += [(number, unit.lower()) for unit, first, last in _COUNTED_UP.findall(text) for number in (first, last)]
    return tuple((_number(number), unit) for number, unit in told if number)


def _number(text: str) -> float:
    return float(_SPELLED[text.lower()]) if text.lower() in _SPELLED else float(text)
