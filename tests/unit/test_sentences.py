"""Sentences, items and rows, with exact spans."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from knowledge.sentences import cells, units

CLAUSE = """4.2 Employees may carry over five days, e.g. for a wedding. See Expenses, clause 4.3. Managers may:

- (a) approve up to £1,200.50;
- (b) refuse
  with reasons.

| Years | Days |
| --- | --- |
| 0–2 | 25 |"""


def words_of(text: str) -> list[str]:
    return [text[unit.start : unit.end] for unit in units(text)]


def test_sentences_end_at_full_stops_and_not_at_abbreviations_or_clause_numbers() -> None:
    assert words_of(CLAUSE)[:3] == [
        "Employees may carry over five days, e.g. for a wedding.",
        "See Expenses, clause 4.3.",
        "Managers may:",
    ]


def test_items_know_the_sentence_that_introduces_them() -> None:
    items = [unit for unit in units(CLAUSE) if unit.kind == "item"]
    assert [CLAUSE[item.start : item.end] for item in items] == ["approve up to £1,200.50;", "refuse\n  with reasons."]
    assert all(CLAUSE[item.lead :].startswith("Managers may:") for item in items)


def test_rows_know_their_header_and_the_rule_below_it_is_not_a_row() -> None:
    rows = [unit for unit in units(CLAUSE) if unit.kind == "row"]
    assert [cells(CLAUSE[row.start : row.end]) for row in rows] == [("0–2", "25")]
    assert cells(rows[0].header) == ("Years", "Days")


@given(st.text(alphabet=st.sampled_from("ab .!?\n|-(1)£"), max_size=200))
def test_any_text_gives_units_in_order_that_do_not_overlap(text: str) -> None:
    spans = [(unit.start, unit.end) for unit in units(text)]
    assert all(start < end <= len(text) for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
