"""A terminal is shown what Slack shows: cases, contradictions, what may help, whom to speak to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

import pytest

from bot.adapters.memory import FixedClock
from bot.answers import Answer, Case, Citation, Conflict, Contact, Outcome, Sentence
from bot.bootstrap import Ibid
from bot.cli.ask import _as_text
from bot.cli.telling_answer import answer_json
from bot.owner_socket import Line
from bot.settings import HOME
from bot.wording import Wording, load_wording
from tests.factories import NOW, a_document, a_hit, a_question

FIRST = "4.1 Five days carry over."
OTHER = "7.1 Ten days carry over."


@dataclass(frozen=True)
class Words:
    """As much of Ibid as telling needs."""

    wording: Wording
    clock: FixedClock
    company: str


IBID = cast("Ibid", Words(load_wording(HOME / "wording"), FixedClock(NOW), "Fernhill"))


def a_citation(number: int, text: str, title: str) -> Citation:
    document = replace(a_document(title.lower(), title=title), url="https://x.example/a.pdf")
    hit = a_hit(text, document=document)
    return Citation(number=number, hit=replace(hit, passage=replace(hit.passage, page=12)), start=4, end=len(text))


LEAVE, BERLIN = a_citation(1, FIRST, "Leave"), a_citation(2, OTHER, "Leave in Berlin")
ANSWER = Answer(receipt="7f3a-91c2", outcome=Outcome.ANSWERED, sentences=(Sentence("Five days carry over.", (LEAVE,)),))


async def printed(capsys: pytest.CaptureFixture[str], answer: Answer, *before: Line) -> str:
    async def lines() -> AsyncIterator[Line]:
        for line in before:
            yield line
        yield {"answer": answer_json(IBID, a_question(), answer)}

    await _as_text(lines())
    return capsys.readouterr().out


async def test_a_source_is_told_with_the_address_that_opens_its_page(capsys: pytest.CaptureFixture[str]) -> None:
    said = await printed(capsys, replace(ANSWER, applies_to="All employees"))
    assert "Source 1: Leave, 4.1 · effective 1 January 2026" in said
    assert "https://x.example/a.pdf#page=12" in said
    assert "Applies to: All employees · as of 16 November 2026" in said
    told = answer_json(IBID, a_question(), ANSWER)
    assert told["sources"][0]["seen_by"] == "everyone at Fernhill"


async def test_a_contradiction_is_told_with_both_sides_and_their_owners(capsys: pytest.CaptureFixture[str]) -> None:
    said = await printed(capsys, replace(ANSWER, conflicts=(Conflict(LEAVE, BERLIN),)))
    assert "Two documents disagree." in said
    assert said.index("“Five days carry over.”") < said.index("“Ten days carry over.”")
    assert said.count("Owner: ruth") == 2
    only = await printed(capsys, replace(ANSWER, sentences=(), conflicts=(Conflict(LEAVE, BERLIN),)))
    assert "Something went wrong" not in only


async def test_what_may_help_is_told_as_no_answer_and_beside_a_refusal_only(capsys: pytest.CaptureFixture[str]) -> None:
    refusal = Answer(receipt="1", outcome=Outcome.NOT_FOUND, looked_for="parking", may_help=(BERLIN,))
    said = await printed(capsys, refusal)
    assert said.index("May help, but does not answer") < said.index("“Ten days carry over.”")
    assert "Source" not in said
    assert "Ten days" not in await printed(capsys, replace(refusal, outcome=Outcome.NO_VERSION, since=date(2026, 1, 1)))


async def test_the_cases_are_listed_to_choose_from(capsys: pytest.CaptureFixture[str]) -> None:
    asked = Answer(receipt="1", outcome=Outcome.ASKS_BACK, cases=(Case("contract", "fixed-term"), Case("country", "Germany")))
    said = await printed(capsys, asked)
    assert "That depends on the kind of contract / the country. Which one do you mean?" in said
    assert "  • fixed-term\n  • Germany" in said


async def test_whom_to_speak_to_comes_before_the_answer_and_what_is_taken_back_is_not_said_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    contact = Contact("health", "*Dr Berger* listens.")
    told = answer_json(IBID, a_question(), replace(ANSWER, contact=contact))
    said = await printed(
        capsys, replace(ANSWER, contact=contact), {"contact": told["contact"]}, {"withdrawn": IBID.wording.say("withdrawn")}
    )
    assert said.count("Dr Berger") == 1
    assert said.index("Dr Berger listens.") < said.index("is taken back")
    assert "Taken back: " not in said


async def test_a_condition_is_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    answer = replace(ANSWER, sentences=(*ANSWER.sentences, Sentence("unless HR agrees", (LEAVE,), condition=True)))
    sentences = answer_json(IBID, a_question(), answer)["sentences"]
    said = await printed(capsys, answer, *({"sentence": sentence} for sentence in sentences))
    assert "Condition in the same section: unless HR agrees [1]" in said
