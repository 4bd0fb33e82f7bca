"""Which side of a figure is meant: before 23:00 and later than 23:00, from 23:00 to 06:00 and the other way round, one in twenty."""

from __future__ import annotations

import re

from knowledge.figures import Figure, figures

_ABOVE = (
    r"after|later than|since|over|above|more than|at least|no less than|no fewer than|not less than|a minimum of|longer than"
    r"|exceed(?:s|ing)?|older than|beyond|from"
)
_BELOW = (
    r"before|until|till|by|earlier than|under|below|less than|fewer than|up to|at most|no more than|not more than|no later than|within"
    r"|a maximum of|shorter than|younger than|no longer than"
)
_FIGURE = r"[£€$]?\d[\d,.:]*(?:\s?%|\sper\s?cent)?|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty)\b"
_THE = r"(?:the |about |any |a total of |its |their |your )?"
_BOUND = re.compile(rf"\b(?:(?P<above>{_ABOVE})|(?P<below>{_BELOW}))\s{_THE}(?P<figure>{_FIGURE})", re.IGNORECASE)
_BEHIND = re.compile(
    rf"(?P<figure>{_FIGURE})(?:\s\w+){{0,2}}?\s(?:(?P<above>or more|or over|or longer|or older|and above|and over|or above|at least)"
    r"|(?P<below>or less|or fewer|or under|and below|at most|or below|or younger))\b",
    re.IGNORECASE,
)
_PER = re.compile(
    rf"(?P<figure>{_FIGURE})(?:\s(?!per\b|an?\b|each\b|every\b|in\b|on\b|of\b|and\b|or\b)[\w-]+){{0,3}}?\s"
    r"(?:(?:an?|per|each|every|in any|in a|in each)\s(?:calendar |full |working |leave |tax )?"
    r"(?P<period>day|night|week|month|quarter|year|flight|mile)"
    r"|(?P<adverb>daily|nightly|weekly|monthly|quarterly|yearly|annually))\b",
    re.IGNORECASE,
)
_PERIOD_OF = {
    "daily": "day", "nightly": "night", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year", "annually": "year",
}  # fmt: skip
_CLOCK = r"\d{1,2}(?:[:.]\d\d)?\s?(?:a\.?m\.?|p\.?m\.?)?"
_FROM_TO = re.compile(rf"\b(?:between\s(?P<a>{_CLOCK})\sand|from\s(?P<b>{_CLOCK})\s(?:to|until|till))\s(?P<end>{_CLOCK})", re.IGNORECASE)
_N = r"\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|fifty|hundred"
_ONE_IN = re.compile(rf"\b(?P<some>{_N})\s(?:in|out of|of)\s(?:every\s)?(?P<all>{_N})\b", re.IGNORECASE)

_BEFORE_THAT = re.compile(r"\b(?:before (?:that|then)|until then|up to then)\b", re.IGNORECASE)
_AFTER_THAT = re.compile(r"\b(?:after that|afterwards|thereafter|above that|beyond that|from then)\b", re.IGNORECASE)

Side = tuple[Figure, str]


def other_side(line: str, near: str) -> str:
    """A figure that the line is on the one side of and its source only on the other; empty where there is none."""
    there = _sides(near)
    leant = {side for side, pattern in (("below", _BEFORE_THAT), ("above", _AFTER_THAT)) if pattern.search(near)}
    for figure, side in sorted(_sides(line), key=str):
        told = {one for other, one in there if other == figure}
        if told and side not in told | leant:
            return f"{side} {figure.value}"
    return ""


def other_period(line: str, near: str) -> str:
    """A figure that the line gives for another period than its source: six days a month, of six days a year; empty for none."""
    there = _periods(near)
    for figure, period in sorted(_periods(line), key=str):
        told = {one for other, one in there if other == figure}
        if told and period not in told:
            return f"{figure.value} a {period}"
    return ""


def turned_span(line: str, near: str) -> str:
    """A time from one hour to another that its source has the other way round; empty where there is none."""
    there = _spans(near)
    turned = sorted(span for span in _spans(line) if span[::-1] in there and span not in there)
    return " to ".join(turned[0]) if turned else ""


def share_told_whole(line: str, near: str) -> str:
    """Of "one in twenty" the twenty alone; empty where the share is told as one."""
    shares = {match["all"] for match in _ONE_IN.finditer(near)}
    of_all = frozenset[Figure]().union(*(figures(number) for number in shares))
    rest = figures(_ONE_IN.sub(" ", near))
    return next((figure.value for figure in figures(_ONE_IN.sub(" ", line)) & of_all - rest), "")


def _sides(text: str) -> set[Side]:
    found = [*_BOUND.finditer(text), *_BEHIND.finditer(text)]
    return {(figure, "above" if match["above"] else "below") for match in found for figure in figures(match["figure"])}


def _periods(text: str) -> set[Side]:
    return {
        (figure, _PERIOD_OF.get(match["adverb"] or "", match["period"] or "").lower())
        for match in _PER.finditer(text)
        for figure in figures(match["figure"])
    }


def _spans(text: str) -> set[tuple[str, str]]:
    return {(_level(match["a"] or match["b"]), _level(match["end"])) for match in _FROM_TO.finditer(text)}


def _level(clock: str) -> str:
    return ":".join(sorted((figure.value for figure in figures(clock)), reverse=True)) + ("" if ":" in clock else clock[-2:])
