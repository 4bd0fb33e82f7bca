"""A turn about the answer before is known from one that asks something of its own."""

from __future__ import annotations

import pytest

from bot.flows.again import Wish, wish_of


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        *((text, "reworded") for text in ("shorter", "Shorter please!", "in one sentence", "as a list", "tl;dr", "make it shorter?")),
        *((text, "reworded") for text in ("say it in plain English", "summarize it", "explain it in simple words", "repeat that")),
        *((text, "translated") for text in ("translate to German", "in German please", "auf deutsch", "can you say that in French?")),
        *((text, "sources") for text in ("thanks, and the source?", "source?", "where does it say that?", "what's the source for that?")),
    ],
)
def test_a_wish_about_the_answer_before_is_known(text: str, wish: Wish) -> None:
    assert wish_of(text) == wish


@pytest.mark.parametrize(
    "text",
    [
        "in Germany?",
        "German?",
        "and in one day?",
        "is there a shorter notice period?",
        "can I get a link to the form?",
        "which policy covers dogs",
        "what proof do I need",
        "how do I translate a contract into German",
        "can I have a shorter week?",
        "what about part time?",
        "",
    ],
)
def test_what_asks_something_of_its_own_is_no_such_wish(text: str) -> None:
    assert wish_of(text) is None
