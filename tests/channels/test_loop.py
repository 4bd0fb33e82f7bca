"""The event loop answers Slack within three seconds only while nothing heavy runs on it: a real question over the real library."""

from __future__ import annotations

import asyncio
import gc
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.bootstrap import House, opened
from bot.channels.slack.app import Patience, Serving, connected
from bot.settings import HOME, read_settings
from knowledge.values import IndexOrder
from knowledge.words import words
from playground import Message, Workspace
from playground.workspace import Setting
from tests.watch import MOST_CPU, Watch, burning, calling

DOCUMENTS = ("leave/annual-leave-uk.md", "leave/annual-leave-de.md", "money/approval-limits.docx", "money/supplier-onboarding.html")
QUESTION = "How many days of annual leave can I carry over into next year in the UK?"


@dataclass(frozen=True)
class Company:
    """The pretend workspace, and the real bot in it, over its real documents."""

    slack: Workspace
    house: House
    serving: Serving
    watch: Watch

    def edit(self, old: str, new: str) -> None:
        """Change the first document."""
        document = self.house.ibid.settings.documents / DOCUMENTS[0]
        document.write_text(document.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    async def ask(self, channel: str, text: str, thread_ts: str | None = None) -> Message:
        asked = self.slack.say("priya", channel, text, thread_ts)
        answer = await self.slack.until(lambda: next((one for one in self.slack.replies_to(asked) if "Source 1" in one.plain), None), 30)
        await self.slack.settled()
        await self.serving.desk.tasks.idle()
        return answer


@pytest.fixture(scope="module", autouse=True)
def _no_garbage_of_other_tests() -> Iterator[None]:
    """A collection would look through what a thousand tests before this one left and imported, for half a second on the loop."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kept for all tests here: the weights are prepared once."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture
async def company(data_dir: Path, tmp_path: Path) -> AsyncIterator[Company]:
    documents = tmp_path / "documents"
    for name in DOCUMENTS:
        (documents / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HOME / "handbook" / name, documents / name)
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(Workspace.start(HOME / "handbook" / "workspace.yaml", Setting()))
        environment = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "IBID_DATA_DIR": str(data_dir),
            "IBID_DOCUMENTS": str(documents),
            "IBID_PEOPLE_FILE": str(HOME / "handbook" / "workspace.yaml"),
            "IBID_DEFAULT_ACCESS": "everyone",
        }
        house = await stack.enter_async_context(opened(read_settings(environment)))
        await house.indexing.index(IndexOrder(), lambda _: None)
        serving = await stack.enter_async_context(connected(house.ibid, Patience(drain=5)))
        yield Company(slack, house, serving, Watch())


async def test_no_callback_of_a_real_question_burns_more_than_a_tenth_of_a_second(company: Company) -> None:
    with burning(company.watch):
        assert "up to 5 days" in (await company.ask("ask-policy", f"@Ibid {QUESTION}")).plain
        await company.ask("dm", QUESTION)
    seconds, callback = company.watch.worst
    assert len(company.watch.burnt) > 50
    assert seconds < MOST_CPU, callback


async def test_no_callback_of_a_run_of_the_index_burns_more_than_a_tenth_of_a_second(company: Company) -> None:
    company.edit("up to 5 days", "up to 6 days")
    with burning(company.watch):
        report = await company.house.indexing.index(IndexOrder(), lambda _: None)
    seconds, callback = company.watch.worst
    assert report.changed
    assert seconds < MOST_CPU, callback


async def test_nothing_heavy_is_called_on_the_loops_thread(company: Company) -> None:
    with calling(company.watch):
        answer = await company.ask("ask-policy", f"@Ibid {QUESTION}")
        await company.ask("ask-policy", "And in Germany?", answer.thread_ts)  # leans, and names a country
        await company.ask("dm", "How many days of anual leave do I get? And how many can I carry over into next year?")  # of her country
        await company.slack.click("priya", answer, "source")
        await company.slack.until(lambda: "annual leave" in str(company.slack.modal("priya")).lower())
        await company.slack.slash("priya", "general", "/ibid status")
        company.edit("up to 5 days", "up to 7 days")
        report = await company.house.indexing.index(IndexOrder(), lambda _: None)
    assert report.changed
    assert company.watch.called == set()


async def test_the_watch_sees_what_it_is_there_for() -> None:
    watch = Watch()
    with calling(watch):
        words("five days")
        await asyncio.to_thread(words, "five days")
    assert {"knowledge.words"} < watch.called
    assert any(module.startswith("tantivy") for module in watch.called)

    async def burns() -> None:
        until = time.thread_time() + 1.5 * MOST_CPU
        while time.thread_time() < until:
            pass

    with burning(watch):
        await asyncio.create_task(burns())
    assert watch.worst[0] > MOST_CPU
