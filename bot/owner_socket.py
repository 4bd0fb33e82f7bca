"""How short commands reach the process that owns the data directory: a Unix socket of this user, JSON line by JSON line.

A request is one line, {"do": …} with what it needs; the reply is any number of lines, the last of which has "end" or "error".
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

from bot.errors import AlreadyOwned, IbidError, Misconfigured
from bot.owner import Owner, Ownership

log = logging.getLogger(__name__)

Line = dict[str, Any]  # JSON
Serve = Callable[[Line], AsyncGenerator[Line, None]]

SOCKET = "owner.sock"
_LONGEST_PATH = 100  # bytes: 108 on Linux and 104 on macOS, with the end
_LONGEST_LINE = 4 * 1024 * 1024


@asynccontextmanager
async def listening(data_dir: Path, ownership: Ownership, serve: Serve) -> AsyncIterator[None]:
    """Serve requests in the background while the block runs."""
    path = data_dir / SOCKET
    short: Path | None = None
    if len(os.fsencode(path.absolute())) > _LONGEST_PATH:
        short = Path(tempfile.mkdtemp(prefix="ibid-"))  # 0700; the lock file says where it is
        path = short / SOCKET
    path = path.absolute()
    path.unlink(missing_ok=True)  # left by a process that died: the lock proves that nobody listens there
    visitors: set[asyncio.Task[None]] = set()

    async def visited(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if task := asyncio.current_task():
            visitors.add(task)
            task.add_done_callback(visitors.discard)
        await _visit(reader, writer, serve)

    server = await asyncio.start_unix_server(visited, sock=_door(path), limit=_LONGEST_LINE)
    ownership.listens_at(path)
    try:
        yield
    finally:
        server.close()
        for task in visitors:
            task.cancel()
        await asyncio.gather(*visitors, return_exceptions=True)
        path.unlink(missing_ok=True)
        if short:
            shutil.rmtree(short, ignore_errors=True)


def _door(path: Path) -> socket.socket:
    """Bound and this user's alone before anybody can connect. No umask: it is every thread's, and no new folder could be entered."""
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        door.bind(str(path))
        path.chmod(0o600)
    except OSError:
        door.close()
        raise
    return door


async def asking(owner: Owner, request: Line) -> AsyncGenerator[Line, None]:
    """Send one request to the owner and give its lines as they come. Raises what the owner raised, in its words."""
    try:
        reader, writer = await asyncio.open_unix_connection(owner.socket, limit=_LONGEST_LINE)
    except OSError as problem:
        raise AlreadyOwned(
            f"{owner} has the data directory and does not take requests; end it, or try again when it has ended."
        ) from problem
    try:
        writer.write(_encoded(request))
        await writer.drain()
        while True:
            received = await reader.readline()
            if not received:
                raise AlreadyOwned(f"{owner} ended before it had answered.")
            line: Line = json.loads(received)
            if "error" in line:
                raise (Misconfigured if line.get("misconfigured") else IbidError)(str(line["error"]))
            if "end" in line:
                return
            yield line
    finally:
        writer.close()


async def _visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, serve: Serve) -> None:
    try:
        request = json.loads(await reader.readline())
        async with aclosing(serve(request)) as lines:
            async for line in lines:
                writer.write(_encoded(line))
                await writer.drain()
        writer.write(_encoded({"end": True}))
        await writer.drain()
    except IbidError as problem:
        writer.write(_encoded({"error": str(problem), "misconfigured": isinstance(problem, Misconfigured)}))
    except (ConnectionError, ValueError) as problem:
        log.info("a visitor of the socket left", extra={"cause": type(problem).__name__})
    finally:
        writer.close()


def _encoded(line: Line) -> bytes:
    return json.dumps(line).encode() + b"\n"
