"""Why sources do not carry a line: figures first, then names, then what it claims, then its words. Empty where they do.

A line is held against the sentences of its sources that it speaks of, each of its own sentences by itself: what stands elsewhere in the
same clause may be about somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from unicodedata import category

from bot.answers import Request, Source
from knowledge.alignment import leaned_on, nearest
from knowledge.bounds import other_period, other_side, share_told_whole, turned_span
from knowledge.brought import claimed_of_the_source
from knowledge.calculations import Calculation, calculations
from knowledge.contrasts import other_rates, turned_around
from knowledge.durations import changed_durations
from knowledge.edits import changed
from knowledge.figures import figures, unsupported
from knowledge.naming import strange_names, strange_words
from knowledge.pairing import half_told, mispaired, of_another_country
from knowledge.reckoning import differences, operands_of
from knowledge.roles import other_agent, other_possessor, other_role, other_subject, strange_roles, turned_roles
from knowledge.sentences import units
from knowledge.stance import Grounds, objection
from knowledge.support import support
from knowledge.table_cells import misplaced, of_another_row
from knowledge.words import stems

# A line is shown from this support on, where no rule speaks against it. On the tune half of evals/claims, wrong lines shown / right ones
# dropped, in %:    from 0        .4         .5         .6         .7         .8         .9
#   pairs          1.0 /  2.0  1.0 /  2.0  1.0 /  2.0  1.0 /  2.0  1.0 /  2.0  1.0 /  2.0  0.0 /  2.0
#   close          2.5 /  3.7  2.5 /  3.7  2.5 /  3.7  2.5 /  3.7  2.5 /  3.7  2.5 /  3.7  1.9 / 10.6
#   free           3.6 / 53.3  3.0 / 55.2  3.0 / 55.2  3.0 / 57.6  2.4 / 65.5  2.4 / 79.4  1.2 / 89.7
# The rules have done the work by then: from .6 on a point fewer wrong ones costs ten right ones.
LEAST_SUPPORT = 0.5

_NUMBERED = re.compile(r"^(?:\d+\.)+\d*\s+")  # the number of a heading is no figure of it
_BROUGHT = re.compile(r"[£€$]?\d\S*(?:\s\w+)?")  # a number of the question, with what it counts
_ODD_FIGURES = ("Nl", "No")  # Ⅴ, ², ½


@dataclass(frozen=True)
class Said:
    """One sentence of a line, with those of the sources that it speaks of: the closest first."""

    text: str
    near: tuple[str, ...]
    leaned_on: str  # what those mean by "it"
    reckoned: str  # the sentence with what its calculations are made from in their places

    @property
    def there(self) -> str:
        return "\n".join(self.near)


@dataclass(frozen=True)
class Held:
    """A line, and what it is held against."""

    text: str  # without bold
    passages: str  # of all the sources it names
    whole: str  # the same with titles and headings
    places: str  # the titles and headings alone
    question: str
    company: str
    reckoned: tuple[Calculation, ...] = ()
    near: str = ""
    sentences: tuple[Said, ...] = ()


def held_against(text: str, cited: Sequence[Source], request: Request) -> Held:
    """What a line is to be judged by."""
    plain = text.replace("*", "")
    passages = "\n\n".join(source.hit.passage.text for source in cited)
    reckoned = calculations(plain)
    words = _without(plain, reckoned)
    sentences = [words[unit.start : unit.end] for unit in units(words)] or [words]
    made = _without(plain, reckoned, operands=True)
    whole = [made[unit.start : unit.end] for unit in units(made)] or [made]
    whole = whole if len(whole) == len(sentences) else sentences
    texts = [source.hit.passage.text for source in cited]
    near = [_nearest(one, texts) for one in sentences]
    return Held(
        text=plain,
        passages=passages,
        whole=" \n".join(_readable(source) for source in cited),
        places=" ".join(_place(source) for source in cited),
        question=request.question,
        company=request.company,
        reckoned=reckoned,
        near="\n".join(dict.fromkeys((*nearest(words, passages), *chain.from_iterable(near if len(cited) > 1 else ())))),
        sentences=tuple(
            Said(one, there, leaned_on(there, passages), with_operands)
            for one, there, with_operands in zip(sentences, near, whole, strict=True)
        ),
    )


def _nearest(sentence: str, texts: Sequence[str]) -> tuple[str, ...]:
    """Of each source, the source that says most of the sentence first."""
    of_each = [nearest(sentence, text) for text in texts]
    of_each.sort(key=lambda near: -len(stems(sentence) & stems(near[0])))
    return tuple(unit for near in of_each for unit in near)


def supported(held: Held) -> float:
    """The score of a line: that of the sentence which is carried least."""
    known = f"{held.places} {held.company} {_results(held)} {' '.join(_BROUGHT.findall(held.question))}"
    near = ((said, f"{said.there} {said.leaned_on} {known}") for said in held.sentences)
    return min((support(said.text, there, f"{held.whole} {known}") for said, there in near), default=1.0)


def reason_against(held: Held) -> str:
    """The first thing that is wrong with the line; empty where nothing is."""
    return next((reason for rule in RULES if (reason := rule(held))), "")


def _calculates_wrongly(held: Held) -> str:
    wrong = [one for one in held.reckoned if not one.holds]
    return f"calculates {held.text[wrong[0].start : wrong[0].end]}, which is not so" if wrong else ""


def _says_other_figures(held: Held) -> str:
    """Figures that stand neither in the source nor in a calculation; those of the question are never claimed of the source."""
    words = _without(held.text, held.reckoned)
    unproved = unsupported(words, held.whole, _results(held))
    if unproved and (unproved != figures(words) or held.reckoned):
        unproved = unsupported(words, held.whole, _results(held), held.question) or claimed_of_the_source(words, unproved)
    for one in held.reckoned:
        known = operands_of(f"{held.whole} {held.question}")
        unproved |= unsupported(" ; ".join(one.operands), known, _results(held), differences(one.operands, held.question))
    odd = {sign for sign in held.text if category(sign) in _ODD_FIGURES and sign not in f"{held.whole} {held.question}"}
    missing = sorted({*odd, *(figure.value for figure in unproved)})
    missing = missing or changed_durations(words, f"{held.whole} {_results(held)} {held.question}")
    return f"says {', '.join(missing)}, which is not in the cited source" if missing else ""


def _says_figures_of_others(held: Held) -> str:
    for said in held.sentences:
        known = f"{said.there} {said.leaned_on} {held.places} {held.question} {_results(held)}"
        if apart := unsupported(said.text, known):
            return f"says {', '.join(sorted(figure.value for figure in apart))}, which stands in other sentences of the cited source"
        if rate := other_rates(said.text, known):
            return f"says “{rate}”, which the cited sentences do not"
        if side := other_side(said.text, known):
            return f"says {side} where the cited source says the other side"
        if period := other_period(said.text, known):
            return f"says {period}, which the cited source says of another time"
        if span := turned_span(said.text, said.there):
            return f"says {span}, which the cited source has the other way round"
        if whole := share_told_whole(said.text, said.there):
            return f"says {whole} of what the cited source says a share of {whole} of"
        if word := of_another_country(said.text, said.near):
            return f"says “{word}” of another country than the cited source"
        if value := mispaired(said.reckoned, said.near) or half_told(said.reckoned, said.near, f"{held.places} {held.question}"):
            return f"says {value} of what the cited source says something else of"
    return ""


def _misreads_a_table(held: Held) -> str:
    for said in held.sentences:
        if value := misplaced(said.reckoned, held.passages, held.question):
            return f"says {value} of another row or column than the table"
        if word := of_another_row(said.text, held.passages, f"{held.places} {held.company}"):
            return f"says “{word}”, which stands in another row of the table"
    return ""


def _names_others(held: Held) -> str:
    strange = strange_names(_without(held.text, held.reckoned), f"{held.near} {held.places} {held.company}", f"{held.whole} {held.company}")
    return f"names {', '.join(strange)}, which the cited sentences do not" if strange else ""


def _says_it_of_others(held: Held) -> str:
    """Who does what, and at whose cost. The company is the company, by name or not."""
    for one in held.sentences:
        said, near = _level(one.text, held), [_level(unit, held) for unit in one.near]
        there = _level(f"{one.there} {one.leaned_on}", held)
        strange = strange_roles(said, f"{there} {held.places}") or [
            *filter(None, (other_agent(said, "\n".join(near)), other_subject(said, f"{near[0]} {one.leaned_on}"), other_role(said, near))),
            *filter(None, (other_possessor(said, there),)),
        ]
        if strange:
            return f"names {', '.join(strange)}, which the cited sentences do not"
        if turned_roles(said, near[0]):
            return "says of one what the cited source says of the other"
    return ""


def _level(text: str, held: Held) -> str:
    name = held.company.split(" ", maxsplit=1)[0]
    return re.sub(rf"\b{re.escape(name)}\b", "the company", text) if name else text


def _claims_otherwise(held: Held) -> str:
    for said in held.sentences:
        if word := turned_around(said.text, said.near[0]):
            return f"says “{word}” where the source says the opposite"
        if not held.reckoned and (edit := changed(said.text, said.near[0])):
            return f"changes a sentence of the source: {edit}"
    return objection(held.text, Grounds(held.near, held.whole, held.question))


def _says_other_words(held: Held) -> str:
    counted = " ".join(_BROUGHT.findall(held.question))  # "180 km", where the source spells the unit out
    unknown = strange_words(_without(held.text, held.reckoned), held.whole, held.company, counted)
    return f"speaks of {', '.join(unknown)}, which the cited source does not" if unknown else ""


def _puts_together(held: Held) -> str:
    """Words of the source, but not of the sentences that the line speaks of: what they say there may be about something else."""
    counted = " ".join(_BROUGHT.findall(held.question))
    for said in held.sentences:
        if apart := strange_words(said.text, said.there, said.leaned_on, held.places, held.company, _results(held), counted):
            return f"speaks of {', '.join(apart)}, which stands in other sentences of the cited source"
    return ""


def _is_carried_too_little(held: Held) -> str:
    score = supported(held)
    return f"is supported too little ({score:.2f})" if score < LEAST_SUPPORT else ""


RULES: tuple[Callable[[Held], str], ...] = (
    _calculates_wrongly,
    _says_other_figures,
    _names_others,
    _says_it_of_others,
    _says_figures_of_others,
    _misreads_a_table,
    _claims_otherwise,
    _says_other_words,
    _puts_together,
    _is_carried_too_little,
)


def _results(held: Held) -> str:
    """What the calculations come to, with the word behind it: "10 days"."""
    return " . ".join(f"{one.result} {' '.join(held.text[one.end :].split()[:2])}" for one in held.reckoned)


def _without(text: str, reckoned: Sequence[Calculation], operands: bool = False) -> str:
    """The words of a line around its calculations; in their places what they are made from, where that is wanted."""
    for one in sorted(reckoned, key=lambda one: -one.start):
        text = f"{text[: one.start]} {' '.join(one.operands) if operands else ''} {text[one.end :]}"
    return text


def _place(source: Source) -> str:
    """Title and headings, without the numbers that the headings have."""
    return " ".join((source.hit.document.title, *(_NUMBERED.sub("", heading) for heading in source.hit.passage.path)))


def _readable(source: Source) -> str:
    passage = source.hit.passage
    return f"{_place(source)} \n{passage.text.removeprefix(passage.clause)}"
