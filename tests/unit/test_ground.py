"""The check: a line is shown only with a source that was in the prompt and that holds its figures."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answers import Dropped, Sentence
from bot.flows.ground import check
from tests.factories import a_request

REQUEST = a_request("4.1 Employees may carry over up to five days. They lapse on 31 March 2027.", "4.2 Managers may approve £200.")


def test_a_verbatim_sentence_is_proved_by_its_own_characters() -> None:
    sentence = check("They lapse on 31 March 2027. [1]", REQUEST)
    assert isinstance(sentence, Sentence)
    assert sentence.text == "They lapse on 31 March 2027."
    assert [citation.quote for citation in sentence.citations] == ["They lapse on 31 March 2027."]


def test_a_reworded_sentence_is_proved_by_the_sentence_that_it_shares_words_with() -> None:
    sentence = check("- You may carry over up to 5 days [1].", REQUEST)
    assert isinstance(sentence, Sentence)
    assert sentence.citations[0].quote == "Employees may carry over up to five days."


def test_two_sources_may_prove_one_line() -> None:
    sentence = check("You carry over up to 5 days, and managers may approve £200 [1][2]", REQUEST)
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
    assert [citation.number for citation in reworded.citations] == [1]


def test_word_for_word_counts_whichever_of_the_sources_named_says_it() -> None:
    sentence = check(
        "Write foo*bar*baz in the form. [1][2]", a_request("4.1 Write foo*bar*baz in the form.", "4.2 They lapse on 31 March.")
    )
    assert isinstance(sentence, Sentence)
    assert [citation.number for citation in sentence.citations] == [1]


def test_of_many_sources_that_a_line_names_only_those_are_cited_that_prove_it() -> None:
    both = a_request("4.1 Managers may approve £200.", "4.2 They lapse on 31 March.", "4.3 A manager may approve up to £200.")
    for line, proving in (("Managers may approve £200. [1][2]", [1]), ("Managers may approve £200. [2, 1]", [1])):
        sentence = check(line, both)
        assert isinstance(sentence, Sentence)
        assert [citation.number for citation in sentence.citations] == proving


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("You may carry over five days.", "names no source"),
        ("You may carry over five days. [1] Ask me.", "names no source"),
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


LEAVE = a_request("4.1 Employees get 25 days of leave. They may not sell it. A gift may be kept, unless the manager objects.")


@pytest.mark.parametrize(
    "line",
    [
        "Employees get 25 days of leave. [1]",
        "4.1 Employees get 25 days of leave [1].",
        "- They may not sell it. [1]",
        "Employees get 25 days of leave.  They may not sell it. [1]",
        "A gift may be kept, unless the manager objects [1][1].",
    ],
)
def test_whole_sentences_word_for_word_always_pass(line: str) -> None:
    assert isinstance(check(line, LEAVE), Sentence)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("5 days of leave. [1]", "says 5"),
        ("sell it. [1]", "not"),
        ("A gift may be kept [1]", "condition"),
        ("A gift may be kept, [1]", "condition"),
    ],
)
def test_a_piece_of_a_sentence_is_held_against_the_whole_sentence(line: str, reason: str) -> None:
    result = check(line, LEAVE)
    assert isinstance(result, Dropped)
    assert reason in result.reason


def test_a_source_named_within_the_line_is_a_citation_and_not_a_number_that_the_reader_sees() -> None:
    sentence = check("You may carry over up to 5 days [1], and managers may approve £200. [2]", REQUEST)
    assert isinstance(sentence, Sentence)
    assert sentence.text == "You may carry over up to 5 days, and managers may approve £200."
    assert [citation.number for citation in sentence.citations] == [1, 2]
    assert isinstance(check("You may carry over up to 5 days [9], and managers may approve £200. [2]", REQUEST), Dropped)


@pytest.mark.parametrize(
    "line",
    [
        "Employees get \u00b2\u2075 days of leave. [1]",  # raised
        "Employees get \u2464 days of leave. [1]",  # in a circle
        "Employees get 2\u202e5 days, 52 of leave. [1]",  # read from right to left
        "Employees get a hundred days of leave. [1]",
        "Employees get a dozen days of leave. [1]",
    ],
)
def test_a_figure_in_disguise_is_a_figure(line: str) -> None:
    assert isinstance(check(line, LEAVE), Dropped)


def test_what_cannot_be_seen_is_not_shown() -> None:
    sentence = check("Employees get 2\u200b5 days\u202e of leave.\x07 [1]", LEAVE)
    assert isinstance(sentence, Sentence)
    assert sentence.text == "Employees get 25 days of leave."


SIGNS = st.sampled_from("[]()*|-•.,;:!?0123456789 \n\t£€%aA'’")
ODD = st.text(st.one_of(SIGNS, st.characters()), max_size=200)
WRITTEN = st.text(st.one_of(SIGNS, st.characters(codec="utf-8")), max_size=200)  # what a file can hold


@given(ODD, st.lists(WRITTEN, min_size=1, max_size=3))
@example("\ud800 and [1]", ["4.1 So"])
@example("[1]", [""])
@example("| a | [1]", ["| a |\n| --- |\n"])
def test_whatever_is_said_about_whatever_source_there_is_a_verdict(line: str, texts: list[str]) -> None:
    request = a_request(*texts)
    for marked in (line, f"{line} [1]", f"{line} [1][2, 3]", f"{texts[0]} [1]"):
        assert isinstance(check(marked, request), Sentence | Dropped)
