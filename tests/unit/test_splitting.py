"""A passage is a clause with what belongs to it, and lies in the text where it says it lies."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from knowledge.reading import read
from knowledge.splitting import split
from knowledge.values import AccessRule, Block, Document, Passage, Section

LEAVE = Document(id="leave/uk.md", title="Annual leave", rule=AccessRule(everyone=True))


def count(text: str) -> int:
    return len(re.findall(r"\w+|[^\w\s]", text))


def passages(markdown: str, document: Document = LEAVE) -> tuple[Passage, ...]:
    text, found = split(document, read("a.md", markdown.encode()).sections, count)
    assert all(text[passage.start : passage.end] == passage.text for passage in found)
    return found


CLAUSES = """# Annual leave

## 4. Carrying over

Introduction.

4.1 Five days may be carried over:

- (a) by employees;
- (b) by trainees.

4.2 The table shows limits.

| Years | Days |
| --- | --- |
| 0–2 | 25 |

4.2.1 Part-time staff pro rata.

## 5. Empty

## Notes

2.5 days are usual.
"""


def test_a_clause_is_one_passage_with_its_list_and_its_table() -> None:
    found = passages(CLAUSES)

    assert [(passage.clause, passage.path, passage.anchor) for passage in found] == [
        ("4", ("4. Carrying over",), "4-carrying-over"),
        ("4.1", ("4. Carrying over",), "4-carrying-over"),
        ("4.2", ("4. Carrying over",), "4-carrying-over"),
        ("4.2.1", ("4. Carrying over",), "4-carrying-over"),
        ("2.5", ("Notes",), "notes"),
    ]
    assert found[1].text == "4.1 Five days may be carried over:\n\n- (a) by employees;\n- (b) by trainees."
    assert found[2].text.endswith("| 0–2 | 25 |")
    assert found[1].situation == "Annual leave › 4. Carrying over"


def test_below_a_numbered_heading_another_number_is_no_clause() -> None:
    found = passages("## 4. Accrual\n\n2.5 days accrue each month.")

    assert [passage.clause for passage in found] == ["4"]


def test_paragraphs_without_numbers_share_a_passage_up_to_a_size_and_never_over_a_heading() -> None:
    found = passages("## A\n\n" + "\n\n".join("word " * 80 for _ in range(5)) + "\n\n## B\n\nShort.")

    assert [(passage.path, count(passage.text)) for passage in found] == [(("A",), 160), (("A",), 160), (("A",), 80), (("B",), 2)]


def test_a_table_without_a_clause_is_a_passage_and_keeps_the_line_that_introduces_it() -> None:
    table = "| City | Limit |\n| --- | --- |\n| Bonn | 80 |"

    assert [passage.text for passage in passages(f"Before.\n\n{table}\n\nAfter.")] == ["Before.", table, "After."]
    assert [passage.text for passage in passages(f"The limits are:\n\n{table}\n\nAfter.")] == [f"The limits are:\n\n{table}", "After."]


def test_a_clause_that_is_too_long_is_cut_at_its_items() -> None:
    items = "\n".join(f"- ({letter}) {'word ' * 300}end;" for letter in "abcdefgh")
    found = passages(f"## 4. Duties\n\n4.1 Everybody must:\n\n{items}")

    assert len(found) == 3
    assert all(passage.clause == "4.1" and count(passage.text) <= 1_200 for passage in found)
    assert all(passage.text.startswith("- (") for passage in found[1:])


def test_a_table_that_is_too_long_is_cut_at_rows_and_its_columns_stay_known() -> None:
    rows = "\n".join(f"| City {number} | {number} |" for number in range(400))
    found = passages(f"## Rates\n\n| City | Limit |\n| --- | --- |\n{rows}")

    assert len(found) > 1
    assert found[0].situation == "Annual leave › Rates"
    assert all(passage.situation == "Annual leave › Rates › City, Limit" for passage in found[1:])
    assert all(passage.text.startswith("| City") and passage.text.endswith(" |") for passage in found)


def test_the_same_words_twice_are_two_passages_and_the_same_ids_on_every_run() -> None:
    twice = passages("## A\n\nSame.\n\n## A\n\nSame.")

    assert len({passage.id for passage in twice}) == 2
    assert [passage.id for passage in passages("## A\n\nSame.\n\n## A\n\nSame.")] == [passage.id for passage in twice]


def test_who_may_read_it_is_part_of_a_passages_id() -> None:
    restricted = Document(id=LEAVE.id, title=LEAVE.title, rule=AccessRule(groups=frozenset({"hr"})))

    assert {passage.id for passage in passages(CLAUSES)}.isdisjoint(passage.id for passage in passages(CLAUSES, restricted))


def test_a_passage_names_the_page_on_which_it_begins() -> None:
    section = Section(("1. Scope",), (Block("paragraph", "1.1 One.", 3), Block("list", "- more", 4), Block("paragraph", "1.2 Two.", 4)))

    assert [passage.page for passage in split(LEAVE, [section], count)[1]] == [3, 4]


def test_without_numbers_a_passage_ends_with_its_page_but_an_introduction_keeps_its_list() -> None:
    blocks = (
        Block("paragraph", "One.", 3),
        Block("paragraph", "Two.", 3),
        Block("paragraph", "Three.", 4),
        Block("paragraph", "Bring:", 4),
        Block("list", "- a passport", 5),
        Block("paragraph", "Four.", 5),
    )
    found = split(LEAVE, [Section(("Travel",), blocks)], count)[1]

    assert [(passage.page, passage.text.split("\n\n")) for passage in found] == [
        (3, ["One.", "Two."]),
        (4, ["Three.", "Bring:", "- a passport"]),
        (5, ["Four."]),
    ]


block = st.builds(Block, st.sampled_from(["paragraph", "list"]), st.text(st.characters(codec="utf-8"), min_size=1, max_size=400), st.none())


@given(
    st.lists(st.builds(Section, st.lists(st.text(max_size=20), max_size=2).map(tuple), st.lists(block, max_size=5).map(tuple)), max_size=4)
)
def test_any_document_keeps_every_word_in_exactly_one_passage(sections: list[Section]) -> None:
    text, found = split(LEAVE, sections, count)

    assert all(text[passage.start : passage.end] == passage.text for passage in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
    words = "".join(block.text for section in sections for block in section.blocks)
    assert "".join("".join(passage.text for passage in found).split()) == "".join(words.split())
