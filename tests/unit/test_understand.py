"""What is being asked, whether it stands alone, and for which day."""

from __future__ import annotations

from datetime import date

import pytest

from bot.answers import Outcome
from bot.flows.own_record import asks_own_record
from bot.flows.standing import stands_alone
from bot.flows.understand import LONGEST, as_of, understand
from bot.values import Turn
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
        ("thx 👍", Outcome.SMALL_TALK),
        ("hi 👋 ibid", Outcome.SMALL_TALK),
        ("Hello, can you help me?", Outcome.SMALL_TALK),
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


@pytest.mark.parametrize(
    "text",
    [
        "whats my pto balance",
        "did my leave request for august get approved yet",
        "has ruth approved my holiday",
        "can you see if my leave got signed off",
        "any news on my flexible working request?",
        "status of my ticket?",
        "when will my expenses be paid? i submitted them last monday",
        "my expenses from berlin still havent been paid",
        "which band am i in",
        "what was my rating last year",
        "how much of my learning budget is left",
        "how much bonus will i get in march",
        "can you send me my payslip for september",
        "i need a copy of my contract",
        "have i passed my probation",
        "when does my contract end",
        "who is my line manager now",
        "what's my 401k balance",
        "why was my claim rejected",
        "did you get my sick note",
        "am i on call this weekend",
        "what address do you have on file for me",
        "how many days wfh abroad have i used this year",
        "how many warnings do i have on file",
        "did i carry over any days from last yr",
    ],
)
def test_what_only_a_record_can_tell_is_seen_to_ask_for_one(text: str) -> None:
    assert asks_own_record(text)
    assert understand(text, (), TODAY).ends is Outcome.OWN_RECORD


@pytest.mark.parametrize(
    "text",
    [
        "i have worked 14 days abroad, can i do another 8?",
        "i've got 7 days left, how many can i take into next year",
        "my laptop is broken, what do i do",
        "can i see my personal file",
        "how do i get my pay slip",
        "how do i check my leave balance",
        "when do we get paid",
        "my payslip is wrong, who do i tell",
        "can my manager refuse my holiday request",
        "my leave request hasn't been answered in a week, what now",
        "my manager hasnt answered my holiday request in 2 weeks",
        "my claim is 60 days old, can i still submit it",
        "when is the bonus paid",
        "is my bonus taxed",
        "is my warning deleted after a year",
        "i disagree with my rating",
        "are my kids covered if i add them",
        "what's the excess on our medical cover",
        "how much notice do i have to give",
        "what are my rights when i get sick on holiday",
        "what's my notice period if i resign in probation",
        "how much does the company put in my pension",
        "i forgot my password and am locked out",
        "has the carry over rule changed",
        "which days am i expected in the office",
    ],
)
def test_a_question_about_the_rules_is_not_taken_for_one_about_a_record(text: str) -> None:
    assert not asks_own_record(text)
    assert understand(text, (), TODAY).ends is None


@pytest.mark.parametrize(
    "text",
    [
        "and new york?",
        "what about germany",
        "is that before tax",
        "why?",
        "does it carry over",
        "is that the same in the uk",
        "how long does that take",
        "what if my manager says no",
        "and breakfast?",
        "without a receipt?",
        "who approves it",
        "how far in advance do i have to book it",
        "are there any exceptions",
        "do they expire",
        "and when do they pay it",
    ],
)
def test_a_question_that_leans_on_the_thread_brings_the_last_turn_in(text: str) -> None:
    assert not stands_alone(text)
    assert understand(text, EARLIER, TODAY).standalone == f"{EARLIER[0].question} {text}"
    assert understand(text, (), TODAY).standalone == text


@pytest.mark.parametrize(
    "text",
    [
        "how long does parental leave last in germany",
        "how long is probation",
        "what's the mileage rate",
        "does the company pay for a visa",
        "are there any limits on gifts",
        "is it ok to accept a bottle of wine from a supplier",
        "and is there parking at the bristol office?",
        "what if my laptop gets stolen",
        "my boss shouts at me all the time, who can i talk to about it",
        "can they fire me during parental leave",
        "does a public holiday that falls on a saturday get moved",
    ],
)
def test_a_question_that_stands_alone_is_never_mixed_with_earlier_turns(text: str) -> None:
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


def test_the_country_of_the_turn_before_is_kept_until_another_is_named() -> None:
    before = (Turn("How much annual leave do employees in Germany get?"),)
    assert "germany" in understand("how many days can I carry over each year?", before, TODAY).standalone.lower()
    assert understand("and in the UK?", before, TODAY).standalone == "How much annual leave do employees get? and in the UK?"
    assert "germany" not in understand("how many days can I carry over in France?", before, TODAY).standalone.lower()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("What was the hotel cap in March 2025?", date(2025, 3, 31)),
        ("what was the hotel cap in february", date(2026, 2, 28)),
        ("What was the cap in December?", date(2025, 12, 31)),
        ("What will the cap be in March 2027?", date(2027, 3, 1)),
        ("what holds next month?", date(2026, 12, 1)),
        ("Can I take leave in March?", TODAY),
        ("May I work abroad in November 2026?", TODAY),
        ("I joined in March 2024. How many days of leave do I get?", TODAY),
        ("I've been here since 2019, what notice do I give?", TODAY),
        ("I joined in 1998, what notice do I give?", TODAY),
        ("My laptop was bought in 2023, when do I get a new one?", TODAY),
        ("my training was in March 2026, can I get the money back", TODAY),
        ("What was the leave policy in 1999?", date(1999, 12, 31)),
        ("Can I claim 1999 pounds for 1980 miles?", TODAY),
    ],
)
def test_a_month_that_is_named_is_the_day_asked_for(text: str, day: date) -> None:
    assert understand(text, (), TODAY).as_of == day


@pytest.mark.parametrize(
    ("before", "text", "standalone", "day"),
    [
        ("What was the cap in 2025?", "and for Germany?", "What was the cap in 2025? and for Germany?", date(2025, 12, 31)),
        ("What was the cap in 2025?", "and in 2024?", "What was the cap? and in 2024?", date(2024, 12, 31)),
        ("What was the cap in 2025?", "and now?", "What was the cap in 2025? and now?", TODAY),
        ("What is the cap?", "and in 2025?", "What is the cap? and in 2025?", date(2025, 12, 31)),
        ("What is the cap?", "and for Germany?", "What is the cap? and for Germany?", TODAY),
    ],
)
def test_who_asked_about_another_day_goes_on_about_it_until_one_is_named(before: str, text: str, standalone: str, day: date) -> None:
    understood = understand(text, (Turn(before),), TODAY)
    assert (understood.standalone, understood.as_of) == (standalone, day)


def test_a_wish_about_the_answer_before_keeps_its_question_and_its_day() -> None:
    understood = understand("shorter please", (Turn("What was the cap in 2025?", ("p",)),), TODAY)
    assert (understood.wish, understood.standalone, understood.as_of) == ("reworded", "What was the cap in 2025?", date(2025, 12, 31))


def test_a_later_question_of_a_message_leans_on_the_first_only_where_it_must() -> None:
    parts = understand("How many days of leave do I get, and can I carry them over? Who repairs bicycles?", (), TODAY).parts
    assert [part.standalone for part in parts] == [
        "How many days of leave do I get",
        "How many days of leave do I get can I carry them over?",
        "Who repairs bicycles?",
    ]
    assert not any(part.joined and not part.leans for part in parts)
