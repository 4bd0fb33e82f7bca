"""What an arithmetic expression comes to, from its numbers and signs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

MOST_DEEP = 8  # brackets within brackets

_SAME = {
    "×": "*", "✕": "*", "·": "*", "x": "*", "times": "*", "multiplied by": "*", "of": "*",
    "÷": "/", "divided by": "/", "plus": "+", "−": "-", "–": "-", "minus": "-",
}  # fmt: skip
_SMALL_MONEY = re.compile(r"\s?(?:p|pence|cents?)$", re.IGNORECASE)
_PERCENT = re.compile(r"\s?(?:%|per\s?cent|percent)$", re.IGNORECASE)


_WHOLE = re.compile(r"(?<![\w.])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_IN_PENCE = re.compile(r"\b\d+(?:\.\d+)?\s?(?:p|pence|cents?)\b", re.IGNORECASE)
_PARTS = (
    ("half|halves", "2 0.5 50 %"), ("thirds?", "3"), ("quarters?", "4 0.25 25 %"), ("twelfths?|months?|monthly", "12"),
    ("weeks?|weekly", "52"),
    ("twice|double", "2"), ("fifths?", "5"), ("tenths?", "10"),
)  # fmt: skip


@dataclass(frozen=True)
class Token:
    """A number, a sign or a word of a line."""

    kind: str
    text: str
    start: int
    end: int


def operands_of(text: str) -> str:
    """The text, and the numbers that one calculates with where it says half, a quarter, 45p or a month of a year."""
    more = [f"£{number(match)} €{number(match)} ${number(match)}" for match in _IN_PENCE.findall(text)]
    more += [numbers for word, numbers in _PARTS if re.search(rf"\b{word}\b", text, re.IGNORECASE)]
    return f"{text} {' '.join(more)}"


def differences(operands: Sequence[str], question: str) -> str:
    """What is left of the asker's numbers beyond each operand: of 12,000 miles 2,000 are beyond the first 10,000."""
    asked = {Decimal(plain) for match in _WHOLE.findall(question) if (plain := match.replace(",", ""))}
    of_line = {number(operand) for operand in operands}
    return " ; ".join(f"{one - other:f}" for one in asked for other in of_line if one > other)


def number(text: str) -> Decimal:
    """Its plain value: a percentage as its share of 1, pence as pounds."""
    value = Decimal(re.sub(r"[^\d.]", "", text))
    return value / 100 if _PERCENT.search(text) or _SMALL_MONEY.search(text) else value


def reckoned(tokens: Sequence[Token]) -> Decimal:
    """Multiplication before addition, brackets first. Raises ValueError, IndexError or decimal's own where it is not well formed."""
    waiting = [(token.kind, _SAME.get(token.text.lower(), token.text)) for token in tokens]
    value = _sum(waiting, 0)
    if waiting:
        raise ValueError(waiting[0][1])
    return value


def _sum(waiting: list[tuple[str, str]], depth: int) -> Decimal:
    value = _product(waiting, depth)
    while waiting and waiting[0][1] in ("+", "-"):
        sign = waiting.pop(0)[1]
        value = value + _product(waiting, depth) if sign == "+" else value - _product(waiting, depth)
    return value


def _product(waiting: list[tuple[str, str]], depth: int) -> Decimal:
    value = _factor(waiting, depth)
    while waiting and waiting[0][1] in ("*", "/"):
        sign = waiting.pop(0)[1]
        value = value * _factor(waiting, depth) if sign == "*" else value / _factor(waiting, depth)
    return value


def _factor(waiting: list[tuple[str, str]], depth: int) -> Decimal:
    kind, text = waiting.pop(0)
    if kind == "number":
        return number(text)
    if text != "(" or depth >= MOST_DEEP:
        raise ValueError(text)
    value = _sum(waiting, depth + 1)
    if waiting.pop(0)[1] != ")":
        raise ValueError(text)
    return value
