"""A run of the index that is killed: the old edition answers, and the next run goes on where it stopped."""

from __future__ import annotations

import signal
import sys
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING

import pytest

from knowledge.connectors.folder import Folder
from knowledge.corpus import Corpus
from knowledge.policy import Defaults
from knowledge.values import Scope
from tests.corpora import EMBEDDER, write_policy
from tests.factories import TODAY

if TYPE_CHECKING:
    from pathlib import Path

STAFF = Scope(frozenset({"everyone"}))

# Indexes, says where it is, and waits there to be killed.
CHILD = """
import sys, threading
from pathlib import Path
from knowledge import ahead
from knowledge.connectors.folder import Folder
from knowledge.corpus import Corpus
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.policy import Defaults

data_dir, folder, stage, at = sys.argv[1:]
ahead.BATCH = 2

def wait_there(step):
    if step.stage == stage and step.done >= int(at):
        print("there", flush=True)
        threading.Event().wait()

Corpus.open(Path(data_dir), HashingEmbedding()).index(Folder(Path(folder)), Defaults(), progress=wait_there)
print("finished", flush=True)
"""


def rules(folder: Path, days: int) -> None:
    for number in range(6):
        write_policy(folder, f"policy-{number}.md", f"Policy {number} grants {days} days.", f"Policy {number} ends after {days} weeks.")


def answers(data_dir: Path) -> set[str]:
    corpus = Corpus.open(data_dir, EMBEDDER)
    hits = corpus.search("which policy grants days", STAFF, TODAY, limit=50).hits
    corpus.close()
    return {hit.passage.text.split()[-2] for hit in hits}


@pytest.mark.parametrize(("stage", "at", "most"), [("read", 3, 12), ("embed", 1, 12), ("embed", 7, 8), ("verify", 0, 0), ("verify", 1, 0)])
def test_a_killed_run_leaves_the_old_edition_and_the_next_one_completes(tmp_path: Path, stage: str, at: int, most: int) -> None:
    """`most`: windows that are embedded again. Those of the batch before may be on their way to Chroma when the run is killed."""
    folder, data_dir = tmp_path / "handbook", tmp_path / "var"
    rules(folder, 20)
    corpus = Corpus.open(data_dir, EMBEDDER)
    corpus.index(Folder(folder), Defaults())
    corpus.close()
    rules(folder, 30)

    with Popen([sys.executable, "-c", CHILD, str(data_dir), str(folder), stage, str(at)], stdout=PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "there\n"
        child.send_signal(signal.SIGKILL)

    assert answers(data_dir) == {"20"}
    corpus = Corpus.open(data_dir, EMBEDDER)
    report = corpus.index(Folder(folder), Defaults())
    corpus.close()
    assert report.changed == tuple(f"policy-{number}.md" for number in range(6))
    assert report.embedded <= most
    assert answers(data_dir) == {"30"}
