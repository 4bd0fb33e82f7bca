"""The answer without a model: the best sentences of the sources, word for word, each with its number.

The best units are found by how well the search found them to meet the question, by the rare words they share with it, and by
the place of their source. What a unit leans on comes along: the sentence before its list, the header of its table.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answers import Request, Source
from bot.flows.words import ASKS_FIGURE
from knowledge.figures import figures
from knowledge.sentences import Unit, cells, units
from knowledge.table_cells import tables
from knowledge.verbatim import spoken
from knowledge.words import content_words, stems, words

MOST_LINES = 5
MOST_OF_SEVERAL = 3  # for each of several questions in one message
QUOTED_FROM = 6  # sources at most: a model finds the one that answers among more, quotes would only add what does not
FROM_ONE = 4  # lines that one source may give
NEAR_THE_BEST = 0.77  # a line is worth quoting from this share of the best line's score on
UNHEARD = 1.5  # the rarity of a word that no source has

# What makes a line the answer, besides its MaxSim with the question (which counts 1). Fitted on golden's `tune` half and rounded:
# at 3 lines a question 88 % of the drafts hold what they must and 62 % of the citations are right; with MaxSim, shared words and the
# source's score alone it is 86 % and 59 to 61 %.
SHARED_WORDS = 0.5
GOOD_SOURCE = 1.8  # times the source's score against the best one's
FIRST_SOURCE = 0.2
FIRST_OF_CLAUSE = 0.12
NO_FIGURE = -0.3  # where the question asks for one


@dataclass(frozen=True)
class _Candidate:
    source: Source
    unit: Unit
    score: float


def drafted(request: Request) -> tuple[str, ...]:
    """Lines for each question of the request in turn, no line twice."""
    if not request.parts:
        return draft(request.question, request.sources)
    lines = (line for question, sources in request.parts for line in draft(question, sources, MOST_OF_SEVERAL))
    return tuple(dict.fromkeys(lines))


def draft(question: str, sources: Sequence[Source], most: int = MOST_LINES) -> tuple[str, ...]:
    """Lines of verbatim text that end in [n]: the source of the best line first, each source's lines as they stand in it."""
    candidates = sorted(_candidates(question, sources[:QUOTED_FROM]), key=lambda candidate: -candidate.score)
    kept: list[_Candidate] = []
    for candidate in candidates:
        if len(kept) == most or candidate.score < NEAR_THE_BEST * candidates[0].score:
            break
        if sum(other.source is candidate.source for other in kept) < FROM_ONE:
            kept.append(candidate)
    kept = _without_leads(kept, most)
    order = list(dict.fromkeys(candidate.source.number for candidate in kept))
    kept.sort(key=lambda candidate: (order.index(candidate.source.number), candidate.unit.start))
    return tuple(f"{spoken(candidate.unit, candidate.source.hit.passage.text)} [{candidate.source.number}]" for candidate in kept)


def _without_leads(kept: Sequence[_Candidate], most: int) -> list[_Candidate]:
    """A sentence that only leads to a list says nothing by itself: its items say it, each with the sentence before it."""
    found: list[_Candidate] = []
    for candidate in kept:
        items = [unit for unit in units(candidate.source.hit.passage.text) if unit.lead == candidate.unit.start]
        if not items:
            found.append(candidate)
        elif not any(other.source is candidate.source and other.unit in items for other in kept):
            room = max(1, most - len(kept) + 1)
            found += [_Candidate(candidate.source, unit, candidate.score) for unit in items[:room]]
    return found


def _candidates(question: str, sources: Sequence[Source]) -> Iterator[_Candidate]:
    wanted = set(content_words(question))
    rarity = _rarity(sources)
    asks_figure = bool(ASKS_FIGURE.search(question))
    for source in sources:
        hit = source.hit
        place = GOOD_SOURCE * hit.score / (sources[0].hit.score or 1.0) + FIRST_SOURCE * (source is sources[0])
        beside = _beside_the_question(question, hit.passage.text)
        for number, unit in enumerate(units(hit.passage.text)):
            if unit.start in beside:
                continue
            score = place + _met(unit, source) + SHARED_WORDS * _shared(unit, source, wanted, rarity)
            score += FIRST_OF_CLAUSE * (number == 0)
            if asks_figure and not figures(hit.passage.text[unit.start : unit.end]):
                score += NO_FIGURE
            yield _Candidate(source, unit, score)


def _beside_the_question(question: str, text: str) -> set[int]:
    """Where the rows and items begin that are about something else: the question names another row of their table or item of their list."""
    there = [unit for unit in units(text) if unit.kind != "sentence"]
    found: set[int] = set()
    for table in tables(text):
        rows = [unit for unit in there if unit.kind == "row" and cells(unit.header) == table.heads]
        named = table.rows_named(question)
        found |= {unit.start for place, unit in enumerate(rows) if named and place not in named}
    asked = set(content_words(question))
    for lead in {unit.lead for unit in there if unit.kind == "item" and unit.lead >= 0}:
        items = [unit for unit in there if unit.lead == lead]
        own = asked - stems(" ".join(text[unit.start : unit.end] for unit in units(text) if unit.kind == "sentence"))
        said = [own & stems(text[unit.start : unit.end]) for unit in items]
        found |= {unit.start for unit, shared in zip(items, said, strict=True) if not shared and any(said)}
    return found


def _rarity(sources: Sequence[Source]) -> dict[str, float]:
    """How telling a word is, from the sources themselves: a word in each of them tells nothing apart."""
    holding = Counter(stem for source in sources for stem in set(words(source.hit.passage.text)))
    return {stem: math.log(1 + len(sources) / count) for stem, count in holding.items()}


def _met(unit: Unit, source: Source) -> float:
    return next((telling.score for telling in source.hit.telling if telling.start == unit.start), 0.0)


def _shared(unit: Unit, source: Source, wanted: set[str], rarity: dict[str, float]) -> float:
    """The share of the question's words that the unit has, rare ones counting more."""
    here = set(words(source.hit.passage.text[unit.start : unit.end])) | set(words(unit.header))
    whole = sum(rarity.get(stem, UNHEARD) for stem in wanted)
    return sum(rarity.get(stem, UNHEARD) for stem in wanted & here) / whole if whole else 0.0
