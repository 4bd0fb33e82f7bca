"""From an address to a document: which pages are what they say they are, and which are gone, refused, or other pages' second names."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from pathlib import PurePosixPath
from typing import Protocol

from knowledge.connectors import SourceFile
from knowledge.connectors.addresses import Address
from knowledge.connectors.robots import Robots
from knowledge.connectors.web_fetch import Away, Fetcher, Gone, Page
from knowledge.errors import CannotRead
from knowledge.reading import SUFFIXES

TOGETHER = 200 * 1024 * 1024  # bytes of all pages of a look
PATIENCE = 3  # pages that a host does not give one after the other, before it is asked no more in this look

_SUFFIX_OF = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "text/csv": ".csv",
}
_SAYS_NOTHING = {"", "application/octet-stream", "binary/octet-stream"}
_WRITTEN = {".html", ".md", ".txt", ".csv"}
_CHARSET = re.compile(r"iso-8859-\d{1,2}|windows-\d{3,4}|koi8-[ru]|shift_jis|euc-(?:jp|kr)|gb2312|gbk|gb18030|big5|utf-16(?:le|be)")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_SIGN_IN = re.compile(rb"<input[^>]{0,500}\btype\s*=\s*[\"']?password", re.IGNORECASE)
_BEGINNING = 1024 * 1024  # bytes of a page in which a form to sign in is looked for
_KIND = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}")


class Found(Protocol):
    """Where the pages go."""

    def hold(self, file: SourceFile, content: bytes) -> None: ...
    def refuse(self, page: str, reason: str) -> None: ...


class Pages:
    """Takes one page after the other."""

    def __init__(self, fetcher: Fetcher, robots: Robots, is_late: Callable[[], bool]) -> None:
        self.away = 0  # pages whose server did not give them
        self.why = ""  # the first of them could not be had
        self._fetcher = fetcher
        self._robots = robots
        self._is_late = is_late
        self._left = TOGETHER
        self._failed: dict[str, int] = {}  # by origin, one after the other
        self._led: dict[str, tuple[Address, bool]] = {}  # by the id where redirects end: who was led there first, and whether for good

    def take(self, address: Address, listed: Container[str], found: Found) -> None:
        """Hold the page, refuse it, or, where it is gone or another page's second name, do neither."""
        try:
            page = self._fetched(address)
            if page.redirected and page.address.id != address.id and self._is_second_name(address, page, listed, found):
                return
            suffix = _suffix(page)
        except Gone:
            return
        except CannotRead as problem:
            found.refuse(address.id, str(problem))
            return
        content = _in_unicode(page) if suffix in _WRITTEN else page.body
        self._left -= len(content)
        if self._left < 0:
            found.refuse(address.id, f"is beyond the {TOGETHER // 1024 // 1024} MB that the pages of one source may have together")
        else:
            found.hold(SourceFile(address.id, len(content), said={"url": str(page.address)}, suffix=suffix, trusted=False), content)

    def _fetched(self, address: Address) -> Page:
        if self._is_late():
            raise CannotRead("was not reached in the time that a source may take; name fewer pages, or split the source")
        if self._failed.get(address.origin, 0) >= PATIENCE:
            self.away += 1
            raise Away("was not asked for: its server did not give the pages before it")
        try:
            page = self._fetcher.get(address, self._robots.permit)
        except Away as problem:
            self.away += 1
            self.why = self.why or str(problem)
            self._failed[address.origin] = self._failed.get(address.origin, 0) + 1
            raise
        except CannotRead:
            self._failed[address.origin] = 0
            raise
        self._failed[address.origin] = 0
        return page

    def _is_second_name(self, address: Address, page: Page, listed: Container[str], found: Found) -> bool:
        """Raises CannotRead where it may be that one was sent away rather than led to the page."""
        end = page.address.id
        if _SIGN_IN.search(page.body[:_BEGINNING]):
            raise CannotRead("leads to a page where one has to sign in; Ibid reads only what is there for everybody")
        first, for_good = self._led.setdefault(end, (address, page.for_good))
        if page.for_good:
            return end in listed or first != address
        if end in listed or first != address:
            reason = f"leads for the time being to {page.address}, as other pages do: one may have to sign in, or it was taken off"
            if first != address and not for_good:
                found.refuse(first.id, reason)
            raise CannotRead(reason)
        return False


def _suffix(page: Page) -> str:
    """What the page is read as: by its kind, and by its name where the server does not know the kind. Raises CannotRead."""
    named = PurePosixPath(page.address.target.partition("?")[0]).suffix.lower()
    if page.kind in _SAYS_NOTHING and named in SUFFIXES:
        return named
    if page.kind == "text/plain" and named in {".md", ".markdown"}:
        return ".md"
    if page.kind not in _SUFFIX_OF:
        kind = page.kind if _KIND.fullmatch(page.kind) else "none that is known"
        raise CannotRead(f"is not of a kind that is read; its server says: {kind}")
    return _SUFFIX_OF[page.kind]


def _in_unicode(page: Page) -> bytes:
    """With a byte order mark where the server names another encoding: what is read later knows only the bytes."""
    if not _CHARSET.fullmatch(page.charset) or page.body.startswith(_MARKS):
        return page.body
    try:
        return page.body.decode(page.charset, "replace").encode("utf-8-sig", "replace")
    except LookupError:  # an ISO part or a code page that there is none of
        return page.body
