"""`ibid serve` in HTTP mode: says when it is ready, answers what Slack posts, and is killed in the middle of an answer."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.settings import HOME
from playground import Workspace
from playground.faults import Fault
from playground.workspace import Setting
from tests.corpora import write_policy
from tests.faults.test_serving_killed import RULE, shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

QUESTION = "@Ibid How many days of annual leave may employees carry over into the next year?"


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


async def started(environment: Mapping[str, str], address: str, log: Path) -> asyncio.subprocess.Process:
    """`ibid serve`, as soon as it says that it is ready."""
    with log.open("ab") as said:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve", cwd=HOME, env=environment, stdout=said, stderr=said
        )
    async with asyncio.timeout(60), aiohttp.ClientSession() as session:
        while child.returncode is None:
            with suppress(aiohttp.ClientConnectionError):
                async with session.get(f"{address}/readyz") as response:
                    if response.status == 200:
                        return child
            await asyncio.sleep(0.1)  # it is another process: there is nothing here to wait for but its port
    pytest.fail("ibid serve ended by itself")


async def test_a_bot_killed_in_http_mode_answers_once_after_its_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_policy(tmp_path / "documents", "annual-leave.md", RULE, title="Annual leave")
    port, log = a_free_port(), tmp_path / "log"
    address = f"http://127.0.0.1:{port}"
    async with Workspace.start(HOME / "handbook" / "workspace.yaml", Setting(redeliver_after=(0.2, 0.2, 0.2))) as slack:
        (tmp_path / "secret").write_text(slack.signing_secret + "\n", encoding="utf-8")
        environment = os.environ | {
            "IBID_DATA_DIR": str(tmp_path / "var"),
            "IBID_DOCUMENTS": str(tmp_path / "documents"),
            "IBID_PEOPLE_FILE": str(HOME / "handbook" / "workspace.yaml"),
            "IBID_LISTEN": f"127.0.0.1:{port}",
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET_FILE": str(tmp_path / "secret"),
            "SLACK_API_URL": slack.api_url,
        }
        indexing = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "index", cwd=HOME, env=environment)
        assert await indexing.wait() == 0
        child = await started(environment, address, log)
        await slack.deliver_to(f"{address}/slack/events")

        def kill(method: str) -> Fault | None:
            if method == "chat.stopStream" and child.returncode is None:
                child.kill()
                return Fault("dropped")
            return None

        monkeypatch.setattr(slack.faults, "next", kill)
        asked = slack.say("priya", "ask-policy", QUESTION)
        assert await asyncio.wait_for(child.wait(), 60) == -9
        monkeypatch.undo()

        child = await started(environment, address, log)
        await slack.until(lambda: [reply for reply in slack.replies_to(asked) if RULE in reply.plain], within=60)
        await slack.settled()
        child.terminate()
        assert await asyncio.wait_for(child.wait(), 60) == 0

        said = [message for message in slack.messages("priya", "ask-policy") if message.by_bot and message.thread == asked.ts]
        assert [(shown(message).count(RULE), message.streaming) for message in said] == [(1, False)]
        told = log.read_text(encoding="utf-8")
        assert '"by": "http"' in told
        assert slack.signing_secret not in told
