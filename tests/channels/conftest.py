"""Ibid in a pretend workspace, over real sockets: the real Bolt, the real flow, documents and words given by the test."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from bot.adapters.memory import (
    FixedClock,
    ListLibrary,
    MemoryContacts,
    MemoryInbox,
    MemoryLedger,
    MemoryNotes,
    MemoryReplies,
    MemoryThreads,
)
from bot.adapters.memory_cache import MemoryCache
from bot.adapters.memory_holds import MemoryHolds
from bot.adapters.memory_own import MemoryDisclosures, MemoryOwnRecords
from bot.adapters.memory_prompts import MemoryPromptStore
from bot.answers import Request
from bot.bootstrap import Ibid
from bot.channels.slack.app import Patience, Serving, connected
from bot.errors import DirectoryUnavailable
from bot.flows.edit_prompt import PromptDesk
from bot.house_rules import NO_RULES, HouseRules
from bot.models import Spent
from bot.settings import HOME, read_settings
from bot.values import ChannelFacts, Person
from bot.wording import load_wording
from knowledge.values import AccessRule, Hit, content_id
from playground import Message, Workspace
from playground.workspace import Setting
from tests.channels.scripted_indexing import ScriptedIndexing
from tests.factories import EVERYONE, HR, a_document, a_hit, an_answering

CARRY = "Employees may carry over up to five days until 31 March 2027."
LATER = "Days carried over lapse after that date."
BANDS = "Band C is paid between 52,000 and 61,000 euros a year."


@dataclass
class ScriptedWriter:
    """Says its lines; `gate` holds it back before the line with that index."""

    lines: list[str] = field(default_factory=lambda: [f"{CARRY} [1]\n", f"{LATER} [1]\n"])
    gates: dict[int, asyncio.Event] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    breaks: Exception | None = None
    name: str = "quotes"
    signature: str = ""

    def sees(self, labels: Collection[str]) -> bool:
        return True

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        self.requests.append(request)
        for number, line in enumerate(self.lines):
            if number in self.gates:
                await self.gates[number].wait()
            yield line
        if self.breaks:
            raise self.breaks


@dataclass
class House:
    """The house rules, as a test has them."""

    rules: HouseRules = NO_RULES

    async def now(self) -> HouseRules:
        return self.rules


class Nobody:
    """The directory of a bot that is not in Slack yet."""

    async def person(self, user: str) -> Person:
        raise DirectoryUnavailable(user)

    async def channel(self, channel: str) -> ChannelFacts:
        raise DirectoryUnavailable(channel)


def leave_hit(text: str = f"4.1 {CARRY} {LATER}", clause: str = "4.1", rule: AccessRule = EVERYONE) -> Hit:
    return a_hit(text, clause=clause, document=a_document(rule=rule))


def bands_hit(rule: AccessRule = HR) -> Hit:
    return a_hit(BANDS, clause="2.1", document=a_document("salary-bands", rule=rule, title="Salary bands"))


@dataclass
class Bench:
    """The workspace, Ibid in it, and everything that a test looks at."""

    slack: Workspace
    clock: FixedClock
    inbox: MemoryInbox
    ledger: MemoryLedger
    threads: MemoryThreads
    library: ListLibrary
    indexing: ScriptedIndexing
    notes: MemoryNotes
    replies: MemoryReplies
    rulebook: House
    writer: ScriptedWriter
    ibid: Ibid
    serving: Serving | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def connect(self, patience: Patience | None = None) -> None:
        self.serving = await self._stack.enter_async_context(connected(self.ibid, patience or Patience(drain=5)))

    async def disconnect(self) -> None:
        await self._stack.aclose()
        self._stack = AsyncExitStack()

    async def crash(self) -> None:
        """The process dies: what was under way is gone, nothing is drained."""
        assert self.serving
        tasks = self.serving.desk.tasks
        await tasks.drain(0)
        await self.disconnect()

    async def quiet(self) -> None:
        """Everything that was sent is acknowledged, and everything that it set off has ended."""
        await self.slack.settled()
        assert self.serving
        await self.serving.desk.tasks.idle()

    def setting(self, **changes: object) -> None:
        self.ibid = replace(self.ibid, settings=replace(self.ibid.settings, **changes))  # type: ignore[arg-type]  # tests name what they change

    def called(self, method: str) -> list[dict[str, object]]:
        return [call.fields for call in self.slack.calls if call.method == method]

    def seen_by(self, person: str, channel: str) -> str:
        """Everything of the bot's that this person can read there."""
        return "\n".join(message.plain for message in self.slack.messages(person, channel) if message.by_bot)

    async def ask(self, person: str, channel: str, text: str, thread_ts: str | None = None) -> Message:
        asked = self.slack.say(person, channel, text, thread_ts)
        return await self.slack.reply_to(asked)


@asynccontextmanager
async def a_bench(setting: Setting) -> AsyncIterator[Bench]:
    async with Workspace.start(HOME / "handbook" / "workspace.yaml", setting) as slack:
        clock = FixedClock(datetime(2026, 11, 16, 9, 0, tzinfo=UTC))
        inbox, threads, library = MemoryInbox(clock), MemoryThreads(clock), ListLibrary(hits=(leave_hit(),))
        holds = MemoryHolds(clock)
        library.holds = holds
        ledger, writer = MemoryLedger(), ScriptedWriter()
        replies, rulebook, disclosures = MemoryReplies(), House(), MemoryDisclosures(clock)
        contacts = MemoryContacts(met={"U01PRIYA", "U07RUTH", "U08GRETA", "U13CARLA"})
        indexing, notes = ScriptedIndexing(clock), MemoryNotes()
        cache, prompts = MemoryCache(), PromptDesk(HOME / "prompts", MemoryPromptStore(clock), clock)
        await prompts.open()
        settings = read_settings(
            {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_APP_TOKEN": slack.app_token,
                "SLACK_API_URL": slack.api_url,
                "IBID_PEOPLE_FILE": str(HOME / "handbook" / "workspace.yaml"),
            }
        )
        ibid = Ibid(
            settings=settings,
            clock=clock,
            wording=load_wording(HOME / "wording"),
            company="Fernhill Instruments",
            answering=an_answering(library, writer, ledger=ledger, clock=clock),
            library=library,
            shelf=library,
            indexing=indexing,
            holds=holds,
            receipts=ledger,
            questions=ledger,
            past=ledger,
            mark=content_id,
            own=MemoryOwnRecords(ledger, threads, contacts, notes),
            disclosures=disclosures,
            ledger=ledger,
            inbox=inbox,
            backlog=inbox,
            threads=threads,
            attention=threads,
            replies=replies,
            contacts=contacts,
            notes=notes,
            directory=Nobody(),
            rulebook=rulebook,
            cache=cache,
            prompts=prompts,
        )
        bench = Bench(slack, clock, inbox, ledger, threads, library, indexing, notes, replies, rulebook, writer, ibid)
        try:
            yield bench
        finally:
            await bench.disconnect()


@pytest.fixture
async def idle_bench() -> AsyncIterator[Bench]:
    """The workspace stands, Ibid is not connected yet."""
    async with a_bench(Setting(redeliver_after=(0.2, 0.2, 0.2))) as bench:
        yield bench


@pytest.fixture
async def bench(idle_bench: Bench) -> Bench:
    await idle_bench.connect()
    return idle_bench


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """Everything that was logged, with all its fields."""
    caplog.set_level(logging.DEBUG)
    return lambda: "\n".join(str(record.__dict__) for record in caplog.records)
