"""The pictures in a PDF's pages, with the place of each, for whoever wants to look at them."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from knowledge.reading.pictures import LARGEST, MOST, SMALLEST

if TYPE_CHECKING:
    import pypdfium2

_PAGE = 0.8  # of the page: a picture as large as this is its ground, or a scan of it
_MOST_DOTS = 12_000_000  # more would take long to unpack
_LOOKED_AT = 5 * MOST
_SECONDS = 3.0  # that are spent on all pages: the words must not be late because of the pictures


@dataclass(frozen=True)
class Embedded:
    """A picture as it stands on its page, measured in points from the top."""

    content: bytes = field(repr=False)
    page: int
    top: float


def embedded(content: bytes, scanned: Collection[int]) -> list[Embedded]:
    """Those of all pages but the scanned ones; a file that cannot be opened for it has none."""
    import pypdfium2

    found: list[Embedded] = []
    until = monotonic() + _SECONDS
    try:
        with pypdfium2.PdfDocument(content) as pdf:
            for number in range(1, len(pdf) + 1):
                if monotonic() > until:
                    break
                if number in scanned:
                    continue
                page = pdf[number - 1]
                for picture, top in _on(page):
                    found.append(Embedded(picture, number, top))
                    if len(found) >= _LOOKED_AT:
                        return found
                page.close()
    except pypdfium2.PdfiumError:
        return found
    return found


def _on(page: pypdfium2.PdfPage) -> Iterator[tuple[bytes, float]]:
    from pypdfium2 import raw

    left, bottom, right, top = page.get_mediabox()
    whole = max((right - left) * (top - bottom), 1)
    upright = page.get_rotation() == 0
    for image in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
        at_left, at_bottom, at_right, at_top = image.get_bounds()
        if (at_right - at_left) * (at_top - at_bottom) < _PAGE * whole and (picture := _extracted(image)):
            yield picture, max(top - at_top, 0.0) if upright else top - bottom


def _extracted(image: pypdfium2.PdfImage) -> bytes:
    """A JPEG as it is, anything else as PNG; nothing for what is too small or too large, or cannot be unpacked."""
    import pypdfium2

    try:
        across, down = image.get_px_size()
        if min(across, down) < SMALLEST or across * down > _MOST_DOTS:
            return b""
        out = io.BytesIO()
        image.extract(out, fb_format="png")
    except (pypdfium2.PdfiumError, OSError, ValueError):
        return b""
    picture = out.getvalue()
    return picture if len(picture) <= LARGEST else b""
