"""Do two documents that hold for the same people on the same day say different things? Then both are shown, and nobody guesses.

Held against each other are the sentences and rows that an answer cites and those of the other documents that were found. They are about
the same matter when they share their words; they disagree when the same measure has other values, or one says “not” and the other does
not. Versions of one document, and documents for different countries, contracts or plans, do not contradict each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

from bot.answers import Citation, Conflict
from bot.flows.told_apart import FACTS, told_apart
from knowledge.measures import measured
from knowledge.places import countries
from knowledge.plain_words import plain_words
from knowledge.sentences import Unit, cells, units
from knowledge.validity import current, lineage
from knowledge.values import Document, Hit
from knowledge.words import content_words, words

MOST = 2  # conflicts that one reply shows

# How many of the telling words of two units they share. Of the 770 sentences of the sample handbook that measure something, four pairs of
# two documents share so many, hold for the same people and give other values: one is a contradiction, one an exception to a rule.
SAME_MATTER = 0.42
TOLD_BY = 3  # words at the least, of a sentence
TOLD_BRIEFLY = 2  # of one that has hardly any other: laptops are replaced after four years
SAME_WORDS = 0.85  # from here on one is the other once more, and every figure counts, in its order
SAME_RULE = 0.7  # where one says “not” and no figure tells them apart

_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")
_NOT = re.compile(r"\b(?:not|no|never|cannot|nobody|neither|nor)\b|n['’]t\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Claim:
    """A sentence or a row, and what it says."""

    hit: Hit
    number: int
    unit: Unit

    @cached_property
    def text(self) -> str:
        return self.hit.passage.text[self.unit.start : self.unit.end]

    @cached_property
    def matter(self) -> frozenset[str]:
        """The telling words, without figures and without a “not”; of a row those of its first cell and of the head."""
        return _telling(f"{cells(self.text)[0]} {self.unit.header}" if self.unit.kind == "row" else self.text)

    @cached_property
    def lead(self) -> frozenset[str]:
        """The telling words of the sentence that leads to an item."""
        leading = self.hit.passage.text[self.unit.lead :].split("\n", maxsplit=1)[0] if self.unit.lead >= 0 else ""
        return _telling(leading)

    @cached_property
    def measures(self) -> Mapping[str, frozenset[str]]:
        """Of a row, by the heads of its columns."""
        if self.unit.kind != "row":
            return measured(self.text)
        columns = zip(cells(self.unit.header)[1:], cells(self.text)[1:], strict=False)
        return {f"{head}, {measure}": values for head, cell in columns for measure, values in _of_cell(cell).items()}

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """Every number in digits, in its order; of a row without its first cell, which is its name."""
        return tuple(_DIGITS.findall("|".join(cells(self.text)[1:]) if self.unit.kind == "row" else self.text))

    @cached_property
    def countries(self) -> frozenset[str]:
        """For whom the unit says that it is; else its heading; else its document."""
        told = (self.text, " ".join(self.hit.passage.path), f"{self.hit.document.title} {self.hit.document.applies_to}")
        return next((found for found in map(countries, told) if found), frozenset())

    @property
    def citation(self) -> Citation:
        return Citation(number=self.number, hit=self.hit, start=self.unit.start, end=self.unit.end)


def conflicts(cited: Sequence[Citation], found: Sequence[Hit], as_of: date) -> tuple[Conflict, ...]:
    """Each cited claim with what another of the found documents says of the same instead; each pair of documents once."""
    documents = {hit.document.id: hit.document for hit in (*(citation.hit for citation in cited), *found)}
    holding = current(documents.values(), as_of)
    after = 1 + max((citation.number for citation in cited), default=0)  # what the answer does not cite is numbered behind what it does
    numbers = {hit.passage.id: place for place, hit in enumerate(found, start=after)} | {one.hit.passage.id: one.number for one in cited}
    others: dict[str, list[_Claim]] = {}
    for hit in found:
        if hit.document.id in holding:
            others.setdefault(hit.document.id, []).extend(_claims(hit, numbers[hit.passage.id]))
    shown: dict[frozenset[str], Conflict] = {}
    for citation in cited:
        here = citation.hit.document
        rivals = [there for there in others if here.id in holding and _may_differ(here, documents[there], documents)]
        for claim in _claims(citation.hit, citation.number, citation.start, citation.end):
            for there in rivals:
                other = max(others[there], key=partial(_nearness, claim), default=claim)
                if disagree(claim, other):
                    shown.setdefault(frozenset({here.id, there}), Conflict(claim.citation, other.citation))
    return tuple(shown.values())[:MOST]


def disagree(one: _Claim, other: _Claim) -> bool:
    """Whether two claims are about the same matter and the same people, and say something else."""
    if one.countries and other.countries and not one.countries & other.countries:
        return False
    alike = _alike(one.matter, other.matter)
    if alike < SAME_MATTER or not _same_place(one, other):
        return False
    if _named_apart(one, other) and _named_apart(other, one):
        return False
    same = one.measures.keys() & other.measures.keys()
    if any(not (one.measures[measure] <= other.measures[measure] or other.measures[measure] <= one.measures[measure]) for measure in same):
        return True
    if alike >= SAME_WORDS and len(one.figures) == len(other.figures) and one.figures != other.figures:
        return True
    return alike >= SAME_RULE and one.unit.kind != "row" and bool(_NOT.search(one.text)) != bool(_NOT.search(other.text))


def _named_apart(one: _Claim, other: _Claim) -> bool:
    """Whether it speaks of what its title or headings name and the other never does: the dental excess is not the optical one."""
    there = other.hit.passage
    elsewhere = _telling(" ".join((other.hit.document.title, *there.path, there.text)))
    return bool(one.matter & _telling(" ".join((one.hit.document.title, *one.hit.passage.path))) - elsewhere)


def _nearness(one: _Claim, other: _Claim) -> tuple[bool, float]:
    """For a row the row of the same name comes first; else what shares most words."""
    return _row_name(one) is not None and _row_name(one) == _row_name(other), _alike(one.matter, other.matter)


def _same_place(one: _Claim, other: _Claim) -> bool:
    """Rows of the same name in like tables, items of like lists, or sentences that share enough to be told by it."""
    if one.unit.kind == "row" or other.unit.kind == "row":
        return _row_name(one) == _row_name(other)
    if one.lead and other.lead:
        return _alike(one.lead, other.lead) >= SAME_MATTER
    shared = len(one.matter & other.matter)
    return shared >= TOLD_BY or (shared >= TOLD_BRIEFLY and _alike(one.matter, other.matter) >= SAME_WORDS)


def _row_name(claim: _Claim) -> tuple[str, ...] | None:
    return tuple(words(cells(claim.text)[0])) if claim.unit.kind == "row" else None


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (len(one | other) or 1)


def _telling(text: str) -> frozenset[str]:
    return frozenset(word for word in content_words(_NOT.sub(" ", text)) if not any(sign.isdigit() for sign in word)) - plain_words()


def _may_differ(one: Document, other: Document, documents: Mapping[str, Document]) -> bool:
    """Whether both can hold for the same person: neither is a version of the other, and their cases do not exclude each other."""
    among = tuple(documents.values())
    if one.id == other.id or other.id in lineage(one, among) or one.id in lineage(other, among):
        return False
    cases = ((told_apart(fact, one), told_apart(fact, other)) for fact in FACTS)
    return all(not first or not second or first & second for first, second in cases)


def _claims(hit: Hit, number: int, start: int = 0, end: int | None = None) -> Iterator[_Claim]:
    """The units between two places; with the sentence that leads to a list, its items."""
    until = len(hit.passage.text) if end is None else end
    for unit in units(hit.passage.text):
        if (unit.start < until and unit.end > start) or start <= unit.lead < until:
            yield _Claim(hit, number, unit)


def _of_cell(cell: str) -> Mapping[str, frozenset[str]]:
    """A bare number is measured by its column."""
    bare = re.fullmatch(r"\d+(?:[.,]\d+)*", cell.strip())
    return {"": frozenset({cell.strip()})} if bare else measured(cell)
