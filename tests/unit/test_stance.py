"""A line claims neither more nor less than the sentences it speaks of."""

from __future__ import annotations

import pytest

from knowledge.alignment import nearest
from knowledge.durations import changed_durations
from knowledge.naming import strange_names, strange_words
from knowledge.stance import Grounds, objection

CARRY = "Employees may carry over up to 5 days, unless the manager has refused in writing."


def objected(line: str, source: str) -> str:
    return objection(line, Grounds(source, source))


@pytest.mark.parametrize(
    ("line", "source", "reason"),
    [
        ("You can send pay slips to a private mailbox.", "Pay slips may not be sent to a private mailbox.", "a “not”"),
        ("You can't swap a turn.", "Employees may swap a turn.", "says “not”"),
        ("You must take one week at a time.", "Employees may take one week at a time.", "must be"),
        ("You must book by train.", "Trips should be booked by train.", "must be"),
        ("You have to book by train if you can.", "Trips should be booked by train where possible; a ticket must be kept.", "recommends"),
        ("The pension contribution may go on.", "The pension contribution goes on.", "may be"),
        ("You should keep the ticket.", "The ticket must be kept.", "recommendation"),
        ("Every employee gets a bicycle.", "Employees in Berlin get a bicycle.", "every"),
        ("It is always paid.", "It is paid in March.", "every"),
        ("You may carry over up to 5 days.", CARRY, "condition"),
        ("It is reimbursed if you keep the receipt.", "It is reimbursed only if the receipt is kept.", "“only”"),
        ("You may carry over 5 days, unless refused.", CARRY, "up to"),
    ],
)
def test_what_the_source_does_not_claim_is_objected_to(line: str, source: str, reason: str) -> None:
    assert reason in objected(line, source)


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("You may carry over up to 5 days, unless your manager has refused in writing.", CARRY),
        ("No, you can carry over 5 days at most, if your manager has not refused.", CARRY),
        ("You can keep it without approval.", "It may be kept; no approval is needed."),
        ("Nobody but the director may sign.", "Only the director may sign."),
        ("You need to keep the ticket.", "The ticket must be kept."),
        ("Anyone may ask.", "Every employee may ask."),
        ("The unused days lapse.", "Unused days are not paid out and lapse."),
    ],
)
def test_the_same_claim_in_other_words_is_not_objected_to(line: str, source: str) -> None:
    assert objected(line, source) == ""


def test_a_line_is_held_against_the_sentences_it_shares_words_with_and_no_others() -> None:
    text = "Hand luggage is free. A bicycle may be taken on a train. Nobody may take a car.\n\n- A ticket is kept."
    near = "\n".join(nearest("You may take your bicycle on the train.", text))
    assert "bicycle" in near
    assert "car" not in near


def test_a_row_comes_with_the_header_of_its_table_and_an_item_with_the_sentence_above_it() -> None:
    table = "| Tool | Who |\n| --- | --- |\n| Lingua | all |\n| CodeMate | engineers |"
    assert "Tool" in "\n".join(nearest("CodeMate is for engineers", table))
    assert "Lingua" not in "\n".join(nearest("CodeMate is for engineers", table))
    assert "granted" in "\n".join(
        nearest("the date was forgotten", "Exceptions are not granted when:\n- the date was forgotten\n- it rains")
    )


@pytest.mark.parametrize("name", ["Germany", "Thursday", "Harbour"])
def test_a_name_that_the_source_does_not_have_is_strange(name: str) -> None:
    assert strange_names(f"It is paid for {name} only", "It is paid.", "It is paid.")
    assert not strange_names(f"It is paid for {name} only", f"For {name} it is paid.", f"For {name} it is paid.")


def test_a_country_of_another_sentence_of_the_passage_is_strange_and_another_name_is_not() -> None:
    near, whole = "In Germany it is 30 days.", "In Germany it is 30 days. In the United States it is 10 days. Ask Harbour."
    assert strange_names("In the US it is 30 days", near, whole) == ["usa"]
    assert strange_names("It is 30 days, ask Harbour", near, whole) == []


def test_a_date_is_no_name() -> None:
    assert strange_names("It ends on 31 March 2027", "It ends on 2027-03-31.", "It ends on 2027-03-31.") == []


def test_a_code_of_another_row_is_strange() -> None:
    assert strange_names("In band F5 it is paid", "In band F6 it is paid.", "F5: no. F6: yes.") == ["F5"]
    assert strange_names("In band F6 it is paid", "In band F6 it is paid.", "F5: no. F6: yes.") == []


def test_a_length_of_time_keeps_its_unit() -> None:
    assert changed_durations("You give 8 days' notice", "The employee gives eight weeks' notice.") == ["8 days"]
    assert changed_durations("You give eight weeks' notice", "The employee gives 8 full weeks' notice.") == []
    assert changed_durations("You give notice for a month", "The notice is 1 month.") == []


def test_plain_words_and_figures_are_not_strange_and_the_words_of_a_rule_are() -> None:
    assert strange_words("Yes, you'll get it back within 5 days", "It is returned.") == []
    assert strange_words("You get parental leave first", "Employees get leave.") == ["parent", "first"]


def test_words_are_strange_by_their_stem() -> None:
    assert strange_words("You carried the bicycles and the bridge", "Carry a bicycle.") == ["bridg"]


def test_an_only_of_a_piece_that_the_line_does_not_speak_of_is_not_missed() -> None:
    source = (
        "Fernhill pays for an eye test every 2 years for employees who use a screen,"
        " and contributes £80 to glasses needed only for screen work."
    )
    assert objected("Fernhill pays for your eye test every 2 years if you use a screen.", source) == ""
    assert "“only”" in objected("Fernhill contributes £80 to your glasses if needed.", source)


def test_the_askers_own_figure_needs_no_up_to() -> None:
    source = "Employees may buy up to 5 extra days."
    assert objection("For your 5 extra days you pay.", Grounds(source, source, "what do 5 days cost?")) == ""
    assert "up to" in objection("You may buy 5 extra days.", Grounds(source, source, "can I buy 5 days?"))
