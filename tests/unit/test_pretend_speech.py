"""What the pretend model says of itself: its sources in a friendlier voice, and, when it is told to, one false sentence."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from playground.model import PretendModel
from playground.model.lie import falsified, invented
from playground.model.speech import speak
from playground.model.voice import friendly

QUESTION = "How many days of annual leave can I carry over in Germany?"
LEAVE = """[1] Annual leave (Germany) › 4. Carrying leave over (effective 2026-01-01)
4.1 Employees in Germany may carry over up to 10 days of unused annual leave into the next year.
Carried-over days must be taken by 31 March.

4.2 Employees must ask for their leave in Harbour.

[2] Parking › 1. Bicycles
1.1 Bicycles are kept in the yard. See [3] for the map."""


def prompt(question: str = QUESTION, sources: str = LEAVE) -> str:
    return f"<sources>\n{sources}\n</sources>\n\nToday is 16 November 2026.\n\n<question>\n{question}\n</question>"


@pytest_asyncio.fixture
async def model() -> AsyncIterator[PretendModel]:
    async with PretendModel.start() as started:
        yield started


async def answer(model: PretendModel, last: object) -> str:
    """What is said to this newest message, after one that is not to be looked at."""
    told = f"End every line with the number of its source.\n{prompt()}"
    messages = [{"role": "system", "content": told}, {"role": "user", "content": last}]
    asked = {"model": "pretend-tuned", "messages": messages}
    headers = {"Authorization": f"Bearer {model.key}"}
    async with aiohttp.ClientSession() as session, session.post(f"{model.url}/chat/completions", json=asked, headers=headers) as said:
        return str((await said.json())["choices"][0]["message"]["content"])


async def test_it_says_the_same_again_and_reads_only_the_newest_message(model: PretendModel) -> None:
    assert await answer(model, prompt()) == await answer(model, [{"type": "text", "text": prompt()}]) == speak(prompt()).text
    assert await answer(model, "Hello?") == "NOT FOUND"


async def test_the_lie_is_one_more_line_with_one_figure_that_no_source_has_and_only_once(model: PretendModel) -> None:
    model.lie_next()
    truth = speak(prompt()).text.splitlines()
    lying = (await answer(model, prompt())).splitlines()
    assert [line for line in lying if line in truth] == truth
    (lie,) = [line for line in lying if line not in truth]
    assert lie == "In Germany, you may carry over up to 17 days of unused annual leave into the next year. [1]"
    assert model.lies is False
    assert (await answer(model, prompt())).splitlines() == truth


async def test_a_lie_waits_for_an_answer_that_has_room_for_it(model: PretendModel) -> None:
    model.lie_next()
    assert await answer(model, prompt("Who won the chess tournament?")) == "NOT FOUND"
    assert model.lies is True


@pytest.mark.parametrize(
    ("told", "heeded"),
    [
        ("", True),
        ("End every line with the number of the source that proves it.", True),
        ("Write a mark such as [n] behind each line.", True),
        ("Cite your sources.", True),
        ("Answer from the sources. Examples:\n[1] Travel\nYes, you may. [1]", False),
    ],
)
def test_it_numbers_its_sources_only_where_it_is_asked_to(told: str, heeded: bool) -> None:
    lines = speak(prompt(), told=told).text.splitlines()
    assert lines
    assert [line.endswith("]") for line in lines] == [heeded] * len(lines)


@pytest.mark.parametrize("question", ["Who won the chess tournament?", ""])
def test_nothing_is_found_where_nothing_overlaps(question: str) -> None:
    assert speak(prompt(question), lie=True).text == "NOT FOUND"
    assert not speak(prompt(question), lie=True).lied
    assert speak(prompt(sources="")).text == "NOT FOUND"


def test_a_number_in_brackets_inside_a_source_begins_no_source() -> None:
    lines = speak(prompt("Where are bicycles kept, and where is the map?")).text.splitlines()
    assert lines == ["Bicycles are kept in the yard. [2]", "See [3] for the map. [2]"]


def test_lists_and_tables_become_sentences() -> None:
    sources = """[1] Travel › 2. Meals
2.1 A manager may refuse a dinner for any of these reasons:

- (a) the dinner was alone at home;
- (b) there was no receipt.

| Country | Breakfast | Dinner |
| --- | --- | --- |
| Germany | €11 | €31 |
| 2–3 | 24 | **25** |"""
    refused = speak(prompt("When may a manager refuse a dinner without a receipt?", sources)).text
    assert "A manager may refuse a dinner for any of these reasons: there was no receipt. [1]" in refused
    paid = speak(prompt("What is paid for dinner in Germany?", sources)).text
    assert "For Germany: Breakfast €11, Dinner €31. [1]" in paid


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("Employees may work from home.", "You may work from home."),
        ("Employees must lock their screens.", "You must lock your screens."),
        (
            "Part-time employees in Germany receive leave in proportion",
            "If you work part-time in Germany, you receive leave in proportion.",
        ),
        ("An employee is paid in full until 31 March.", "You are paid in full until 31 March."),
        ("The employee pays £150 prior to treatment.", "You pay £150 before treatment."),
        ("Employees on maternity leave may work up to 10 days.", "If you are on maternity leave, you may work up to 10 days."),
        ("Employees must tell their manager.", "You must tell your manager."),
    ],
)
def test_the_voice_speaks_to_the_reader(policy: str, said: str) -> None:
    assert friendly(policy) == said


@pytest.mark.parametrize(
    "policy",
    [
        "Employees who join in May receive one twelfth.",
        "Employees and managers share a rota.",
        "Employees must tell managers about their plans.",
        "Employees hand in laptops when they are replaced.",
        "Employees keep passwords secret and must not share them.",
        "An employee must not approve the claim of another employee.",
        "Annual leave is requested in Harbour.",
    ],
)
def test_where_it_is_not_plain_who_is_meant_the_voice_changes_nothing(policy: str) -> None:
    assert friendly(policy) == policy


def test_a_rewrite_joins_the_new_question_to_the_last_one() -> None:
    earlier = "- Is parking free?\n- How much leave do employees in Germany get?"
    text = f"<earlier>\n{earlier}\n</earlier>\n\n<question>\nAnd how many can I carry over?\n</question>"
    assert speak(text, lie=True).text == "How much leave do employees in Germany get, and how many can I carry over?"
    assert not speak(text, lie=True).lied


@pytest.mark.parametrize(
    ("sentence", "truth", "lie"),
    [
        ("It is £3,150 a year.", "", "It is £3,850 a year."),
        ("You get 25 days.", "32 39", "You get 46 days."),
        ("You get 25 days.", "thirty-two days, or 32", "You get 39 days."),
        ("Ask within two weeks.", "three or four", "Ask within five weeks."),
        ("Two quotations are needed.", "", "Three quotations are needed."),
        ("It must be taken by 31 March.", "", "It must be taken by 6 March."),
        ("It has applied since 2024.", "", "It has applied since 2031."),
        ("As set out in clause 7, you get 5 days.", "", "As set out in clause 7, you get 12 days."),
        ("It costs 1/260 for 0–3 years at 19:00 and 2.5 hours.", "", None),
        ("Ask your manager.", "", None),
    ],
)
def test_exactly_one_figure_becomes_one_that_is_nowhere(sentence: str, truth: str, lie: str | None) -> None:
    assert falsified(sentence, f"{sentence} {truth}") == lie


def test_where_nothing_has_a_figure_a_year_is_made_up() -> None:
    lie = speak(prompt("Where are bicycles kept?", "[1] Parking\nBicycles are kept in the yard."), lie=True).text.splitlines()[1]
    assert lie == "This has been so since 1961. [1]"
    assert invented("1961 and 1962") == "This has been so since 1963."
