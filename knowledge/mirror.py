"""A copy of the live matrix beside Chroma: opening it takes milliseconds, where loading Chroma takes a second."""

from __future__ import annotations

import logging
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from knowledge.live import Live
from knowledge.values import content_id

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.live import Contents

log = logging.getLogger(__name__)


def save(path: Path, live: Live) -> None:
    """Write the matrix with what it was made from. The file is whole or not there: without it the next start takes longer, no more."""
    unfinished = path.with_suffix(".unfinished.npz")
    try:
        np.savez(unfinished, matrix=live.matrix, made_from=np.array(_made_from(live.contents)))
        unfinished.replace(path)
    except OSError as problem:
        log.warning("the copy of the live matrix could not be kept", extra={"cause": problem.strerror})
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def load(path: Path, contents: Contents) -> Live | None:
    """The live edition, or None when the copy is not there, not readable, or of other contents."""
    try:
        with np.load(path, allow_pickle=False) as saved:
            if str(saved["made_from"]) != _made_from(contents):
                return None
            return Live(contents, saved["matrix"])
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def _made_from(contents: Contents) -> str:
    return content_id(contents.edition.embedder, *(row.window for row in contents.rows))
