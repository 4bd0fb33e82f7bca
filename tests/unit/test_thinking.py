"""What a model thinks before it speaks is left out, wherever the pieces are split."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.thinking import WithoutThinking


def heard(*pieces: str) -> str:
    speech = WithoutThinking()
    return "".join(map(speech.hear, pieces)) + speech.rest()


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("You get 25 days.", "You get 25 days."),
        ("<think>Hm.</think>You get 25 days.", "You get 25 days."),
        ("\n <think>\nHm.\n</think>\n\nYou get 25 days.\n", "You get 25 days.\n"),
        ("<think></think><think>Hm.</think> You", "You"),
        ("<think>Hm. <think>Hm?</think>You", "You"),
        ("<think>never at an end", ""),
        ("<think>nearly</think", ""),
        ("<thin", "<thin"),
        ("<thinner> than air", "<thinner> than air"),
        ("< 5 days", "< 5 days"),
        ("You <think>aloud</think>.", "You <think>aloud</think>."),
        (" \n", ""),
        ("", ""),
    ],
)
def test_only_what_stands_before_the_answer_is_left_out(written: str, spoken: str) -> None:
    assert heard(written) == heard(*written) == spoken


@given(st.lists(st.sampled_from(["<", "think>", "</", "</think>", "<think>", " ", "\n", "a"]), max_size=12), st.data())
def test_the_split_makes_no_difference(parts: list[str], drawn: st.DataObject) -> None:
    written = "".join(parts)
    cuts = sorted(drawn.draw(st.lists(st.integers(0, len(written)), max_size=6)))
    pieces = [written[start:end] for start, end in zip([0, *cuts], [*cuts, len(written)], strict=True)]
    assert heard(*pieces) == heard(written)


def test_a_word_is_passed_on_as_soon_as_it_is_one() -> None:
    speech = WithoutThinking()
    assert [speech.hear(piece) for piece in ("<thi", "s", " is", "<think>")] == ["", "<this", " is", "<think>"]
