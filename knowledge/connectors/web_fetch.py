"""Fetches one page: from allowed hosts only, through checked redirects, within its size and its time."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from knowledge.connectors.addresses import Address, read_address
from knowledge.connectors.sitemap import Inflating
from knowledge.errors import CannotRead

if TYPE_CHECKING:
    import httpcore

    from knowledge.connectors.outside import Outside

AGENT = "Ibid"
MOST_REDIRECTS = 5
LARGEST = 10 * 1024 * 1024  # bytes of one page, as it comes and as it is unpacked
SECONDS = 30.0  # for one page with its redirects
PAUSE = 0.25  # seconds between two requests to one host, where its robots.txt asks for no longer one

_MOVED = {301: True, 302: False, 303: False, 307: False, 308: True}  # status → for good
_GONE = {404, 410}
_LATER = {408, 425, 429}


class Gone(CannotRead):
    """The server says that there is no such page."""


class Away(CannotRead):
    """The server does not answer, or says that it cannot now."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """What came, and from where."""

    address: Address  # after redirects
    kind: str  # of content: text/html
    charset: str
    body: bytes
    redirected: bool = False
    for_good: bool = True  # every redirect on the way says that it stays


class Fetcher:
    """Asks one thing at a time."""

    def __init__(self, origins: Collection[str], outside: Outside) -> None:
        from knowledge.connectors.web_line import Deadline

        self.pauses: dict[str, float] = {}  # by origin, where it is another than PAUSE
        self._origins = origins
        self._outside = outside
        self._deadline = Deadline(outside.clock)
        self._pools: dict[str, httpcore.ConnectionPool] = {}
        self._asked: dict[str, float] = {}

    def close(self) -> None:
        for pool in self._pools.values():
            pool.close()

    def check(self, address: Address) -> None:
        """Raises CannotRead unless the address is at a host of the list."""
        if address.origin not in self._origins:
            raise CannotRead(f"is at {address.origin}, which is not among this source's hosts; list it there if it may be asked")

    def get(self, address: Address, permitted: Callable[[Address], None], largest: int | None = None) -> Page:
        """`permitted` raises for what may not be asked, on every step of the way. Raises Gone, Away, or CannotRead."""
        for_good, here, left = True, address, SECONDS
        for _ in range(MOST_REDIRECTS + 1):
            self.check(here)
            permitted(here)
            self._outside.step()
            self._wait(here.origin)
            self._deadline.set(left)
            answer = self._ask(here, LARGEST if largest is None else largest)
            left = self._deadline.at - self._outside.clock()
            if isinstance(answer, Page):
                return replace(answer, redirected=here != address, for_good=for_good)
            for_good = for_good and answer.for_good
            here = answer.to
        raise CannotRead(f"leads on to another address more than {MOST_REDIRECTS} times; name the one where it ends")

    def _ask(self, address: Address, largest: int) -> Page | _Onward:
        """Once more where the line broke off: a server may end one that it kept open just when it is used again."""
        import httpcore

        try:
            return self._asked_once(address, largest)
        except Away as problem:
            if not isinstance(problem.__cause__, httpcore.RemoteProtocolError | httpcore.ReadError | httpcore.WriteError):
                raise
            return self._asked_once(address, largest)

    def _asked_once(self, address: Address, largest: int) -> Page | _Onward:
        import httpcore

        try:
            with self._pool(address).stream(
                "GET",
                httpcore.URL(scheme=address.scheme, host=address.host.strip("[]"), port=address.port, target=address.target),
                headers={
                    "Host": address.origin.partition("://")[2],
                    "User-Agent": AGENT,
                    "Accept": "text/html, application/xhtml+xml, text/markdown, text/plain, application/pdf, */*;q=0.5",
                    "Accept-Encoding": "gzip",
                },
            ) as response:
                return _read(address, response, largest)
        except (httpcore.TimeoutException, TimeoutError) as error:
            raise Away("did not come in time") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError, ssl.SSLError, OSError) as error:
            raise Away(_why(error)) from error
        finally:
            self._asked[address.origin] = self._outside.clock()

    def _wait(self, origin: str) -> None:
        if origin in self._asked:
            pause = self._asked[origin] + self.pauses.get(origin, PAUSE) - self._outside.clock()
            if pause > 0:
                self._outside.sleep(pause)

    def _pool(self, address: Address) -> httpcore.ConnectionPool:
        from knowledge.connectors.web_line import open_pool

        if address.origin not in self._pools:
            self._pools[address.origin] = open_pool(address, self._outside, self._deadline)
        return self._pools[address.origin]


@dataclass(frozen=True)
class _Onward:
    to: Address
    for_good: bool


def _after(page: Page, *, redirected: bool, for_good: bool) -> Page:
    return Page(address=page.address, kind=page.kind, charset=page.charset, body=page.body, redirected=redirected, for_good=for_good)


def _read(address: Address, response: httpcore.Response, largest: int) -> Page | _Onward:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1").strip() for name, value in response.headers}
    if response.status in _MOVED:
        if "location" not in headers:
            raise CannotRead("leads on to another address, and does not say to which")
        return _Onward(read_address(headers["location"], base=address), _MOVED[response.status])
    if response.status in _GONE:
        raise Gone("is gone")
    if response.status in _LATER or response.status >= 500:
        raise Away(f"cannot be had now: its server answers with {response.status}")
    if response.status != 200:
        raise CannotRead(f"may not be had: its server answers with {response.status}")
    kind, _, parameters = headers.get("content-type", "").partition(";")
    body = b"".join(_pieces(response, headers.get("content-encoding", "identity").lower(), largest))
    return Page(address=address, kind=kind.strip().lower(), charset=_charset(parameters), body=body)


def _pieces(response: httpcore.Response, packed: str, largest: int) -> Iterator[bytes]:
    if packed not in {"identity", "", "gzip", "x-gzip"}:
        raise CannotRead("comes packed in a way that was not asked for")
    inflating = Inflating(largest) if "gzip" in packed else None
    came = 0
    for piece in response.iter_stream():
        came += len(piece)
        if came > largest:
            raise CannotRead(_too_large(largest))
        yield inflating.take(piece) if inflating else piece
    if inflating and came:
        inflating.end()


def _charset(parameters: str) -> str:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'").lower()
    return ""


def _too_large(largest: int) -> str:
    return f"is larger than the {largest // 1024 // 1024} MB that are read of a page"


def _why(problem: Exception) -> str:
    """What a person can do something about; nothing of what the other side said."""
    causes = {problem, problem.__cause__, problem.__context__}
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return "cannot be had: nobody vouches for its server's certificate"
    return f"cannot be had: its server does not answer as one does ({type(problem).__name__})"
