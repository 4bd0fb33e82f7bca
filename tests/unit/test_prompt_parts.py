"""A prompt's text fits into Slack's inputs, and comes out of them as it went in."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.slack.prompts.parts import INPUT, ROOM, apart, together
from bot.prompts import LONGEST, bare

PIECES = [
    "word",
    "{{ sources }}",
    "\n",
    "\n\n",
    " ",
    "\u2028",
    "😀",
    "a" * 700,
    " " * 60,
    "\n" * 50,
    "A line of the rules, with its full stop.\n",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=300).map("".join)


def units(text: str) -> int:
    """Characters as a browser counts them."""
    return len(text.encode("utf-16-le")) // 2


@settings(deadline=None, max_examples=300)
@given(TEXTS)
def test_what_is_taken_apart_goes_together_again(text: str) -> None:
    parts = apart(text)
    assert together(parts.texts, parts.gaps) == text
    assert len(parts.gaps) == len(parts.texts) - 1
    assert all(units(part) <= INPUT for part in parts.texts)


@settings(deadline=None, max_examples=300)
@given(TEXTS.map(bare))
def test_nothing_is_lost_where_slack_trims_what_begins_or_ends_a_part(text: str) -> None:
    parts = apart(text)
    longest_gap = max((len(gap) for gap in parts.gaps), default=0)
    if longest_gap < 16:  # longer runs of white space go on in the next part
        assert together([part.strip() for part in parts.texts], parts.gaps) == text


def test_a_part_ends_where_a_line_ends() -> None:
    text = "\n".join(f"- Rule {number} is kept short, plain and true." for number in range(200))
    parts = apart(text)
    assert len(parts.texts) > 2
    assert all(part.startswith("- Rule") and part.endswith("true.") for part in parts.texts)
    assert set(parts.gaps) == {"\n"}


def test_one_line_without_an_end_is_cut_between_words_and_one_word_anywhere() -> None:
    assert all(not part.startswith(" ") and part.split()[0] == "word" for part in apart("word " * 2000 + "word").texts)
    assert "".join(apart("a" * 7000).texts) == "a" * 7000


def test_there_is_always_room_to_write() -> None:
    for size in (0, 10, INPUT - ROOM, INPUT - ROOM + 1, INPUT, LONGEST):
        last = apart("x" * size).texts[-1]
        assert INPUT - units(last) >= ROOM


def test_a_part_that_is_emptied_leaves_no_hole() -> None:
    assert together(["a", "", "c"], ["\n\n", "\n"]) == "a\nc"
    assert together(["", "b", ""], ["\n", "\n"]) == "b"
