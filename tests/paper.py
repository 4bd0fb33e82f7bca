"""Files as office programs, mail programs and scanners make them, for tests that read them."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

import docx
import openpyxl
import pptx
import pypdfium2
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image
from pptx.presentation import Presentation
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from knowledge.reading import Reading

CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"


def blocks(reading: Reading) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for section in reading.sections for block in section.blocks]


def workbook(*fill: Callable[[Worksheet], object]) -> bytes:
    """A sheet for each function."""
    made, out = openpyxl.Workbook(), io.BytesIO()
    made.remove(made.worksheets[0])
    for number, fills in enumerate(fill, start=1):
        fills(made.create_sheet(f"Sheet {number}"))
    made.save(out)
    return out.getvalue()


def presentation(fill: Callable[[Presentation], object]) -> bytes:
    made, out = pptx.Presentation(), io.BytesIO()
    fill(made)
    made.save(out)
    return out.getvalue()


def word(fill: Callable[[Document], object]) -> bytes:
    made, out = docx.Document(), io.BytesIO()
    fill(made)
    made.save(out)
    return out.getvalue()


def add_xml(document: Document, source: str) -> None:
    """Append elements of Word's own XML to the body."""
    for element in parse_xml(f"<w:body {nsdecls('w', 'wp', 'a', 'pic', 'r')}>{source}</w:body>"):
        document.element.body.insert(len(document.element.body) - 1, element)


def add_notes(document: Document, kind: str, notes: Mapping[int, str]) -> None:
    """Footnotes or endnotes, as a part of their own."""
    inside = "".join(f'<w:{kind} w:id="{id_}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:{kind}>' for id_, text in notes.items())
    source = f"<w:{kind}s {nsdecls('w')}>{inside}</w:{kind}s>".encode()
    named = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}s+xml"
    part = Part(PackURI(f"/word/{kind}s.xml"), named, source, document.part.package)
    document.part.relate_to(part, getattr(RELATIONSHIP_TYPE, f"{kind.upper()}S"))


def with_properties(file: bytes, said: Mapping[str, str]) -> bytes:
    """The Office file with custom properties; what begins with "date " is one that was picked as a date."""
    entries = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{pid}" name="{name}">'
        + (f"<vt:filetime>{value[5:]}</vt:filetime>" if value.startswith("date ") else f"<vt:lpwstr>{value}</vt:lpwstr>")
        + "</property>"
        for pid, (name, value) in enumerate(said.items(), start=2)
    )
    return with_part(file, "docProps/custom.xml", f'<Properties xmlns="{CUSTOM}" xmlns:vt="{TYPES}">{entries}</Properties>'.encode())


def with_part(file: bytes, name: str, content: bytes) -> bytes:
    """The archive with one part more, or with this part in place of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


def printed(*pages: Sequence[tuple[float, str]]) -> bytes:
    """A PDF whose pages have these lines of these sizes."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for page in pages:
        height = 740.0
        for size, text in page:
            canvas.setFont("Helvetica", size)
            for number, cell in enumerate(text.split("\t")):
                canvas.drawString(72 + 150 * number, height, cell)
            height -= size * 1.5
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def scanned(file: bytes) -> bytes:
    """The PDF as a scanner would make it: each page a picture, and no text."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    with pypdfium2.PdfDocument(file) as pdf:
        for page in pdf:
            image = io.BytesIO()
            page.render(scale=200 / 72, grayscale=True).to_pil().save(image, "JPEG", quality=70)
            canvas.drawImage(ImageReader(image), 0, 0, 595, 842)
            canvas.showPage()
    canvas.save()
    return out.getvalue()


def joined(*files: bytes) -> bytes:
    """The pages of several PDFs in one."""
    out = io.BytesIO()
    with pypdfium2.PdfDocument.new() as pdf:
        for file in files:
            with pypdfium2.PdfDocument(file) as pages:
                pdf.import_pages(pages)
        pdf.save(out)
    return out.getvalue()


def a_picture() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, "PNG")
    out.seek(0)
    return out


def a_chart(kind: str = "PNG", *, across: int = 160, down: int = 90, bar: str = "red") -> bytes:
    """A picture that shows something: bars of different heights."""
    picture, out = Image.new("RGB", (across, down), "white"), io.BytesIO()
    for number in range(4):
        height = down * (number + 1) // 5
        picture.paste(bar, (across * number // 4 + 4, down - height, across * (number + 1) // 4 - 4, down))
    picture.save(out, kind)
    return out.getvalue()


def inlined(picture: bytes, kind: str = "png") -> str:
    """The picture as a data: address."""
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"


def illustrated(picture: bytes) -> bytes:
    """A PDF with a heading, a clause, the picture below it, another heading and another clause."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for top, size, text in ((742, 18, "Exits"), (710, 11, "Leave by the nearest exit."), (400, 18, "Lifts"), (370, 11, "Use no lift.")):
        canvas.setFont("Helvetica-Bold" if size > 11 else "Helvetica", size)
        canvas.drawString(72, top, text)
    canvas.drawImage(ImageReader(io.BytesIO(picture)), 72, 500, 240, 135)
    canvas.showPage()
    canvas.save()
    return out.getvalue()
