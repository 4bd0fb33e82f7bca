"""HTTP mode: the same Bolt app and listeners, reached by signed requests; and what Ibid tells those who run it, in both modes."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from bot.channels.slack.app import Patience
from bot.channels.slack.http import HttpLine
from bot.channels.slack.manifest import PATH
from bot.channels.slack.socket_mode import SocketLine
from bot.errors import ConversationUnavailable, Misconfigured
from bot.settings import Address
from bot.values import Delivery
from playground import Message, SlackError
from playground.request_url import signed
from playground.workspace import Setting
from tests.channels.conftest import CARRY, LATER, Bench, a_bench
from tests.channels.prompt_office import RULE, an_office

QUESTION = "@Ibid how many days can I carry over?"
ANY_PORT = Address("127.0.0.1", 0)
OFTEN = Setting(redeliver_after=(0.2, 0.2, 0.2))


@asynccontextmanager
async def an_http_bench(setting: Setting = OFTEN) -> AsyncIterator[Bench]:
    async with a_bench(setting) as bench:
        over_http(bench)
        await connect(bench)
        yield bench


def over_http(bench: Bench) -> None:
    bench.setting(slack_app_token="", slack_signing_secret=bench.slack.signing_secret, listen=ANY_PORT)


@pytest.fixture
async def http() -> AsyncIterator[Bench]:
    """Ibid in HTTP mode, and a workspace that posts to it."""
    async with an_http_bench() as bench:
        yield bench


async def connect(bench: Bench) -> None:
    await bench.connect()
    await bench.slack.deliver_to(at(bench, PATH))


def at(bench: Bench, path: str) -> str:
    assert bench.serving
    return f"http://{bench.serving.address}{path}"


def replies(bench: Bench, asked: Message) -> list[str]:
    return [reply.plain for reply in bench.slack.replies_to(asked)]


def statuses(bench: Bench) -> list[int]:
    """What the workspace got for each of its requests."""
    url = bench.slack.sockets.request_url
    assert url
    return url.statuses


async def get(bench: Bench, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(at(bench, path)) as response:
        return response.status, await response.text()


async def figures(bench: Bench) -> dict[str, float]:
    """Every sample of the page, by name and labels."""
    from prometheus_client.parser import text_string_to_metric_families

    _, page = await get(bench, "/metrics")
    return {
        " ".join((sample.name, *sorted(sample.labels.values()))): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


async def test_a_mention_is_answered_in_its_thread(http: Bench) -> None:
    answer = await http.ask("priya", "ask-policy", QUESTION)
    await http.quiet()
    assert f"{CARRY} [1]" in answer.plain
    assert f"{LATER} [1]" in answer.plain
    assert isinstance(http.serving and http.serving.line, HttpLine)
    assert http.slack.sockets.connected == 0
    assert http.called("apps.connections.open") == []


async def test_direct_messages_commands_clicks_and_reactions_come_over_http_too(http: Bench) -> None:
    asked = http.slack.say("priya", "dm", "How many days can I carry over?")
    answer = await http.slack.reply_to(asked)
    assert CARRY in answer.plain
    assert await http.slack.slash("priya", "general", "/ibid ask how many days can I carry over? is there a payload?") == {}
    await http.slack.until(lambda: CARRY in http.seen_by("priya", "general"))
    assert await http.slack.click("priya", answer, "source") == {}
    await http.slack.until(lambda: CARRY in str(http.slack.modal("priya")))
    assert await http.slack.click("priya", answer, "feedback") == {}
    await http.quiet()
    assert list(http.ledger.verdicts.values()) == ["up"]
    public = await http.ask("priya", "ask-policy", QUESTION)
    http.slack.react("priya", public, "mute")
    await http.slack.until(lambda: "quiet" in http.seen_by("priya", "ask-policy"))


async def test_a_prompt_is_edited_in_its_modals_over_http(tmp_path: Path) -> None:
    async with a_bench(OFTEN) as bench:
        over_http(bench)
        office = await an_office(bench, tmp_path)
        await bench.slack.deliver_to(at(bench, PATH))
        await office.opened("answer")
        acknowledged = await bench.slack.submit("greta", {"text-0": office.texts()[0].replace(RULE, "")})
        assert acknowledged
        assert acknowledged["response_action"] == "push"
        await office.says("It does not ask for a source")
        assert await bench.slack.submit("greta", {"reason": "shorter"})
        await office.says("*Version 2 of answer is live.* shorter")
        await bench.slack.close_modal("greta")
        await bench.quiet()
        assert all(delivery.acked for delivery in bench.slack.sockets.deliveries)


async def test_the_same_event_delivered_again_is_acknowledged_and_answered_once(http: Bench) -> None:
    asked = http.slack.say("priya", "ask-policy", QUESTION)
    await http.slack.reply_to(asked)
    await http.quiet()
    for delivery in list(http.slack.sockets.deliveries):
        http.slack.sockets.send_event(delivery.payload)
    await http.quiet()
    assert all(delivery.acked for delivery in http.slack.sockets.deliveries)
    assert len(replies(http, asked)) == 1


async def test_a_first_delivery_that_says_it_is_a_repetition_is_answered(http: Bench) -> None:
    """Slack's header counts attempts, and the first to arrive may be the third."""
    failing, take = iter([True, True]), http.inbox.take

    async def full(delivery: Delivery) -> bool:
        if next(failing, False):
            raise ConversationUnavailable("the disk is full: how many days")
        return await take(delivery)

    http.inbox.take = full  # type: ignore[method-assign]  # the disk is full for two deliveries
    asked = http.slack.say("priya", "dm", "How many days can I carry over?")
    assert CARRY in (await http.slack.reply_to(asked)).plain
    await http.quiet()
    assert statuses(http)[1:4] == [503, 503, 200]  # after the challenge
    assert len(replies(http, asked)) == 1


async def test_the_acknowledgement_does_not_wait_for_the_answer(http: Bench) -> None:
    gate = http.writer.gates[0] = asyncio.Event()
    asked = http.slack.say("priya", "ask-policy", QUESTION)
    await http.slack.settled()
    assert all(delivery.acked for delivery in http.slack.sockets.deliveries)
    assert replies(http, asked) == []
    gate.set()
    assert CARRY in (await http.slack.reply_to(asked)).plain


async def test_while_fifty_answers_are_being_written_requests_are_acknowledged_in_time(http: Bench) -> None:
    http.setting(questions_per_minute=100)
    await http.disconnect()
    await connect(http)
    gate = http.writer.gates[0] = asyncio.Event()
    asked = [http.slack.say("priya", "dm", f"How many days can I carry over in year {number}?") for number in range(50)]
    await http.slack.settled()
    assert len(await http.inbox.waiting()) == 50
    assert await http.slack.slash("tom", "general", "/ibid help") == {}  # it would be None after Slack's three seconds
    gate.set()
    await http.quiet()
    assert all(CARRY in text for one in asked for text in replies(http, one) or ["silence"])


async def test_stopping_answers_what_was_acknowledged(http: Bench) -> None:
    gate = http.writer.gates[1] = asyncio.Event()
    asked = http.slack.say("priya", "ask-policy", QUESTION)
    await http.slack.settled()
    stopping = asyncio.create_task(http.disconnect())
    await asyncio.sleep(0)
    gate.set()
    await stopping
    (text,) = replies(http, asked)
    assert LATER in text


async def test_what_comes_while_ibid_is_away_is_delivered_again_and_answered_once() -> None:
    refused, back = asyncio.Event(), asyncio.Event()

    async def until_it_is_back(_: float) -> None:
        refused.set()
        await back.wait()

    async with an_http_bench(Setting(pause=until_it_is_back)) as http:
        address = http.serving and http.serving.address
        await http.disconnect()
        asked = http.slack.say("priya", "ask-policy", QUESTION)
        await refused.wait()
        http.setting(listen=address)
        await http.connect()
        back.set()
        assert CARRY in (await http.slack.reply_to(asked)).plain
        await http.quiet()
        assert 0 in statuses(http)
        assert len(replies(http, asked)) == 1


async def test_a_secret_that_is_not_slacks_lets_nothing_in(http: Bench, caplog: pytest.LogCaptureFixture) -> None:
    http.setting(slack_signing_secret="another")
    await http.disconnect()
    with pytest.raises(SlackError, match="url_verification_failed"):
        await connect(http)
    asked = http.slack.say("priya", "ask-policy", "@Ibid how is the zebra?")
    await http.quiet()
    assert replies(http, asked) == []
    assert not http.ledger.opened
    assert "is SLACK_SIGNING_SECRET right?" in caplog.text
    assert "zebra" not in caplog.text


async def test_the_log_at_its_most_talkative_holds_nothing_of_what_was_asked(http: Bench, logged: Callable[[], str]) -> None:
    answer = await http.ask("priya", "ask-policy", "@Ibid how many zebra days can I carry over?")
    await http.slack.click("priya", answer, "source")
    await http.slack.slash("priya", "general", "/ibid zebra")
    await http.quiet()
    assert "zebra" not in logged()
    assert http.slack.signing_secret not in logged()


@pytest.mark.parametrize("mode", ["http", "socket mode"])
async def test_both_modes_say_that_they_live_and_are_ready(mode: str) -> None:
    async with an_http_bench() if mode == "http" else a_bench(Setting()) as bench:
        if mode == "socket mode":
            bench.setting(listen=ANY_PORT, slack_signing_secret="both are set")
            await bench.connect()
            assert isinstance(bench.serving and bench.serving.line, SocketLine)
        status, said = await get(bench, "/healthz")
        health = json.loads(said)
        assert (status, health["slack"], health["deaf"]) == (200, mode, False)
        assert 0 <= health["silent_seconds"] < 5
        assert await get(bench, "/readyz") == (200, "ready\n")
        assert (await figures(bench))["ibid_slack_silence_seconds"] < 5
        expected = 405 if mode == "http" else 404
        assert (await get(bench, PATH))[0] == expected


async def test_in_socket_mode_nothing_listens_unless_it_is_told_to(bench: Bench) -> None:
    assert bench.serving
    assert bench.serving.address is None


async def test_a_line_that_is_deaf_is_seen_from_outside() -> None:
    async with a_bench(Setting()) as bench:
        bench.setting(listen=ANY_PORT)
        await bench.connect(Patience(deaf=0.01, drain=5))
        line = bench.serving and bench.serving.line
        assert isinstance(line, SocketLine)
        await bench.slack.sockets.cut()
        line._heard -= 60
        line._client.last_ping_pong_time = None
        status, said = await get(bench, "/healthz")
        assert (status, json.loads(said)["deaf"]) == (503, True)
        assert json.loads(said)["silent_seconds"] >= 60


async def test_silence_is_no_trouble_in_http_mode(http: Bench) -> None:
    line = http.serving and http.serving.line
    assert isinstance(line, HttpLine)
    line._heard = time.time() - 86_400
    status, said = await get(http, "/healthz")
    assert (status, json.loads(said)["deaf"]) == (200, False)
    assert json.loads(said)["silent_seconds"] >= 86_400


async def test_a_port_that_is_taken_stops_the_start_before_anything_is_begun(idle_bench: Bench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        idle_bench.setting(listen=Address("127.0.0.1", port))
        with pytest.raises(Misconfigured, match=f"IBID_LISTEN is 127.0.0.1:{port}, and that port is taken by another program"):
            await idle_bench.connect()
    assert idle_bench.slack.calls == []


async def test_a_start_that_fails_gives_the_port_back(idle_bench: Bench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = Address(*free.getsockname())
    idle_bench.setting(listen=address, slack_bot_token="xoxb-wrong")
    with pytest.raises(Misconfigured, match="SLACK_BOT_TOKEN"):
        await idle_bench.connect()
    socket.create_server((address.host, address.port)).close()


async def test_questions_are_counted_by_how_they_end_and_no_label_is_about_anybody(http: Bench) -> None:
    http.setting(questions_per_minute=2)
    await http.disconnect()
    await connect(http)
    answer = await http.ask("priya", "ask-policy", QUESTION)
    http.library.confidence = 0.0
    await http.ask("priya", "ask-policy", "@Ibid how is the zebra?")
    http.slack.say("priya", "ask-policy", "@Ibid and once more?")
    await http.slack.slash("tom", "general", "/ibid ask")
    await http.slack.click("priya", answer, "source")
    await http.quiet()
    seen = await figures(http)
    outcomes = {name.partition(" ")[2]: count for name, count in seen.items() if name.startswith("ibid_questions_total") and count}
    assert outcomes == {"answered": 1, "not_found": 1, "too_many": 1, "no_question": 1}
    assert seen["ibid_answers_total quotes"] == 1
    assert seen["ibid_answer_seconds_count total"] == 2
    assert seen["ibid_answer_seconds_count search"] == 2
    assert seen["ibid_answer_seconds_count write"] == 1
    assert seen["ibid_inbox_open"] == 0
    assert seen["ibid_edition"] == 1
    assert seen["ibid_slack_requests_total 200"] > 4
    page = (await get(http, "/metrics"))[1]
    for word in ("zebra", "carry", "priya", "U01PRIYA", "tom", "ask-policy", "C01ASK", "T0FERNHILL", "annual", http.slack.signing_secret):
        assert word not in page, word


async def test_what_is_unfinished_and_what_failed_is_counted(http: Bench) -> None:
    http.writer.breaks = RuntimeError()
    http.writer.lines = []
    gate = http.writer.gates[0] = asyncio.Event()
    http.writer.lines = [f"{CARRY} [1]\n"]
    http.slack.say("priya", "ask-policy", QUESTION)
    await http.slack.settled()
    assert (await figures(http))["ibid_inbox_open"] == 1
    gate.set()
    await http.quiet()
    seen = await figures(http)
    assert seen["ibid_inbox_open"] == 0
    assert seen["ibid_questions_total failed"] == 1
    assert "ibid_answers_total quotes" not in seen


async def test_strangers_are_counted_and_nothing_else_of_them(http: Bench) -> None:
    async with aiohttp.ClientSession() as session:
        for given in ({}, signed(b"zebra", time.time(), "zebra")):
            async with session.post(at(http, PATH), data=b"zebra", headers=given) as response:
                assert (response.status, await response.text()) == (401, "")
    assert (await figures(http))["ibid_slack_requests_total 401"] == 2
    assert "zebra" not in (await get(http, "/metrics"))[1]


@pytest.mark.parametrize("trouble", ["empty", "documents", "database"])
async def test_a_bot_that_cannot_answer_says_so_in_one_word(http: Bench, trouble: str) -> None:
    if trouble == "empty":
        http.library.hits = ()
    elif trouble == "documents":
        http.ibid = replace(http.ibid, shelf=_Shut())  # type: ignore[arg-type]  # only `live` is asked
    else:
        http.inbox.probe = _full  # type: ignore[method-assign]  # the disk is full
    await http.disconnect()
    await http.connect()
    assert await get(http, "/readyz") == (503, f"{trouble}\n")
    assert (await get(http, "/healthz"))[0] == 200
    assert (await get(http, "/metrics"))[0] == 200


async def _full() -> None:
    raise ConversationUnavailable("the disk is full")


class _Shut:
    """Documents that cannot be opened."""

    async def live(self) -> None:
        raise Misconfigured("no weights")
