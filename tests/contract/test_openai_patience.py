"""How long and how often a model is asked: two requests at most, a patience that is kept, and no connection that is not given back."""

from __future__ import annotations

import asyncio
import socket
from contextlib import aclosing

import pytest

from bot.adapters.openai_writer import LONGEST
from bot.adapters.patience import Patience
from bot.errors import WhyNot
from bot.models import Spent
from playground.model import COMMENT, CUT, GARBAGE, STALL, Refusal, Script, html_page, refuses, says
from tests.openai_bench import ANSWER, REQUEST, a_bench, delta

# A second try


async def test_a_server_that_names_a_time_is_asked_again_then() -> None:
    async with a_bench() as bench:
        bench.model.script(refuses(429, retry_after=7), ANSWER)
        assert (await bench.ask()).text == ANSWER
        assert bench.naps == [7.0]
        assert bench.asked == 2


@pytest.mark.parametrize(
    ("headers", "nap"),
    [
        ({"Retry-After": "Mon, 16 Nov 2026 09:00:05 GMT", "Date": "Mon, 16 Nov 2026 09:00:00 GMT"}, 5.0),
        ({"Retry-After": "Mon, 16 Nov 2026 08:00:00 GMT", "Date": "Mon, 16 Nov 2026 09:00:00 GMT"}, 0.0),
        ({"Retry-After-Ms": "1500", "Retry-After": "2"}, 1.5),
        ({"Retry-After": "-3"}, 0.0),
        ({"Retry-After": "soon"}, 0.5),
        ({"Retry-After": "nan"}, 0.5),
        ({}, 0.5),
    ],
)
async def test_the_time_is_understood_however_it_is_written(headers: dict[str, str], nap: float) -> None:
    async with a_bench() as bench:
        bench.model.script(Refusal(status=429, headers=headers), ANSWER)
        assert (await bench.ask()).text == ANSWER
        assert bench.naps == [nap]


async def test_a_time_that_is_too_far_off_is_not_waited_for() -> None:
    async with a_bench() as bench:
        bench.model.script(refuses(429, retry_after=20))
        heard = await bench.ask()
        assert heard.reason == "busy"
        assert not bench.naps
        assert bench.asked == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_server_in_trouble_is_asked_once_more(status: int) -> None:
    async with a_bench() as bench:
        bench.model.script(refuses(status), ANSWER)
        assert (await bench.ask()).text == ANSWER
        assert bench.naps == [0.5]
        assert bench.asked == 2


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (refuses(429), "busy"),
        (refuses(500), "unreachable"),
        (html_page(503), "unreachable"),
        (refuses(504), "too slow"),
        (says(CUT), "unreachable"),
        (says("", CUT), "broke off"),
    ],
    ids=str,
)
async def test_never_more_than_twice(script: Script, reason: WhyNot) -> None:
    async with a_bench() as bench:
        bench.model.script(script, script, ANSWER)
        assert (await bench.ask()).reason == reason
        assert bench.asked == 2


async def test_a_stream_that_is_cut_before_its_first_word_is_asked_for_again() -> None:
    async with a_bench() as bench:
        bench.model.script(says("", CUT), ANSWER)
        assert (await bench.ask()).text == ANSWER
        assert bench.asked == 2


async def test_where_nobody_listens_it_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    async with a_bench(url=f"http://127.0.0.1:{port}/v1") as bench:
        heard = await bench.ask()
        assert heard.reason == "unreachable"
        assert bench.naps == [0.5]


# A server that knows less


@pytest.mark.parametrize(
    "refusal",
    [
        refuses(400, code="unsupported_parameter", message="Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
        refuses(400, code="unsupported_value", message="'temperature' does not support 0.0 with this model."),
        refuses(422, message='[{"type": "extra_forbidden", "loc": ["body", "stream_options"]}]'),
    ],
    ids=str,
)
async def test_a_server_that_does_not_know_a_wish_is_asked_without_any_from_then_on(refusal: Refusal) -> None:
    async with a_bench() as bench:
        signature = bench.writer.signature
        bench.model.script(refusal, ANSWER, ANSWER)
        for asked in (2, 3):
            heard = await bench.ask()
            assert (heard.text, heard.spent) == (ANSWER, [])
            assert bench.asked == asked
            assert set(bench.model.requests[-1].body) == {"model", "messages", "stream"}
        assert bench.writer.signature != signature


async def test_a_server_that_refuses_the_bare_question_as_well_is_asked_for_everything_next_time() -> None:
    async with a_bench() as bench:
        bench.model.script(refuses(400, message="bad temperature"), refuses(400, message="bad temperature"), ANSWER)
        assert (await bench.ask()).reason == "refused"
        assert bench.asked == 2
        assert (await bench.ask()).text == ANSWER
        assert bench.model.requests[-1].body["max_tokens"] == LONGEST


# Patience


@pytest.mark.parametrize(
    "script",
    [says(STALL), says("", STALL), says(COMMENT, "", STALL), says("<think>", "Hm.", STALL), says(delta('"reasoning": "Hm"'), STALL)],
    ids=str,
)
async def test_a_model_that_does_not_begin_is_too_slow(script: Script) -> None:
    async with a_bench(Patience(first=0.3)) as bench:
        bench.model.script(script)
        heard = await bench.ask()
        assert (heard.reason, heard.text) == ("too slow", "")
        assert bench.asked == 1
        await bench.model.until(lambda: bench.model.requests[0].left)


async def test_a_second_try_does_not_get_the_time_of_the_first_once_more() -> None:
    async with a_bench(Patience(first=1.0)) as bench:
        slow = says("x", pause=0.3)
        bench.model.script(slow)  # in time alone
        assert (await bench.ask()).text == "x"
        bench.writer._sleep = asyncio.sleep
        bench.model.script(refuses(503, retry_after=0.8), slow)
        assert (await bench.ask()).reason == "too slow"


async def test_a_model_that_falls_silent_is_too_slow() -> None:
    async with a_bench(Patience(gap=0.3)) as bench:
        bench.model.script(says("You get ", STALL, "25 days. [1]"))
        heard = await bench.ask()
        assert (heard.reason, heard.text) == ("too slow", "You get ")
        assert bench.asked == 1
        await bench.model.until(lambda: bench.model.requests[0].left)


async def test_each_piece_begins_a_silence_of_its_own() -> None:
    async with a_bench(Patience(gap=0.7)) as bench:
        bench.model.script(says(*"x" * 10, pause=0.1))
        heard = await bench.ask()
        assert (heard.text, heard.reason) == ("x" * 10, "")


async def test_a_model_that_never_ends_is_too_slow_although_it_is_never_silent() -> None:
    async with a_bench(Patience(whole=0.8)) as bench:
        bench.model.script(says(*"x" * 10_000, pause=0.01))
        heard = await bench.ask()
        assert heard.reason == "too slow"
        assert 0 < len(heard.pieces) < 100


async def test_a_reader_who_takes_long_is_not_the_models_fault() -> None:
    async with a_bench(Patience(first=1.0, gap=0.3, whole=1.0)) as bench:
        bench.model.script(says("You get ", "25 days. [1]"))
        heard = []
        async with aclosing(bench.writer.write(REQUEST)) as pieces:
            async for piece in pieces:
                heard.append(piece)
                await asyncio.sleep(0.4)
        assert heard[:-1] == ["You get ", "25 days. [1]"]
        assert isinstance(heard[-1], Spent)


# Connections


async def test_a_connection_serves_one_answer_after_the_other() -> None:
    async with a_bench() as bench:
        bench.model.script(*[ANSWER] * 3)
        for _ in range(3):
            assert (await bench.ask()).text == ANSWER
        [connection] = bench.connections
        assert "Request Count: 3" in connection


async def test_who_stops_listening_frees_the_connection_and_the_model() -> None:
    async with a_bench() as bench:
        bench.model.script(says("You get ", STALL, "25 days. [1]"))
        pieces = bench.writer.write(REQUEST)
        assert await anext(pieces) == "You get "
        await pieces.aclose()
        assert bench.connections == []
        await bench.model.until(lambda: bench.model.requests[0].left)


@pytest.mark.parametrize("script", [says(STALL), says("", STALL), says("You get ", STALL)], ids=str)
async def test_who_is_called_away_frees_the_connection_and_the_model(script: Script) -> None:
    async with a_bench() as bench:
        bench.model.script(script)
        asking = asyncio.create_task(bench.ask())
        await bench.model.until(lambda: bench.model.stalled)
        asking.cancel()
        await asyncio.wait({asking})
        assert asking.cancelled()
        assert bench.connections == []
        await bench.model.until(lambda: bench.model.requests[0].left)


@pytest.mark.parametrize(
    "script", [says("You", GARBAGE, STALL), says(delta('"refusal": "No."'), STALL), refuses(401), says("x", CUT), says("x", STALL)], ids=str
)
async def test_no_failure_keeps_a_connection_busy(script: Script) -> None:
    async with a_bench(Patience(gap=0.3)) as bench:
        bench.model.script(script)
        assert (await bench.ask()).failed
        assert [connection for connection in bench.connections if "IDLE" not in connection] == []
