"""Windows fit the embedder, and together hold every word of their passage."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from knowledge.values import Passage
from knowledge.windowing import windows

WORD_OR_MARK = re.compile(r"\w{1,8}|[^\w\s]")


def offsets(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in WORD_OR_MARK.finditer(text)]


def passage(text: str, situation: str = "Annual leave › 4. Carrying over") -> Passage:
    return Passage(id="p", document="d", label="everyone", path=(), clause="", text=text, start=0, end=len(text), situation=situation)


def test_a_short_passage_is_one_window_below_its_situation() -> None:
    (window,) = windows(passage("4.1 Five days."), offsets, "minilm")

    assert (window.text, window.start, window.end) == ("Annual leave › 4. Carrying over\n4.1 Five days.", 0, 14)


def test_windows_begin_and_end_at_sentences_and_overlap() -> None:
    text = " ".join(f"Sentence number {number} has exactly nine words in it." for number in range(60))
    found = windows(passage(text), offsets, "minilm")

    assert len(found) > 2
    assert all(text[window.start : window.end].startswith("Sentence") and text[: window.end].endswith("it.") for window in found)
    assert all(10 <= len(offsets(text[after.start : before.end])) <= 40 for before, after in pairwise(found))


def test_every_window_of_a_table_begins_with_its_columns_and_whole_rows() -> None:
    text = "4.2 The limits are:\n\n| City | Hotel limit |\n| --- | --- |\n" + "\n".join(
        f"| City {number} | £{number} a night |" for number in range(80)
    )
    found = windows(passage(text), offsets, "minilm")

    assert len(found) > 1
    assert all("City  Hotel limit" in window.text and "---" not in window.text and "|" not in window.text for window in found)
    assert all(text[window.start : window.end].startswith("| City") for window in found[1:])


def test_a_situation_longer_than_a_window_is_cut() -> None:
    found = windows(passage("Five days.", situation="very long title " * 100), offsets, "minilm")

    assert len(offsets(found[0].text)) <= 240
    assert found[0].text.endswith("Five days.")


@given(st.text("abcdef ghij.\n", max_size=2_000), st.text("lm n", max_size=300), st.text("op q", max_size=240))
def test_a_models_line_takes_its_room_from_the_window_and_from_no_word_of_the_passage(text: str, situation: str, line: str) -> None:
    found = windows(replace(passage(text, situation), line=line), offsets, "minilm")

    covered = {at for window in found for at in range(window.start, window.end)}
    assert all(at in covered or letter.isspace() for at, letter in enumerate(text))
    assert all(len(offsets(window.text)) <= 240 for window in found)


def test_a_models_line_stands_behind_the_situation_on_every_window_and_is_cut_first() -> None:
    lined = replace(passage("Five days. " * 100), line="What is left of leave.")
    found = windows(lined, offsets, "minilm")
    (cut,) = windows(replace(passage("Five days.", situation="very long title " * 100), line="What is left."), offsets, "minilm")

    assert len(found) > 1
    assert all(window.text.startswith("Annual leave › 4. Carrying over\nWhat is left of leave.\nFive") for window in found)
    assert {window.id for window in found}.isdisjoint(window.id for window in windows(passage(lined.text), offsets, "minilm"))
    assert "What" not in cut.text


def test_the_id_changes_with_label_situation_embedder_and_words_and_with_nothing_else() -> None:
    first = passage("Five days.")
    restricted = Passage(
        id="q", document="d", label="groups:hr", path=(), clause="", text="Five days.", start=0, end=10, situation=first.situation
    )
    ids = {
        windows(first, offsets, "minilm")[0].id,
        windows(first, offsets, "other")[0].id,
        windows(restricted, offsets, "minilm")[0].id,
        windows(passage("Five days.", "Elsewhere"), offsets, "minilm")[0].id,
        windows(passage("Six days."), offsets, "minilm")[0].id,
    }

    assert len(ids) == 5
    assert windows(first, offsets, "minilm") == windows(first, offsets, "minilm")


row = st.text("ab|1 ", max_size=12).map(lambda cell: f"| {cell} | x |")
piece = st.one_of(
    st.text(max_size=300),
    st.text("abcdef ghij.\n", max_size=900),
    st.lists(row, min_size=1, max_size=60).map(lambda rows: "\n".join([rows[0], "| --- | --- |", *rows[1:]])),
    st.text("x", min_size=600, max_size=2500),
)


@given(st.lists(piece, min_size=1, max_size=5).map("\n\n".join), st.text(max_size=600))
def test_no_word_of_any_passage_is_left_out_and_no_window_is_too_long(text: str, situation: str) -> None:
    found = windows(passage(text, situation), offsets, "minilm")

    covered = {at for window in found for at in range(window.start, window.end)}
    assert all(at in covered or letter.isspace() for at, letter in enumerate(text))
    assert all(len(offsets(window.text)) <= 240 for window in found)
