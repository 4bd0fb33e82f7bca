"""What the port of the weekly note promises, over the database and over memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters.conversation import Conversation, conversation_url
from bot.adapters.memory import MemoryNotes
from bot.adapters.notes import SqlNotes
from bot.adapters.secrecy import Secrecy
from bot.records import Notes

SECRET = "a secret for tests, long enough"


@pytest.fixture
async def conversation(tmp_path: Path) -> AsyncIterator[Conversation]:
    opened = await Conversation.open(conversation_url(tmp_path))
    yield opened
    await opened.close()


@pytest.fixture(params=["database", "memory"])
def notes(request: pytest.FixtureRequest, conversation: Conversation) -> Notes:
    return MemoryNotes() if request.param == "memory" else SqlNotes(conversation, Secrecy(SECRET))


async def test_who_asked_is_found_with_the_last_week_that_is_settled(notes: Notes) -> None:
    await notes.subscribe("U07RUTH", "2026-W46")
    await notes.subscribe("U08GRETA", "2026-W47")
    assert await notes.subscribers() == {"U07RUTH": "2026-W46", "U08GRETA": "2026-W47"}
    await notes.unsubscribe("U07RUTH")
    await notes.unsubscribe("U01PRIYA")
    assert await notes.subscribers() == {"U08GRETA": "2026-W47"}


async def test_a_week_is_settled_once_and_no_earlier_one_after_it(notes: Notes) -> None:
    await notes.subscribe("U07RUTH", "2026-W52")
    assert not await notes.settle("U07RUTH", "2026-W52")
    assert await notes.settle("U07RUTH", "2026-W53")
    assert not await notes.settle("U07RUTH", "2026-W53")
    assert not await notes.settle("U07RUTH", "2026-W40")
    assert await notes.settle("U07RUTH", "2027-W01")
    assert not await notes.settle("U01PRIYA", "2027-W01")


async def test_of_two_who_settle_a_week_at_once_one_may(notes: Notes) -> None:
    await notes.subscribe("U07RUTH", "2026-W46")
    assert sorted(await asyncio.gather(*(notes.settle("U07RUTH", "2026-W47") for _ in range(8)))) == [False] * 7 + [True]


async def test_asking_twice_does_not_open_a_settled_week_again(notes: Notes) -> None:
    await notes.subscribe("U07RUTH", "2026-W46")
    assert await notes.settle("U07RUTH", "2026-W47")
    await notes.subscribe("U07RUTH", "2026-W46")
    assert not await notes.settle("U07RUTH", "2026-W47")


def test_the_database_holds_no_user_id_and_a_lost_key_loses_only_the_note(tmp_path: Path) -> None:
    async def ask() -> None:
        conversation = await Conversation.open(conversation_url(tmp_path))
        await SqlNotes(conversation, Secrecy(SECRET)).subscribe("U07RUTH", "2026-W46")
        assert await SqlNotes(conversation, Secrecy(SECRET)).subscribers() == {"U07RUTH": "2026-W46"}
        assert await SqlNotes(conversation, Secrecy("another secret, long enough")).subscribers() == {}
        await conversation.close()

    asyncio.run(ask())
    assert not [file for file in tmp_path.iterdir() if b"U07RUTH" in file.read_bytes()]
