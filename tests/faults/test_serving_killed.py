"""A bot that is killed in the middle of an answer: after its restart the question is answered, once."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from bot.settings import HOME
from playground import Workspace
from playground.faults import Fault
from playground.workspace import Setting
from tests.corpora import write_policy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from playground import Message

RULE = "Employees may carry over up to five days of annual leave into the next year."


@pytest.fixture
async def environment(tmp_path: Path) -> Mapping[str, str]:
    """One policy, indexed."""
    write_policy(tmp_path / "documents", "annual-leave.md", RULE, title="Annual leave")
    made = os.environ | {
        "IBID_DATA_DIR": str(tmp_path / "var"),
        "IBID_DOCUMENTS": str(tmp_path / "documents"),
        "IBID_PEOPLE_FILE": str(HOME / "handbook" / "workspace.yaml"),
    }
    indexing = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "index", cwd=HOME, env=made)
    assert await indexing.wait() == 0
    return made


@asynccontextmanager
async def served(slack: Workspace, environment: Mapping[str, str], log: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """`ibid serve`, until the block ends or it is killed in it."""
    there = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token, "SLACK_API_URL": slack.api_url}
    with log.open("ab") as said:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve", cwd=HOME, env={**environment, **there}, stdout=said, stderr=said
        )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.terminate()
        await child.wait()


def shown(message: Message) -> str:
    """What stands in the channel; `text` beside blocks is for notifications only."""
    return message.streamed + json.dumps(message.blocks)


@pytest.mark.parametrize(
    ("at", "done"), [("conversations.info", False), ("chat.startStream", True), ("chat.stopStream", False), ("chat.stopStream", True)]
)
async def test_a_bot_killed_in_the_middle_of_an_answer_answers_once_after_its_restart(
    tmp_path: Path, environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, at: str, done: bool
) -> None:
    """Killed when Slack gets a call: before Slack does what it asks, or after."""
    async with Workspace.start(HOME / "handbook" / "workspace.yaml", Setting(redeliver_after=(0.2, 0.2, 0.2))) as slack:
        async with served(slack, environment, tmp_path / "log") as child:

            def kill(method: str) -> Fault | None:
                if method != at or child.returncode is not None:
                    return None
                child.kill()
                return None if done else Fault("dropped")

            await slack.until(lambda: [call for call in slack.calls if call.method == "apps.connections.open"][1:], within=60)
            monkeypatch.setattr(slack.faults, "next", kill)
            asked = slack.say("priya", "ask-policy", "@Ibid How many days of annual leave may employees carry over into the next year?")
            assert await asyncio.wait_for(child.wait(), 60) == -9
        monkeypatch.undo()

        async with served(slack, environment, tmp_path / "log"):
            await slack.until(lambda: [reply for reply in slack.replies_to(asked) if RULE in reply.plain], within=60)
            await slack.settled()

        said = [message for message in slack.messages("priya", "ask-policy") if message.by_bot and message.thread == asked.ts]
        assert [(shown(message).count(RULE), message.streaming) for message in said] == [(1, False)]
