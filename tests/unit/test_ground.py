"""The check: a line is shown only with a source that was in the prompt and that holds its figures."""

from __future__ import annotations

import pytest

from bot.flows.ground import check
from bot.values import Dropped, Sentence
from tests.factories import a_request

REQUEST = a_request("4.1 Employees may carry over up to five days. They lapse on 31 March 2027.", "4.2 Managers may approve £200.")


def test_a_verbatim_sentence_is_proved_by_its_own_characters() -> None:
    sentence = check("They lapse on 31 March 2027. [1]", REQUEST)
    assert isinstance(sentence, Sentence)
    assert sentence.text == "They lapse on 31 March 2027."
    assert [citation.quote for citation in sentence.citations] == ["They lapse on 31 March 2027."]


def test_a_reworded_sentence_is_proved_by_the_sentence_that_it_shares_words_with() -> None:
    sentence = check("- You may carry over 5 days [1].", REQUEST)
    assert isinstance(sentence, Sentence)
    assert sentence.citations[0].quote == "Employees may carry over up to five days."


def test_two_sources_may_prove_one_line() -> None:
    sentence = check("You keep 5 days, and managers approve £200 [1][2]", REQUEST)
    assert isinstance(sentence, Sentence)
    assert [citation.number for citation in sentence.citations] == [1, 2]


def test_a_bracketed_number_of_the_documents_own_is_not_taken_for_a_source() -> None:
    request = a_request("4.1 The form is kept for a year, as in [2].", "4.2 Managers may approve £200.")
    for line in ("The form is kept for a year, as in [2] [1]", "4.1 The form is kept for a year, as in [2]. [1]"):
        sentence = check(line, request)
        assert isinstance(sentence, Sentence)
        assert [citation.number for citation in sentence.citations] == [1]
        assert "[2]" in sentence.text
    reworded = check("The form is kept for a year [2] [1]", request)
    assert isinstance(reworded, Sentence)
    assert [citation.number for citation in reworded.citations] == [2, 1]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("You may carry over five days.", "names no source"),
        ("You may carry over five days. [3]", "not in the prompt"),
        ("You may carry over five days. [0]", "not in the prompt"),
        ("You may carry over eight days. [1]", "says 8"),
        ("Managers approve £300. [2]", "says GBP 300"),
        ("Managers approve £200. [1]", "says GBP 200"),
        ("They lapse on 30 April 2027. [1]", "2027-04-30"),
        (" [1]", "says nothing"),
    ],
)
def test_what_is_not_proved_is_dropped_with_its_reason(line: str, reason: str) -> None:
    result = check(line, REQUEST)
    assert isinstance(result, Dropped)
    assert reason in result.reason


def test_a_figure_that_the_asker_brought_needs_no_source() -> None:
    request = a_request("4.1 Mileage is paid at £0.45 a mile.", question="I drove 180 miles, what do I get?")
    assert isinstance(check("For 180 miles it is £0.45 a mile. [1]", request), Sentence)
    assert isinstance(check("For 190 miles it is £0.45 a mile. [1]", request), Dropped)
