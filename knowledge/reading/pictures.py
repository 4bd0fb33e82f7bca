"""The pictures of a document that show something, as they were found, with their place among its words."""

from __future__ import annotations

import io
import re
from base64 import b64decode
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from time import monotonic
from typing import Literal, cast

Kind = Literal["png", "jpeg", "gif", "webp"]

MOST = 20  # of one document: the first ones
LARGEST = 2 * 1024 * 1024  # bytes
SMALLEST = 64  # dots, both ways: less is a bullet or an icon
_MOST_DOTS = 16_000_000  # more would take long to unpack
_SECONDS = 3.0  # that are spent on unpacking a document's pictures: its words must not be late because of them
_LONGEST_SHAPE = 12  # times as long as high, or the other way: a line or a border
_FLAT = 8  # of 255: a picture whose dots differ no more than this is an area of colour
_ORNAMENT = 3  # times: what stands in a document so often is its logo or an ornament
_LOOKED_AT = 10 * MOST
_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (rb"\x89PNG\r\n\x1a\n", "png"),
    (rb"\xff\xd8\xff", "jpeg"),
    (rb"GIF8[79]a", "gif"),
    (rb"RIFF....WEBP", "webp"),
)
_DATA_URI = re.compile(r"\s*data:image/(?:png|jpe?g|gif|webp)(?:;[^,;]*)*;base64,", re.IGNORECASE)


@dataclass(frozen=True)
class Picture:
    """One picture. It stands behind the first `after` blocks of the section of this number."""

    content: bytes = field(repr=False)
    kind: Kind
    section: int
    after: int
    page: int | None = None

    @property
    def hash(self) -> str:
        """The same picture has the same one, in any document."""
        return sha256(self.content).hexdigest()


class Pictures:
    """What a reader has found so far; nothing unless pictures are wanted. Nothing is ever fetched."""

    def __init__(self, wanted: bool = False) -> None:
        self.wanted = wanted
        self._found: dict[bytes, Picture] = {}
        self._times: Counter[bytes] = Counter()
        self._spent = 0.0

    def take(self, content: bytes, section: int, after: int, page: int | None = None) -> None:
        """Keep a picture that shows something, at the first place where it stands."""
        if not self.wanted or not 0 < len(content) <= LARGEST:
            return
        key = sha256(content).digest()
        self._times[key] += 1
        if self._times[key] > 1 or len(self._times) > _LOOKED_AT or self._spent > _SECONDS:
            return
        started = monotonic()
        if kind := _kind(content):
            self._found[key] = Picture(content, kind, section, after, page)
        self._spent += monotonic() - started

    def stands_in(self, section: int) -> bool:
        return any(one.section == section for one in self._found.values())

    def all(self) -> tuple[Picture, ...]:
        """In the order of the document, without what is repeated through it."""
        kept = [picture for key, picture in self._found.items() if self._times[key] < _ORNAMENT]
        return tuple(sorted(kept, key=lambda one: (one.section, one.after))[:MOST])


def inline_picture(address: str) -> bytes:
    """The bytes in a data: address of a picture; none in any other."""
    scheme = _DATA_URI.match(address)
    if scheme is None or len(address) > 2 * LARGEST:
        return b""
    try:
        return b64decode("".join(address[scheme.end() :].split()), validate=True)
    except ValueError:
        return b""


def _kind(content: bytes) -> Kind | None:
    """The format, where it is one that models take, and the picture is no decoration."""
    from PIL import Image, UnidentifiedImageError

    named = next((kind for magic, kind in _MAGIC if re.match(magic, content[:16], re.DOTALL)), None)
    if named is None:
        return None
    try:
        with Image.open(io.BytesIO(content), formats=[named.upper()]) as image:
            across, down = image.size
            if min(across, down) < SMALLEST or max(across, down) > _LONGEST_SHAPE * min(across, down) or across * down > _MOST_DOTS:
                return None
            if getattr(image, "is_animated", False):
                return None
            image.draft("RGB", (4 * SMALLEST, 4 * SMALLEST))  # of a JPEG no more is unpacked than is looked at
            channels = cast("tuple[tuple[int, int], ...]", image.convert("RGBA").getextrema())
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):  # damaged: Pillow raises all of these
        return None
    seen = channels[3][1] > 0 and any(high - low > _FLAT for low, high in channels)
    return named if seen else None
