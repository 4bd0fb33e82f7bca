"""What stands on a slide, in the order in which a person reads it: from the top, and in a row from the left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape

from knowledge.reading.alt_text import is_decorative, office_alt, picture_words
from knowledge.reading.pptx_words import frame_blocks

if TYPE_CHECKING:
    from pptx.chart.plot import _BasePlot
    from pptx.shapes.base import BaseShape
    from pptx.table import Table

    from knowledge.reading.hidden import Hidden
    from knowledge.reading.outline import Outline
    from knowledge.values import BlockKind

_FURNITURE = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.HEADER}
_BULLETED = {PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY, PP_PLACEHOLDER.VERTICAL_OBJECT}
_ROW = 228_600  # a quarter of an inch: shapes whose tops are closer stand in one row
_DEEPEST_GROUP = 20
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"


@dataclass(frozen=True)
class Piece:
    """A block of one shape; a table is its rows, a picture its bytes."""

    id: int
    kind: BlockKind
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    picture: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Canvas:
    """The area that a slide shows."""

    width: int
    height: int

    def shows(self, shape: BaseShape) -> bool:
        """Whether any of the shape is on the slide, and it is not switched off."""
        if shape._element._nvXxPr.cNvPr.get("hidden") in {"1", "true"}:  # noqa: SLF001  # python-pptx has no word for it
            return False
        if shape.left is None or shape.top is None or not self.width:
            return True
        right, bottom = shape.left + (shape.width or 0), shape.top + (shape.height or 0)
        return right > 0 and bottom > 0 and shape.left < self.width and shape.top < self.height


def pieces(shapes: Iterable[BaseShape], canvas: Canvas, hidden: Hidden, place: str) -> Iterator[Piece]:
    """The blocks of a slide's shapes; what the slide does not show is counted instead."""
    shown = []
    for shape in shapes:
        if canvas.shows(shape):
            shown.append(shape)
        else:
            words = " ".join(piece.text + " ".join(cell for row in piece.rows for cell in row) for piece in _of(shape, 0))
            hidden.text(words, "in a shape that is hidden or beside the slide", place)
    for shape in _in_reading_order(shown):
        yield from _of(shape, 0)


def write_piece(piece: Piece, page: int, outline: Outline) -> None:
    """Add the piece to the document."""
    if piece.picture:
        outline.picture(piece.picture, page)
    elif piece.kind == "table":
        outline.table(piece.rows, page)
    else:
        outline.block(piece.kind, piece.text, page)


def _of(shape: BaseShape, depth: int) -> Iterator[Piece]:
    if shape.is_placeholder and shape.placeholder_format.type in _FURNITURE:
        return
    if isinstance(shape, GroupShape):
        for inner in _in_reading_order(list(shape.shapes)) if depth < _DEEPEST_GROUP else ():
            yield from _of(inner, depth + 1)
    elif isinstance(shape, GraphicFrame):
        yield from _framed(shape)
    elif shape.has_text_frame and shape.text_frame.text.strip():  # type: ignore[attr-defined]  # only some classes have one, and these say so
        listed = shape.is_placeholder and shape.placeholder_format.type in _BULLETED
        yield from (Piece(shape.shape_id, kind, text) for kind, text in frame_blocks(shape.text_frame, listed=listed))  # type: ignore[attr-defined]  # the same
    if words := picture_words(office_alt(shape._element._nvXxPr.cNvPr)):  # noqa: SLF001  # python-pptx has no word for alt text
        yield Piece(shape.shape_id, "paragraph", words)
    if picture := _picture(shape):
        yield Piece(shape.shape_id, "paragraph", picture=picture)


def _picture(shape: BaseShape) -> bytes:
    """The picture that a shape is, where it is in the file and not called decoration."""
    properties = shape._element._nvXxPr.cNvPr  # noqa: SLF001  # as above
    name = getattr(shape._element, "blip_rId", None)  # noqa: SLF001  # python-pptx raises for pictures that are linked
    relation = shape.part.rels.get(name) if name and not is_decorative(properties) else None
    return b"" if relation is None or relation.is_external else bytes(relation.target_part.blob)


def _in_reading_order(shapes: list[BaseShape]) -> list[BaseShape]:
    """Rows from the top, each from the left; what has no place of its own comes first, as on the layout."""
    rows: list[list[BaseShape]] = []
    for shape in sorted(shapes, key=lambda shape: shape.top or 0):
        if rows and (shape.top or 0) - (rows[-1][0].top or 0) < _ROW:
            rows[-1].append(shape)
        else:
            rows.append([shape])
    return [shape for row in rows for shape in sorted(row, key=lambda shape: shape.left or 0)]


def _framed(frame: GraphicFrame) -> Iterator[Piece]:
    """A table, the figures of a chart, or the words of a diagram."""
    if frame.has_table:
        yield Piece(frame.shape_id, "table", rows=tuple(map(tuple, _table_rows(frame.table))))
    elif frame.has_chart:
        if frame.chart.has_title and frame.chart.chart_title.has_text_frame:
            yield Piece(frame.shape_id, "paragraph", frame.chart.chart_title.text_frame.text)
        for plot in frame.chart.plots:
            yield Piece(frame.shape_id, "table", rows=_chart_rows(plot))
    elif words := list(_diagram_words(frame)):
        yield Piece(frame.shape_id, "list", "\n".join(f"- {text}" for text in words))


def _chart_rows(plot: _BasePlot) -> tuple[tuple[str, ...], ...]:
    """A row for each category, a column for each series."""
    series = [(one.name, list(one.values)) for one in plot.series]
    rows: list[tuple[str, ...]] = [("", *(name for name, _ in series))]
    for number, category in enumerate(plot.categories):
        figures = (values[number] if number < len(values) else None for _, values in series)
        rows.append((str(category), *("" if figure is None else f"{figure:g}" for figure in figures)))
    return tuple(rows)


def _table_rows(table: Table) -> list[list[str]]:
    """A cell that spans rows stands in each of them."""
    rows: list[list[str]] = []
    for row in table.rows:
        cells: list[str] = []
        for number, cell in enumerate(row.cells):
            down = cell.is_spanned and rows and cell._tc.get("vMerge") in {"1", "true"}  # noqa: SLF001  # which way it is spanned
            cells.append(rows[-1][number] if down else "" if cell.is_spanned else cell.text)
        rows.append(cells)
    return rows


def _diagram_words(frame: GraphicFrame) -> Iterator[str]:
    """The points of a SmartArt diagram, from the part that holds its model."""
    for named in frame._element.iter(f"{_DIAGRAM}relIds"):  # noqa: SLF001  # python-pptx does not know diagrams
        relation = frame.part.rels.get(str(named.get(qn("r:dm"))))
        if relation is None or relation.reltype != RELATIONSHIP_TYPE.DIAGRAM_DATA:
            continue
        model = etree.fromstring(relation.target_part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
        for point in model.iter(f"{_DIAGRAM}pt"):
            for paragraph in point.iter(qn("a:p")):
                if text := "".join(word.text or "" for word in paragraph.iter(qn("a:t"))).strip():
                    yield text
