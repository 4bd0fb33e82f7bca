"""Calculations that a line writes out, "25 × 0.4 = 10 days": what goes in, and whether what is said to come out does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation, localcontext
from itertools import pairwise

from knowledge.reckoning import Token, number, reckoned

MOST_TOKENS = 40  # of one calculation
UNIT_WORDS = 3  # that may follow a number: "25 days of leave × 0.4"

_NUMBER = (
    r"(?:[£€$]|\b(?:GBP|EUR|USD)\s)?(?<![\w.])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
    r"(?:\s?%|\s?per\s?cent\b|\s?percent\b|p\b|\s(?:pence|cents?)\b)?"
)
_TOKEN = re.compile(
    rf"(?P<number>{_NUMBER})"
    r"|(?P<equals>=|≈|\b(?:is|makes|equals|gives|comes to|amounts to)\b)"
    r"|(?P<sign>[()+×✕*·÷/−–-]|\b(?:x|times|plus|minus|divided by|multiplied by|of)\b)"
    r"|(?P<word>[^\W\d_][\w'’]*)|(?P<soft>\babout\b)|(?P<other>\S)",
    re.IGNORECASE,
)
_ROUNDED = re.compile(
    r"\brounded(?:\s(?P<way>up|down))?(?:\sto)?(?:\sthe\s(?:nearest|next)\s(?P<half>half\s)?[a-z]+(?:\s[a-z]+)?)?"
    r"[\s,:=]+(?:is\s|that is\s|to\s)?(?P<number>\d+(?:\.\d+)?)",
    re.IGNORECASE,
)
_LOOSE = frozenset("about roughly around some almost nearly just".split())
_WAYS = {"up": ROUND_CEILING, "down": ROUND_FLOOR, None: ROUND_HALF_UP}


@dataclass(frozen=True)
class Calculation:
    """One that is written out, and the run of the line that it takes."""

    start: int
    end: int
    operands: tuple[str, ...]  # as they are written, with their currency or percent sign
    result: str
    holds: bool


def calculations(line: str) -> tuple[Calculation, ...]:
    """Every calculation of the line, in order. What is rounded afterwards is one more, of the result before it."""
    return tuple(_found(line))


def _found(line: str) -> Iterator[Calculation]:
    run: list[Token] = []
    before: Token | None = None  # the number that stands before the brackets: "£81 (180 × 45p)"
    equals = False
    for token in _tokens(line):
        if not equals:
            equals = token.kind == "equals" and _calculates(run)
            if equals:
                continue
            opened = _continued(run, token)
            if token.text == "(" and len(opened) == 1:
                before = next((one for one in reversed(run) if one.kind == "number"), None)
            run = opened
            if before and token.text == ")" and run[:1] and run[0].text == "(" and _calculates(run):
                value = _worth(run)
                holds = value is not None and _rounds_to(value, before.text)
                yield Calculation(before.start, token.end, _operands(run), before.text, holds)
                before, run = None, []
            continue
        if token.kind == "word" and token.text.lower() in _LOOSE:
            continue
        if token.kind == "number":
            value = _worth(run)
            yield Calculation(run[0].start, token.end, _operands(run), token.text, value is not None and _rounds_to(value, token.text))
            yield from _rounded(line, token, value)
        run, equals = [token] if token.kind == "number" else [], False


def _tokens(line: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(line):
        kind = match.lastgroup or "other"
        yield Token(kind, match.group().strip(), match.start(), match.end())


def _continued(run: list[Token], token: Token) -> list[Token]:
    """The run with this token, or a new one where it cannot belong to it."""
    if token.kind in ("other", "equals") or len(run) >= MOST_TOKENS:
        return []
    if token.kind == "word":
        words = 0
        while words < len(run) and run[-1 - words].kind == "word":
            words += 1
        return [*run, token] if run and words < UNIT_WORDS else []
    last = next((one for one in reversed(run) if one.kind != "word"), None)
    if last is not None and last.kind == "number" and (token.kind == "number" or token.text == "("):
        return [token]
    if last is None:
        return [token] if token.kind == "number" or token.text == "(" else []
    return [*run, token]


def _calculates(run: Sequence[Token]) -> bool:
    """Two numbers with a sign between them; "of" counts for a share of something only, and a hyphen stands between spaces."""
    signs = [token for token in run if token.kind == "sign" and token.text not in "()"]
    if sum(token.kind == "number" for token in run) < 2 or not signs:
        return False
    shares = any("%" in token.text or "cent" in token.text.lower() for token in run)
    joined = any(one.end == other.start for one, other in pairwise(run) if other.text in ("-", "–"))
    return not joined and (shares or all(sign.text.lower() != "of" for sign in signs))


def _operands(run: Sequence[Token]) -> tuple[str, ...]:
    return tuple(one.text for one in run if one.kind == "number")


def _worth(run: Sequence[Token]) -> Decimal | None:
    """What it comes to; None where it is not well formed. A bracket that opens before it is the sentence's."""
    signs = [one.text for one in run]
    run = run[1:] if signs[:1] == ["("] and signs.count("(") > signs.count(")") else run
    try:
        with localcontext() as context:
            context.prec = 40
            return reckoned([token for token in run if token.kind != "word"])
    except (IndexError, InvalidOperation, DivisionByZero, ValueError, RecursionError):
        return None


def _rounds_to(value: Decimal, result: str) -> bool:
    """To as many places as are written."""
    written = re.sub(r"[^\d.]", "", result)
    step = Decimal(1).scaleb(-len(written.partition(".")[2]) - (2 if number(result) != Decimal(written) else 0))
    try:
        return abs(value - number(result)) * 2 <= step
    except InvalidOperation:
        return False


def _rounded(line: str, result: Token, value: Decimal | None) -> Iterator[Calculation]:
    """What the line says that the result is rounded to."""
    match = _ROUNDED.search(line, result.end, result.end + 120)
    if match is None or value is None:
        return
    said = Decimal(match["number"])
    halves = bool(match["half"]) or said % 1 == Decimal("0.5")
    way = _WAYS[match["way"].lower() if match["way"] else None]
    whole = (value * 2).quantize(Decimal(1), way) / 2 if halves else value.quantize(Decimal(1), way)
    yield Calculation(match.start(), match.end(), (), match["number"], whole == said)
