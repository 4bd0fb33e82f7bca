"""The work behind an acknowledgement."""

from __future__ import annotations

import asyncio

import pytest

from bot.tasks import Tasks


async def test_work_under_one_key_runs_in_order_and_under_two_keys_side_by_side() -> None:
    tasks, order, gate = Tasks(), list[str](), asyncio.Event()

    async def slow() -> None:
        await gate.wait()
        order.append("first")

    async def quick(name: str) -> None:
        order.append(name)

    tasks.start("thread", slow)
    tasks.start("thread", lambda: quick("second"))
    tasks.start("other", lambda: quick("other"))
    await asyncio.sleep(0.01)
    assert order == ["other"]
    gate.set()
    await tasks.idle()
    assert order == ["other", "first", "second"]
    assert len(tasks) == 0


async def test_what_breaks_is_rescued_logged_by_its_kind_and_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    tasks, done = Tasks(), list[str]()

    async def breaks() -> None:
        raise RuntimeError("how many days does Tom have?")

    async def rescue() -> None:
        done.append("rescued")

    async def after() -> None:
        done.append("after")

    tasks.start("thread", breaks, rescue)
    tasks.start("thread", breaks, breaks)
    tasks.start("thread", after)
    await tasks.idle()
    assert done == ["rescued", "after"]
    assert [vars(record)["cause"] for record in caplog.records] == ["RuntimeError"] * 3
    assert "Tom" not in caplog.text


async def test_a_drain_lets_quick_work_end_stops_the_rest_and_takes_nothing_new() -> None:
    tasks, ended = Tasks(), list[str]()

    async def quick() -> None:
        await asyncio.sleep(0.01)
        ended.append("quick")

    async def forever() -> None:
        await asyncio.Event().wait()

    tasks.start("a", quick)
    tasks.start("b", forever)
    assert await tasks.drain(0.1) == 1
    tasks.start("c", quick)
    assert ended == ["quick"]
    assert len(tasks) == 0
