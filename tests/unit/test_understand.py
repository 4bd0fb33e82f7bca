"""What is being asked, whether it stands alone, and for which day."""

from __future__ import annotations

from datetime import date

import pytest

from bot.flows.understand import LONGEST, as_of, stands_alone, understand
from bot.values import Outcome, Turn
from tests.factories import TODAY

EARLIER = (Turn("what is the hotel limit in london?"),)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("", Outcome.NO_QUESTION),
        ("   ?!", Outcome.NO_QUESTION),
        ("🏖️🏖️", Outcome.NO_QUESTION),
        ("12345", Outcome.NO_QUESTION),
        ("a" * (LONGEST + 1), Outcome.TOO_LONG),
        ("hello there!", Outcome.SMALL_TALK),
        ("thanks a lot", Outcome.SMALL_TALK),
        ("what can you do?", Outcome.SMALL_TALK),
        ("Wie viele Tage Urlaub habe ich in der Probezeit?", Outcome.NOT_ENGLISH),
        ("育児休暇は何日ですか", Outcome.NOT_ENGLISH),
        ("how many holidays do i have left", Outcome.OWN_RECORD),
        ("has my expense claim been approved?", Outcome.OWN_RECORD),
        ("what's my leave balance", Outcome.OWN_RECORD),
    ],
)
def test_what_is_not_a_policy_question_ends_here_with_its_own_outcome(text: str, outcome: Outcome) -> None:
    assert understand(text, (), TODAY).ends is outcome


@pytest.mark.parametrize(
    "text",
    [
        "how many days can i carry over in the uk",
        "Is an Abmahnung kept in my file in Berlin?",
        "can I expense die-cast models",
        "what happens to my leave when I resign",
        "hi, can my manager in bristol refuse my holiday?",
    ],
)
def test_a_policy_question_goes_on_unchanged(text: str) -> None:
    understood = understand(text, (), TODAY)
    assert understood.ends is None
    assert understood.standalone == text


@pytest.mark.parametrize("text", ["and new york?", "what about germany", "is that before tax", "why?", "does it carry over"])
def test_a_question_that_leans_on_the_thread_brings_the_last_turn_in(text: str) -> None:
    assert not stands_alone(text)
    assert understand(text, EARLIER, TODAY).standalone == f"{EARLIER[0].question} {text}"
    assert understand(text, (), TODAY).standalone == text


def test_a_question_that_stands_alone_is_never_mixed_with_earlier_turns() -> None:
    text = "how long does parental leave last in germany"
    assert understand(text, EARLIER, TODAY).standalone == text


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("how many days can i carry over", TODAY),
        ("how many days could i carry over in 2025?", date(2025, 12, 31)),
        ("what was the carry over last year", date(2025, 12, 31)),
        ("what does the policy say for 2026", TODAY),
        ("how long is parental leave in 2027", date(2027, 1, 1)),
        ("will it be longer next year", date(2027, 1, 1)),
        ("what changes for parental leave in january?", date(2027, 1, 1)),
        ("what is new from march 2027", date(2027, 3, 1)),
        ("i was off from january to march, is that paid", TODAY),
        ("compare 2025 and 2027", TODAY),
    ],
)
def test_a_year_or_a_coming_month_sets_the_day(text: str, day: date) -> None:
    assert as_of(text, TODAY) == day
