"""The numbers, amounts, percentages and dates of a text, in one spelling, so that two texts can be held against each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

FigureKind = Literal["number", "percent", "amount", "date"]

_ONES = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_LARGE = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 1_000_000}  # each by itself: "two hundred" is 2 and 100
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_CURRENCIES = {
    "£": "GBP",
    "€": "EUR",
    "$": "USD",
    "gbp": "GBP",
    "eur": "EUR",
    "usd": "USD",
    "euro": "EUR",
    "euros": "EUR",
    "pounds": "GBP",
    "dollars": "USD",
}

_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATES = (
    re.compile(r"\b(?P<y>\d{4})-(?P<n>\d{2})-(?P<d>\d{2})\b"),
    re.compile(r"\b(?P<d>\d{1,2})(?:st|nd|rd|th)?(?: of)? " + _MONTH.format("m") + r"\.?(?:,? (?P<y>\d{4}))?\b", re.IGNORECASE),
    re.compile(r"\b" + _MONTH.format("m") + r"\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?\b(?!\d)(?:,? (?P<y>\d{4}))?", re.IGNORECASE),
    re.compile(r"\b" + _MONTH.format("m") + r"\.? (?P<y>\d{4})\b", re.IGNORECASE),
)
_NUMBER = r"\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_FIGURE = re.compile(
    rf"(?P<before>[£€$]|\b(?:GBP|EUR|USD)\s?)?(?<![\w.])(?P<number>{_NUMBER})"
    r"(?P<percent>\s?%|\s?per\s?cent\b|\s?percent\b)?(?P<after>\s?(?:[€£](?!\s?\d)|\b(?:GBP|EUR|USD|euros?|pounds|dollars)\b))?",
    re.IGNORECASE,
)
_WORD = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})(?:[- ](?P<unit>one|{'|'.join(_ONES)}))?|(?P<one>{'|'.join(_ONES)}))\b(?P<percent> per ?cent\b)?",
    re.IGNORECASE,
)


_LARGE_WORD = re.compile(rf"\b({'|'.join(_LARGE)})\b", re.IGNORECASE)
_HALF_DAY = re.compile(r"\b(1[0-2]|[1-9])(?:[:.](\d\d))?\s?(a|p)\.?m\b\.?", re.IGNORECASE)
_NOON = re.compile(r"\bnoon\b|\bmidday\b", re.IGNORECASE)
_ORDINALS = {
    "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7", "eighth": "8", "ninth": "9", "tenth": "10",
    "twelfth": "12", "eighteenth": "18",
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One figure. `value` is a plain decimal, "GBP 160" for an amount, "2026-01-31", "2026-01" or "--01-31" for a date."""

    kind: FigureKind
    value: str


def figures(text: str) -> frozenset[Figure]:
    """Every figure of the text. "One" is not one: it is a word of too many uses. A time of the day has 24 hours."""
    found: set[Figure] = set()
    text = _NOON.sub("12:00", _HALF_DAY.sub(_whole_day, text))
    for pattern in _DATES:
        text = pattern.sub(lambda match: _keep_date(match, found), text)
    for match in _FIGURE.finditer(text):
        found.add(_figure(match))
    for match in _WORD.finditer(text):
        found.add(_spelled(match))
    found |= {Figure("number", str(_LARGE[word.lower()])) for word in _LARGE_WORD.findall(text)}
    return frozenset(found)


def unsupported(line: str, *texts: str) -> frozenset[Figure]:
    """The figures of a line that stand in none of the texts. A bare number is supported by the same number in any use."""
    known = frozenset[Figure]().union(*(figures(text) for text in texts))
    values = {figure.value.rsplit(" ", 1)[-1] if figure.kind != "date" else figure.value[:4] for figure in known}
    values |= {str(int(figure.value[-2:])) for figure in known if figure.kind == "date" and len(figure.value) >= 7}  # "on the 31st"
    values |= {number for word, number in _ORDINALS.items() for text in texts if re.search(rf"\b{word}\b", text, re.IGNORECASE)}
    days = {"--" + figure.value[5:] for figure in known if figure.kind == "date" and len(figure.value) == 10}
    months = {figure.value[:7] for figure in known if figure.kind == "date"}
    return frozenset(
        figure
        for figure in figures(line)
        if figure not in known
        and not (figure.kind == "number" and figure.value in values)
        and not (figure.kind == "date" and (figure.value in days or figure.value in months))
    )


def without_dates(text: str) -> str:
    """The text with its dates taken out."""
    for pattern in _DATES:
        text = pattern.sub(" ", text)
    return text


def _keep_date(match: re.Match[str], found: set[Figure]) -> str:
    parts = match.groupdict()
    month = int(parts["n"]) if parts.get("n") else _MONTHS[parts["m"][:3].lower()]
    day = f"-{int(parts['d']):02d}" if parts.get("d") else ""
    if day and not 1 <= int(parts["d"]) <= 31:
        return match.group(0)
    year = parts.get("y") or "-"
    found.add(Figure("date", f"{year}-{month:02d}{day}"))
    return " "


def _whole_day(match: re.Match[str]) -> str:
    hour = int(match[1]) % 12 + (12 if match[3].lower() == "p" else 0)
    return f"{hour}:{match[2] or '00'}"


def _figure(match: re.Match[str]) -> Figure:
    value = _plain(re.sub(r"[,\s\u00a0\u202f]", "", match["number"]))
    currency = _CURRENCIES.get((match["before"] or match["after"] or "").strip().lower())
    if currency:
        return Figure("amount", f"{currency} {value}")
    return Figure("percent" if match["percent"] else "number", value)


def _spelled(match: re.Match[str]) -> Figure:
    if match["one"]:
        value = _ONES[match["one"].lower()]
    else:
        unit = (match["unit"] or "").lower()
        value = _TENS[match["tens"].lower()] + (1 if unit == "one" else _ONES.get(unit, 0))
    return Figure("percent" if match["percent"] else "number", str(value))


def _plain(text: str) -> str:
    try:
        value = Decimal(text).normalize()
    except InvalidOperation:
        return text
    return f"{value:f}"
