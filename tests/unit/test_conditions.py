"""Dropping never makes an answer say more, and what remains answers the question or is no answer."""

from __future__ import annotations

import pytest

from bot.answers import Dropped, Request, Sentence, Source
from bot.flows.answers_it import answers_it
from bot.flows.conditions import missing_conditions
from bot.flows.ground import check
from tests.factories import a_hit, a_request


def added(request: Request, *lines: str) -> list[str]:
    """The conditions that are added to these lines, each of them proved or dropped first."""
    checked = [check(line, request) for line in lines]
    shown = [one for one in checked if isinstance(one, Sentence)]
    missing = missing_conditions(shown, [one for one in checked if isinstance(one, Dropped)], request.sources)
    assert all(one.condition for one in missing)
    return [one.text for one in missing]


def test_a_limit_that_stands_in_the_next_sentence_is_added_word_for_word() -> None:
    request = a_request("4.1 Employees get 5 days for a move. This does not apply in the first year. Requests go to Harbour.")
    assert added(request, "You get 5 days for a move. [1]") == ["This does not apply in the first year."]


def test_a_condition_of_the_cited_sentence_that_the_line_left_out_brings_the_sentence() -> None:
    text = "Employees get 5 days for a move, if the manager agrees in writing."
    assert added(a_request(f"4.1 {text}"), "You get 5 days for a move. [1]") == [text]


def test_a_condition_that_the_answer_has_is_not_said_twice() -> None:
    request = a_request("4.1 Employees get 5 days for a move, if the manager agrees in writing.")
    assert added(request, "You get 5 days for a move if your manager agrees in writing. [1]") == []
    assert added(request, "Employees get 5 days for a move, if the manager agrees in writing. [1]") == []


def test_what_a_dropped_line_said_of_the_same_paragraph_comes_back_from_the_clause() -> None:
    request = a_request("4.1 A gift may be kept. Gifts of cash are accepted only from family members.")
    assert added(request, "A gift may be kept. [1]", "Gifts of cash are accepted from family members and suppliers. [1]") == [
        "Gifts of cash are accepted only from family members."
    ]


def test_a_footnote_of_the_cited_row_is_added() -> None:
    text = "4.1 The rates are these.\n\n| Office | Rate |\n| --- | --- |\n| Boston* | $45 |\n| Berlin | €38 |\n\n* Not for contractors."
    assert added(a_request(text), "Office: Boston* · Rate: $45 [1]") == ["Not for contractors."]
    assert added(a_request(text), "Office: Berlin · Rate: €38 [1]") == []


def test_other_paragraphs_and_clauses_that_nothing_cites_add_nothing() -> None:
    request = a_request("4.1 Employees get 5 days for a move.\n\nNobody may sell leave.", "4.2 Cash is never accepted.")
    assert added(request, "Employees get 5 days for a move. [1]") == []


def test_nothing_is_added_where_nothing_is_shown() -> None:
    assert added(a_request("4.1 Cash is never accepted, unless agreed."), "Cash is accepted. [1]") == []


SIDE = Sentence("Requests are made in Harbour.", ())
LOST = Dropped("You may carry over 25 days.", "says 25")


def test_a_side_remark_does_not_answer_what_lost_its_figure() -> None:
    assert not answers_it("How many days can I carry over?", [SIDE], [LOST])
    assert not answers_it("How many days can I carry over?", [Sentence("They lapse on 31 March.", ())], [LOST])


@pytest.mark.parametrize("text", ["You may carry over up to 5 days.", "There is no limit."])
def test_another_line_with_what_is_asked_answers(text: str) -> None:
    assert answers_it("How many days can I carry over?", [SIDE, Sentence(text, ())], [LOST])


def test_what_lost_nothing_is_the_writers_judgement() -> None:
    assert answers_it("How many days can I carry over?", [SIDE], [])
    assert not answers_it("How many days can I carry over?", [], [])


def test_a_line_that_shares_no_word_with_the_question_does_not_answer_in_place_of_one_that_did() -> None:
    lost = Dropped("Dogs are allowed in the Berlin office.", "names")
    assert not answers_it("Can I bring my dog to the office?", [SIDE], [lost])
    assert answers_it("Can I bring my dog to the office?", [Sentence("A dog needs the manager's agreement.", ())], [lost])


def test_sources_are_told_apart_by_their_number() -> None:
    hits = (
        a_hit("4.1 Employees get 5 days. This does not apply to interns."),
        a_hit("4.2 Leave is paid. This does not apply abroad.", clause="4.2"),
    )
    sources = tuple(Source(number, hit) for number, hit in enumerate(hits, start=1))
    shown = check("Leave is paid. [2]", Request("q", sources, (), ""))
    assert isinstance(shown, Sentence)
    assert [one.text for one in missing_conditions([shown], [], sources)] == ["This does not apply abroad."]


def test_a_limit_in_three_currencies_is_not_said_again_for_the_other_two() -> None:
    request = a_request("4.1 Gifts worth up to £80, €90 or $100 per person may be accepted without approval.")
    assert added(request, "Gifts worth up to £80 per person may be accepted without approval. [1]") == []


@pytest.mark.parametrize("beside", ["Coffee at a working meeting is exempt.", "Anything above needs the head of department."])
def test_what_is_exempt_or_goes_further_stands_beside_the_rule(beside: str) -> None:
    request = a_request(f"4.1 Gifts worth up to £80 may be accepted. {beside}")
    assert added(request, "Gifts worth up to £80 may be accepted. [1]") == [beside]
