"""An edition is built aside, verified, tried on the golden questions, and published by one row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from knowledge.filling import fill, sweep, take_out, verify
from knowledge.gate import Difference
from knowledge.values import IndexProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from knowledge.gate import Gate, Search
    from knowledge.holdings import Holdings
    from knowledge.live import Live
    from knowledge.values import Edition


@dataclass(frozen=True, kw_only=True)
class Publishing:
    """How an edition is to be published."""

    now: Callable[[], datetime]
    progress: Callable[[IndexProgress], None]
    live: Live | None  # the edition in memory: vectors that it has are not loaded again
    gate: Gate | None  # None: nobody is asked whether it may be published
    search: Callable[[Live], Search]


@dataclass(frozen=True)
class Published:
    """The edition to answer from now on, or why it is held."""

    live: Live | None
    embedded: int = 0
    held: str = ""


def publish(holdings: Holdings, chosen: Mapping[str, str], before: Mapping[str, str], publishing: Publishing) -> Published:
    """Fill, verify, ask the gate, publish, and forget what is too old."""
    editions = holdings.catalog.editions
    waiting = editions.held()
    if publishing.gate and waiting and dict(waiting[0].versions) == dict(chosen):
        return Published(None, held=waiting[1])
    edition = editions.prepare(chosen, holdings.embedder.identity)
    ready, embedded = _ready(holdings, edition, publishing)
    if publishing.gate and publishing.live:
        touched = frozenset(document for document, version in chosen.items() if before.get(document) != version)
        difference = Difference(touched, frozenset(before.keys() - chosen.keys()))
        search, told = publishing.search, partial(_told, publishing, "verify")
        held = publishing.gate.objection(search(publishing.live), search(ready), difference, told)
        if held:
            editions.hold(edition.number, held)
            return Published(None, embedded, held)
    publishing.progress(IndexProgress(stage="publish", done=1, total=1))  # whoever hears it may end the run, and not later
    edition = editions.publish(edition.number, publishing.now())
    _forget_the_oldest(holdings, {publishing.live.contents.edition.number} if publishing.live else set())
    return Published(replace(ready, contents=replace(ready.contents, edition=edition)), embedded)


def mend(holdings: Holdings, edition: Edition, publishing: Publishing) -> Published:
    """Make again what the places lack of the live edition, and take out what no edition needs."""
    ready, embedded = _ready(holdings, edition, publishing)
    _forget_the_oldest(holdings, set())
    sweep(holdings)
    return Published(ready, embedded)


def _forget_the_oldest(holdings: Holdings, spared: set[int]) -> None:
    """The catalog forgets last: what a run that dies here leaves in the other places, the next one knows to take out.

    The edition that answered until now is spared: while answers end with it, the catalog has to know what is withdrawn from it.
    """
    editions = holdings.catalog.editions
    take_out(holdings, editions.unneeded(spared=spared))
    editions.collect(spared=spared)


def _ready(holdings: Holdings, edition: Edition, publishing: Publishing) -> tuple[Live, int]:
    contents = holdings.catalog.editions.contents(edition)
    embedded = fill(holdings, contents, partial(_told, publishing, "embed"))
    publishing.progress(IndexProgress(stage="verify", done=0, total=1))
    ready = verify(holdings, contents, publishing.live)
    publishing.progress(IndexProgress(stage="verify", done=1, total=1))
    return ready, embedded


def _told(publishing: Publishing, stage: Literal["embed", "verify"], done: int, total: int) -> None:
    publishing.progress(IndexProgress(stage=stage, done=done, total=total))
