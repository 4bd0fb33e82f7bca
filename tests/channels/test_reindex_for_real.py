"""The index ordered from Slack, with the real library behind it: what is told is what is answered from."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from knowledge.hashing_embedding import HashingEmbedding
from playground import Message
from tests.channels.prompt_office import text_of
from tests.office import Office, an_office, hashing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BIKES = """---
title: Bicycles
owner: hiro
access: everyone
---
# Bicycles

1.1 The company lends bicycles to employees for {days} days.
"""
POOL = (
    BIKES.replace("Bicycles", "Bonus pool")
    .replace("everyone", "{{groups: [finance]}}")
    .replace("lends bicycles", "keeps a pool of bonuses")
)
TOLD = "The company lends bicycles to employees for"
QUESTION = "For how many days does the company lend bicycles to employees?"


class HeldEmbedding(HashingEmbedding):
    """Embeds what says that it is waiting only when a test lets it."""

    def __init__(self) -> None:
        self.begun, self.let_go = threading.Event(), threading.Event()

    def embed_windows(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        if any("Waiting" in text for text in texts):
            self.begun.set()
            assert self.let_go.wait(20)
        return super().embed_windows(texts, progress)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path, hashing) as opened:
        yield opened


def write(office: Office, name: str, text: str) -> None:
    (office.house.ibid.settings.documents / name).write_text(text, encoding="utf-8")


def remove(office: Office, name: str) -> None:
    (office.house.ibid.settings.documents / name).unlink()


async def ordered(office: Office, line: str = "", person: str = "greta") -> Message:
    await office.slack.slash(person, "general", f"/ibid reindex {line}".strip())
    await office.quiet()
    return newest(office, person)


def newest(office: Office, person: str = "greta") -> Message:
    return [message for message in office.slack.messages(person, "dm") if message.by_bot and not message.only_for][-1]


async def pressed(office: Office, message: Message, act: str) -> Message:
    await office.slack.click("greta", message, act)
    await office.quiet()
    return newest(office)


async def live(office: Office) -> int:
    edition = await office.house.ibid.shelf.live()
    assert edition
    return edition.number


async def test_a_plan_is_done_answered_from_and_undone(office: Office) -> None:
    assert "there is nothing to change. Version 1 is live" in (await ordered(office, "plan")).plain
    write(office, "bicycles.md", BIKES.format(days=14))
    plan = await ordered(office, "plan")
    assert "*Added* (1)\n• Bicycles `bicycles.md`" in plan.plain
    assert "passages to embed: 1" in plan.plain
    assert await live(office) == 1
    done = await pressed(office, plan, "index_do")
    assert "*Version 2 is live.*" in done.plain
    assert "14 days" in (await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")).plain

    write(office, "bicycles.md", BIKES.format(days=21))
    plan = await ordered(office, "plan")
    assert "*Changed* (1)\n• Bicycles `bicycles.md`" in plan.plain
    assert "clauses that would change or go: 1 (cited by answers of the last 90 days: 1)" in plan.plain
    done = await pressed(office, plan, "index_do")
    assert "*Version 3 is live.*" in done.plain
    assert "21 days" in (await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")).plain

    await office.slack.click("greta", done, "index_undo")
    await office.slack.until(lambda: "Version 2 answers again" in text_of(office.slack.modal("greta") or {}))
    assert "*Will be as before* (1)\n• Bicycles" in text_of(office.slack.modal("greta") or {})
    assert await live(office) == 3
    await office.slack.submit("greta")
    await office.quiet()
    assert "*Version 2 answers again*, in the place of version 3" in newest(office).plain
    assert "14 days" in (await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")).plain
    assert "*Version 4 is live.*" in (await ordered(office)).plain  # a person who asks for it gets it again
    assert "21 days" in (await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")).plain


@pytest.mark.parametrize("typed", ["Bicycles", ""])
async def test_a_removed_document_comes_back_only_by_its_title_and_a_narrowed_one_not_at_all(office: Office, typed: str) -> None:
    write(office, "bicycles.md", BIKES.format(days=14))
    write(office, "parking.md", BIKES.format(days=3).replace("Bicycles", "Parking").replace("lends bicycles", "lends parking places"))
    write(office, "pool.md", POOL.format(days=5))
    await ordered(office)
    remove(office, "bicycles.md")
    remove(office, "pool.md")
    write(office, "parking.md", POOL.format(days=3).replace("Bonus pool", "Parking").replace("a pool of bonuses", "parking places"))
    report = await ordered(office)
    assert "*Removed* (2)\n• Bicycles `bicycles.md`\n• restricted or without a rule (1)" in report.plain
    assert "Parking" not in report.plain  # for finance by now, and Greta is not in it
    assert TOLD not in (await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")).plain

    await office.slack.slash("greta", "general", "/ibid reindex undo")
    await office.slack.until(lambda: "*Removed since* (2)" in text_of(office.slack.modal("greta") or {}))
    view = office.slack.modal("greta") or {}
    for words in ("Bicycles", "restricted (1)", "Narrowed, held back or erased since: 1."):
        assert words in text_of(view)
    for words in ("Bonus", "Parking", "pool.md", "parking.md"):
        assert words not in str(view)
    await office.slack.submit("greta", {"back-0": typed})
    await office.quiet()
    assert ("*Brought back* (1)\n• Bicycles" in newest(office).plain) is bool(typed)
    assert (TOLD in (await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")).plain) is bool(typed)
    parking = await office.ask("priya", "ask-policy", "@Ibid How many days does the company lend parking places?")
    assert "parking places to employees" not in parking.plain
    assert "Parking" not in parking.plain


async def test_an_owner_takes_in_their_own_documents_and_no_others(office: Office) -> None:
    write(office, "bicycles.md", BIKES.format(days=14))
    write(office, "parking.md", BIKES.format(days=3).replace("Bicycles", "Parking").replace("hiro", "ruth"))
    await ordered(office)
    write(office, "bicycles.md", BIKES.format(days=21))
    write(office, "parking.md", BIKES.format(days=4).replace("Bicycles", "Parking").replace("hiro", "ruth"))
    report = await ordered(office, "", "hiro")
    assert "*Changed* (1)\n• Bicycles `bicycles.md`" in report.plain
    assert "parking" not in report.plain
    assert "*Changed* (1)\n• Parking `parking.md`" in (await ordered(office, "plan")).plain


async def test_what_cannot_be_read_is_told_with_its_reason_and_what_has_no_rule_is_only_counted(office: Office) -> None:
    write(office, "bicycles.md", BIKES.format(days=14))
    await ordered(office)
    write(office, "bicycles.md", BIKES.format(days=14).replace("access: everyone", "access: {groups: [nosuch]}"))
    (office.house.ibid.settings.documents / "broken.pdf").write_bytes(b"%PDF-1.7 nothing behind it")
    report = (await ordered(office, "plan", "hiro")).plain
    assert ":warning: *Could not be read* (1)\n• `bicycles.md`: withheld: access: there is no group 'nosuch'" in report
    report = (await ordered(office)).plain
    assert "*Removed* (1)\n• Bicycles `bicycles.md`" in report  # nobody is answered from it
    report = (await ordered(office)).plain
    assert "*Could not be read* (2)\n• restricted or without a rule (2)" in report  # whose they are is not known by now
    assert "broken" not in report


async def test_a_run_is_cancelled_at_its_next_step_and_the_version_before_goes_on_answering(tmp_path: Path) -> None:
    embedder = HeldEmbedding()
    async with an_office(tmp_path, lambda _: embedder) as office:
        try:
            write(office, "waiting.md", BIKES.format(days=14).replace("Bicycles", "Waiting"))
            await office.slack.slash("greta", "general", "/ibid reindex")
            assert await asyncio.to_thread(embedder.begun.wait, 20)
            await office.slack.slash("jonas", "general", "/ibid reindex")
            await office.slack.until(lambda: "A run is under way, started by Greta Lindqvist" in _alone(office, "jonas"))
            await office.slack.until(lambda: "index_cancel" in str(newest(office).blocks))
            await office.slack.click("greta", newest(office), "index_cancel")
            await office.slack.until(lambda: "It ends at its next step" in newest(office).plain)
        finally:
            embedder.let_go.set()
        await office.quiet()
        assert "Cancelled by Greta Lindqvist" in newest(office).plain
        assert await live(office) == 1
        assert "is live.*" in (await ordered(office)).plain
        assert TOLD in (await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")).plain


def _alone(office: Office, person: str) -> str:
    return "\n".join(message.plain for message in office.slack.messages(person, "general") if message.only_for)
