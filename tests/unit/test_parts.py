"""Several questions in one message are told apart; one question stays one."""

from __future__ import annotations

import pytest

from bot.flows.parts import parts_of


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("How many days do I get, and can I carry them over?", ("How many days do I get", "can I carry them over?")),
        ("How many days do I get? Can I carry them over?", ("How many days do I get?", "Can I carry them over?")),
        ("1. how many days do I get?\n2. who approves them?", ("how many days do I get?", "who approves them?")),
        ("How much leave in the UK? And in the US?", ("How much leave in the UK?", "And in the US?")),
        ("Hi, two things:\n- what is the hotel cap\n- can I fly business", ("what is the hotel cap", "can I fly business")),
        ("What is the cap and how long do I have to claim?", ("What is the cap", "how long do I have to claim?")),
        (
            "I am pregnant. When do I tell you? And how much leave is there?",
            ("I am pregnant. When do I tell you?", "And how much leave is there?"),
        ),
    ],
)
def test_questions_of_their_own_are_parts_in_their_order(text: str, parts: tuple[str, ...]) -> None:
    assert parts_of(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "How many days can I carry over?",
        "Who approves leave and expenses?",
        "Hotel in Berlin booked for next week. What is the limit per night?",
        "What is the cap for hotels and meals in London?",
        "Is it true that I and my partner can share parental leave?",
        "hi! can I carry over leave? ok?",
        "can my team lead say no to leave and what then",
        "- five days in May\n- three days in June\nIs that allowed?",
        "",
        "? ? ?",
    ],
)
def test_one_question_stays_one(text: str) -> None:
    assert parts_of(text) == (text,)


def test_a_page_of_questions_is_not_taken_apart() -> None:
    text = " ".join(f"What is the limit for item number {number}?" for number in range(7))
    assert parts_of(text) == (text,)
