"""Whoever tells a trouble in words of their own is heard too, and an ear that fails costs no answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.errors import LibraryUnavailable
from bot.flows.hearing import Hearing
from bot.flows.sensitive import Topic

ILL = Topic("health", "Call the line.", on_its_own=("panic attack",), like=("I am ill",))
EVERYDAY = Topic("everyday", "", like=("My laptop is broken",))


@dataclass
class Ear:
    near: tuple[float, ...] = (0.9, 0.1)
    problem: Exception | None = None
    heard: list[str] = field(default_factory=list)

    async def nearness(self, text: str, examples: Sequence[str]) -> tuple[float, ...]:
        assert list(examples) == ["I am ill", "My laptop is broken"]
        self.heard.append(text)
        if self.problem:
            raise self.problem
        return self.near


async def test_what_no_list_of_words_holds_is_heard_by_what_it_is_like() -> None:
    found = await Hearing((ILL, EVERYDAY), Ear()).contact("I just sit in the car and shake")
    assert found is not None
    assert found.topic == "health"
    assert await Hearing((ILL, EVERYDAY), Ear((0.1, 0.2))).contact("I just sit in the car and shake") is None


async def test_the_words_decide_without_an_ear_and_before_it() -> None:
    ear = Ear((0.0, 0.0))
    assert await Hearing((ILL, EVERYDAY), ear).contact("I had a panic attack")
    assert not ear.heard
    assert await Hearing((ILL, EVERYDAY)).contact("I just sit in the car and shake") is None


async def test_a_question_about_a_rule_is_held_against_nothing() -> None:
    ear = Ear()
    assert await Hearing((ILL, EVERYDAY), ear).contact("How many days of sick pay do I get?") is None
    assert not ear.heard


async def test_an_ear_that_fails_costs_no_answer() -> None:
    assert await Hearing((ILL, EVERYDAY), Ear(problem=LibraryUnavailable("gone"))).contact("I just sit in the car and shake") is None
