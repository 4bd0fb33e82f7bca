"""Whatever lies in a folder is read, or listed with a reason that is a sentence, within the limits; and the next file is read."""

from __future__ import annotations

import io
import os
import re
import time
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Literal

import docx
import pytest
from docx.oxml.ns import nsdecls

from knowledge.connectors.folder import Folder
from knowledge.errors import BadMetadata, CannotRead
from knowledge.reading import SUFFIXES
from knowledge.reading.child import Readers

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "data" / "hostile"
SECONDS = 30
MB = 1024 * 1024


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    with Readers(seconds=SECONDS) as started:
        yield started


def outcome(readers: Readers, name: str, content: bytes) -> str:
    """What becomes of a file: "" when it is read, else the reason; afterwards the next file is read as ever."""
    started = time.monotonic()
    try:
        reading = readers.read(name, content)
        reason = ""
        assert any(section.blocks or section.path for section in reading.sections) or reading.metadata
    except (CannotRead, BadMetadata) as error:
        reason = str(error)
        assert re.match(r"[a-z].{8,}", reason), reason
        assert "Traceback" not in reason
    assert time.monotonic() - started < SECONDS + 10
    assert readers.read("next.txt", b"Plain words.").sections[0].blocks[0].text == "Plain words."
    return reason


def corpus() -> list[Path]:
    return sorted(path for path in CORPUS.rglob("*") if path.is_file()) if CORPUS.is_dir() else []


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the collection of odd files is not beside this folder")
def test_every_file_of_the_collection_is_read_or_has_a_reason(readers: Readers) -> None:
    reasons = {path: outcome(readers, path.name, path.read_bytes()) for path in corpus()}

    read = [path for path, reason in reasons.items() if not reason]
    known = [path for path in reasons if path.suffix in SUFFIXES]
    assert len(read) > 0.7 * len(known)  # most odd files are no more than odd
    assert all("suffix" in reason for path, reason in reasons.items() if path.suffix not in SUFFIXES)


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, the first of them its catalogue."""
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, one in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, one))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table))
    return out.getvalue()


def page(content: bytes, box: bytes = b"0 0 612 792") -> bytes:
    packed = zlib.compress(content)
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>" % box,
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


def pages_in_a_circle() -> bytes:
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 9>>")


def a_form_that_draws_itself() -> bytes:
    resources = b"/Resources<</XObject<</X 4 0 R>>>>"
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 5 0 R%s>>" % resources,
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]%s/Length 5>>stream\n/X Do\nendstream" % resources,
        b"<</Length 5>>stream\n/X Do\nendstream",
    )


WORDS = b"BT /F1 12 Tf 100 100 Td (words) Tj ET"


def word_xml(body: str, before: str = "") -> bytes:
    """A Word document whose body is this XML."""
    whole, out = io.BytesIO(), io.BytesIO()
    docx.Document().save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        for part in source.namelist():
            xml = f"{before}<w:document {nsdecls('w')}><w:body>{body}</w:body></w:document>"
            made.writestr(part, xml if part == "word/document.xml" else source.read(part))
    return out.getvalue()


def entity_bomb() -> bytes:
    names = "abcdefghij"
    entities = "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in pairwise(names))
    doctype = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{entities}]>'
    return word_xml("<w:p><w:r><w:t>&j;</w:t></w:r></w:p>", doctype)


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("word/document.xml", b" " * 200 * MB)
    return out.getvalue()


REFUSED: list[tuple[str, Callable[[], bytes], str]] = [
    ("bomb.docx", zip_bomb, "unpacks to 200 MB"),
    ("entities.docx", entity_bomb, "cannot be parsed"),
    ("deep.docx", lambda: word_xml("<w:sdt><w:sdtContent>" * 5000 + "</w:sdtContent></w:sdt>" * 5000), "cannot be parsed|nested"),
    ("deep.html", lambda: b"<div>" * 5_000 + b"words", "nested deeper"),
    ("lists.html", lambda: b"<ul><li>" * 5_000 + b"words", "nested deeper"),
    ("deep.md", lambda: b"---\na: " + b"[" * 20_000 + b"\n---\nwords", "does not parse"),
    ("nul.txt", lambda: b"\0" * MB, "is not text"),
    ("large.txt", lambda: b"words and more words\n" * (101 * MB // 20), "at most 100 MB"),
    ("circle.pdf", pages_in_a_circle, ""),
    ("itself.pdf", a_form_that_draws_itself, ""),
    ("array.pdf", lambda: pdf(b"<</Type/Catalog/Pages " + b"[" * 50_000 + b"]" * 50_000 + b">>"), ""),
    ("cut.pdf", lambda: page(WORDS)[:200], ""),
]


@pytest.mark.parametrize(("name", "made", "reason"), REFUSED, ids=[name for name, *_ in REFUSED])
def test_a_file_that_is_made_to_break_its_reader_has_a_reason(readers: Readers, name: str, made: Callable[[], bytes], reason: str) -> None:
    told = outcome(readers, name, made())

    assert told
    assert re.search(reason, told)


READ: list[tuple[str, Callable[[], bytes]]] = [
    (
        "outside.docx",
        lambda: word_xml("<w:p><w:r><w:t>words &a;</w:t></w:r></w:p>", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'),
    ),
    ("quotes.md", lambda: b">" * 10 + b" words\n\n" + b"[" * 5_000 + b"a" + b"]" * 5_000),
    ("stars.md", lambda: b"*a **a " * 3_000),
    ("ticks.md", lambda: b"".join(b"e" + b"`" * count for count in range(500))),
    ("tags.md", lambda: b"<a style='x'>" * 10_000 + b"words"),
    ("blocks.md", lambda: b"<div style='x'>\n\nwords\n\n" * 1_000),
    ("table.md", lambda: b"|a|b|\n|-|-|\n" + b"|x|y|\n" * 5_000),
    ("wide.html", lambda: b"<table>" + b"<tr><td rowspan=99999 colspan=99999>x</td></tr>" * 100 + b"</table>"),
    ("styles.html", lambda: b"<style>" + b".a > b{display:none}\n" * 5_000 + b"</style>" + b"<p>words</p>" * 5_000),
    ("line.txt", lambda: b"a" * 5 * MB),
    ("nul.txt", lambda: b"words " * 20_000 + b"\0" * 1000),
    ("stack.pdf", lambda: page(b"q " * 50_000 + WORDS)),
    ("drawing.pdf", lambda: page(b"0 0 m 100 100 l S " * 5_000 + WORDS)),
    ("page.pdf", lambda: page(WORDS, b"0 0 900000000 900000000")),
]


@pytest.mark.parametrize(("name", "made"), READ, ids=[name for name, _ in READ])
def test_a_file_that_is_only_odd_is_read(readers: Readers, name: str, made: Callable[[], bytes]) -> None:
    assert outcome(readers, name, made()) == ""


def test_a_word_document_cannot_bring_in_a_file_of_this_machine(readers: Readers, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("hunter2")
    content = word_xml(
        "<w:p><w:r><w:t>words &a;</w:t></w:r></w:p>", f'<!DOCTYPE x [<!ENTITY a SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'
    )

    reading = readers.read("a.docx", content)

    assert "hunter2" not in str(reading)
    assert "words" in str(reading)


def test_a_tree_of_a_million_pages_ends_in_a_reason_at_the_time_limit() -> None:
    kids = b"3 0 R " * 1_000_000
    tree = pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count 1000000>>" % kids, b"<</Type/Page/MediaBox[0 0 9 9]>>")
    with Readers(seconds=5) as readers:
        readers.read("warm.txt", b"words")
        started = time.monotonic()
        with pytest.raises(CannotRead):
            readers.read("a.pdf", tree)

        assert time.monotonic() - started < 15
        readers._seconds = SECONDS
        assert readers.read("next.txt", b"words").sections


def test_a_folder_with_links_in_a_circle_and_pipes_is_looked_at_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "uk.md").write_text("Leave")
    (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.md").symlink_to(tmp_path / "self.md")
    (tmp_path / "one.md").symlink_to(tmp_path / "two.md")
    (tmp_path / "two.md").symlink_to(tmp_path / "one.md")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    os.mkfifo(tmp_path / "pipe.md")

    folder = Folder(tmp_path)

    assert [file.id for file in folder.files()] == ["a/uk.md"]
    assert sorted(unread.path for unread in folder.refused()) == ["one.md", "pipe.md", "self.md", "two.md"]


def test_a_pipe_in_the_place_of_a_file_or_of_the_table_keeps_nobody_waiting(tmp_path: Path) -> None:
    (tmp_path / "uk.md").write_text("Leave")
    os.mkfifo(tmp_path / "policies.csv")
    folder = Folder(tmp_path)
    (tmp_path / "uk.md").unlink()
    os.mkfifo(tmp_path / "uk.md")

    with pytest.raises(CannotRead, match="is not a regular file"):
        folder.content(folder.files()[0])
    with pytest.raises(CannotRead, match=r"policies\.csv is not a regular file"):
        folder.table()


def test_a_file_that_vanishes_or_grows_between_the_look_and_the_reading_has_a_reason(tmp_path: Path) -> None:
    for name in ("gone.md", "grown.md"):
        (tmp_path / name).write_text("words")
    folder = Folder(tmp_path)
    (tmp_path / "gone.md").unlink()
    os.truncate(tmp_path / "grown.md", 10_000 * MB)

    gone, grown = folder.files()
    with pytest.raises(CannotRead, match="is gone"):
        folder.content(gone)
    with pytest.raises(CannotRead, match="is 10,000 MB large; at most 100 MB"):
        folder.content(grown)


def test_names_that_differ_in_case_are_two_documents_and_a_change_of_case_is_another_name(tmp_path: Path) -> None:
    (tmp_path / "Leave.md").write_text("One")
    (tmp_path / "leave.md").write_text("Two")
    if len(list(tmp_path.iterdir())) < 2:
        pytest.skip("this file system does not tell small letters from capitals")
    folder = Folder(tmp_path)
    assert {file.id: folder.content(file) for file in folder.files()} == {"Leave.md": b"One", "leave.md": b"Two"}

    (tmp_path / "leave.md").unlink()
    (tmp_path / "Leave.md").rename(tmp_path / "LEAVE.md")
    assert [file.id for file in Folder(tmp_path).files()] == ["LEAVE.md"]


def test_two_files_with_one_name_in_two_ways_of_writing_are_one_document_and_one_reason(tmp_path: Path) -> None:
    forms: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")
    for form in forms:
        (tmp_path / unicodedata.normalize(form, "Prämie.md")).write_text(form)
    if len(list(tmp_path.iterdir())) < 2:
        pytest.skip("this file system knows one way of writing only")
    folder = Folder(tmp_path)

    assert [file.id for file in folder.files()] == ["Prämie.md"]
    assert [unread.reason.split(",")[0] for unread in folder.refused()] == ["has the same name as another file"]


def test_names_with_control_characters_or_without_an_encoding_are_refused_by_a_name_that_can_be_shown(tmp_path: Path) -> None:
    (tmp_path / "pay\n\x1b[31m.md").write_text("x")
    with open(os.fsencode(tmp_path) + b"/\xff\xfe.md", "w") as file:  # noqa: PTH123  # a path of bytes
        file.write("x")

    folder = Folder(tmp_path)

    assert folder.files() == ()
    assert len(folder.refused()) == 2
    assert all(unread.path.encode() for unread in folder.refused())


def test_folders_deeper_than_anybody_looks_are_listed_and_not_entered(tmp_path: Path) -> None:
    seen = tmp_path / "/".join("a" * 64)
    (seen / "a" / "a").mkdir(parents=True)
    (seen / "last.md").write_text("words")
    (seen / "a" / "below.md").write_text("words")

    folder = Folder(tmp_path)

    assert [file.id for file in folder.files()] == ["/".join("a" * 64) + "/last.md"]
    assert [unread.reason.split(",")[0] for unread in folder.refused()] == ["lies 64 folders deep"]
