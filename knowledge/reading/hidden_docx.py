"""What a Word document holds and does not show: text marked as hidden, too small, or in the colour of its ground, taken out of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

from knowledge.reading.cleaning import clean, one_line
from knowledge.reading.css import alike
from knowledge.reading.docx_styles import Styles
from knowledge.reading.hidden import Hidden, below

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement

_OFF = {"0", "false", "none", "off"}
_SMALLEST = 4  # half points
_LOWEST = 40  # twentieths of a point: a line or a row as low as this shows no letter
_DEEPEST_CHAIN = 10
_FAR = 20  # paragraphs: a shape that lies behind the text may reach as far as its page
_UNKNOWN = "?"  # a ground that only Word can draw
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"

MARKED = "marked as hidden"
TINY = "too small to be read"
SAME_COLOUR = "in the colour of what is behind it"


def take_out(document: Document, styles: Styles, hidden: Hidden) -> None:
    """Take out the runs that nobody sees, and count them."""
    sight = _Sight(document)
    where = ""
    for paragraph in list(document.element.body.iter(qn("w:p"))):
        for run in [run for run in paragraph.iter(qn("w:r")) if next(run.iterancestors(qn("w:p"))) is paragraph]:
            text = "".join(piece.text or "" for piece in run.iter(qn("w:t")) if next(piece.iterancestors(qn("w:r"))) is run)
            why = sight.why_unseen(run, paragraph) if text.strip() else ""
            parent = run.getparent()
            if why and parent is not None:
                hidden.text(clean(text), why, where)
                parent.remove(run)
        if styles.of(paragraph).level is not None:
            where = below(one_line(clean("".join(piece.text or "" for piece in paragraph.iter(qn("w:t"))))))


class _Sight:
    """Looks for properties where Word does: at the run, then at its styles, then at what every run has."""

    def __init__(self, document: Document) -> None:
        self._styles = {str(style.get(qn("w:styleId"))): style for style in document.styles.element.iter(qn("w:style"))}
        self._defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
        page = document.element.find(qn("w:background"))
        self._page = _UNKNOWN if page is not None else "FFFFFF"
        paragraphs = list(document.element.body.iter(qn("w:p")))
        self._order = {
            paragraph: number for number, paragraph in enumerate(paragraphs)
        }  # lxml gives the same element for as long as it is held
        self._shapes = [number for number, one in enumerate(paragraphs) if any(_lies_behind(shape) for shape in one.iter(qn("wp:anchor")))]

    def why_unseen(self, run: BaseOxmlElement, paragraph: BaseOxmlElement) -> str:
        vanish = self._first(run, paragraph, "w:vanish")
        if (vanish is not None and vanish.get(qn("w:val"), "1") not in _OFF) or _is_in_hidden_frame(run):
            return MARKED
        size = self._first(run, paragraph, "w:sz")
        if (size is not None and _whole(size) < _SMALLEST) or _is_flat(paragraph):
            return TINY
        colour = self._first(run, paragraph, "w:color")
        written = str(colour.get(qn("w:val"), "auto")) if colour is not None else "auto"
        if written == "auto":
            return ""
        ground = self._ground(run, paragraph)
        return SAME_COLOUR if ground != _UNKNOWN and alike(f"#{written}", f"#{ground}") else ""

    def _first(self, run: BaseOxmlElement, paragraph: BaseOxmlElement, name: str) -> BaseOxmlElement | None:
        """The nearest setting of this name for the run."""
        return next((found for look in self._looks(run, paragraph) if (found := look.find(qn(name))) is not None), None)

    def _looks(self, run: BaseOxmlElement, paragraph: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
        own = run.find(qn("w:rPr"))
        if own is not None:
            yield own
            yield from self._chain(own.find(qn("w:rStyle")))
        yield from self._chain(paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}"))
        if self._defaults is not None:
            yield self._defaults

    def _chain(self, named: BaseOxmlElement | None) -> Iterator[BaseOxmlElement]:
        for style in self._bases(named):
            look = style.find(qn("w:rPr"))
            if look is not None:
                yield look

    def _bases(self, named: BaseOxmlElement | None) -> Iterator[BaseOxmlElement]:
        for _ in range(_DEEPEST_CHAIN):
            style = self._styles.get(str(named.get(qn("w:val")))) if named is not None else None
            if style is None:
                return
            yield style
            named = style.find(qn("w:basedOn"))

    def _ground(self, run: BaseOxmlElement, paragraph: BaseOxmlElement) -> str:
        """The colour behind a run, or _UNKNOWN."""
        if self._first(run, paragraph, "w:highlight") is not None or next(run.iterancestors(qn("w:txbxContent")), None) is not None:
            return _UNKNOWN
        number = self._order.get(paragraph, 0)
        if any(abs(number - shape) <= _FAR for shape in self._shapes):
            return _UNKNOWN
        named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        shadings = [
            self._first(run, paragraph, "w:shd"),
            paragraph.find(f"{qn('w:pPr')}/{qn('w:shd')}"),
            *(style.find(f"{qn('w:pPr')}/{qn('w:shd')}") for style in self._bases(named)),
        ]
        for cell in run.iterancestors(qn("w:tc")):
            shadings.append(cell.find(f"{qn('w:tcPr')}/{qn('w:shd')}"))
            table = next(cell.iterancestors(qn("w:tbl")))
            shadings.append(table.find(f"{qn('w:tblPr')}/{qn('w:shd')}"))
            style = table.find(f"{qn('w:tblPr')}/{qn('w:tblStyle')}")
            shadings += [shading for base in self._bases(style) for shading in base.iter(qn("w:shd"))][:1]
        return next((fill for shading in shadings if shading is not None and (fill := _fill(shading))), self._page)


def _fill(shading: BaseOxmlElement) -> str:
    """The colour that a shading paints, "" for none."""
    if shading.get(qn("w:val"), "clear") not in {"clear", "nil"}:
        return _UNKNOWN
    fill = str(shading.get(qn("w:fill"), "auto"))
    return fill if fill != "auto" else _UNKNOWN if shading.get(qn("w:themeFill")) else ""


def _lies_behind(shape: BaseOxmlElement) -> bool:
    return shape.get("behindDoc") in {"1", "true"}


def _is_in_hidden_frame(run: BaseOxmlElement) -> bool:
    """Whether the run stands in a table row or in a text box that is not shown."""
    for row in run.iterancestors(qn("w:tr")):
        marked = row.find(f"{qn('w:trPr')}/{qn('w:hidden')}")
        height = row.find(f"{qn('w:trPr')}/{qn('w:trHeight')}")
        low = height is not None and height.get(qn("w:hRule")) == "exact" and _whole(height) < _LOWEST
        if low or (marked is not None and marked.get(qn("w:val"), "1") not in _OFF):
            return True
    frames = (frame for kind in ("anchor", "inline") for frame in run.iterancestors(f"{_DRAWING}{kind}"))
    return any((named := frame.find(f"{_DRAWING}docPr")) is not None and named.get("hidden") in {"1", "true"} for frame in frames)


def _is_flat(paragraph: BaseOxmlElement) -> bool:
    """Whether the paragraph's lines are set lower than any letter."""
    spacing = paragraph.find(f"{qn('w:pPr')}/{qn('w:spacing')}")
    if spacing is None or spacing.get(qn("w:lineRule")) != "exact":
        return False
    line = str(spacing.get(qn("w:line"), ""))
    return line.isdecimal() and int(line) < _LOWEST


def _whole(element: BaseOxmlElement) -> int:
    """The number that an element states, large where it states none."""
    value = str(element.get(qn("w:val"), ""))
    return int(value) if value.isdecimal() else 1_000
