"""The cases that documents tell apart: countries, kinds of contract, years of service, plans, as titles and tables name them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.answers import Case, Fact
from knowledge.figures import figures
from knowledge.places import countries, spelled_out
from knowledge.sentences import Unit, cells, units
from knowledge.values import Document
from knowledge.words import content_words, words

FACTS: tuple[Fact, ...] = ("country", "contract", "tenure", "plan")

_CONTRACT = re.compile(
    r"\b(permanent|fixed[- ]term|temporary|part[- ]time|full[- ]time|interns?|apprentices?|working students?|trainees?|contractors?"
    r"|agency workers?|freelancers?|casual|seasonal)\b",
    re.IGNORECASE,
)
_LENGTH = r"(?:up to|under|over|less than|more than|at least|from) \w+ (?:months?|years?)(?: of service)?"
_TENURE = re.compile(rf"\b(?:(?:during|after|in|on) probation|{_LENGTH})\b", re.IGNORECASE)
_PLAN = re.compile(r"\b(?:[Tt]he )?((?:[A-Z]\w+ ){1,3})[Pp]lan\b")
_SAYS_TENURE = re.compile(r"\b(?:\w+ (?:months?|years?)|probation|new(?:ly)?|just (?:started|joined))\b", re.IGNORECASE)
_UNCOUNTED = re.compile(r"\b(?:per|a|each|every|this|next|last|the) (?:months?|years?)\b", re.IGNORECASE)  # no length of service
_COLUMN: Mapping[Fact, re.Pattern[str]] = {  # the head of a table's first column
    "country": re.compile(r"\b(?:country|location|site)\b", re.IGNORECASE),
    "contract": re.compile(r"\b(?:contract|employment|kind of employee|working time)\b", re.IGNORECASE),
    "tenure": re.compile(r"\b(?:service|tenure|seniority|years? (?:with|at))\b", re.IGNORECASE),
    "plan": re.compile(r"\bplan\b", re.IGNORECASE),
}


def told_apart(fact: Fact, document: Document) -> frozenset[str]:
    """The cases that a document says it is for, by its title and by whom it applies to. Empty: everybody."""
    said = f"{document.title}, {document.applies_to}"
    if fact == "country":
        return frozenset(spelled_out(country) for country in countries(said))
    pattern = {"contract": _CONTRACT, "tenure": _TENURE, "plan": _PLAN}[fact]
    return frozenset(" ".join(name.lower().replace("-", " ").split()).removesuffix("s") for name in pattern.findall(said))


def names_case(fact: Fact, question: str) -> bool:
    """Whether the question says which case it is about, whatever the documents call it."""
    if fact == "country":
        return bool(countries(question))
    if fact == "tenure":
        return bool(_SAYS_TENURE.search(_UNCOUNTED.sub(" ", question)))
    return bool({"contract": _CONTRACT, "plan": _PLAN}[fact].search(question))


def rows_told_apart(fact: Fact, question: str, text: str, more_than: int) -> tuple[Case, ...]:
    """The rows of a table whose first column tells cases; empty for a short table, where the question names a row, or all say the same."""
    rows = [unit for unit in units(text) if unit.kind == "row" and _COLUMN[fact].search(cells(unit.header)[0])]
    names = tuple(_row_name(text, unit) for unit in rows)
    if len(rows) <= more_than or len(set(names)) < len(rows):
        return ()
    telling = {word for name in names for word in content_words(name)} - set(words(rows[0].header))
    said = {figures(" ".join(cells(text[unit.start : unit.end])[1:])) for unit in rows}
    return tuple(Case(fact, name) for name in names) if len(said) > 1 and not telling & set(content_words(question)) else ()


def _row_name(text: str, row: Unit) -> str:
    """As the table names it; a bare figure together with the head of its column."""
    name = cells(text[row.start : row.end])[0]
    return name if re.search(r"[A-Za-z]{2}", name) else f"{name} {cells(row.header)[0].lower()}"
