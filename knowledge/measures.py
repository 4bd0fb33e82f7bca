"""What is measured in a sentence, and with which values: so many days, an amount, a share, a date, a time of the day."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from knowledge.figures import figures, without_dates
from knowledge.words import words

_NUMBERS = "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty".split()
_VALUES = dict(zip(_NUMBERS, "2 3 4 5 6 7 8 9 10 11 12 15 20 30".split(), strict=True)) | {"one": "1"}
_QUALIFIED = (
    r"(?:working|calendar|full|further|paid|unpaid|consecutive|additional|more|complete|completed|separate|whole|business|extra|free)"
)
_NUMBER = rf"\d+(?:,\d{{3}})*(?:\.\d+)?|one|{'|'.join(_NUMBERS)}"
_COUNTED = re.compile(
    rf"(?<![\w.,£€$#-])(?<!clause )(?<!section )({_NUMBER})[ -](?:{_QUALIFIED} )*(?!{_QUALIFIED}\b)([a-z]{{3,}})\b", re.IGNORECASE
)
_CLOCK = re.compile(r"\b([01]?\d|2[0-3]):([0-5]\d)\b")
_NO_UNIT = frozenset("per cent percent and the than times euros euro pounds dollars gbp eur usd other more each for".split())


def measured(text: str) -> Mapping[str, frozenset[str]]:
    """The values of each measure of the text: {"day": {"5"}, "GBP": {"160"}, "percent": {"50"}, "date": {"--03-31"}}."""
    found: dict[str, set[str]] = defaultdict(set)
    for figure in figures(text):
        match figure.kind:
            case "amount":
                currency, _, value = figure.value.partition(" ")
                found[currency].add(value)
            case "percent" | "date":
                found[figure.kind].add(figure.value)
    for hour, minute in _CLOCK.findall(text):
        found["clock"].add(f"{int(hour)}:{minute}")
    for number, noun in _COUNTED.findall(_CLOCK.sub(" ", without_dates(text))):
        if noun.lower() not in _NO_UNIT:
            found[" ".join(words(noun))].add(_VALUES.get(number.lower(), number.replace(",", "")))
    return {measure: frozenset(values) for measure, values in found.items()}
