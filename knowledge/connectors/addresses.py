"""Addresses of web pages: read once, in one way, so that what was checked is what is asked."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote, urljoin, urlsplit

from knowledge.errors import CannotRead

LONGEST = 2000  # characters
PORTS = {"https": 443, "http": 80}
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*|\[[0-9a-f:.]+\]")
_UNSEEMLY = re.compile(r"[\x00-\x20\x7f\\]")
_KEPT = "/%:@!$&'()*+,;=~-._"
_HASH = 8  # characters


@dataclass(frozen=True)
class Address:
    """Where a page is. `target` is its path and query as they are sent; the fragment is nobody's business but the reader's."""

    scheme: str
    host: str  # in small letters, as DNS has it; an IPv6 address stands in brackets
    port: int
    target: str

    @property
    def origin(self) -> str:
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"

    @property
    def id(self) -> str:
        """host/path as people read it; a query becomes eight letters behind it, and a path that ends in a slash is its `index`."""
        path, _, query = self.target.partition("?")
        host = self.origin.partition("://")[2]
        name = "/".join(_shown(step) for step in path.removeprefix("/").split("/"))
        name = name + "index" if not name or name.endswith("/") else name
        digest = hashlib.sha256(query.encode()).hexdigest()[:_HASH]
        return f"{host}/{name}-{digest}" if query else f"{host}/{name}"

    def __str__(self) -> str:
        return self.origin + self.target


def read_address(text: str, base: Address | None = None) -> Address:
    """What the text names, as seen from `base`. Raises CannotRead with the reason why it may not be asked; never with a password."""
    given = text.strip()
    if len(given) > LONGEST or _UNSEEMLY.search(given):
        raise CannotRead("has an address that is too long, or holds spaces or control characters; correct it")
    try:
        parts = urlsplit(urljoin(str(base), given) if base else given)
        port, host = parts.port, (parts.hostname or "").encode("idna" if not (parts.hostname or "").isascii() else "ascii").decode()
    except ValueError as error:  # a bracket that is not closed, a port that is no number, a name with two dots in a row
        raise CannotRead("has no address of the web; write it as https://handbook.example/leave") from error
    if parts.scheme not in PORTS or not host:
        raise CannotRead("has no address of the web; write it as https://handbook.example/leave")
    if "@" in parts.netloc:
        raise CannotRead("has a user or a password in its address; take it out: it would stand in every citation")
    host = f"[{host}]" if ":" in host else host.removesuffix(".")
    if not _HOST.fullmatch(host) or port == 0:
        raise CannotRead("has a host in its address that cannot be one; correct it")
    path = quote(parts.path or "/", safe=_KEPT)
    if any(unquote(step) in {".", ".."} for step in path.split("/")):
        raise CannotRead("has steps such as /../ in its address; write the address that they lead to")
    query = "?" + quote(parts.query, safe=_KEPT + "?") if parts.query else ""
    return Address(parts.scheme, host, port or PORTS[parts.scheme], path + query)


def read_origins(hosts: Iterable[str]) -> frozenset[str]:
    """An allow list: `handbook.example`, `handbook.example:8443`, or with its scheme; https where none is named. Raises CannotRead."""
    found: set[str] = set()
    for host in hosts:
        try:
            address = read_address(host if "://" in host else f"https://{host}")
        except CannotRead as error:
            raise CannotRead(f"{host.rpartition('@')[2]!r} in the list of hosts {error}") from error
        if address.target != "/":
            raise CannotRead(f"{host!r} in the list of hosts is a page; write its host alone")
        found.add(address.origin)
    return frozenset(found)


def _shown(step: str) -> str:
    """A step of a path as people read it, where that is unmistakable."""
    try:
        plain = unicodedata.normalize("NFC", unquote(step, errors="strict"))
    except UnicodeDecodeError:
        return step
    unseemly = any(letter in "/\\%?#" or unicodedata.category(letter)[0] in "CZ" for letter in plain)
    return step if unseemly else plain
