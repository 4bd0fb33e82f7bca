"""Is a line what a text says word for word? Whole sentences, items and rows only: half a sentence may say the opposite of the whole."""

from __future__ import annotations

from knowledge.sentences import Unit, cells, units, unnumbered

_ENDS = " .;:,!"  # what stands at the end of a unit and changes nothing of it


def spoken(unit: Unit, text: str) -> str:
    """A unit as a line of its own, with what it leans on: the sentence before its list, the header of its table. Nothing is reworded."""
    return _spoken(unit, text, units(text) if unit.lead >= 0 else ())


def _spoken(unit: Unit, text: str, there: tuple[Unit, ...]) -> str:
    line = _level(text[unit.start : unit.end])
    if unit.kind == "row":
        named = zip(cells(unit.header), cells(line), strict=False)
        return " · ".join(f"{name}: {cell}" if name else cell for name, cell in named if cell)
    line = line.rstrip(";").removesuffix("; and").removesuffix("; or").rstrip(";,")
    if unit.kind == "item" and unit.lead >= 0:
        lead = next((other for other in there if other.start == unit.lead), None)
        if lead:
            return f"{_level(text[lead.start : lead.end])} {line}"
    return line


def word_for_word(line: str, text: str) -> bool:
    """Whether the line is one unit of the text, or sentences of it that follow each other."""
    wanted = _bare(line)
    there = units(text)
    if any(_bare(_spoken(unit, text, there)) == wanted for unit in there):
        return True
    sentences = [_level(text[unit.start : unit.end]) if unit.kind == "sentence" else "" for unit in there]
    return any(_begins_with(wanted, sentences[first:]) for first in range(len(sentences)))


def _begins_with(wanted: str, sentences: list[str]) -> bool:
    """Whether the first of the sentences, in their order, are the whole of what is wanted."""
    rest = wanted
    for sentence in sentences:
        if sentence and rest == sentence.rstrip(_ENDS):
            return True
        if not rest.startswith(f"{sentence} "):
            return False
        rest = rest[len(sentence) + 1 :]
    return False


def _bare(text: str) -> str:
    return unnumbered(_level(text)).rstrip(_ENDS)


def _level(text: str) -> str:
    return " ".join(text.split())
