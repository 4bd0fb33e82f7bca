"""The line to a web server: to the very address that was checked, and no longer than until the deadline."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpcore

from knowledge.connectors.networks import is_public
from knowledge.errors import CannotRead

if TYPE_CHECKING:
    from knowledge.connectors.addresses import Address
    from knowledge.connectors.outside import Outside

WITHIN = 10.0  # seconds to connect, and for each reading
MOST_TRIED = 3  # of a host's addresses, where the first do not answer

_NEAR = "is at a host that is not public; only public web servers are asked"


@dataclass
class Deadline:
    """The moment by which the page under way has to be here."""

    clock: Callable[[], float]
    at: float = 0.0

    def set(self, seconds: float) -> None:
        self.at = self.clock() + seconds

    def left(self) -> float:
        """Seconds, for one step. Raises ReadTimeout where there are none."""
        left = self.at - self.clock()
        if left <= 0:
            raise httpcore.ReadTimeout
        return min(left, WITHIN)


def open_pool(address: Address, outside: Outside, deadline: Deadline) -> httpcore.ConnectionPool:
    """For this origin alone: its host is resolved once, and a connection is made to nothing but what was found then.

    Raises CannotRead where any of it is not public, OSError where nothing is found.
    """
    tls = outside.tls()
    proxy = outside.proxy(str(address))
    if proxy:
        _refuse_what_is_known_to_be_near(address, outside)
        return _through(proxy, tls, deadline)
    machines = outside.resolve(address.host.strip("[]"), address.port)
    if not machines:
        raise OSError("no address")
    _refuse_near(machines, outside)
    return httpcore.ConnectionPool(ssl_context=tls, max_connections=1, network_backend=_Pinned(machines[:MOST_TRIED], deadline))


def _through(proxy: str, tls: ssl.SSLContext, deadline: Deadline) -> httpcore.ConnectionPool:
    """The proxy resolves, and reaches what it may: what is checked here is the name."""
    import httpx

    try:
        given = httpx.Proxy(proxy)
    except (httpx.InvalidURL, ValueError) as error:
        raise CannotRead("cannot be asked: the address of the proxy cannot be used") from error
    return httpcore.HTTPProxy(
        proxy_url=httpcore.URL(scheme=given.url.raw_scheme, host=given.url.raw_host, port=given.url.port, target=given.url.raw_path),
        proxy_auth=given.raw_auth,
        ssl_context=tls,
        proxy_ssl_context=tls if given.url.scheme == "https" else None,
        max_connections=1,
        network_backend=_Pinned((), deadline),
    )


def _refuse_what_is_known_to_be_near(address: Address, outside: Outside) -> None:
    try:
        machines = outside.resolve(address.host.strip("[]"), address.port)
    except OSError:
        return  # where there is a proxy, names outside are often not known inside
    _refuse_near(machines, outside)


def _refuse_near(machines: Iterable[str], outside: Outside) -> None:
    if any(machine not in outside.also_allowed and not is_public(machine) for machine in machines):
        raise CannotRead(_NEAR)


class _Pinned(httpcore.NetworkBackend):
    """Connects to these machines whatever the host is called; to the host itself where none are given, as a proxy's is."""

    def __init__(self, machines: tuple[str, ...], deadline: Deadline) -> None:
        self._machines = machines
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  the deadline is what counts
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        problem: Exception = httpcore.ConnectError("no address")
        for machine in self._machines or (host,):
            try:
                stream = self._sockets.connect_tcp(machine, port, self._deadline.left(), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
            else:
                return _Timed(stream, self._deadline)
        raise problem


class _Timed(httpcore.NetworkStream):
    """A stream of which no step outlasts the deadline: a server that sends a byte now and then would else hold it for hours."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002  as above
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002  as above
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002  as above
    ) -> httpcore.NetworkStream:
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, self._deadline.left()), self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
