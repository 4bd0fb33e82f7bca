"""Chroma and tantivy follow the catalog: what an edition lacks goes in, what no edition needs goes out, and they are compared."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from knowledge.entry import entry_id
from knowledge.errors import IndexBroken
from knowledge.live import Live
from knowledge.splitting import windows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from knowledge.holdings import Holdings
    from knowledge.live import Contents
    from knowledge.values import Window

BATCH = 128  # windows embedded and kept at a time: what a killed run has to do again at most


def fill(holdings: Holdings, contents: Contents, progress: Callable[[int, int], None]) -> int:
    """Embed and index what is not there yet. Returns how many windows were embedded."""
    titles = {document.id: document.title for document in contents.documents.values()}
    there = holdings.keywords.entries()
    entries = {entry_id(passage, titles[passage.document]): passage for passage in contents.passages}
    new = [passage for entry, passage in entries.items() if entry not in there]
    if new:
        holdings.keywords.add((passage, titles[passage.document]) for passage in new)
    missing = list(_missing_windows(holdings, contents))
    for start in range(0, len(missing), BATCH):
        _embed(holdings, missing[start : start + BATCH], partial(_advance, progress, start, len(missing)))
    return len(missing)


def verify(holdings: Holdings, contents: Contents) -> Live:
    """The edition, ready to be searched. Raises IndexBroken unless catalog, Chroma and tantivy hold the same passages."""
    cut = {row.passage for row in contents.rows}
    if len(cut) != len(contents.passages):
        raise IndexBroken(f"{len(contents.passages) - len(cut)} passages have no window; run `ibid index` again")
    matrix = holdings.store.vectors([row.window for row in contents.rows])
    if len(matrix) and not np.allclose(np.linalg.norm(matrix, axis=1), 1.0, atol=1e-3):
        raise IndexBroken("Chroma gave back vectors that are not of unit length; delete its folder and run `ibid index`")
    live = Live(contents, matrix.reshape(len(contents.rows), holdings.embedder.dimensions))
    unlisted = live.passage_by_entry.keys() - holdings.keywords.entries()
    if unlisted:
        raise IndexBroken(f"{len(unlisted)} passages are not in the keyword index; run `ibid index` again")
    return live


def sweep(holdings: Holdings) -> None:
    """Take out what no edition of the catalog needs any more."""
    kept = {entry_id(passage, title) for passage, title in holdings.catalog.passages()}
    holdings.keywords.remove(holdings.keywords.entries() - kept)
    holdings.store.remove(holdings.store.ids() - holdings.catalog.window_ids())


def _advance(progress: Callable[[int, int], None], before: int, total: int, done: int) -> None:
    progress(before + done, total)


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


def _embed(holdings: Holdings, batch: Sequence[Window], progress: Callable[[int], None]) -> None:
    holdings.store.add(batch, holdings.embedder.embed_windows([window.text for window in batch], progress))
