"""Render the Markdown text in `sources/` to the PDF and DOCX files of the sample handbook.

    python handbook/render.py [stem ...]        (no stem: every source)

A source starts with `<!-- folder: money -->`, the folder it is rendered into. Whether it becomes a PDF or a DOCX is the suffix of
its `file` in policies.csv. The same source always gives the same bytes.
"""

import csv
import io
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch, mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import ListFlowable, ListItem, Paragraph, SimpleDocTemplate, Table

HANDBOOK = Path(__file__).resolve().parent
COMPANY = "Fernhill Instruments"
STAMP = datetime(2026, 1, 1, tzinfo=UTC)
CLAUSE = ParagraphStyle("clause", fontName="Helvetica", fontSize=11, leading=15.5, spaceAfter=7)
CELL = ParagraphStyle("cell", parent=CLAUSE, fontSize=10, leading=13, spaceAfter=0)
HEADER_CELL = ParagraphStyle("header", parent=CELL, fontName="Helvetica-Bold")
HEADING = ParagraphStyle("heading", fontName="Helvetica-Bold", fontSize=14, leading=18, spaceBefore=12, spaceAfter=6, keepWithNext=1)
TITLE = ParagraphStyle("title", parent=HEADING, fontSize=20, leading=25, spaceAfter=12)
PDF_STYLES = {"title": TITLE, "heading": HEADING, "clause": CLAUSE}
DOCX_STYLES = {"title": "Title", "heading": "Heading 1", "clause": "Normal", "list": "List Bullet"}
GRID = [("GRID", (0, 0), (-1, -1), 0.6, colors.grey), ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke)]
Block = tuple[str, Any]  # ("title" | "heading" | "clause", text), ("list", texts) or ("table", rows of cells)


def blocks(source: str) -> Iterator[Block]:
    """The headings, clauses, lists and tables of a source, in their order."""
    for chunk in re.split(r"\n\s*\n", re.sub(r"<!--.*?-->", "", source).strip()):
        lines = [line.strip() for line in chunk.strip().splitlines()]
        if lines[0].startswith("#"):
            yield "heading" if lines[0].startswith("##") else "title", lines[0].lstrip("# ")
        elif lines[0].startswith("- "):
            yield "list", re.split(r"\n- ", "\n".join(lines)[2:])
        elif lines[0].startswith("|"):
            rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
            yield "table", [rows[0], *rows[2:]]
        else:
            yield "clause", " ".join(lines)


class NumberedCanvas(Canvas):  # type: ignore[misc]  # reportlab has no types
    """Holds the pages back until their number is known, then adds the header and the footer to each."""

    def __init__(self, *args: object, policy: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._policy = policy
        self._held: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802  # reportlab's name
        self._held.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._held, start=1):
            self.__dict__.update(page)
            self.setFont("Helvetica", 9)
            self.drawString(inch, A4[1] - 14 * mm, COMPANY)
            self.drawRightString(A4[0] - inch, A4[1] - 14 * mm, self._policy)
            self.drawCentredString(A4[0] / 2, 12 * mm, f"Page {number} of {len(self._held)}")
            super().showPage()
        super().save()


def rich(text: str, style: ParagraphStyle) -> Paragraph:
    """Text for reportlab, with `**bold**` kept."""
    return Paragraph(re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(text)), style)


def to_pdf(source: list[Block], title: str) -> bytes:
    """The document as PDF, with ruled tables and hanging lists."""
    story: list[Any] = []
    for kind, content in source:
        if kind == "table":
            cells = [[rich(cell, CELL if row else HEADER_CELL) for cell in line] for row, line in enumerate(content)]
            widths = [(A4[0] - 2 * inch - 12) / len(cells[0])] * len(cells[0])
            story.append(Table(cells, widths, repeatRows=1, style=GRID, spaceAfter=9))
        elif kind == "list":
            split = [item.split(" ", 1) if item.startswith("(") else ("•", item) for item in content]
            items = [ListItem(rich(text, CLAUSE), value=mark) for mark, text in split]
            story.append(ListFlowable(items, bulletType="bullet", bulletFontSize=11, leftIndent=24))
        else:
            story.append(rich(content, PDF_STYLES[kind]))
    out = io.BytesIO()  # reportlab's own margins, of an inch, leave room for the header and the footer
    pdf = SimpleDocTemplate(out, pagesize=A4, title=title, author=COMPANY, invariant=1)
    pdf.build(story, canvasmaker=partial(NumberedCanvas, policy=title))
    return out.getvalue()


def to_docx(source: list[Block], title: str) -> bytes:
    """The document as DOCX, in the named styles of Word."""
    doc = Document()
    about = doc.core_properties
    about.title, about.author, about.comments, about.created, about.modified = title, COMPANY, "", STAMP, STAMP
    doc.sections[0].header.paragraphs[0].text = f"{COMPANY}\t\t{title}"
    for kind, content in source:
        if kind == "table":
            table = doc.add_table(len(content), len(content[0]), style="Table Grid")
            for row, line in enumerate(content):
                for column, cell in enumerate(line):
                    table.cell(row, column).paragraphs[0].add_run(cell).bold = row == 0
            doc.add_paragraph()
            continue
        for text in content if kind == "list" else [content]:
            paragraph = doc.add_paragraph(style=DOCX_STYLES[kind])
            for part, run in enumerate(text.split("**")):
                paragraph.add_run(run).bold = part % 2 == 1 or None
    draft, out = io.BytesIO(), io.BytesIO()
    doc.save(draft)
    with zipfile.ZipFile(draft) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():  # the same parts, with a fixed time of writing
            new.writestr(zipfile.ZipInfo(name, STAMP.timetuple()[:6]), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def render(stem: str) -> tuple[Path, bytes]:
    """The file that a source becomes, and its bytes. Nothing is written."""
    text = (HANDBOOK / "sources" / f"{stem}.md").read_text(encoding="utf-8")
    listed = csv.reader((HANDBOOK / "policies.csv").read_text(encoding="utf-8").splitlines())
    row = next((row for row in listed if row and Path(row[0]).stem == stem), None)
    folder = re.match(r"<!-- folder: (\S+) -->", text)
    if row is None or folder is None:
        sys.exit(f"{stem}: needs a row in policies.csv and a first line `<!-- folder: ... -->`")
    target = HANDBOOK / folder[1] / Path(row[0]).name
    return target, (to_pdf if target.suffix == ".pdf" else to_docx)(list(blocks(text)), row[1])


def main(wanted: list[str]) -> None:
    """Render the wanted stems, or all of them."""
    for stem in wanted or sorted(path.stem for path in (HANDBOOK / "sources").glob("*.md")):
        target, content = render(stem)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content)
        sys.stdout.write(f"{target.relative_to(HANDBOOK)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
