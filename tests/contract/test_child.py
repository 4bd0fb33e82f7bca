"""Whatever a file does to its parser, the run goes on and the owner learns why."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from knowledge.errors import BadMetadata, CannotRead
from knowledge.reading import SUFFIXES
from knowledge.reading.child import Readers

MISBEHAVING = {".odd": "tests.contract.misbehaving_reader", **SUFFIXES}


@pytest.fixture
def readers() -> Iterator[Readers]:
    with Readers(seconds=20, readers=MISBEHAVING) as started:
        yield started


def pid(readers: Readers) -> str:
    return readers.read("a.odd", b"pid").sections[0].blocks[0].text


def test_a_file_is_read_in_another_process_and_comes_back_whole(readers: Readers) -> None:
    reading = readers.read("leave.md", "---\ntitle: Leave\n---\n# Leave\n\n## 1. Days\n\n1.1 Twenty-five days – “paid”.\n".encode())

    assert reading.metadata == {"title": "Leave"}
    assert reading.properties == {"heading": "Leave"}
    assert reading.sections[1].path == ("Leave", "1. Days")
    assert reading.sections[1].blocks[0].text == "1.1 Twenty-five days – “paid”."


def test_one_child_reads_many_files(readers: Readers) -> None:
    assert pid(readers) == pid(readers)


@pytest.mark.parametrize("deed", [b"crash", b"eat"])
def test_a_crash_or_full_memory_costs_one_file_only(readers: Readers, deed: bytes) -> None:
    before = pid(readers)

    with pytest.raises(CannotRead, match="memory"):
        readers.read("a.odd", deed)

    assert pid(readers) != before


def test_a_reader_that_hangs_is_killed_and_replaced() -> None:
    with Readers(seconds=20, readers=MISBEHAVING) as readers:
        before = pid(readers)
        readers._seconds = 0.3
        started = time.monotonic()
        with pytest.raises(CannotRead, match=r"took longer than 0\.3 s"):
            readers.read("a.odd", b"hang")
        assert time.monotonic() - started < 5

        readers._seconds = 20
        assert pid(readers) != before


def test_what_a_parser_prints_does_not_reach_the_answer(readers: Readers) -> None:
    readers.read("a.odd", b"print")

    assert readers.read("a.txt", b"Plain words").sections[0].blocks[0].text == "Plain words"


def test_a_parsers_error_is_named_without_the_documents_words(readers: Readers) -> None:
    with pytest.raises(CannotRead, match="cannot be parsed") as caught:
        readers.read("a.odd", b"raise")

    assert "secret" not in str(caught.value)
    assert pid(readers)


def test_the_child_sees_no_secret_of_the_environment(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-not-for-parsers")
    with Readers(readers=MISBEHAVING) as fresh:
        assert "SLACK_BOT_TOKEN" not in fresh.read("a.odd", b"environment").sections[0].blocks[0].text


def test_a_file_over_the_limit_is_not_even_sent() -> None:
    with Readers(largest=1024 * 1024) as readers, pytest.raises(CannotRead, match="is 3 MB large; at most 1 MB"):
        readers.read("a.txt", b"x" * 3 * 1024 * 1024)


def test_front_matter_that_does_not_parse_stays_a_matter_of_metadata(readers: Readers) -> None:
    with pytest.raises(BadMetadata, match=r"does not parse \(line \d\)"):
        readers.read("a.md", b"---\ntitle: [\n---\ntext")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.md", b"", "is empty"),
        ("a.md", b" \n\n ", "is empty"),
        ("a.md", b"---\n---\n", "holds no text"),
        ("a.exe", b"MZ", "suffix"),
        ("a.txt", bytes(range(256)) * 40, "is not text"),
        ("a.md", b"%PDF-1.7", "is a PDF under the name"),
        ("a.pdf", b"just words", "is not a PDF"),
        ("a.pdf", b"%PDF-1.7\nnothing more", "damaged|no text|cannot be parsed"),
        ("a.docx", b"PK\x03\x04 and no more", "damaged Word document"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "protected with a password"),
    ],
)
def test_bad_files_have_a_reason_for_their_owner(readers: Readers, name: str, content: bytes, reason: str) -> None:
    with pytest.raises(CannotRead, match=reason):
        readers.read(name, content)
