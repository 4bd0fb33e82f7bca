"""Sitemaps: which pages a site says that it has."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from io import BytesIO

from knowledge.errors import CannotRead

MOST_ELEMENTS = 400_000  # of one sitemap
DEEPEST = 10
_GZIP = b"\x1f\x8b"
_BROKEN = "is no sitemap: its XML is damaged, or uses what a sitemap has no need of"


@dataclass
class Listed:
    """What one sitemap lists: pages, or further sitemaps."""

    pages: list[str] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)


def read_sitemap(content: bytes, largest: int) -> Listed:
    """Raises CannotRead. Entities and document types are refused, and nothing is fetched."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException  # type: ignore[import-untyped]  # it has no annotations
    from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]  # the same

    listed, path, elements = Listed(), list[str](), 0
    root = None
    try:
        for event, element in iterparse(BytesIO(unpacked(content, largest)), events=("start", "end"), forbid_dtd=True):
            if event == "start":
                root = element if root is None else root
                path.append(str(element.tag).rpartition("}")[2])
                elements += 1
                if len(path) > DEEPEST or elements > MOST_ELEMENTS:
                    raise CannotRead(_BROKEN)
                continue
            _take(path, (element.text or "").strip(), listed)
            path.pop()
            if len(path) == 1 and root is not None:
                root.clear()  # what was read of it is not needed any more
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:  # the last two: encodings that are none
        raise CannotRead(_BROKEN) from error
    if root is None or str(root.tag).rpartition("}")[2] not in {"urlset", "sitemapindex"}:
        raise CannotRead("is no sitemap: it begins with neither <urlset> nor <sitemapindex>")
    return listed


def unpacked(content: bytes, largest: int) -> bytes:
    """The bytes themselves, or what is in them where they are a gzip file; never more than `largest`. Raises CannotRead."""
    if not content.startswith(_GZIP):
        return content
    inflating = Inflating(largest)
    made = inflating.take(content)
    inflating.end()
    return made


class Inflating:
    """Undoes gzip piece by piece, and makes no more of it than it may."""

    def __init__(self, largest: int) -> None:
        self._stream = zlib.decompressobj(wbits=31)
        self._left = largest

    def take(self, piece: bytes) -> bytes:
        """Raises CannotRead where it is damaged or becomes too large."""
        try:
            made = self._stream.decompress(piece, self._left + 1)
        except zlib.error as error:
            raise CannotRead("came damaged: what is packed in it cannot be unpacked") from error
        self._left -= len(made)
        if self._left < 0:
            raise CannotRead("is too large once it is unpacked")
        return made

    def end(self) -> None:
        """Raises CannotRead where it broke off, or goes on after its end."""
        if not self._stream.eof or self._stream.unused_data:
            raise CannotRead("came damaged: what is packed in it cannot be unpacked")


def _take(path: list[str], text: str, listed: Listed) -> None:
    match path:
        case ["urlset", "url", "loc"] if text:
            listed.pages.append(text)
        case ["sitemapindex", "sitemap", "loc"] if text:
            listed.sitemaps.append(text)
