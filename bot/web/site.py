"""The one port that Ibid listens on."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, closing
from functools import partial
from typing import TYPE_CHECKING, cast

from aiohttp import web

from bot.errors import Misconfigured
from bot.logs import broke_at

if TYPE_CHECKING:
    from bot.settings import Address

LARGEST = 1024 * 1024  # bytes of a request's body; what is longer is read no further
ENDS_WITHIN = 3.0  # seconds for requests under way when Ibid is stopped
WAITING = 128  # connections that the system keeps until they are taken
MOST_OPEN = 200  # connections: strangers must not use up the files that this process may open
HEAD_WITHIN = 75.0  # seconds to a request's head, and between two requests; proxies themselves keep a connection for a minute
_BETWEEN_REPORTS = 60.0

SERVER_LOG = logging.getLogger("ibid.web")


class _OnlyItsKind(logging.Filter):
    """What the server says about a request that is none of HTTP repeats the request: the kind of trouble and its place are enough.

    Each of them once a minute: strangers decide how many come.
    """

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        problem = record.exc_info[1] if record.exc_info else None
        cause, where = (type(problem).__name__, broke_at(problem)) if problem else ("", "")
        record.cause, record.where = cause, where
        record.msg, record.args, record.exc_info, record.exc_text = "a request was no HTTP, or broke off", (), None, None
        told, now = self._told.get((cause, where)), time.monotonic()
        if told is not None and now - told < _BETWEEN_REPORTS:
            return False
        self._told[cause, where] = now
        return True


def reserved(address: Address) -> socket.socket:
    """Bound before anything else is opened, so that a port that is taken stops the start at once. Raises Misconfigured."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        return socket.create_server((address.host, address.port), family=family, backlog=WAITING)
    except OSError as problem:
        raise Misconfigured(f"IBID_LISTEN is {address}, and {_why(problem)}.") from problem


def _why(problem: OSError) -> str:
    if isinstance(problem.__context__, socket.gaierror):  # its number means something else among the others
        return "no machine of that name is known here; 0.0.0.0 is every address of this one"
    match problem.errno:
        case errno.EADDRINUSE:
            return "that port is taken by another program; name another, or end it"
        case errno.EACCES | errno.EPERM:
            return "this user may not listen on that port; take one from 1024 on"
        case errno.EADDRNOTAVAIL:
            return "this machine has no such address; 0.0.0.0 is every one that it has"
    return f"nothing can listen there ({problem.strerror or type(problem).__name__})"


@asynccontextmanager
async def site(door: socket.socket, routes: Iterable[web.RouteDef]) -> AsyncIterator[None]:
    """Answer behind this door while the block runs; requests under way at its end are answered still."""
    app = web.Application(client_max_size=LARGEST)
    app.add_routes(routes)
    # A body counts as it was signed: unpacking it here would make megabytes of a stranger's kilobytes.
    runner = web.AppRunner(
        app, access_log=None, logger=SERVER_LOG, auto_decompress=False, keepalive_timeout=HEAD_WITHIN, shutdown_timeout=ENDS_WITHIN
    )
    only_its_kind = _OnlyItsKind()
    SERVER_LOG.addFilter(only_its_kind)
    await runner.setup()
    try:
        taken = partial(_taken, cast("web.Server", runner.server))
        with closing(await asyncio.get_running_loop().create_server(taken, sock=door, backlog=WAITING)):
            yield
    finally:
        await runner.cleanup()
        SERVER_LOG.removeFilter(only_its_kind)


def _taken(server: web.Server) -> asyncio.Protocol:
    """Who answers a new connection. Where too many are open the oldest end, so that Slack is heard whoever else is there."""
    connections = server.connections
    for oldest in connections[: max(0, len(connections) + 1 - MOST_OPEN)]:
        oldest.force_close()
    return server()
