"""A copy of the live matrix beside Chroma: opening it takes milliseconds, where loading Chroma takes a second."""

from __future__ import annotations

import logging
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from knowledge.errors import IndexBroken
from knowledge.live import Live
from knowledge.values import content_id

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.holdings import Holdings
    from knowledge.live import Contents

log = logging.getLogger(__name__)

MIRROR = "live.npz"


def save(path: Path, live: Live) -> None:
    """Write the matrix with what it was made from. The file is whole or not there: without it the next start takes longer, no more."""
    unfinished = _unfinished(path)
    try:
        np.savez(unfinished, matrix=live.matrix, made_from=np.array(_made_from(live.contents)))
        unfinished.replace(path)
    except OSError as problem:
        log.warning("the copy of the live matrix could not be kept", extra={"cause": problem.strerror})
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def forget(path: Path) -> None:
    """Leave no vector there, neither a whole copy nor what a killed process had written of one."""
    path.unlink(missing_ok=True)
    _unfinished(path).unlink(missing_ok=True)


def load(path: Path, contents: Contents) -> Live | None:
    """The live edition, or None when the copy is not there, not readable, or of other contents."""
    try:
        with np.load(path, allow_pickle=False) as saved:
            if str(saved["made_from"]) != _made_from(contents):
                return None
            return Live(contents, saved["matrix"])
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def load_live(holdings: Holdings, path: Path) -> Live | None:
    """The live edition from its copy, or from Chroma where the copy is not of this edition. Raises IndexBroken."""
    edition = holdings.catalog.editions.live()
    if edition is None:
        return None
    if edition.embedder != holdings.embedder.identity:
        made, here = edition.embedder, holdings.embedder.identity
        raise IndexBroken(f"the index was made with the embedder {made}, and this is {here}: run `ibid index` to make it again")
    contents = holdings.catalog.editions.contents(edition)
    live = load(path, contents) or Live(contents, holdings.store.vectors([row.window for row in contents.rows]))
    if holdings.keywords.count() < len(live.passage_by_entry):
        raise IndexBroken("the keyword index is not complete: run `ibid index` to make it again")
    return live


def _unfinished(path: Path) -> Path:
    return path.with_suffix(".unfinished.npz")


def _made_from(contents: Contents) -> str:
    return content_id(contents.edition.embedder, *(row.window for row in contents.rows))
