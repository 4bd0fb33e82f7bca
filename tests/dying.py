"""A process that works on a corpus and dies, without a word, before its n-th durable step; one run of this tries every n.

    python -m tests.dying DATA_DIR FOLDER TASK PLACE

leaves in PLACE one data directory for each n, as the death left it, until the task lives to its end.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import chromadb  # before the forks: each would take a second for it
import numpy as np
from sqlalchemy import Engine, event

from knowledge.connectors.folder import Folder
from knowledge.corpus import Corpus
from knowledge.keyword import Keywords
from knowledge.policy import Defaults
from knowledge.store import Store
from knowledge.values import IndexOrder
from tests.corpora import EMBEDDER

if TYPE_CHECKING:
    from collections.abc import Callable

assert chromadb
TASKS: dict[str, Callable[[Corpus, Path], object]] = {
    "run": lambda corpus, folder: corpus.index(Folder(folder), Defaults(), IndexOrder(removal_confirmed=True)),
    "undo": lambda corpus, _: corpus.undo(["removed.md"]),
    "erase": lambda corpus, _: corpus.erase("erased.md"),
}


class Death:
    """Counts the durable steps of this process, and is there before the last of them."""

    def __init__(self, after: int) -> None:
        self._left = after

    def step(self, *_: object) -> None:
        self._left -= 1
        if self._left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(self, owner: object, name: str) -> None:
        """Each call is a step."""
        real: Callable[..., object] = getattr(owner, name)

        def stepping(*given: object, **named: object) -> object:
            self.step()
            return real(*given, **named)

        setattr(owner, name, stepping)

    def watch(self) -> None:
        event.listen(Engine, "commit", self.step)
        for owner, name in (
            (Store, "_add"),
            (Store, "remove"),
            (Keywords, "add"),
            (Keywords, "remove"),
            (Keywords, "remake"),
            (shutil, "rmtree"),
            (np, "savez"),
            (Path, "replace"),
            (Path, "unlink"),
        ):
            self.before(owner, name)


def live_until(after: int, data_dir: Path, folder: Path, task: str) -> None:
    """In a process of its own: the task, and death on the way."""
    corpus = Corpus.open(data_dir, EMBEDDER)
    Death(after).watch()
    TASKS[task](corpus, folder)


def main(data_dir: Path, folder: Path, task: str, place: Path) -> None:
    for after in count():
        here = place / f"{after:02}"
        shutil.copytree(data_dir, here)
        child = os.fork()
        if not child:
            live_until(after, here, folder, task)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
