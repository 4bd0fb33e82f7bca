"""What the prompts' store promises, over the database and over memory; and that an older database becomes this one."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot import migrations
from bot.adapters.conversation import Conversation, conversation_url
from bot.adapters.memory import FixedClock
from bot.adapters.memory_prompts import MemoryPromptStore
from bot.adapters.prompt_store import SqlPromptStore
from bot.errors import ConversationUnavailable
from bot.prompts import PromptVersion
from bot.records import PromptStore
from tests.factories import NOW

CLOCK = FixedClock(NOW)


@pytest.fixture
async def conversation(tmp_path: Path) -> AsyncIterator[Conversation]:
    opened = await Conversation.open(conversation_url(tmp_path))
    yield opened
    await opened.close()


@pytest.fixture(params=["database", "memory"])
def store(request: pytest.FixtureRequest, conversation: Conversation) -> PromptStore:
    return MemoryPromptStore(FixedClock(NOW)) if request.param == "memory" else SqlPromptStore(conversation, FixedClock(NOW))


async def test_a_prompt_that_nobody_wrote_has_no_version(store: PromptStore) -> None:
    assert await store.versions("voice") == ()


async def test_what_is_added_comes_back_whole(store: PromptStore) -> None:
    text = 'Be kind.\n\n"Don\'t"; DROP TABLE prompt_versions; -- {{ x }} ü 🙂 \\n'

    added = await store.add("voice", text, author="Prïya O'Neil", reason="why not?")

    assert added == PromptVersion(name="voice", number=1, text=text, author="Prïya O'Neil", reason="why not?", at=NOW)
    assert await store.versions("voice") == (added,)


async def test_versions_are_numbered_from_one_for_each_prompt_and_come_newest_first(store: PromptStore) -> None:
    for name in ("voice", "answer", "voice", "voice"):
        await store.add(name, f"{name}!", author="Priya", reason="x")

    assert [version.number for version in await store.versions("voice")] == [3, 2, 1]
    assert [version.number for version in await store.versions("answer")] == [1]


async def test_two_in_the_same_moment_are_two(store: PromptStore) -> None:
    first, second = [await store.add("voice", text, author="file", reason="edited on disk") for text in ("a", "b")]

    assert first.at == second.at
    assert await store.versions("voice") == (second, first)


async def test_twenty_at_once_all_get_a_number_of_their_own(store: PromptStore) -> None:
    added = await asyncio.gather(*(store.add("voice", f"{number}", author="Priya", reason="x") for number in range(20)))

    assert sorted(version.number for version in added) == list(range(1, 21))
    kept = await store.versions("voice")
    assert [version.number for version in kept] == list(range(20, 0, -1))
    assert set(kept) == set(added)


# What only the database promises.


async def test_every_version_is_there_after_a_restart_and_never_swept(tmp_path: Path) -> None:
    first = await Conversation.open(conversation_url(tmp_path))
    added = await SqlPromptStore(first, CLOCK).add("voice", "Be kind.", author="Priya", reason="x")
    await first.close()
    clock = FixedClock(NOW)
    clock.advance(days=400)
    second = await Conversation.open(conversation_url(tmp_path))
    await second.sweep(clock.now())
    kept = await SqlPromptStore(second, clock).versions("voice")
    await second.close()

    assert kept == (added,)


async def test_two_processes_take_no_number_twice(tmp_path: Path, conversation: Conversation) -> None:
    other = await Conversation.open(conversation_url(tmp_path))
    stores = SqlPromptStore(conversation, CLOCK), SqlPromptStore(other, CLOCK)
    added = await asyncio.gather(*(stores[turn % 2].add("voice", f"{turn}", author="Priya", reason="x") for turn in range(20)))
    await other.close()

    assert sorted(version.number for version in added) == list(range(1, 21))


async def test_a_database_that_fails_is_unavailable_and_does_not_repeat_the_text(tmp_path: Path, conversation: Conversation) -> None:
    with sqlite3.connect(tmp_path / "conversation.db") as connection:
        connection.execute("DROP TABLE prompt_versions")

    with pytest.raises(ConversationUnavailable) as failure:
        await SqlPromptStore(conversation, CLOCK).add("voice", "zebra", author="Priya", reason="x")

    assert "zebra" not in str(failure.value)


async def test_a_database_of_the_release_before_keeps_all_it_holds_and_takes_prompts(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'conversation.db'}")
    with engine.begin() as connection:
        migrations.upgrade(connection, "0001")
        row = "'0000-0001', 'who', 'sealed', '[]', 3, '[]', 'abc', 'quotes', 'answered', '2026-11-01', '2026-11-01'"
        connection.exec_driver_sql(f"INSERT INTO receipts VALUES ({row})")
        connection.exec_driver_sql("INSERT INTO feedback VALUES ('0000-0001', 'who', 'up', '2026-11-01')")
    engine.dispose()

    opened = await Conversation.open(conversation_url(tmp_path))
    added = await SqlPromptStore(opened, CLOCK).add("voice", "Be kind.", author="Priya", reason="x")
    await opened.close()

    with sqlite3.connect(tmp_path / "conversation.db") as kept:
        asked = "SELECT id, writer, tried, remembered, prompt_tokens, cached_tokens, written_tokens FROM receipts"
        assert kept.execute(asked).fetchall() == [("0000-0001", "quotes", "[]", 0, None, None, None)]
        assert kept.execute("SELECT receipt, verdict FROM feedback").fetchall() == [("0000-0001", "up")]
    assert added.number == 1
