"""One process has a data directory; others are told who it is, and reach it over a socket that is this user's alone."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.errors import AlreadyOwned, IbidError, Misconfigured
from bot.owner import LOCK_FILE, Owner, Ownership, owner_of, owning
from bot.owner_socket import SOCKET, Line, asking, listening

HOLDER = """
import sys, time
from pathlib import Path
from bot.owner import owning
with owning(Path(sys.argv[1]), "serve"):
    print("has it", flush=True)
    time.sleep(60)
"""


def test_a_second_owner_is_refused_and_told_who_the_first_is(tmp_path: Path) -> None:
    with owning(tmp_path, "serve"), pytest.raises(AlreadyOwned) as refusal, owning(tmp_path, "serve", patience=0):
        pass

    assert f"process {os.getpid()}" in str(refusal.value)
    assert "ibid serve" in str(refusal.value)
    assert str(tmp_path) in str(refusal.value)


def test_what_a_command_writes_is_this_users_alone(tmp_path: Path) -> None:
    program = "import pathlib, sys; from bot.cli.command import begin; begin(); pathlib.Path(sys.argv[1]).write_text('x')"
    made = tmp_path / "made"
    subprocess.run([sys.executable, "-c", program, str(made)], cwd=Path(__file__).parents[2], check=True, umask=0o022)
    assert stat.S_IMODE(made.stat().st_mode) == 0o600


async def test_the_socket_is_made_without_touching_what_other_threads_may_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(_: Line) -> AsyncGenerator[Line, None]:
        yield {}

    changed: list[int] = []
    monkeypatch.setattr(os, "umask", changed.append)
    with owning(tmp_path, "serve") as ownership:
        async with listening(tmp_path, ownership, nothing):
            assert stat.S_IMODE((tmp_path / SOCKET).stat().st_mode) == 0o600
    assert changed == []


def test_a_data_directory_is_free_again_after_its_owner(tmp_path: Path) -> None:
    with owning(tmp_path, "serve"):
        assert owner_of(tmp_path) is not None

    assert owner_of(tmp_path) is None
    with owning(tmp_path, "ask", patience=0):
        pass


def test_a_killed_owner_leaves_the_data_directory_free(tmp_path: Path) -> None:
    home = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, cwd=home) as child:
        assert child.stdout is not None
        child.stdout.readline()
        owner = owner_of(tmp_path)
        child.send_signal(signal.SIGKILL)

    assert owner is not None
    assert owner.pid == child.pid
    assert owner_of(tmp_path) is None


def test_nobody_owns_what_is_not_there(tmp_path: Path) -> None:
    assert owner_of(tmp_path / "nothing") is None
    assert not (tmp_path / "nothing").exists()


def test_a_data_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(Misconfigured, match="IBID_DATA_DIR"), owning(tmp_path / "file" / "var", "ask"):
        pass


def test_the_data_directory_and_its_lock_are_this_users_alone(tmp_path: Path) -> None:
    with owning(tmp_path / "var", "ask"):
        assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "var" / LOCK_FILE).stat().st_mode) == 0o600


async def _echo(request: Line) -> AsyncGenerator[Line, None]:
    if request.get("wrong"):
        raise IbidError("this is wrong")
    if request.get("misconfigured"):
        raise Misconfigured("this is set wrongly")
    yield {"first": request["text"]}
    yield {"second": request["text"]}


@asynccontextmanager
async def _open(data_dir: Path) -> AsyncIterator[Owner]:
    with owning(data_dir, "serve") as ownership:
        assert isinstance(ownership, Ownership)
        async with listening(data_dir, ownership, _echo):
            owner = owner_of(data_dir)
            assert owner is not None
            yield owner


def _mode(path: str) -> int | None:
    """None where there is nothing."""
    file = Path(path)
    return stat.S_IMODE(file.stat().st_mode) if file.exists() else None


async def test_the_owner_answers_line_by_line(tmp_path: Path) -> None:
    async with _open(tmp_path) as owner:
        lines = [line async for line in asking(owner, {"text": "ü \n “quoted”"})]

    assert lines == [{"first": "ü \n “quoted”"}, {"second": "ü \n “quoted”"}]


@pytest.mark.parametrize(("request_", "error"), [({"wrong": True}, IbidError), ({"misconfigured": True}, Misconfigured)])
async def test_what_the_owner_refuses_arrives_as_its_own_words(tmp_path: Path, request_: Line, error: type[IbidError]) -> None:
    async with _open(tmp_path) as owner:
        with pytest.raises(error, match="this is"):
            _ = [line async for line in asking(owner, request_)]


async def test_nobody_else_may_use_the_socket(tmp_path: Path) -> None:
    async with _open(tmp_path) as owner:
        assert _mode(owner.socket) == 0o600


async def test_the_socket_is_gone_when_the_owner_is(tmp_path: Path) -> None:
    async with _open(tmp_path) as owner:
        pass

    assert _mode(owner.socket) is None


async def test_a_socket_that_a_dead_owner_left_is_replaced(tmp_path: Path) -> None:
    (tmp_path / SOCKET).write_text("left behind")

    async with _open(tmp_path) as owner:
        assert [line async for line in asking(owner, {"text": "hello"})]


async def test_a_long_path_gets_a_short_socket_in_a_private_folder(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)

    async with _open(deep) as owner:
        folder = Path(owner.socket).parent
        assert folder != deep
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert [line async for line in asking(owner, {"text": "hello"})]

    assert not folder.exists()


async def test_a_line_that_is_not_json_ends_only_its_visitor(tmp_path: Path) -> None:
    async with _open(tmp_path) as owner:
        reader, writer = await asyncio.open_unix_connection(owner.socket)
        writer.write(b"hello\n")
        assert await reader.read() == b""
        writer.close()

        assert [line async for line in asking(owner, {"text": "hello"})]


async def test_an_owner_that_does_not_listen_is_named(tmp_path: Path) -> None:
    owner = Owner(4711, "today", "serve", str(tmp_path / "no.sock"))

    with pytest.raises(AlreadyOwned, match="4711"):
        _ = [line async for line in asking(owner, {"do": "ask"})]
