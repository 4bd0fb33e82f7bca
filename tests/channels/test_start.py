"""Starting in Slack: wrong tokens, no Slack, and a line that goes deaf each say what to do."""

from __future__ import annotations

import asyncio
import socket

import pytest

from bot.channels.slack.app import serve
from bot.channels.slack.socket_mode import watch
from bot.errors import Misconfigured, SlackUnavailable
from tests.channels.conftest import Bench


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("slack_bot_token", "xoxb-wrong", "does not accept SLACK_BOT_TOKEN"),
        ("slack_app_token", "xapp-wrong", "does not accept SLACK_APP_TOKEN"),
        ("slack_bot_token", "", "SLACK_BOT_TOKEN is not set"),
        ("slack_app_token", "", "SLACK_APP_TOKEN is not set"),
    ],
)
async def test_a_wrong_token_stops_the_start_with_its_name(idle_bench: Bench, setting: str, value: str, words: str) -> None:
    idle_bench.setting(**{setting: value})
    with pytest.raises(Misconfigured, match=words) as caught:
        await serve(idle_bench.ibid)
    assert value == "" or value not in str(caught.value)


async def test_a_start_that_goes_well_warns_of_nothing(
    idle_bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-as-an-operator-sets-it")  # Bolt looks there by itself
    await idle_bench.connect()
    assert [record.getMessage() for record in caplog.records if record.levelname != "INFO"] == []


async def test_when_slack_does_not_answer_the_start_says_where_it_looked(idle_bench: Bench) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/api/"
        idle_bench.setting(slack_api_url=address)
        with pytest.raises(SlackUnavailable, match=f"does not answer at {address}"):
            await serve(idle_bench.ibid)


async def test_an_outage_with_status_500_is_an_outage_and_not_a_wrong_token(idle_bench: Bench) -> None:
    idle_bench.slack.faults.server_error("auth.test", times=5)
    with pytest.raises(SlackUnavailable, match="does not answer"):
        await serve(idle_bench.ibid)


class Line:
    """A line whose state the test decides."""

    def __init__(self, *states: bool | Exception) -> None:
        self.states = list(states)

    async def is_connected(self) -> bool:
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        if isinstance(state, Exception):
            raise state
        return state


@pytest.mark.parametrize("last", [False, RuntimeError("the session is closed")])
async def test_a_line_that_stays_deaf_ends_the_process(last: bool | Exception) -> None:
    line = Line(True, last)
    with pytest.raises(SlackUnavailable, match="silent"):
        async with asyncio.timeout(5):
            await watch(line, deaf=0.05, look=0.01)


async def test_serving_ends_cleanly_when_it_is_cancelled(idle_bench: Bench) -> None:
    serving = asyncio.create_task(serve(idle_bench.ibid))
    await idle_bench.slack.until(lambda: idle_bench.called("apps.connections.open")[1:])  # once to check the token, once to connect
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
