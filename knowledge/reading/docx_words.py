"""The words inside Word's XML, as a reader sees them: insertions in, deletions, hidden text and duplicates out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.oxml.ns import qn

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

_UNSEEN = {
    qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), qn("w:instrText"), qn("w:tbl"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}  # fmt: skip
_CHARACTERS = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-", qn("w:ptab"): " "}
_OFF = {"0", "false", "none", "off"}


def words(element: BaseOxmlElement) -> str:
    """The visible text of a paragraph or a part of one."""
    if element.tag == qn("w:t"):
        return element.text or ""
    if element.tag in _UNSEEN:
        return ""
    if element.tag == qn("w:r") and _is_on(element, "w:vanish"):
        return ""
    inner = "".join(words(child) for child in element.iterchildren() if isinstance(child.tag, str))
    return _CHARACTERS.get(str(element.tag), "") + inner


def is_bold(paragraph: BaseOxmlElement) -> bool:
    """Whether all of the paragraph's words are bold by their own formatting."""
    runs = [run for run in paragraph.iter(qn("w:r")) if words(run).strip()]
    return bool(runs) and all(_is_on(run, "w:b") for run in runs)


def table_rows(table: BaseOxmlElement) -> list[list[str]]:
    """Rows of cells; a merged cell stands in each row it spans, since each row is quoted by itself."""
    rows: list[list[str]] = []
    for line in table.iter(qn("w:tr")):
        if next(line.iterancestors(qn("w:tbl"))) is not table or _is_deleted(line):
            continue
        row: list[str] = []
        for cell in line.iter(qn("w:tc")):
            if next(cell.iterancestors(qn("w:tr"))) is not line:
                continue
            above = rows[-1][len(row)] if rows and len(row) < len(rows[-1]) else ""
            row.append(above if _continues(cell) else " ".join(_cell_words(cell)))
            row += [""] * (_width(cell) - 1)
        rows.append(row)
    return rows


def _cell_words(cell: BaseOxmlElement) -> list[str]:
    return [text for paragraph in cell.iter(qn("w:p")) if (text := words(paragraph).strip())]


def _is_on(run: BaseOxmlElement, name: str) -> bool:
    switch = run.find(f"{qn('w:rPr')}/{qn(name)}")
    return switch is not None and switch.get(qn("w:val"), "1") not in _OFF


def _is_deleted(row: BaseOxmlElement) -> bool:
    return row.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None


def _continues(cell: BaseOxmlElement) -> bool:
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val"), "continue") == "continue"


def _width(cell: BaseOxmlElement) -> int:
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    value = span.get(qn("w:val"), "1") if span is not None else "1"
    return min(int(value), 100) if value.isdecimal() else 1
