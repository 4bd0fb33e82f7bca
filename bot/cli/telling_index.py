"""What the command line is told about runs of the index, undoing and erasing: JSON lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.command import settle
from bot.errors import CacheUnavailable, IbidError
from bot.retention import RECEIPTS_KEPT
from knowledge.choosing import without_a_rule
from knowledge.values import IndexOrder

if TYPE_CHECKING:
    from bot.bootstrap import House
    from bot.owner_socket import Line
    from knowledge.values import Document, IndexProgress, IndexReport

TERMINAL = "the terminal"
KEPT_DRAFTS = "{problem} Drafts that quote it may be there; run `ibid cache clear` when it can be reached again"


def order_of(request: Line) -> IndexOrder:
    """How a run is wanted, of a request's fields."""
    flags = ("automatic", "plan_only", "removal_confirmed", "anyway")
    chosen = {name: bool(request.get(name)) for name in flags} | {name: str(request.get(name) or "") for name in ("source", "owner")}
    return IndexOrder(by=str(request.get("by") or TERMINAL), **chosen)  # type: ignore[arg-type]  # texts and flags by their names


async def tell_index(house: House, request: Line) -> AsyncGenerator[Line, None]:
    """Steps, and the report."""
    await house.library.ready()
    settle()
    folder = Path(str(request["folder"])) if request.get("folder") else None
    steps: asyncio.Queue[IndexProgress | None] = asyncio.Queue()
    run = asyncio.create_task(house.indexing.index(order_of(request), steps.put_nowait, folder))
    run.add_done_callback(lambda _: steps.put_nowait(None))
    try:
        while (step := await steps.get()) is not None:
            yield {"step": asdict(step)}
        yield {"report": await _report(house, await run)}
    finally:
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)


async def tell_undo(house: House, request: Line) -> AsyncGenerator[Line, None]:
    """What went back, or would."""
    await house.library.ready()
    named = request.get("bring_back")
    if not isinstance(named, list):
        raise IbidError("an undo names the documents to bring back as a list")
    report = await house.indexing.undo(bring_back=[str(name) for name in named], plan_only=bool(request.get("plan_only")))
    yield {
        "undo": {
            "edition": report.edition,
            "undone": report.undone,
            "changed": list(report.changed),
            "brought_back": list(report.brought_back),
            "removed": [_document(document) for document in report.removed],
            "withheld": report.withheld,
        }
    }


async def tell_erase(house: House, request: Line) -> AsyncGenerator[Line, None]:
    """What was erased. Drafts made of it are forgotten too, with all others: no key says what a draft was made of."""
    await house.library.ready()
    settle()
    report = await house.indexing.erase(str(request.get("document") or ""))
    receipts = await house.ibid.receipts.forget(report.document, report.gone)
    forgotten, elsewhere = 0, report.elsewhere
    try:
        forgotten = await house.ibid.cache.clear()
    except CacheUnavailable as problem:
        elsewhere = (*elsewhere, KEPT_DRAFTS.format(problem=problem))
    told = {name: value for name, value in asdict(report).items() if name != "gone"}
    yield {"erased": told | {"forgotten": forgotten, "receipts": receipts, "elsewhere": elsewhere}}


async def _report(house: House, report: IndexReport) -> Line:
    since = house.ibid.clock.now() - RECEIPTS_KEPT
    live = await house.library.live()
    resting = await house.ibid.receipts.resting_on(report.stale, since) if report.stale else 0
    told = {name: list(getattr(report, name)) for name in ("added", "changed", "removed", "unchanged", "moved")}
    figures = {name: getattr(report, name) for name in ("edition", "passages", "embedded", "situated", "pictured", "held", "seconds")}
    listed = {name: [asdict(one) for one in getattr(report, name)] for name in ("unread", "warnings")}
    counts = {"live": live.number if live else None, "stale": len(report.stale), "answers": resting}
    return told | figures | listed | counts | {"unruled": list(without_a_rule(report.unread))}


def _document(document: Document) -> Line:
    return {"id": document.id, "title": document.title}
