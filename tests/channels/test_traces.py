"""What stays behind of a conversation: in the bytes of the data directory, and in the log at its most talkative."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.bootstrap import House, opened
from bot.channels.slack.app import Patience, Serving, connected
from bot.logs import log_to_stderr
from bot.owner import LOCK_FILE, owning
from bot.owner_socket import SOCKET, Line, listening
from bot.settings import HOME, read_settings
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.values import IndexOrder
from playground import Workspace

POLICY = """---
title: Wombat policy
owner: ruth
access: everyone
---
# Wombat policy

1.1 Employees may keep up to three wombats in the office garden at any time.
1.2 Wombats must be registered with reception before they arrive.
"""
ASKED = "how many marsupials and wombats may employees keep in the office garden?"
OVERHEARD = "the zebra merger is signed on friday"


@dataclass
class Traces:
    """The pretend workspace with the real bot over a real data directory, and everything that it left."""

    slack: Workspace
    house: House
    serving: Serving
    data_dir: Path
    capsys: pytest.CaptureFixture[str]
    _logged: list[str] = field(default_factory=list)

    async def quiet(self) -> None:
        await self.slack.settled()
        await self.serving.desk.tasks.idle()

    def log(self) -> str:
        self._logged.append(self.capsys.readouterr().err)
        return "".join(self._logged)

    def kept(self, pattern: str = "conversation.db*") -> bytes:
        """The bytes of these files, with what SQLite has not yet moved from its journal."""
        files = [file for file in self.data_dir.rglob(pattern) if file.is_file()]
        assert files
        return b"\n".join(file.read_bytes() for file in files)

    def rows(self, table: str) -> int:
        with sqlite3.connect(self.data_dir / "conversation.db") as connection:
            count: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        return count


@pytest.fixture
def _talkative() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    log_to_stderr("DEBUG")
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
async def traces(tmp_path: Path, capsys: pytest.CaptureFixture[str], _talkative: None) -> AsyncIterator[Traces]:
    documents, data_dir = tmp_path / "documents", tmp_path / "var"
    documents.mkdir()
    data_dir.mkdir(mode=0o700)
    (documents / "wombats.md").write_text(POLICY, encoding="utf-8")
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(Workspace.start(HOME / "handbook" / "workspace.yaml"))
        environment = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "IBID_DATA_DIR": str(data_dir),
            "IBID_DOCUMENTS": str(documents),
            "IBID_PEOPLE_FILE": str(HOME / "handbook" / "workspace.yaml"),
        }
        house = await stack.enter_async_context(opened(read_settings(environment), lambda _: HashingEmbedding()))
        await house.indexing.index(IndexOrder(), lambda _: None)
        serving = await stack.enter_async_context(connected(house.ibid, Patience(drain=5)))
        asyncio.get_running_loop().set_debug(True)
        yield Traces(slack, house, serving, data_dir, capsys)
        asyncio.get_running_loop().set_debug(False)


async def test_neither_the_log_nor_the_conversations_hold_what_was_asked_or_answered_or_by_whom(traces: Traces) -> None:
    slack = traces.slack
    asked = slack.say("priya", "ask-policy", f"@Ibid {ASKED}")
    answer = await slack.reply_to(asked)
    assert "three wombats" in answer.plain
    await traces.quiet()
    slack.say("priya", "ask-policy", "and must marsupials be registered?", asked.ts)
    slack.say("tom", "dm", f"{ASKED} I am asking for the marsupials")
    await slack.slash("hiro", "general", f"/ibid ask {ASKED}")
    await slack.slash("hiro", "general", "/ibid marsupials")
    await slack.click("tom", answer, "source")
    await slack.click("tom", answer, "feedback")
    await slack.until(lambda: "wombats" in str(slack.messages("hiro", "general")))
    await traces.quiet()
    assert traces.rows("receipts") == 4
    kept, log = traces.kept(), traces.log()
    assert json.loads(log.splitlines()[0])
    for word in ("marsupial", "three wombats", "registered", "U01PRIYA", "U02TOM", "U09HIRO", "Priya"):
        assert word.encode() not in kept, word
    for word in ("marsupial", "three wombats", "registered with", slack.bot_token, slack.app_token, "ticket="):
        assert word not in log, word


async def test_what_is_not_addressed_to_ibid_changes_no_byte_and_is_in_no_log(traces: Traces) -> None:
    slack = traces.slack
    asked = slack.say("priya", "ask-policy", f"@Ibid {ASKED}")
    await slack.reply_to(asked)
    await traces.quiet()
    before, log = {table: traces.rows(table) for table in ("inbox", "receipts", "thread_turns", "thread_attention")}, traces.log()
    slack.say("tom", "ask-policy", OVERHEARD, asked.ts)
    slack.say("tom", "ask-policy", OVERHEARD)
    slack.say("tom", "northgate", OVERHEARD)
    slack.say("tom", slack.state.direct_message("U01PRIYA", "U02TOM").id, OVERHEARD)
    await traces.quiet()
    assert {table: traces.rows(table) for table in before} == before
    for holder in (traces.kept("*"), traces.log().encode()[len(log.encode()) :]):
        assert b"zebra" not in holder
        assert b"merger" not in holder


async def test_the_socket_the_lock_and_the_key_are_this_users_alone(traces: Traces) -> None:
    async def nothing(_: Line) -> AsyncIterator[Line]:
        yield {}

    with owning(traces.data_dir, "serve") as ownership:
        async with listening(traces.data_dir, ownership, nothing):  # type: ignore[arg-type]  # it is an async generator
            for name in (SOCKET, LOCK_FILE, "secret.key"):
                assert stat.S_IMODE((traces.data_dir / name).stat().st_mode) == 0o600, name


async def test_no_variable_of_the_environment_shows_anybody_what_is_behind_an_answer(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    environment = {"IBID_DATA_DIR": str(tmp_path / "var"), "IBID_BEHIND_URL": "http://127.0.0.1:9/", "IBID_DOCUMENTS": str(tmp_path)}
    async with opened(read_settings(environment), lambda _: HashingEmbedding()) as house:
        assert house.ibid.observers == ()
