"""Web pages as documents: those that are named, and those that sitemaps list, at hosts that are allowed.

A look fetches every page and holds it in memory until the run has ended. Nothing of it is written to disk, so nothing of it has to be
found again when a document is erased; the price is that each look fetches everything anew.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.connectors import SourceFile
from knowledge.connectors.addresses import Address, read_address, read_origins
from knowledge.connectors.outside import Outside
from knowledge.connectors.robots import Robots
from knowledge.connectors.sitemap import read_sitemap
from knowledge.connectors.web_fetch import LARGEST, Fetcher
from knowledge.connectors.web_pages import Pages
from knowledge.errors import CannotRead, Unreachable
from knowledge.reading.cleaning import clean, one_line
from knowledge.values import Unread

AT_MOST = 500  # pages, where the source says nothing else
MOST_LISTED = 10_000  # pages that the sitemaps of a source may list
MOST_SITEMAPS = 50
DEEPEST = 3  # sitemaps that list sitemaps
SECONDS = 600.0  # for a whole look


class WebLook:
    """What was there. What the servers say is gone is neither among the files nor refused."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[SourceFile, bytes]] = {}  # packed
        self._refused: dict[str, str] = {}

    def files(self) -> tuple[SourceFile, ...]:
        return tuple(file for _, (file, _) in sorted(self._held.items()))

    def refused(self) -> tuple[Unread, ...]:
        return tuple(Unread(page, reason) for page, reason in sorted(self._refused.items()))

    def remarks(self) -> tuple[Unread, ...]:
        return ()

    def said(self, document: str) -> Mapping[str, str]:  # noqa: ARG002  # it says nothing of what it does not show
        return {}

    def table(self) -> bytes | None:
        return None

    def content(self, file: SourceFile) -> bytes:
        if file.id not in self._held:
            raise CannotRead("is gone since the pages were looked at; index again")
        return zlib.decompress(self._held[file.id][1])

    def hold(self, file: SourceFile, content: bytes) -> None:
        self._held[file.id] = (file, zlib.compress(content, 1))

    def refuse(self, page: str, reason: str) -> None:
        """Also where it was held before."""
        self._held.pop(page, None)
        self._refused[page] = reason


@dataclass(frozen=True)
class Web:
    """A connector. `hosts` is the whole of what may be asked, redirects included: over https, unless it is listed as http://…"""

    pages: Sequence[str] = ()
    sitemaps: Sequence[str] = ()
    hosts: Sequence[str] = ()
    at_most: int = AT_MOST
    outside: Outside = field(kw_only=True)
    name: str = field(default="", init=False)  # `Named` puts one before the ids, where there are several sources

    def look(self) -> WebLook:
        """Raises Unreachable where a sitemap cannot be had, or no page at all: nothing is known then of what is there."""
        fetcher, ends = Fetcher(self._origins(), self.outside), self.outside.clock() + SECONDS
        try:
            robots, found = Robots(fetcher), WebLook()
            listed = _listed(self.sitemaps, fetcher, robots, lambda: self.outside.clock() > ends)
            pages = Pages(fetcher, robots, lambda: self.outside.clock() > ends)
            addresses = _addresses((*self.pages, *listed), fetcher, found)
            for place, address in enumerate(addresses.values()):
                if place < self.at_most:
                    pages.take(address, addresses, found)
                else:
                    found.refuse(address.id, f"is beyond the {self.at_most} pages that this source may have; raise its at_most")
        finally:
            fetcher.close()
        if pages.away and pages.away == min(len(addresses), self.at_most):
            raise Unreachable(f"none of the {pages.away} pages can be had; the first of them {pages.why}")
        return found

    def _origins(self) -> frozenset[str]:
        try:
            return read_origins(self.hosts)
        except CannotRead as problem:
            raise Unreachable(str(problem)) from problem


def _listed(sitemaps: Iterable[str], fetcher: Fetcher, robots: Robots, is_late: Callable[[], bool]) -> list[str]:
    """The pages of these sitemaps and of those that they list. Raises Unreachable."""
    pages: list[str] = []
    seen: set[str] = set()
    waiting = [(text, 1) for text in sitemaps]
    while waiting:
        text, depth = waiting.pop(0)
        if text in seen:
            continue
        seen.add(text)
        if depth > DEEPEST or len(seen) > MOST_SITEMAPS:
            raise Unreachable(f"the sitemap {_shown(text)} is one too many: at most {MOST_SITEMAPS} are read, {DEEPEST} deep")
        if is_late():
            raise Unreachable(f"the sitemap {_shown(text)} was not reached within {SECONDS / 60:.0f} minutes")
        try:
            read = read_sitemap(fetcher.get(read_address(text), robots.permit).body, LARGEST)
        except CannotRead as problem:
            raise Unreachable(f"the sitemap {_shown(text)} {problem}") from problem
        pages += read.pages
        waiting += [(one, depth + 1) for one in read.sitemaps]
        if len(pages) > MOST_LISTED:
            raise Unreachable(f"the sitemaps list more than {MOST_LISTED} pages; name the sitemap of the part that holds your policies")
    return pages


def _addresses(texts: Collection[str], fetcher: Fetcher, found: WebLook) -> dict[str, Address]:
    """By id, in their order. What may not be asked is refused at once."""
    addresses: dict[str, Address] = {}
    for text in texts:
        page = _shown(text)
        try:
            address = read_address(text)
            page = address.id
            fetcher.check(address)
        except CannotRead as problem:
            found.refuse(page, str(problem))
        else:
            addresses.setdefault(page, address)
    return addresses


def _shown(text: str) -> str:
    """An address as it may be told, without the password that may stand in it."""
    return one_line(clean(text.rpartition("@")[2]))[:200]
