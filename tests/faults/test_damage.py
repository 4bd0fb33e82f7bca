"""A data directory that is damaged, full or closed: each command says what is wrong and what to do, and that is what helps."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from subprocess import PIPE, Popen, run

import pytest

import bot.bootstrap
import bot.flows.looking
from bot.__main__ import main
from bot.settings import HOME
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.weights import THRESHOLDS
from tests.corpora import write_policy

RULE = "Employees may carry over up to five days of annual leave."
QUESTION = "How many days of annual leave may employees carry over?"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "documents"
    write_policy(folder, "leave.md", RULE)
    monkeypatch.setenv("IBID_DOCUMENTS", str(folder))
    monkeypatch.setattr(bot.bootstrap, "built_in_embedder", lambda settings: HashingEmbedding())
    monkeypatch.setattr(bot.flows.looking, "THRESHOLDS", replace(THRESHOLDS, answer_from=0.0))
    return folder


@pytest.fixture
def ibid(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str]:
        code = main(arguments)
        shown = capsys.readouterr()
        assert "Traceback" not in shown.out + shown.err
        assert "unexpected" not in shown.err
        return code, shown.out + shown.err

    return run


@pytest.fixture
def var(documents: Path, ibid: Run, tmp_path: Path) -> Path:
    """A data directory with an index, and a conversation."""
    assert ibid("index")[0] == 0
    assert RULE in ibid("ask", QUESTION)[1]
    assert documents.is_dir()
    return tmp_path / "var"


def overwritten(file: Path) -> None:
    """Other bytes in the same place, and no journal that would heal it."""
    for beside in file.parent.glob(f"{file.name}-*"):
        beside.unlink()
    file.write_bytes(os.urandom(40_000))


def away(file: Path) -> None:
    """What the message says to do."""
    if file.is_dir():
        shutil.rmtree(file)
    for beside in file.parent.glob(f"{file.name}*"):
        beside.unlink()


@pytest.mark.parametrize(("name", "shown"), [("catalog.db", "Index"), ("conversation.db", "Conversations")])
def test_a_damaged_database_is_named_with_what_to_do_and_that_helps(var: Path, ibid: Run, name: str, shown: str) -> None:
    overwritten(var / name)

    for command in (("ask", QUESTION), ("index",)):
        code, said = ibid(*command)
        assert code == 1
        assert said.startswith(f"ibid: {var / name} is damaged: put a backup in its place, or move it away")
        assert len(said.splitlines()) == 1
    code, said = ibid("doctor")
    assert code == 1
    assert f"✗ {shown}\n    {var / name} is damaged" in said

    away(var / name)
    assert ibid("index")[0] == 0
    assert RULE in ibid("ask", QUESTION)[1]


def test_pages_that_are_damaged_in_the_middle_are_seen_by_the_doctor(var: Path, ibid: Run) -> None:
    with sqlite3.connect(var / "catalog.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with (var / "catalog.db").open("r+b") as file:
        file.seek(4096 * 3)
        file.write(os.urandom(4096 * 6))

    assert f"{var / 'catalog.db'} is damaged" in ibid("doctor")[1]
    assert f"{var / 'catalog.db'} is damaged" in ibid("index")[1]


def test_a_damaged_chroma_is_named_and_made_again_once_it_is_out_of_the_way(var: Path, ibid: Run) -> None:
    overwritten(var / "chroma" / "chroma.sqlite3")
    (var / "live.npz").unlink()

    assert "ibid doctor looks for what is wrong" in ibid("ask", QUESTION)[1]
    for command in ("doctor", "index"):
        code, said = ibid(command)
        assert code == 1
        assert f"the vectors in {var / 'chroma'} cannot be used" in said
        assert "delete that folder, all in it is made again, and run `ibid index`" in said

    away(var / "chroma")
    assert ibid("index")[0] == 0
    assert RULE in ibid("ask", QUESTION)[1]


def test_a_damaged_keyword_index_is_named_and_made_again_once_it_is_out_of_the_way(var: Path, ibid: Run) -> None:
    (keywords,) = (var / "keywords").iterdir()
    for file in keywords.iterdir():
        file.write_bytes(b"x")

    for command in (("ask", QUESTION), ("index",), ("doctor",)):
        code, said = ibid(*command)
        assert code == 1
        assert f"the keyword index in {keywords} cannot be opened" in said

    away(keywords)
    assert "run `ibid index` to make it again" in ibid("doctor")[1]
    assert ibid("index")[0] == 0
    assert RULE in ibid("ask", QUESTION)[1]


@pytest.mark.parametrize("content", [b"", b"damaged"])
def test_a_damaged_copy_of_the_matrix_changes_nothing(var: Path, ibid: Run, content: bytes) -> None:
    (var / "live.npz").write_bytes(content)

    assert RULE in ibid("ask", QUESTION)[1]


def test_a_data_directory_that_is_a_file_is_said(documents: Path, ibid: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        monkeypatch.setenv("IBID_DATA_DIR", str(place))
        for command in (("ask", QUESTION), ("index",), ("serve",)):
            code, said = ibid(*command)
            assert (code, said) == (2, f"ibid: IBID_DATA_DIR is {place}: that is a file, or lies below one; name a folder.\n")
        assert "✗ Data directory" in ibid("doctor")[1]
    assert documents.is_dir()


# A limit on the size of files stands for a full disk: the write fails in the middle, as there. No signal ends the process.
LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
import bot.bootstrap
from bot.__main__ import main
from knowledge.hashing_embedding import HashingEmbedding
bot.bootstrap.built_in_embedder = lambda settings: HashingEmbedding()
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize("room", [0, 10_000, 40_000, 100_000])
def test_where_the_disk_is_full_it_is_said_and_with_room_the_next_run_goes_on(documents: Path, ibid: Run, room: int) -> None:
    done = run(
        [sys.executable, "-c", LIMITED, str(room), "index"], cwd=HOME, env=dict(os.environ), capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert "unexpected" not in done.stderr
    assert "space" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert ibid("index")[0] == 0
    assert RULE in ibid("ask", QUESTION)[1]
    assert documents.is_dir()


@pytest.mark.parametrize("after", ["CREATE TABLE versions", "CREATE TABLE edition_versions", "INSERT INTO live"])
def test_a_start_that_is_killed_while_the_catalog_is_made_leaves_nothing_half_made(
    documents: Path, ibid: Run, tmp_path: Path, after: str
) -> None:
    script = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from knowledge.catalog import Catalog

@event.listens_for(Engine, "after_cursor_execute")
def kill(connection, cursor, statement, *rest):
    if sys.argv[2] in " ".join(statement.split()):
        os.kill(os.getpid(), signal.SIGKILL)

Catalog(f"sqlite:///{sys.argv[1]}")
"""
    (tmp_path / "var").mkdir()
    killed = run([sys.executable, "-c", script, str(tmp_path / "var" / "catalog.db"), after], cwd=HOME, check=False)

    assert killed.returncode == -signal.SIGKILL
    assert ibid("index")[0] == 0
    assert documents.is_dir()


@pytest.mark.parametrize("command", [("index",), ("ask", QUESTION), ("doctor",)])
def test_ctrl_c_ends_a_command_with_one_word_and_leaves_the_way_free(var: Path, ibid: Run, command: tuple[str, ...]) -> None:
    script = """
import signal, sys, threading
import bot.bootstrap
from bot.__main__ import main
from knowledge.hashing_embedding import HashingEmbedding

def opening(settings):
    print("opening", flush=True)
    going_on.wait(2)
    return HashingEmbedding()

going_on = threading.Event()
signal.signal(signal.SIGINT, signal.default_int_handler)
bot.bootstrap.built_in_embedder = opening
sys.exit(main(sys.argv[1:]))
"""
    with Popen([sys.executable, "-c", script, *command], cwd=HOME, env=dict(os.environ), stdout=PIPE, stderr=PIPE, text=True) as child:
        assert child.stdout is not None
        while child.stdout.readline() != "opening\n":
            assert child.poll() is None
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=30)

    assert (child.returncode, errors) == (130, "ibid: Interrupted.\n")
    assert ibid("index")[0] == 0
    assert var.is_dir()
