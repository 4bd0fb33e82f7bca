"""What models took and how they did, on replies made by hand."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing

import pytest

from bot.answers import Answer, Citation, Evidence, Outcome, Request, Sentence, Tried
from bot.errors import WriterFailed
from bot.flows.writing import MAY_NOT_SEE, PROVED_NOTHING
from bot.models import Price, Spent
from evals.figures import Reply, Verdict
from evals.golden import Clause, GoldenQuestion
from evals.meter import Bill, Meter, Metered, money, tokens
from evals.speaking import Speakers
from evals.spending import spending
from tests.factories import a_hit, a_request

CHEAP, DEAR = Price(1.0, 0.5, 2.0), Price(10.0, 5.0, 20.0)
SPENT = Spent(prompt=1000, cached=400, written=100)  # 0.001 by CHEAP, 0.01 by DEAR


def a_bill(spent: Spent | None = SPENT, *, price: Price | None = CHEAP, wrote: bool = True) -> Bill:
    return Bill(model="base", price=price, spent=spent, wrote=wrote)


def a_reply(
    *bills: Bill, writer: str = "base", tried: tuple[Tried, ...] = (), whole: bool = True, text: str = "", verdict: Verdict | None = None
) -> Reply:
    """An answered question, or with no writer one that was refused before a writer was asked."""
    hit = a_hit()
    sentence = Sentence(text or hit.passage.text, (Citation(number=1, hit=hit, start=0, end=4),))
    answer = Answer(
        receipt="r",
        outcome=Outcome.ANSWERED if writer else Outcome.NOT_FOUND,
        sentences=(sentence,) if writer else (),
        complete=whole,
        evidence=Evidence(writer=writer, tried=tried),
    )
    clauses, says = (Clause("annual-leave", "4.1"),), ("five days",)
    golden = GoldenQuestion(id="a-1", kind="plain", asker="tom", where="dm", question="?", clauses=clauses, says=says)
    return Reply(golden=golden, answer=answer, bills=bills, verdict=verdict)


def value(name: str, *replies: Reply) -> float | None:
    return spending(replies)[name].value


# Tokens and money


def test_tokens_are_those_of_a_question_whatever_it_took_to_answer_it() -> None:
    replies = a_reply(a_bill(), a_bill()), a_reply(a_bill(), writer="quotes"), a_reply(writer="")
    assert value("prompt_tokens", *replies) == pytest.approx(1000)
    assert value("cached_tokens", *replies) == pytest.approx(400)
    assert value("written_tokens", *replies) == pytest.approx(100)


def test_money_is_by_the_price_of_the_model_that_took_the_tokens() -> None:
    assert value("money_per_1000", a_reply(a_bill()), a_reply(a_bill(price=DEAR))) == pytest.approx(1000 * (0.001 + 0.01) / 2)
    assert value("money_per_1000", a_reply(a_bill(), a_bill(price=DEAR))) == pytest.approx(11)


def test_money_is_unknown_where_a_model_that_took_tokens_has_no_price() -> None:
    replies = a_reply(a_bill()), a_reply(a_bill(price=None))
    assert value("money_per_1000", *replies) is None
    assert value("prompt_tokens", *replies) == pytest.approx(1000)


def test_a_model_that_brought_nothing_costs_nothing_with_or_without_a_price() -> None:
    failed = a_bill(None, price=None, wrote=False)
    assert value("money_per_1000", a_reply(failed, a_bill())) == pytest.approx(1.0)
    assert value("told_tokens", a_reply(failed)) is None


def test_a_model_that_does_not_say_what_it_took_does_not_make_the_others_cheap() -> None:
    replies = a_reply(a_bill()), a_reply(a_bill(None))
    assert value("told_tokens", *replies) == 0.5
    assert value("prompt_tokens", *replies) == pytest.approx(1000)
    assert value("money_per_1000", *replies) == pytest.approx(1.0)
    assert [value(name, a_reply(a_bill(None))) for name in ("prompt_tokens", "written_tokens", "money_per_1000")] == [None] * 3


def test_a_run_without_any_call_took_nothing() -> None:
    assert value("prompt_tokens", a_reply(writer="")) == 0
    assert value("money_per_1000", a_reply(writer="")) == 0


def test_the_whole_run_is_summed_with_its_judging_and_its_earlier_questions() -> None:
    speakers = Speakers(writers=())
    speakers.meter.all.extend([a_bill(), a_bill()])
    assert speakers.total == "2 calls took 2,000 tokens of prompt, 800 of them cached, and 200 written; that is 0.002."
    speakers.judging.all.append(a_bill(price=None))
    assert speakers.total.startswith("3 calls took 3,000 tokens")
    assert speakers.total.endswith("what that costs is not known.")


# Who spoke, and why not somebody else


def test_who_answered_is_a_share_of_the_answers() -> None:
    found = spending([a_reply(), a_reply(), a_reply(writer="quotes"), a_reply(writer="")])
    assert found["answered_by_base"].value == pytest.approx(2 / 3)
    assert found["answered_by_quotes"].value == pytest.approx(1 / 3)


def test_failures_are_counted_by_reason_and_are_no_matter_of_access_or_of_proof() -> None:
    replies = [
        a_reply(writer="quotes", tried=(Tried("tuned", "no such model"), Tried("base", "too slow"))),
        a_reply(writer="base", tried=(Tried("tuned", "too slow"),)),
        a_reply(writer="quotes", tried=(Tried("tuned", MAY_NOT_SEE), Tried("base", MAY_NOT_SEE))),
        a_reply(writer="quotes", tried=(Tried("tuned", PROVED_NOTHING),)),
        a_reply(writer=""),
    ]
    found = {name: (figure.count, figure.of) for name, figure in spending(replies).items()}
    assert {name: count for name, count in found.items() if name.startswith(("failed_", "model_", "may_", "proved_"))} == {
        "model_failed": (2, 4),
        "failed_no_such_model": (1, 4),
        "failed_too_slow": (2, 4),
        "may_not_see": (1, 4),
        "proved_nothing": (1, 4),
    }


def test_an_answer_that_was_cut_off_is_counted_among_the_answers() -> None:
    assert value("cut_off", a_reply(), a_reply(whole=False), a_reply(writer="")) == 0.5


# The judge


def test_without_a_judge_nothing_is_said_of_one() -> None:
    assert not [name for name in spending([a_reply()]) if name.startswith("judge")]


def test_the_judge_is_counted_where_it_was_clear_and_held_against_what_must_be_said() -> None:
    replies = [
        a_reply(verdict="right"),
        a_reply(verdict="wrong"),
        a_reply(verdict="wrong", text="Four days."),
        a_reply(verdict="unclear"),
        a_reply(),
    ]
    found = spending(replies)
    assert (found["judged_right"].count, found["judged_right"].of) == (1, 3)
    assert (found["judge_agrees"].count, found["judge_agrees"].of) == (2, 3)
    assert (found["judge_unclear"].count, found["judge_unclear"].of) == (1, 4)
    assert found["judged_right"].low is not None


# The meter


class Scripted:
    """A writer that says this, and then fails where it is to."""

    name, signature = "base", "base at 0"

    def __init__(self, *pieces: str | Spent, fails: bool = False) -> None:
        self._pieces, self._fails = pieces, fails

    def sees(self, labels: Collection[str]) -> bool:
        return set(labels) <= {"everyone"}

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        for piece in self._pieces:
            yield piece
        if self._fails:
            raise WriterFailed("broke off")


async def read(writer: Metered, most: int = 9) -> list[str | Spent]:
    heard: list[str | Spent] = []
    async with aclosing(writer.write(a_request())) as pieces:
        async for piece in pieces:
            heard.append(piece)
            if len(heard) == most:
                break
    return heard


async def test_a_metered_writer_says_what_the_writer_says_and_notes_what_it_took() -> None:
    meter = Meter()
    metered = Metered(Scripted("One. [1]", SPENT), CHEAP, meter)
    assert await read(metered) == ["One. [1]", SPENT]
    assert meter.all == [a_bill()]
    assert (metered.name, metered.signature) == ("base", "base at 0")
    assert metered.sees({"everyone"})
    assert not metered.sees({"groups:hr"})


async def test_what_breaks_off_is_noted_too() -> None:
    meter = Meter()
    with pytest.raises(WriterFailed):
        await read(Metered(Scripted("One.", fails=True), CHEAP, meter))
    with pytest.raises(WriterFailed):
        await read(Metered(Scripted(fails=True), CHEAP, meter))
    await read(Metered(Scripted("One.", "Two.", SPENT), CHEAP, meter), most=1)
    assert [(bill.wrote, bill.spent) for bill in meter.all] == [(True, None), (False, None), (True, None)]


def test_what_was_taken_from_the_meter_is_not_taken_again() -> None:
    meter = Meter()
    meter.all.append(a_bill())
    assert meter.take() == (a_bill(),)
    assert meter.take() == ()
    assert meter.all == [a_bill()]


def test_bills_are_summed_and_one_that_is_open_leaves_the_sum_open() -> None:
    assert tokens([a_bill(), a_bill(None), a_bill()]) == SPENT + SPENT
    assert money([a_bill(), a_bill(price=DEAR)]) == pytest.approx(0.011)
    assert money([a_bill(), a_bill(None)]) is None
