"""PDF and Word documents become the same sections as their text would."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table

from knowledge.errors import CannotRead
from knowledge.reading import Reading, read

STYLES = getSampleStyleSheet()


def blocks(reading: Reading) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for section in reading.sections for block in section.blocks]


def pdf(*story: object) -> bytes:
    out = io.BytesIO()

    def furniture(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.drawString(72, A4[1] - 30, "Fernhill Instruments")
        canvas.drawString(300, 20, f"Page {document.page}")

    SimpleDocTemplate(out, pagesize=A4).build(list(story), onFirstPage=furniture, onLaterPages=furniture)
    return out.getvalue()


def p(text: str, style: str = "BodyText") -> Paragraph:
    return Paragraph(text, STYLES[style])


LONG = "Employees may carry over up to five days of unused leave into the next leave year with the agreement of their manager and the " * 2


def test_a_pdf_has_headings_by_their_look_whole_paragraphs_and_no_page_furniture() -> None:
    reading = read(
        "a.pdf", pdf(p("Leave", "Title"), p("4. Carrying over", "Heading2"), p(f"4.1 {LONG}end."), PageBreak(), p("4.2 No sale."))
    )

    assert [section.path for section in reading.sections] == [("Leave",), ("Leave", "4. Carrying over")]
    assert blocks(reading) == [("paragraph", f"4.1 {LONG}end."), ("paragraph", "4.2 No sale.")]
    assert [block.page for block in reading.sections[1].blocks] == [1, 2]


def test_a_table_over_two_pages_is_one_table_and_stands_in_no_paragraph() -> None:
    rows = [["City", "Limit"], *([f"City {number}", f"£{number}"] for number in range(60))]
    reading = read(
        "a.pdf", pdf(p("3.1 The table shows limits."), Table(rows, repeatRows=1, style=[("GRID", (0, 0), (-1, -1), 1, "black")]))
    )

    (first, words), (kind, table) = blocks(reading)
    assert (first, words, kind) == ("paragraph", "3.1 The table shows limits.", "table")
    assert table.splitlines()[:3] == ["| City | Limit |", "| --- | --- |", "| City 0 | £0 |"]
    assert len(table.splitlines()) == 62


def test_words_that_nobody_can_see_on_the_page_are_not_read() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.drawString(100, 400, "Seen by all.")
    canvas.drawString(100, 5000, "Off the page.")
    canvas.setFont("Helvetica", 0.5)
    canvas.drawString(100, 300, "Too small.")
    canvas.save()

    assert blocks(read("a.pdf", out.getvalue())) == [("paragraph", "Seen by all.")]


def encrypted() -> bytes:
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(p("Secret"))))), io.BytesIO()
    writer.encrypt("password", algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def scanned() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.rect(10, 10, 200, 200, fill=1)
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize(("made", "reason"), [(encrypted, "protected with a password"), (scanned, "no text; run text recognition")])
def test_a_pdf_whose_words_cannot_be_had_says_what_to_do(made: Callable[[], bytes], reason: str) -> None:
    with pytest.raises(CannotRead, match=reason):
        read("a.pdf", made())


def word() -> bytes:
    document = docx.Document()
    document.core_properties.title = "Approval limits"
    document.add_paragraph("Approval limits", style="Title")
    document.add_paragraph("2. Limits", style="Heading 1")
    clause = document.add_paragraph("2.1 Managers approve up to ")
    for change in ("<w:del %s><w:r><w:delText>£900</w:delText></w:r></w:del>", "<w:ins %s><w:r><w:t>£1,000</w:t></w:r></w:ins>"):
        clause._p.append(parse_xml(change % nsdecls("w")))
    clause.add_run(" a month.")
    clause.add_run("hidden").font.hidden = True
    table = document.add_table(3, 2)
    for cell, text in zip((cell for row in table.rows for cell in row.cells), ["Role", "Limit", "Lead", "£1", "", "£2"], strict=True):
        cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    document.add_paragraph("first", style="List Bullet")
    document.add_paragraph("second", style="List Bullet")
    document.add_paragraph("2.2 Done.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_word_document_reads_as_with_all_changes_accepted() -> None:
    reading = read("a.docx", word())

    assert reading.properties == {"title": "Approval limits", "heading": "Approval limits"}
    assert reading.sections[-1].path == ("Approval limits", "2. Limits")
    assert blocks(reading) == [
        ("paragraph", "2.1 Managers approve up to £1,000 a month."),
        ("table", "| Role | Limit |\n| --- | --- |\n| Lead | £1 |\n| Lead | £2 |"),
        ("list", "- first\n- second"),
        ("paragraph", "2.2 Done."),
    ]


def test_numbers_that_word_makes_itself_become_clause_numbers() -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, form, text in [(0, "decimal", "%1."), (1, "decimal", "%1.%2"), (2, "lowerLetter", "(%3)")]
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for text, depth, style in [
        ("Scope", 0, "Heading 1"),
        ("Pay", 0, "Heading 1"),
        ("Paid monthly:", 1, None),
        ("salary;", 2, None),
        ("Late.", 1, None),
    ]:
        paragraph = document.add_paragraph(text, style=style)
        marks = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="77"/></w:numPr>'
        paragraph._p.get_or_add_pPr().append(parse_xml(marks))
    out = io.BytesIO()
    document.save(out)
    reading = read("a.docx", out.getvalue())

    assert [section.path for section in reading.sections] == [("1. Scope",), ("2. Pay",)]
    assert blocks(reading) == [("paragraph", "2.1 Paid monthly:"), ("list", "- (a) salary;"), ("paragraph", "2.2 Late.")]


def test_a_zip_bomb_under_the_name_of_a_word_document_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b" " * 20_000_000)

    with pytest.raises(CannotRead, match="unpacks to 19 MB"):
        read("a.docx", out.getvalue())
