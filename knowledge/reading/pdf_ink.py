"""A PDF page drawn twice, with its text and without it: where they differ there is ink of letters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageDraw

if TYPE_CHECKING:
    import pypdfium2

Box = tuple[float, float, float, float]  # left, top, right, bottom, in points from the top left corner of the media box as it is shown

_MOST_PIXELS = 600_000
_SCALE = 0.75  # pixels a point: letters of 4 points are still 3 pixels high
_TRACE = 8  # of 255: less is not seen
_ALIKE = 6  # of 255: two colours as near as this are one
_CONTRAST = 60  # of 255: between scanned letters and their paper
_TRACES = [0] * _TRACE + [255] * (256 - _TRACE)
_OUTLINED = (1, 2, 5, 6)  # text rendering modes that draw a line around each letter
_INVISIBLE = 3
_DEEPEST = 15  # forms within forms


@dataclass(frozen=True)
class Columns:
    """The ink of one line of text, seen from above."""

    profile: bytes | None
    first: int  # the pixel that the profile begins with
    offset: float
    scale: float

    def run_through(self, left: float, right: float) -> bool:
        """Whether there is ink at both ends of this stretch."""
        if self.profile is None:
            return True
        start = max(math.floor((left - self.offset) * self.scale) - self.first, 0)
        width = max(math.ceil((right - self.offset) * self.scale) - self.first - start, 1)
        return len(self.profile[start : start + width].strip(b"\0")) >= 0.7 * width - 1


@dataclass(frozen=True)
class Ink:
    """What the page's text adds to its picture. Without a drawing, everything on the page counts as seen."""

    offset: tuple[float, float]  # from the media box's corner to the corner of what is shown
    size: tuple[float, float]  # of what is shown
    scale: float = 1.0
    letters: Image.Image | None = None  # one channel: 255 where a pixel changes with the text, else 0
    ground: Image.Image | None = None  # the page without its text
    has_outlines: bool = False

    @classmethod
    def nowhere(cls, shown: Sequence[float], media: Sequence[float]) -> Ink:
        """For a page that was not drawn."""
        return cls((shown[0] - media[0], shown[1] - media[1]), (shown[2] - shown[0], shown[3] - shown[1]))

    def is_on_page(self, box: Box) -> bool:
        x, y = (box[0] + box[2]) / 2 - self.offset[0], (box[1] + box[3]) / 2 - self.offset[1]
        return 0 <= x <= self.size[0] and 0 <= y <= self.size[1]

    def is_there(self, box: Box) -> bool:
        """Whether some pixel in the box changes with the text."""
        return self.letters is None or self.letters.crop(self._pixels(box)).getbbox() is not None

    def columns(self, box: Box) -> Columns:
        """Where in the box, from its left to its right, there is ink."""
        if self.letters is None:
            return Columns(None, 0, 0, 0)
        left, top, right, bottom = self._pixels(box)
        profile = self.letters.crop((left, top, right, bottom)).reduce((1, bottom - top))
        return Columns(profile.tobytes(), left, self.offset[0], self.scale)

    def blends(self, box: Box, filled: tuple[int, int, int] | None) -> bool:
        """Whether the ground in the box is even and has this colour."""
        if self.ground is None or filled is None:
            return False
        channels = self.ground.crop(self._pixels(box)).split()
        return all(
            max(abs(bound - value) for bound in _extremes(channel)) <= _ALIKE for channel, value in zip(channels, filled, strict=True)
        )

    def is_written_below(self, box: Box) -> bool:
        """Whether the ground shows something like letters there or right beside."""
        if self.ground is None:
            return True
        margin = (box[3] - box[1]) / 2
        around = box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin
        low, high = _extremes(self.ground.crop(self._pixels(around)).convert("L"))
        return high - low >= _CONTRAST

    def is_within(self, boxes: Sequence[Box]) -> bool:
        """Whether most of the ink lies in these boxes."""
        if self.letters is None:
            return True
        outside = self.letters.copy()
        draw = ImageDraw.Draw(outside)
        for box in boxes:
            left, top, right, bottom = self._pixels(box)
            draw.rectangle((left - 1, top - 1, right, bottom), fill=0)
        return outside.histogram()[255] <= 0.5 * self.letters.histogram()[255]

    def share(self, box: Box) -> float:
        """How much of the page the box covers."""
        left, top, right, bottom = (
            max(box[0] - self.offset[0], 0),
            max(box[1] - self.offset[1], 0),
            min(box[2] - self.offset[0], self.size[0]),
            min(box[3] - self.offset[1], self.size[1]),
        )
        return max(right - left, 0) * max(bottom - top, 0) / max(self.size[0] * self.size[1], 1)

    def _pixels(self, box: Box) -> tuple[int, int, int, int]:
        left, top = math.floor((box[0] - self.offset[0]) * self.scale), math.floor((box[1] - self.offset[1]) * self.scale)
        right, bottom = math.ceil((box[2] - self.offset[0]) * self.scale), math.ceil((box[3] - self.offset[1]) * self.scale)
        width, height = self.ground.size if self.ground else (1, 1)
        left, top = min(max(left, 0), width - 1), min(max(top, 0), height - 1)
        return left, top, min(max(right, left + 1), width), min(max(bottom, top + 1), height)


def drawn(document: pypdfium2.PdfDocument, index: int) -> Ink | None:
    """The page's ink, or None where it cannot be drawn."""
    import pypdfium2
    from pypdfium2 import raw

    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        return None
    try:
        width, height = page.get_size()
        scale = min(_SCALE, math.sqrt(_MOST_PIXELS / max(width * height, 1)))
        with_text = _picture(page, scale)
        modes = set()
        for piece in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=_DEEPEST):
            modes.add(raw.FPDFTextObj_GetTextRenderMode(piece))
            raw.FPDFTextObj_SetTextRenderMode(piece, _INVISIBLE)
        ground = _picture(page, scale)
        red, green, blue = ImageChops.difference(with_text, ground).split()
        letters = ImageChops.lighter(ImageChops.lighter(red, green), blue).point(_TRACES)
        return Ink(_offset(page), (width, height), scale, letters, ground, bool(modes.intersection(_OUTLINED)))
    except (pypdfium2.PdfiumError, ValueError):  # a page without an area cannot be drawn
        return None
    finally:
        page.close()


def colour(parts: object) -> tuple[int, int, int] | None:
    """Grey, RGB or CMYK from 0 to 1 as RGB to 255, or None for anything else."""
    if not isinstance(parts, tuple) or not all(isinstance(part, int | float) for part in parts):
        return None
    if len(parts) == 1:
        parts = parts * 3
    elif len(parts) == 4:
        parts = tuple((1 - part) * (1 - parts[3]) for part in parts[:3])
    if len(parts) != 3:
        return None
    red, green, blue = (round(255 * min(max(part, 0), 1)) for part in parts)
    return red, green, blue


def _picture(page: pypdfium2.PdfPage, scale: float) -> Image.Image:
    # A note or a field that lies on the page may be moved or be empty: what stands below it is part of the page.
    bitmap = page.render(scale=scale, may_draw_forms=False, draw_annots=False, rev_byteorder=True)
    try:
        picture: Image.Image = bitmap.to_pil()  # a copy, since three bytes a pixel are not Pillow's own form
        return picture
    finally:
        bitmap.close()


def _offset(page: pypdfium2.PdfPage) -> tuple[float, float]:
    """From the corner of the media box to the corner of the crop box, both as the page is turned."""
    left, bottom, right, top = page.get_mediabox()
    crop_left, crop_bottom, crop_right, crop_top = page.get_cropbox()
    inner = max(crop_left, left) - left, max(crop_bottom, bottom) - bottom, right - min(crop_right, right), top - min(crop_top, top)
    at_left, at_bottom, at_right, at_top = inner
    return {0: (at_left, at_top), 90: (at_bottom, at_left), 180: (at_right, at_bottom), 270: (at_top, at_right)}[page.get_rotation()]


def _extremes(channel: Image.Image) -> tuple[float, float]:
    low, high = channel.getextrema()
    return (float(low), float(high)) if isinstance(low, int | float) and isinstance(high, int | float) else (0.0, 255.0)
