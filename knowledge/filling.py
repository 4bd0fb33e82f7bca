"""Chroma and tantivy follow the catalog: what an edition lacks goes in, what no edition needs goes out, and they are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from knowledge.ahead import Ahead
from knowledge.entry import entry_id
from knowledge.errors import IndexBroken
from knowledge.live import Live
from knowledge.splitting import windows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from knowledge.editions import Dropped
    from knowledge.holdings import Holdings
    from knowledge.live import Contents
    from knowledge.values import Window


def fill(holdings: Holdings, contents: Contents, progress: Callable[[int, int], None]) -> int:
    """Embed and index what is not there yet. Returns how many windows were embedded."""
    titles = {document.id: document.title for document in contents.documents.values()}
    there = holdings.keywords.entries()
    entries = {entry_id(passage, titles[passage.document]): passage for passage in contents.passages}
    new = [passage for entry, passage in entries.items() if entry not in there]
    if new:
        holdings.keywords.add((passage, titles[passage.document]) for passage in new)
    with Ahead(holdings) as ahead:
        ahead.take(_missing_windows(holdings, contents))
        return ahead.finish(progress)


def verify(holdings: Holdings, contents: Contents, before: Live | None = None) -> Live:
    """The edition, ready to be searched. Raises IndexBroken unless catalog, Chroma and tantivy hold the same passages.

    Vectors that an edition before has in memory are not loaded again; that Chroma has them is looked up all the same.
    """
    cut = {row.passage for row in contents.rows}
    if len(cut) != len(contents.passages):
        raise IndexBroken(f"{len(contents.passages) - len(cut)} passages have no window; run `ibid index` again")
    live = load(holdings, contents, before)
    if len(live.matrix) and not np.allclose(np.linalg.norm(live.matrix, axis=1), 1.0, atol=1e-3):
        raise IndexBroken("Chroma gave back vectors that are not of unit length; delete its folder and run `ibid index`")
    wanted = {row.window for row in contents.rows}
    missing = len(wanted - holdings.store.have(wanted)) if before else 0
    if missing:
        raise IndexBroken(f"{missing} of {len(wanted)} windows have no vector in Chroma; run `ibid index` to make them again")
    unlisted = live.passage_by_entry.keys() - holdings.keywords.entries()
    if unlisted:
        raise IndexBroken(f"{len(unlisted)} passages are not in the keyword index; run `ibid index` again")
    return live


def load(holdings: Holdings, contents: Contents, before: Live | None = None) -> Live:
    """The edition in memory, its vectors from the edition before where that has them. Raises IndexBroken where Chroma lacks one."""
    same = before is not None and before.contents.edition.embedder == contents.edition.embedder
    kept = {row.window: place for place, row in enumerate(before.contents.rows)} if before and same else {}
    matrix = np.empty((len(contents.rows), holdings.embedder.dimensions), dtype=np.float32)
    here = [place for place, row in enumerate(contents.rows) if row.window in kept]
    if before and here:
        matrix[here] = before.matrix[[kept[contents.rows[place].window] for place in here]]
    elsewhere = [place for place, row in enumerate(contents.rows) if row.window not in kept]
    if elsewhere:
        matrix[elsewhere] = holdings.store.vectors([contents.rows[place].window for place in elsewhere])
    return Live(contents, matrix)


def take_out(holdings: Holdings, dropped: Dropped) -> None:
    """Take out of Chroma and the keyword index what no edition needs since some were forgotten."""
    holdings.keywords.remove(dropped.entries)
    holdings.store.remove(dropped.windows)


def sweep(holdings: Holdings) -> None:
    """Take out whatever no edition of the catalog needs, also what nobody knows the origin of."""
    kept = {entry_id(passage, title) for passage, title in holdings.catalog.passages()}
    holdings.keywords.remove(holdings.keywords.entries() - kept)
    holdings.store.remove(holdings.store.ids() - holdings.catalog.window_ids())


def _missing_windows(holdings: Holdings, contents: Contents) -> Iterator[Window]:
    """The windows that have no vector, each once, cut from their passages again: the catalog keeps no second copy of a text."""
    wanted = {row.window for row in contents.rows}
    missing = wanted - holdings.store.have(wanted)
    passages = dict.fromkeys(row.passage for row in contents.rows if row.window in missing)
    for index in passages:
        for window in windows(contents.passages[index], holdings.embedder.offsets, holdings.embedder.identity):
            if window.id in missing:
                missing.remove(window.id)
                yield window
