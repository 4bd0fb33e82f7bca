"""Excel workbooks to sections: a sheet is a section, and each region of filled rows in it a table."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from knowledge.errors import CannotRead
from knowledge.reading import Reading
from knowledge.reading.grids import refuse_databases, write_grid
from knowledge.reading.office_archive import open_archive
from knowledge.reading.office_properties import office_properties
from knowledge.reading.outline import Outline
from knowledge.reading.remarks import counted, listed
from knowledge.reading.xlsx_regions import SheetRow, regions
from knowledge.reading.xlsx_shape import Shape, read_shape
from knowledge.reading.xlsx_shown import shown

if TYPE_CHECKING:
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_CELLS_A_ROW = 10  # a table with more columns may have fewer rows


def read(content: bytes) -> Reading:
    """Parse the values that its formulas had when it was saved, as the sheets show them."""
    with open_archive(content, "Excel", ".xlsx") as archive:
        try:
            workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        except (InvalidFileException, KeyError, ValueError, TypeError) as error:
            raise CannotRead("is a damaged Excel document; open it in Excel and save it again") from error
        story = _Story(archive)
        for sheet in workbook.worksheets:
            story.sheet(sheet)
        story.remark_notes(archive.namelist())
        properties = story.outline.properties()
        properties.pop("heading", None)  # the first sheet's name says nothing about the others
        return Reading(
            story.outline.sections(), {}, properties | office_properties(archive), (*story.remarks, *story.outline.hidden.remarks())
        )


class _Story:
    """The workbook told to an outline, sheet by sheet."""

    def __init__(self, archive: ZipFile) -> None:
        self.outline = Outline()
        self.remarks: list[str] = []
        self._archive = archive
        self._rows = self._cells = 0

    def sheet(self, sheet: ReadOnlyWorksheet) -> None:
        if sheet.sheet_state != "visible":
            self.remarks.append(f"The sheet {sheet.title!r} is hidden and is left out; show it, if people should be answered from it.")
            return
        name = str(sheet._worksheet_path)  # type: ignore[attr-defined]  # noqa: SLF001  # openpyxl tells the part's name nowhere else
        with self._archive.open(name.lstrip("/")) as part:
            shape = read_shape(part)
        self.outline.heading(1, sheet.title)
        for region in regions(self._filled(sheet, shape), shape):
            write_grid(region, self.outline)
        self._remark_shape(sheet.title, shape)

    def remark_notes(self, names: list[str]) -> None:
        if any("/comments" in name or "/threadedComments" in name for name in names):
            self.remarks.append("Comments on its cells are left out; write into the cells what people should be answered from.")

    def _filled(self, sheet: ReadOnlyWorksheet, shape: Shape) -> Iterator[SheetRow]:
        """The visible rows that hold something visible."""
        sheet.reset_dimensions()  # what is stated is often wrong
        rows: Any = sheet  # its stub promises the cells of a sheet that can be written
        for number, row in enumerate(rows.iter_rows(), start=1):
            if number in shape.hidden_rows:
                continue
            cells = {cell.column: text for cell in row if cell.value is not None and (text := self._text(cell, sheet.title))}
            for column in shape.hidden_columns & cells.keys():
                del cells[column]
            if cells:
                self._rows += 1
                self._cells += len(cells)
                refuse_databases(max(self._rows, self._cells // _CELLS_A_ROW))
                yield SheetRow(number, cells)

    def _remark_shape(self, title: str, shape: Shape) -> None:
        hidden = [
            counted(len(these), f"hidden {what}") for these, what in ((shape.hidden_rows, "row"), (shape.hidden_columns, "column")) if these
        ]
        if hidden:
            self.remarks.append(f"The sheet {title!r} has {listed(hidden)}, left out; show what people should be answered from.")
        if shape.unsolved:
            formulas = counted(shape.unsolved, "formula")
            self.remarks.append(f"The sheet {title!r} has {formulas} without a result, left out; open it in Excel and save it again.")

    def _text(self, cell: ReadOnlyCell, title: str) -> str:
        number_format = cell.number_format or "General"
        if set(number_format) == {";"}:
            self.outline.hidden.text(str(cell.value), "in cells with a format that shows nothing", f"sheet {title!r}")
            return ""
        return shown(cell.value, number_format).strip()
