"""Sources carry the numbers in which the reader meets them."""

from __future__ import annotations

from bot.answers import Dropped, Request, Sentence
from bot.flows.ground import check
from bot.flows.numbering import Numbering
from tests.factories import a_request

REQUEST = a_request("4.1 Five days carry over.", "4.2 They lapse in March.", "4.3 Managers decide.")


def proved(line: str, request: Request = REQUEST) -> Sentence:
    sentence = check(line, request)
    assert isinstance(sentence, Sentence)
    return sentence


def numbers(sentence: Sentence) -> list[int]:
    return [citation.number for citation in sentence.citations]


def test_the_first_source_that_is_named_is_source_one_and_stays_it() -> None:
    numbering = Numbering()
    assert numbers(numbering.sentence(proved("They lapse in March. [2]"))) == [1]
    assert numbers(numbering.sentence(proved("Five days carry over, and they lapse in March. [1][2]"))) == [2, 1]
    assert numbers(numbering.sentence(proved("They lapse in March. [2]"))) == [1]


def test_sources_that_nothing_names_come_after_those_that_are_named_and_none_is_lost() -> None:
    numbering = Numbering()
    numbering.sentence(proved("Managers decide. [3]"))
    renumbered = numbering.sources(REQUEST.sources)
    assert [(source.number, source.hit.passage.clause) for source in renumbered] == [(1, "4.3"), (2, "4.1"), (3, "4.2")]


def test_a_dropped_line_keeps_pointing_at_its_source_and_an_invented_number_stays_what_it_is() -> None:
    numbering = Numbering()
    numbering.sentence(proved("Managers decide. [3]"))
    numbering.sources(REQUEST.sources)
    assert numbering.dropped(Dropped("Nine days. [1]", "says 9", (1, 3, 9))).sources == (2, 1, 9)
