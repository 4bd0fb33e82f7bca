"""Lengths of time: 8 days are not 8 weeks, though both say 8."""

from __future__ import annotations

import re

_NUMBERS = {
    word: str(number)
    for number, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
} | {"a": "1", "an": "1", "fifteen": "15", "twenty": "20", "thirty": "30"}  # fmt: skip
_QUALIFIED = r"(?:(?:working|calendar|full|further|paid|unpaid|consecutive|additional|more|complete|completed)\s+)*"
_DURATION = re.compile(rf"\b(\d+|{'|'.join(_NUMBERS)})\s+{_QUALIFIED}(minute|hour|day|week|month|quarter|year)s?\b", re.IGNORECASE)


def durations(text: str) -> frozenset[tuple[str, str]]:
    """("8", "week") for each length of time in the text."""
    return frozenset((_NUMBERS.get(number.lower(), number), unit.lower()) for number, unit in _DURATION.findall(text))


def changed_durations(line: str, whole: str) -> list[str]:
    """Those of the line whose number the text has with another unit only."""
    there = durations(whole)
    numbers = {number for number, _ in there}
    return sorted(f"{number} {unit}s" for number, unit in durations(line) - there if number in numbers)


def without_durations(text: str) -> str:
    """The text with its lengths of time taken out."""
    return _DURATION.sub(" ", text)
