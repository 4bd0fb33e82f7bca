"""Edits of the prompts' files are seen while running, read when they stand still, and told when they are broken."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from bot.adapters import prompt_watch
from bot.adapters.memory import FixedClock
from bot.adapters.memory_prompts import MemoryPromptStore
from bot.adapters.prompt_watch import EVERY, watch
from bot.errors import SlackUnavailable
from bot.flows.edit_prompt import PromptDesk
from bot.prompts import INPUTS
from bot.settings import HOME
from tests.factories import NOW

FRONT = "---\npurpose: The house style.\ninputs: []\n---\n"


class Looks:
    """A sleep that ends when the test says so."""

    def __init__(self) -> None:
        self._asleep: asyncio.Queue[float] = asyncio.Queue()
        self._wake: asyncio.Queue[None] = asyncio.Queue()

    async def sleep(self, seconds: float) -> None:
        self._asleep.put_nowait(seconds)
        await self._wake.get()

    async def first(self) -> None:
        """Until the first look is over."""
        assert await asyncio.wait_for(self._asleep.get(), 5) == EVERY

    async def next(self, count: int = 1) -> None:
        for _ in range(count):
            self._wake.put_nowait(None)
            await self.first()


class Told:
    """Hears complaints; raises what it is given instead."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, ...]] = []
        self.raises: Exception | None = None

    async def __call__(self, complaints: tuple[str, ...]) -> None:
        if self.raises:
            raise self.raises
        self.heard.append(complaints)


class Counting(PromptDesk):
    """A desk that says how often its files were read."""

    read = 0

    async def take_files(self) -> tuple[str, ...]:
        self.read += 1
        return await super().take_files()


@pytest.fixture
async def desk(tmp_path: Path) -> Counting:
    for name in INPUTS:
        (tmp_path / f"{name}.md").write_bytes((HOME / "prompts" / f"{name}.md").read_bytes())
    desk = Counting(tmp_path, MemoryPromptStore(FixedClock(NOW)), FixedClock(NOW))
    await desk.open()
    return desk


def _write(desk: PromptDesk, text: str) -> None:
    (desk.folder / "voice.md").write_text(text)


async def test_an_edit_is_live_two_looks_later_and_files_that_stay_are_not_read_again(desk: Counting) -> None:
    looks, told = Looks(), Told()
    async with watch(desk, told, sleep=looks.sleep):
        await looks.first()
        await looks.next(5)
        assert desk.read == 1
        _write(desk, FRONT + "Be brief.")
        await looks.next(2)
        assert desk.live["voice"].text == "Be brief."
        await looks.next(5)

    assert desk.read == 2
    assert told.heard == []


async def test_a_file_that_is_being_written_is_not_read_before_it_stands_still(desk: Counting) -> None:
    looks, told, before = Looks(), Told(), desk.live
    async with watch(desk, told, sleep=looks.sleep):
        await looks.first()
        await looks.next(2)
        for part in ("", FRONT, FRONT + "Be k", FRONT + "Be kind, but"):
            _write(desk, part)
            await looks.next()
        (desk.folder / "voice.md").unlink()
        await looks.next()
        assert desk.live == before
        _write(desk, FRONT + "Be kind, but brief.")
        await looks.next(2)

    assert desk.live["voice"].text == "Be kind, but brief."
    assert len(await desk.versions("voice")) == 2
    assert told.heard == []


async def test_what_was_wrong_at_the_start_is_told_too(desk: Counting) -> None:
    looks, told = Looks(), Told()
    _write(desk, "")
    async with watch(desk, told, sleep=looks.sleep):
        await looks.first()
        await looks.next(4)

    ((complaint,),) = told.heard
    assert "prompts/voice.md must begin with front matter" in complaint


async def test_a_complaint_that_could_not_be_told_is_told_later_and_watching_goes_on(
    desk: Counting, caplog: pytest.LogCaptureFixture
) -> None:
    looks, told = Looks(), Told()
    async with watch(desk, told, sleep=looks.sleep):
        await looks.first()
        await looks.next(2)
        told.raises = SlackUnavailable("no network")
        _write(desk, "")
        await looks.next(3)
        (desk.folder / "answer.md").unlink()
        await looks.next(2)
        told.raises = None
        await looks.next(3)
        ((first, second),) = told.heard
        assert first.startswith("prompts/voice.md")
        assert second.startswith("prompts/answer.md")
        _write(desk, FRONT + "Be brief.")
        await looks.next(2)

    assert desk.live["voice"].text == "Be brief."
    assert "looking at the prompts failed" in caplog.text


async def test_the_end_does_not_wait_for_the_next_look(desk: Counting) -> None:
    told = Told()
    async with asyncio.timeout(EVERY / 2), watch(desk, told):
        await asyncio.sleep(0)


async def test_the_end_lets_a_version_that_is_being_written_be_written(desk: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, told, begun = Looks(), Told(), asyncio.Event()
    add = desk._store.add

    async def slow_add(name: str, text: str, *, author: str, reason: str) -> object:
        begun.set()
        await asyncio.sleep(0.05)
        return await add(name, text, author=author, reason=reason)

    async with watch(desk, told, sleep=looks.sleep):
        await looks.first()
        await looks.next(2)
        monkeypatch.setattr(desk._store, "add", slow_add)
        _write(desk, FRONT + "Be brief.")
        await looks.next()
        looks._wake.put_nowait(None)
        await begun.wait()

    assert (await desk.versions("voice"))[0].text == "Be brief."


async def test_what_hangs_at_the_end_is_cut_off(desk: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompt_watch, "_PATIENCE", 0.05)
    looks, hanging = Looks(), asyncio.Event()

    async def hang(_: tuple[str, ...]) -> None:
        hanging.set()
        await asyncio.Event().wait()

    _write(desk, "")
    async with asyncio.timeout(5), watch(desk, hang, sleep=looks.sleep):
        await looks.first()
        looks._wake.put_nowait(None)
        await hanging.wait()


class Lines(logging.Handler):
    """Sets an event with the first error that is logged."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.first = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.first.set()


async def test_an_error_that_nobody_foresaw_ends_the_watching_with_a_line_in_the_log_and_not_the_bot(
    desk: Counting, caplog: pytest.LogCaptureFixture
) -> None:
    looks, told, lines, worked_on = Looks(), Told(), Lines(), False
    told.raises = ZeroDivisionError("words that nobody may read")
    prompt_watch.log.addHandler(lines)
    _write(desk, "")
    async with watch(desk, told, sleep=looks.sleep):
        await looks.first()
        looks._wake.put_nowait(None)
        await asyncio.wait_for(lines.first.wait(), 5)
        worked_on = True
    prompt_watch.log.removeHandler(lines)

    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert worked_on
    assert (record.message, vars(record)["cause"]) == ("the prompts' files are no longer watched", "ZeroDivisionError")
    assert "words that nobody may read" not in caplog.text
