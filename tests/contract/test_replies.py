"""What is promised of the notes about standing replies, over the database and over memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.conversation import Conversation, conversation_url
from bot.adapters.ledger import SqlLedger
from bot.adapters.memory import FixedClock, MemoryLedger, MemoryReplies
from bot.adapters.replies import SqlReplies
from bot.adapters.secrecy import Secrecy
from bot.values import Place, StandingReply
from tests.factories import NOW, a_question

PLACE = Place(team="T1", channel="C1", thread="100.1", kind="private")
HR = frozenset({"groups:hr", "everyone"})


@dataclass(frozen=True, kw_only=True)
class Kept:
    replies: SqlReplies | MemoryReplies
    ledger: SqlLedger | MemoryLedger
    conversation: Conversation | None = None

    async def reply(self, ts: str = "100.2", channel: str = "C1") -> StandingReply:
        """A reply whose receipt is kept."""
        return StandingReply(receipt=await self.ledger.open(a_question()), place=replace(PLACE, channel=channel), ts=ts, labels=HR)


@pytest.fixture(params=["database", "memory"])
async def kept(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Kept]:
    if request.param == "memory":
        yield Kept(replies=MemoryReplies(), ledger=MemoryLedger())
        return
    conversation = await Conversation.open(conversation_url(tmp_path))
    ledger = SqlLedger(conversation, Secrecy("a secret for tests, long enough"), FixedClock(NOW))
    yield Kept(replies=SqlReplies(conversation), ledger=ledger, conversation=conversation)
    await conversation.close()


async def test_what_stands_in_a_channel_is_found_oldest_first_and_whole(kept: Kept) -> None:
    later, first, elsewhere = await kept.reply("100.9"), await kept.reply("100.2"), await kept.reply(channel="C2")
    for reply in (later, first, elsewhere):
        await kept.replies.stands(reply)
    assert await kept.replies.in_channel("C1") == (first, later)
    assert await kept.replies.in_channel("C3") == ()
    assert await kept.replies.channels() == {"C1", "C2"}


async def test_a_reply_outside_a_thread_has_none(kept: Kept) -> None:
    reply = await kept.reply()
    lone = replace(reply, place=replace(PLACE, thread=None))
    await kept.replies.stands(lone)
    assert await kept.replies.in_channel("C1") == (lone,)


async def test_what_is_noted_again_takes_the_place_of_what_was_noted(kept: Kept) -> None:
    reply = await kept.reply()
    await kept.replies.stands(reply)
    bare = replace(reply, labels=frozenset())
    await kept.replies.stands(bare)
    assert await kept.replies.in_channel("C1") == (bare,)


async def test_what_is_gone_stands_nowhere_and_going_twice_is_nothing(kept: Kept) -> None:
    reply, other = await kept.reply(), await kept.reply("100.3")
    for one in (reply, other):
        await kept.replies.stands(one)
    await kept.replies.gone(reply.receipt)
    await kept.replies.gone(reply.receipt)
    assert await kept.replies.in_channel("C1") == (other,)


async def test_nothing_is_noted_of_a_receipt_that_is_not_kept(tmp_path: Path) -> None:
    conversation = await Conversation.open(conversation_url(tmp_path))
    ledger = SqlLedger(conversation, Secrecy("a secret for tests, long enough"), FixedClock(NOW))
    kept = Kept(replies=SqlReplies(conversation), ledger=ledger)
    await kept.replies.stands(StandingReply(receipt="0000-0000", place=PLACE, ts="1.1", labels=HR))
    assert await kept.replies.channels() == frozenset()
    await conversation.close()


async def test_what_not_every_employee_may_read_is_noted_as_long_as_it_stands_and_nothing_else(tmp_path: Path) -> None:
    conversation = await Conversation.open(conversation_url(tmp_path))
    ledger = SqlLedger(conversation, Secrecy("a secret for tests, long enough"), FixedClock(NOW))
    kept = Kept(replies=SqlReplies(conversation), ledger=ledger)
    hr, everyone, taken_back = [await kept.reply(ts) for ts in ("1.1", "1.2", "1.3")]
    await kept.replies.stands(hr)
    await kept.replies.stands(replace(everyone, labels=frozenset({"everyone"})))
    await kept.replies.stands(replace(taken_back, labels=frozenset()))
    await conversation.sweep(NOW + timedelta(days=89))
    assert len(await kept.replies.in_channel("C1")) == 3
    await conversation.sweep(NOW + timedelta(days=91))
    assert await kept.replies.in_channel("C1") == (hr,)
    await conversation.close()
