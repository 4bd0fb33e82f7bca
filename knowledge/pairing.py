"""What a figure is said of: "£310 in New York, £260 in Boston" has both figures and both towns, and says nothing of £260 in New York."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.figures import figures
from knowledge.places import countries
from knowledge.words import FUNCTION_WORDS, stems, words

_SEGMENT = re.compile(r"[,;:()|·]\s|\s[–—-]\s|\s(?=(?:and|or|but|while|whereas|who|which)\s)|[.!?]\s", re.IGNORECASE)
_IN_FULL = re.compile(r"\bin full\b", re.IGNORECASE)
_SHARE = re.compile(r"\b(half|all|none|nothing|whole|in full)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<!^)\b[A-Z][a-z]+\b")
_ORDER = re.compile(r"\b(first|second|last)\b", re.IGNORECASE)
_MONTHS = "january february march april may june july august september october november december"
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty hundred first second last per cent"
_PARTS = "half all none nothing whole"
_PLAIN = frozenset(words(" ".join((*FUNCTION_WORDS, _NUMBERS, _PARTS, _MONTHS))))
_FUNCTION = frozenset(words(" ".join(FUNCTION_WORDS)))
_FIGURE = re.compile(r"[£€$]?\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|half)\b", re.IGNORECASE)
_OPENS = re.compile(r"\s*(?:after|before|in|for|during|with|without|on|at|under|as|by|from)\s", re.IGNORECASE)
LONGEST_OPENING = 7  # words
_ELSEWHERE = re.compile(r"\b(?:elsewhere|(?:all )?other (?:countries|continents|cities|places))\b", re.IGNORECASE)
_SAID_WITH = (  # what a figure is said with, and how a line may say so
    (
        re.compile(r"\b(?:after that|above that|beyond that|thereafter|afterwards)\b", re.IGNORECASE),
        re.compile(r"\b(?:after|above|beyond|thereafter|over|more than|then|later|rest|from)\b|[+−-]", re.IGNORECASE),
    ),
    (
        re.compile(r"\b(?:by|at) half\b|\bhalf (?:pay|the|of)\b", re.IGNORECASE),
        re.compile(r"\bhalf\b|\bhalv|50\s?(?:%|per)|÷ ?2|/ ?2|0\.5", re.IGNORECASE),
    ),
)
TOLD_APART_BY = 2  # words behind a figure, where the words before it tell nothing apart


@dataclass(frozen=True)
class Segment:
    """A piece of a sentence between its commas and conjunctions."""

    text: str
    figures: frozenset[tuple[str, str]]  # kind and value
    words: frozenset[str]
    before: frozenset[str]  # the first figure
    behind: frozenset[str]
    countries: frozenset[str]


def segments(text: str) -> tuple[Segment, ...]:
    """The pieces that say something, in order."""
    return tuple(map(_segment, pieces(text)))


@lru_cache(maxsize=512)
def _of_source(unit: str) -> tuple[Segment, ...]:
    """The pieces of a source's sentence, which many lines are held against."""
    return segments(unit)


def pieces(text: str) -> tuple[str, ...]:
    """The pieces between commas and conjunctions; one that only says of what or when ("after sickness, …") belongs to the next."""
    found: list[str] = []
    opening = ""
    for piece in _SEGMENT.split(text):
        if not piece or not piece.strip():
            continue
        if _OPENS.match(piece) and not _FIGURE.search(piece) and len(piece.split()) <= LONGEST_OPENING:
            opening = f"{opening} {piece}".strip()
            continue
        found.append(f"{opening} {piece}".strip())
        opening = ""
    return (*found, opening) if opening else tuple(found)


def mispaired(line: str, near: Sequence[str]) -> str:
    """A figure of the line that its source gives to something else, while what the line gives it to has another; empty for none."""
    there = [segment for unit in near for segment in _of_source(unit)]
    for said in segments(line):
        for kind, value in sorted(said.figures):
            holding = [segment for segment in there if (kind, value) in segment.figures]
            if not holding or len(said.words) < 1:
                continue
            where = frozenset[str]().union(*(segment.countries for segment in holding))
            if said.countries and where and not said.countries & where and kind in ("amount", "percent", "number"):
                return value
            if any(_belongs_to(said, holding, other, kind, _meant_on(other, holding, near)) for other in there if other not in holding):
                return value
    return ""


def _meant_on(other: Segment, holding: Sequence[Segment], near: Sequence[str]) -> frozenset[str]:
    """What stands before the first figure of a sentence goes on to be meant in its later pieces."""
    for unit in near:
        there = _of_source(unit)
        if other in there and there[0] in holding and other != there[0]:
            return there[0].before
    return frozenset()


def of_another_country(line: str, near: Sequence[str]) -> str:
    """A word of the line that its source says only of another country than the line does; empty where there is none."""
    of_units = [_of_source(unit) for unit in near]
    there = [segment for of_unit in of_units for segment in of_unit]
    later = [segment for of_unit in of_units for segment in of_unit[1:]]  # what a sentence begins with is said of all that follow
    for said in segments(line):
        if not said.countries:
            continue
        here = _everything(segment.text for segment in there if segment not in later or not segment.countries - said.countries)
        others = _everything(segment.text for segment in later if segment.countries and not segment.countries & said.countries)
        others -= _everything(_FIGURE.split(unit)[0] for unit in near if _FIGURE.search(unit))  # said of all the figures behind it
        named = any(segment.countries & said.countries for segment in there)
        if named and (apart := sorted((stems(said.text) & others) - here - _FUNCTION)):
            return apart[0]
    return ""


def _everything(texts: Iterable[str]) -> frozenset[str]:
    return frozenset[str]().union(*map(stems, texts))


def half_told(line: str, near: Sequence[str], known: str) -> str:
    """A figure of the line without what its source says of it: that it is for what comes after, that it is halved, or for one country."""
    there = [segment for unit in near for segment in _of_source(unit)]
    for value in sorted({value for said in segments(line) for value in said.figures}):
        holding = [segment for segment in there if value in segment.figures]
        if not holding:
            continue
        for pattern, told in _SAID_WITH:
            if all(pattern.search(segment.text) for segment in holding) and not told.search(line):
                return value[1]
        if _for_one_country(value, holding, there) and not _names_one(holding, f"{line} {known}"):
            return value[1]
    return ""


def _names_one(holding: Sequence[Segment], text: str) -> bool:
    """Whether the text names the country of the figure, or a place in it that is named there."""
    where = frozenset[str]().union(*(segment.countries for segment in holding))
    named = {name for segment in holding for name in _NAME.findall(segment.text)}
    return bool(where & countries(text) or named & set(_NAME.findall(text)))


def _for_one_country(value: tuple[str, str], holding: Sequence[Segment], there: Sequence[Segment]) -> bool:
    """Whether the figure is told of one country, and another of its kind of others."""
    others = [segment for segment in there if segment not in holding and _values(segment, value[0]) - {value[1]}]
    return all(segment.countries for segment in holding) and any(segment.countries or _ELSEWHERE.search(segment.text) for segment in others)


def _belongs_to(said: Segment, holding: Sequence[Segment], other: Segment, kind: str, goes_on: frozenset[str]) -> bool:
    """Whether what is said is told apart by this other piece's words alone, which has a figure of its own of that kind.

    `goes_on` are words that are meant in both: "the manager meets you within 2 weeks and decides within 6".
    """
    if not _values(other, kind) or _values(other, kind) & _values(said, kind):
        return False
    its = frozenset[str]().union(*(segment.words for segment in holding))
    if not other.before:  # "the limit is $310 in New York and $260 in Boston": what stands before the first figure is said of both
        its -= frozenset[str]().union(*(segment.before for segment in holding))
    of_other, of_it = said.words & other.words - its, said.words & its - other.words
    more = its - other.words or _orders(holding) - _values(said, "order") - _values(other, "order")
    if of_other and more and (not of_it or (not of_it - goes_on and (said.before & other.before & of_other or not other.before - its))):
        return True
    behind = frozenset[str]().union(*(segment.behind for segment in holding))
    for_other, for_it = said.behind & other.behind - behind, said.behind & behind - other.behind
    return len(for_other) >= TOLD_APART_BY and len(for_other) > len(for_it) and bool(behind - other.behind)


def _orders(holding: Sequence[Segment]) -> set[str]:
    return set[str]().union(*(_values(segment, "order") for segment in holding))


def _values(segment: Segment, kind: str) -> set[str]:
    return {value for one, value in segment.figures if one == kind}


def _segment(text: str) -> Segment:
    found: set[tuple[str, str]] = {(figure.kind, figure.value) for figure in figures(text)}
    found |= {("number", "in full") for _ in _IN_FULL.findall(text)}
    found |= {("share", word.lower()) for word in _SHARE.findall(text)}
    found |= {("order", word.lower()) for word in _ORDER.findall(text)}
    figure = _FIGURE.search(text)
    before, behind = (_telling(text[: figure.start()]), _telling(text[figure.end() :])) if figure else (frozenset[str](), frozenset[str]())
    return Segment(text, frozenset(found), _telling(text), before, behind, countries(text))


def _telling(text: str) -> frozenset[str]:
    return frozenset(word for word in stems(text) if word not in _PLAIN and not any(character.isdigit() for character in word))
