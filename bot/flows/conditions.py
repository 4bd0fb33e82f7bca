"""Dropping never makes an answer say more: a condition that the answer lacks is shown, word for word, from the clause it stands in.

What counts is only what bears on what was said: the sentences that shown lines rest on, what a line was dropped for that spoke of them,
the sentences and items beside them that begin with a condition, the sentence that introduces their list, and their footnotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answers import Citation, Dropped, Sentence, Source
from knowledge.figures import Figure, figures
from knowledge.sentences import Unit, units
from knowledge.verbatim import spoken, word_for_word
from knowledge.words import stems, telling_stems

MOST = 2  # conditions of one source that are added to an answer
SHARED = 2  # telling words that a unit has in common with a line that speaks of it
TOLD = 0.8  # of a condition's words an answer has from there on when it says the condition
OF_A_LINE = 0.5  # of a dropped line's words a unit has from there on when the line spoke of it

_CONDITION = re.compile(
    r"\b(?:unless|except\w*|excluding|only|provided|as long as|so long as|subject to|apart from|other than|up to"
    r"|no more than|not more than|if"
    r"|as far as|by the end|may agree|may be|for (?:children|adults|employees|those|people|groups)|within|at least"
    r"|at most|not|no|never|cannot"
    r"|must|once|where|when|while|under)\b",
    re.IGNORECASE,
)
_TURNS = re.compile(
    r"^(?:however|but|exceptions?|this does not|without|otherwise|instead|with their consent|longer|dearer"
    r"|during other|in other cases|other|anything (?:above|over|beyond|else|more)|above that|beyond that)\b"
    r"|\b(?:do|does|is|are|may|must|can|will|should|need)(?:\s(?:in|therefore|normally))?\s?(?:not\b|n['’]t\b)"
    r"|\bcannot\b|\bno (?:more|longer)\b"
    r"|\bnot (?:covered|paid|counted|pensionable)\b|\bexceptions?\b|\bexempt\b|\bexcept\b|\bonly\b|\bunless\b"
    r"|\bmust be present\b|\balso needs?\b",
    re.IGNORECASE,
)
_SPELLED = re.compile(r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b", re.IGNORECASE)
_NOTE = re.compile(r"(?<=[\w.,;)])(\*{1,3}|[†‡]|\[\^?[\w*]{1,3}\]|[¹²³⁴⁵⁶⁷⁸⁹])(?=[\s.,;:|)]|$)")
_PIECE = re.compile(
    r"[,;:()]\s|\s[–—-]\s|\s(?=(?:and|but|or|unless|except|if|provided|where|when|while|within|only"
    r"|as long as|as far as|up to|under|for)\s)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Place:
    """A unit of a source."""

    source: Source
    unit: Unit

    @property
    def text(self) -> str:
        return self.source.hit.passage.text[self.unit.start : self.unit.end]


def missing_conditions(sentences: Sequence[Sentence], dropped: Sequence[Dropped], sources: Sequence[Source]) -> tuple[Sentence, ...]:
    """The conditions to be added to these lines, in the order of their sources. None where nothing is shown."""
    cited = {citation.number for sentence in sentences for citation in sentence.citations}
    shown = " ".join(sentence.text for sentence in sentences)
    added: list[Sentence] = []
    for source in sources:
        if source.number in cited:
            there = _of_source(source, sentences, dropped)
            added += [_verbatim(place) for place in there if not _said(place, shown, sentences)][:MOST]
    return tuple(added)


def _of_source(source: Source, sentences: Sequence[Sentence], dropped: Sequence[Dropped]) -> tuple[_Place, ...]:
    """The units whose condition bears on what is said, in their order."""
    text = source.hit.passage.text
    there = units(text)
    rested = {place for sentence in sentences for place in _rested_on(sentence, source, there)}
    found = {place for place in rested if _CONDITION.search(_at(text, there[place]))}
    found |= {near for place in rested for near in _beside(place, there, text)}
    found |= {place for line in dropped if source.number in line.sources for place in _spoken_of(line.text, there, text, rested)}
    found |= {note for place in rested for note in _notes(place, there, text)}
    return tuple(_Place(source, there[index]) for index in sorted(found))


def _rested_on(sentence: Sentence, source: Source, there: Sequence[Unit]) -> Iterator[int]:
    spans = [(citation.start, citation.end) for citation in sentence.citations if citation.number == source.number]
    for index, unit in enumerate(there):
        if any(unit.start < end and start < unit.end for start, end in spans):
            yield index


def _beside(place: int, there: Sequence[Unit], text: str) -> Iterator[int]:
    """What limits a sentence from outside it: the next ones of its paragraph, and the one that introduces its list."""
    unit = there[place]
    if unit.kind == "sentence":
        for other in (place + 1, place + 2, place - 1):
            same = 0 <= other < len(there) and there[other].kind == "sentence" and _same_paragraph(unit, there[other], text)
            if same and _TURNS.search(_at(text, there[other])):
                yield other
    elif any(lead.start == unit.lead and _CONDITION.search(_at(text, lead)) for lead in there):
        yield place  # an item is shown with what introduces it


def _spoken_of(line: str, there: Sequence[Unit], text: str, rested: set[int]) -> Iterator[int]:
    """The units with a condition that a dropped line spoke of, where a shown one rests on the same paragraph."""
    wanted = telling_stems(line)
    for index, unit in enumerate(there):
        shared = wanted & stems(_at(text, unit))
        near = any(other == index or _same_paragraph(there[other], unit, text) for other in rested)
        if near and len(shared) >= SHARED and len(shared) >= OF_A_LINE * len(wanted) and _CONDITION.search(_at(text, unit)):
            yield index


def _notes(place: int, there: Sequence[Unit], text: str) -> Iterator[int]:
    """The footnotes whose mark stands in the unit or the header of its table."""
    unit = there[place]
    marks = {mark.group(1) for mark in _NOTE.finditer(f"{_at(text, unit)} {unit.header}")}
    for index, other in enumerate(there):
        if index != place and any(_line_of(text, other.start).startswith(mark) for mark in marks):
            yield index


def _line_of(text: str, start: int) -> str:
    """The line that a unit begins in, from its first character on: a note's mark stands before its words."""
    begin = text.rfind("\n", 0, start) + 1
    return text[begin : start + 1].lstrip() + text[start + 1 : start + 8]


def _same_paragraph(one: Unit, other: Unit, text: str) -> bool:
    between = text[min(one.end, other.end) : max(one.start, other.start)]
    return "\n\n" not in between


def _at(text: str, unit: Unit) -> str:
    return text[unit.start : unit.end]


def _said(place: _Place, shown: str, sentences: Sequence[Sentence]) -> bool:
    """Whether the answer has it: word for word, or each piece that holds a condition in its own words."""
    text = place.source.hit.passage.text
    if any(place.text.strip(" .;") in sentence.text or _whole(sentence, place, text) for sentence in sentences):
        return True
    pieces = [piece for piece in _PIECE.split(place.text) if piece and piece.strip()]
    holding = [piece for piece in pieces if _CONDITION.search(piece)]
    elsewhere = _in_other_money(place.text, shown)
    return all(_in(piece, shown, elsewhere) for piece in holding or [place.text])


def _in_other_money(text: str, shown: str) -> frozenset[Figure]:
    """The amounts that the clause has in other currencies beside one that is shown: £80, €90 or $100 is one limit."""
    here, told = ({figure for figure in figures(one) if figure.kind == "amount"} for one in (text, shown))
    currencies = {figure.value[:3] for figure in told}
    return frozenset(figure for figure in here if figure.value[:3] not in currencies) if here & told else frozenset()


def _in(piece: str, shown: str, elsewhere: frozenset[Figure]) -> bool:
    """Its words, and its figures in whatever spelling."""
    told = telling_stems(_SPELLED.sub(" ", piece))
    plain = {word for word in told if not any(character.isdigit() for character in word)}
    return len(plain & stems(shown)) >= TOLD * len(plain) and figures(piece) - elsewhere <= figures(shown)


def _whole(sentence: Sentence, place: _Place, text: str) -> bool:
    here = any(
        one.number == place.source.number and one.start <= place.unit.start and place.unit.end <= one.end for one in sentence.citations
    )
    return here and word_for_word(sentence.text, text)


def _verbatim(place: _Place) -> Sentence:
    hit = place.source.hit
    citation = Citation(number=place.source.number, hit=hit, start=place.unit.start, end=place.unit.end)
    return Sentence(spoken(place.unit, hit.passage.text), (citation,), condition=True)
