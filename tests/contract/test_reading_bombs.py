"""An Office file that would grow without end is refused within the limits, and the reader lives on."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from time import monotonic

import pytest

from knowledge.errors import CannotRead
from knowledge.reading.child import Readers
from tests.paper import presentation, with_part, word, workbook

MAKERS = {
    "a.docx": (word(lambda document: document.add_paragraph("Five days.")), "word/document.xml"),
    "a.pptx": (presentation(lambda deck: deck.slides.add_slide(deck.slide_layouts[1])), "ppt/slides/slide1.xml"),
    "a.xlsx": (workbook(lambda sheet: sheet.append(["Five", "days"])), "xl/worksheets/sheet1.xml"),
}
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (depth, b"&l%d;" % (depth - 1) * 10) for depth in range(1, 10))


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    with Readers(seconds=10, memory=400 * 1024 * 1024) as readers:
        yield readers


def entities(own: bytes) -> bytes:
    """The part with entities in it that stand for a thousand million words."""
    at = own.index(b">", own.index(b"<", own.index(b"?>") + 2)) + 1 if b"?>" in own else own.index(b">") + 1
    head, _, rest = own[:at].rpartition(b"<")
    return head + b'<!DOCTYPE x [<!ENTITY l0 "ha">' + LAUGHS + b"]><" + rest + b"&l9;" + own[at:]


@pytest.mark.parametrize("name", MAKERS)
def test_what_unpacks_to_gigabytes_is_refused_before_it_is_unpacked(name: str, readers: Readers) -> None:
    file, _ = MAKERS[name]
    out = io.BytesIO(file)
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("more.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(300):
            part.write(bytes(1024 * 1024))

    with pytest.raises(CannotRead, match=r"unpacks to 30\d MB"):
        readers.read(name, out.getvalue())


@pytest.mark.parametrize("name", MAKERS)
def test_a_part_that_lies_about_its_size_is_cut_off_there(name: str, readers: Readers) -> None:
    file, part = MAKERS[name]
    content = bytearray(with_part(file, part, b"<x>" + b" " * 50_000_000))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        stated = archive.getinfo(part).file_size.to_bytes(4, "little")
    content = bytearray(bytes(content).replace(stated, (1_000).to_bytes(4, "little")))

    with pytest.raises(CannotRead):
        readers.read(name, bytes(content))


@pytest.mark.parametrize("name", MAKERS)
def test_entities_within_entities_do_not_grow(name: str, readers: Readers) -> None:
    began = monotonic()
    file, part = MAKERS[name]
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        own = archive.read(part)

    with suppress(CannotRead):
        assert len(repr(readers.read(name, with_part(file, part, entities(own))))) < 10_000
    assert monotonic() - began < 5
    assert readers.read("b.md", b"still here").sections


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("content", [b"PK\x03\x04 and no archive", b"\xd0\xcf\x11\xe0 an old one", b"no archive at all"])
def test_what_is_no_such_file_says_what_to_do(name: str, content: bytes, readers: Readers) -> None:
    with pytest.raises(CannotRead, match=r"damaged|password"):
        readers.read(name, content)


@pytest.mark.parametrize(("name", "other"), [("a.docx", "a.xlsx"), ("a.pptx", "a.docx"), ("a.xlsx", "a.pptx")])
def test_an_office_file_under_the_name_of_another_says_so(name: str, other: str, readers: Readers) -> None:
    with pytest.raises(CannotRead, match=r"is a zip file and not a \w+ document"):
        readers.read(name, MAKERS[other][0])
