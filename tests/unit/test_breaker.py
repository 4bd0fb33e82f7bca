"""When what failed is left alone, and when it is tried again."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

import pytest

from bot.adapters.breaker import Breaker
from tests.factories import Seconds


@pytest.fixture
def time() -> Seconds:
    return Seconds(at=0.0)


@pytest.fixture
def breaker(time: Seconds) -> Breaker:
    return Breaker("the cache", (OSError,), time)


def call(breaker: Breaker, problem: BaseException | None = None) -> bool:
    """One call that ends so; whether it was made."""
    made = False
    with suppress(OSError, KeyError, asyncio.CancelledError), breaker.watch() as admitted:
        made = admitted
        if made and problem:
            _fail(problem)
    return made


def _fail(problem: BaseException) -> None:
    raise problem


def test_while_all_goes_well_every_call_is_made(breaker: Breaker) -> None:
    assert all(call(breaker) for _ in range(3))


def test_after_a_failure_no_call_is_made_until_the_pause_is_over(breaker: Breaker, time: Seconds) -> None:
    call(breaker, OSError())

    assert not call(breaker)
    time.at = 4.9
    assert not call(breaker)
    time.at = 5.0
    assert call(breaker)
    assert call(breaker)


def test_the_pause_doubles_up_to_a_minute_and_begins_anew_after_a_success(breaker: Breaker, time: Seconds) -> None:
    made = []
    for second in range(300):
        time.at = second
        if call(breaker, OSError()):
            made.append(second)
    assert made == [0, 5, 15, 35, 75, 135, 195, 255]

    time.at = 400
    assert call(breaker)
    call(breaker, OSError())
    time.at = 405
    assert call(breaker)


def test_one_call_alone_is_the_trial(breaker: Breaker, time: Seconds) -> None:
    call(breaker, OSError())
    time.at = 5

    with breaker.watch() as trial:
        assert trial
        assert not call(breaker)
    assert call(breaker)


def test_a_trial_that_is_cancelled_leaves_the_next_call_to_try(breaker: Breaker, time: Seconds) -> None:
    call(breaker, OSError())
    time.at = 5
    call(breaker, asyncio.CancelledError())

    with breaker.watch() as trial:
        assert trial
        assert not call(breaker)


@pytest.mark.parametrize("problem", [KeyError(), asyncio.CancelledError()], ids=["a mistake of ours", "cancelled"])
def test_what_is_no_trouble_of_the_service_does_not_open_it(breaker: Breaker, problem: BaseException) -> None:
    call(breaker, problem)

    assert call(breaker)


@pytest.mark.parametrize("problem", [OSError(), KeyError(), asyncio.CancelledError()], ids=lambda problem: type(problem).__name__)
def test_what_goes_wrong_is_passed_on(breaker: Breaker, problem: BaseException) -> None:
    with pytest.raises(type(problem)) as passed_on, breaker.watch():
        raise problem

    assert passed_on.value is problem


def test_calls_that_began_together_and_fail_together_are_one_failure(
    breaker: Breaker, time: Seconds, caplog: pytest.LogCaptureFixture
) -> None:
    with suppress(OSError), breaker.watch():
        call(breaker, OSError("second"))
        _fail(OSError("first"))

    time.at = 5
    assert call(breaker)
    assert [record.levelname for record in caplog.records if record.levelno >= logging.WARNING] == ["WARNING"]


def test_a_success_that_began_before_the_failure_does_not_end_the_pause(breaker: Breaker) -> None:
    with breaker.watch():
        call(breaker, OSError())

    assert not call(breaker)


def test_the_operator_hears_once_that_it_failed_and_once_that_it_is_back(
    breaker: Breaker, time: Seconds, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for second in range(100):
        time.at = second
        call(breaker, OSError("a detail that may be secret"))
    time.at = 200
    call(breaker)
    call(breaker)

    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert {vars(record)["service"] for record in caplog.records} == {"the cache"}
    assert vars(caplog.records[0])["cause"] == "OSError"
    assert "secret" not in str([vars(record) for record in caplog.records])
