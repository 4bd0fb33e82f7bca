"""Makes one sentence false: one figure in it becomes another that none of the sources has."""

import re
from collections.abc import Iterator

_WORDS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
).split()
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_FIGURE = re.compile(
    rf"(?P<day>\b\d{{1,2}}(?= {_MONTH}))|(?P<year>(?<![\d.,£€$])\b(?:19|20)\d\d\b(?![,.]\d))"
    rf"|(?P<number>(?<![\w.,/:–-])\d{{1,3}}(?:,\d{{3}})+|(?<![\w.,/:–-])\d+)(?![\w:/–-]|[.,]\d)"
    rf"|(?P<word>\b(?:{'|'.join(_WORDS)})\b)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"\b(?:clause|section|paragraph|annex|form|page|§)\s*$", re.IGNORECASE)
_PREFERRED = ("number", "word", "day", "year")
INVENTED = "This has been so since {year}."


def falsified(sentence: str, truth: str) -> str | None:
    """The sentence with exactly one figure changed; None where it has none. `truth` is all that the new figure must not stand in."""
    found = [match for match in _FIGURE.finditer(sentence) if not _REFERENCE.search(sentence[: match.start()])]
    chosen = min(found, key=lambda match: _PREFERRED.index(match.lastgroup or ""), default=None)
    if chosen is None:
        return None
    known = _figures(truth)
    new = next(figure for figure in _others(chosen.group(), chosen.lastgroup or "") if _value(figure) not in known)
    return sentence[: chosen.start()] + new + sentence[chosen.end() :]


def invented(truth: str) -> str:
    """A false sentence where nothing has a figure that could be changed."""
    known = _figures(truth)
    return INVENTED.format(year=next(year for year in range(1961, 3000) if year not in known))


def _others(figure: str, kind: str) -> Iterator[str]:
    value = _value(figure)
    if kind == "word":
        yield from (word.capitalize() if figure[0].isupper() else word for word in _WORDS if _value(word) != value)
    if kind == "day":
        yield from (str((value + step) % 28 + 1) for step in range(2, 29) if (value + step) % 28 + 1 != value)
    step = 1 if value < 100 or kind == "year" else 10 ** (len(str(value)) - 2)
    while True:
        value += 7 * step
        yield f"{value:,}" if "," in figure else str(value)


def _figures(text: str) -> set[int]:
    words = {_value(word) for word in re.findall(r"[a-z]+", text.lower()) if word in _WORDS}
    return words | {_value(number) for number in re.findall(r"\d[\d,]*", text)}


def _value(figure: str) -> int:
    lower = figure.lower()
    return _WORDS.index(lower) + 2 if lower in _WORDS else int(figure.replace(",", ""))
