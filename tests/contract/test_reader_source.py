"""Readers of LlamaIndex as sources: the library's own, and some that fail in every way that readers do."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from llama_index.core.readers.base import BaseReader
from llama_index.core.schema import Document

from knowledge.connectors import SourceFile
from knowledge.connectors.assembly import Surroundings, connectors
from knowledge.connectors.reader import Reader, ReaderLook, Wanted
from knowledge.connectors.sources_file import parse_sources
from knowledge.errors import CannotRead, Unreachable

SECRET = "hunter2"
LEAVE = Document(
    text="Leave", id_="7", metadata={"page_id": "7", "title": "Leave", "url": "https://w.example/7", "tags": ["a"], "empty": " "}
)


class Wiki(BaseReader):
    """Returns what it was made with."""

    def __init__(self, documents: list[Any], token: str = "") -> None:
        self._documents = documents
        self._token = token

    def load_data(self, *, space: str = "") -> list[Any]:
        if self._token == "wrong":
            raise ConnectionError(f"401 for {self._token} at https://x:{SECRET}@w.example")
        return [*self._documents, *([Document(text=self._token, id_=space)] if space else [])]


class Quits(BaseReader):
    """Thinks that it is a program."""

    def load_data(self) -> list[Document]:
        sys.exit(SECRET)


class Hangs(BaseReader):
    """Waits for somebody who does not come."""

    come = threading.Event()

    def load_data(self) -> list[Document]:
        self.come.wait(30)
        return [LEAVE]


class NoReader:
    """Has the method, and nothing else."""

    def load_data(self) -> list[Document]:
        return [LEAVE]


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    module = ModuleType("company_readers")
    for one in (Wiki, Quits, Hangs, NoReader):
        setattr(module, one.__name__, one)
    monkeypatch.setitem(sys.modules, "company_readers", module)
    yield
    Hangs.come.set()
    Hangs.come = threading.Event()


def look(*documents: object, **wanted: Any) -> ReaderLook:  # noqa: ANN401  # the fields of Wanted
    return Reader(Wanted(class_name="company_readers.Wiki", arguments={"documents": list(documents)}, **wanted), dict).look()


def test_the_librarys_own_folder_reader_is_a_source(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "uk.md").write_text("# Leave\n\nFive days.", encoding="utf-8")
    text = f"""
sources:
  - name: shelf
    kind: reader
    class: llama_index.core.readers.SimpleDirectoryReader
    arguments: {{input_dir: {tmp_path}/docs}}
    format: markdown
    id_field: file_name
    metadata: {{title: file_name}}
    access: everyone
"""
    (shelf,) = connectors(parse_sources(text), Surroundings(base=tmp_path, data_dir=tmp_path / "var"))
    found = shelf.look()

    assert [(file.id, file.suffix, dict(file.said)) for file in found.files()] == [
        ("shelf/uk.md", ".md", {"access": "everyone", "title": "uk.md"})
    ]
    assert found.content(found.files()[0]) == b"# Leave\n\nFive days."
    assert [file.id for file in shelf.look().files()] == ["shelf/uk.md"]


def test_ids_that_are_new_each_time_are_refused_with_what_to_do() -> None:
    wanted = Wanted(class_name="llama_index.core.readers.StringIterableReader", load={"texts": ["a", "b"]})
    found = Reader(wanted, dict).look()

    assert found.files() == ()
    assert [(one.path, "id_field" in one.reason) for one in found.refused()] == [("1", True), ("2", True)]


def test_an_id_by_chance_that_the_service_itself_knows_is_taken() -> None:
    page = "9f0c2c1e-8a53-4b7e-9d8e-2f6a3b1c4d5e"
    found = look(Document(text="x", id_=page, metadata={"page_id": page}))

    assert [file.id for file in found.files()] == [page]


def test_what_the_reader_knows_of_a_page_is_said_by_our_names() -> None:
    found = look(
        LEAVE, format="html", metadata={"title": "title", "url": "url", "owner": "tags", "applies_to": "empty", "language": "none"}
    )

    assert found.files() == (SourceFile("7", 5, said={"title": "Leave", "url": "https://w.example/7"}, suffix=".html", trusted=False),)


def test_pages_of_one_file_are_one_document_in_their_order() -> None:
    pages = [Document(text=text, metadata={"file_path": "/srv/pay.pdf", "page_label": text}) for text in ("one", "two")]
    found = look(*pages)

    assert [(file.id, file.size) for file in found.files()] == [("srv/pay.pdf", 8)]
    assert found.content(found.files()[0]) == b"one\n\ntwo"
    with pytest.raises(CannotRead):
        found.content(SourceFile("gone", 0))


@pytest.mark.parametrize("name", ["../../etc/passwd", "/", "a\u202eb", "x" * 600, ""])
def test_an_id_that_leads_elsewhere_or_cannot_be_shown_is_refused(name: str) -> None:
    found = look(Document(text="x", metadata={"key": name}), id_field="key")

    assert found.files() == ()
    assert [one.path for one in found.refused()] == ["1"]


def test_a_document_without_the_field_is_listed_and_the_others_are_read() -> None:
    found = look(LEAVE, Document(text="x", metadata={"other": "1"}), id_field="page_id")

    assert [file.id for file in found.files()] == ["7"]
    assert "Its fields: other" in found.refused()[0].reason


def test_secrets_reach_the_reader_and_no_message(tmp_path: Path) -> None:
    (tmp_path / "wiki").write_text("right")
    text = """
sources:
  - {name: wiki, kind: reader, class: company_readers.Wiki, arguments: {documents: []}, secrets: {token: wiki}, load: {space: hr}}
"""
    secrets = {"wiki": "right"}
    (wiki,) = connectors(parse_sources(text), Surroundings(base=tmp_path, data_dir=tmp_path, secrets=secrets))

    assert wiki.look().content(wiki.look().files()[0]) == b"right"
    secrets["wiki"] = "wrong"
    with pytest.raises(Unreachable) as told:
        wiki.look()
    assert str(told.value) == "company_readers.Wiki failed with ConnectionError"
    assert told.value.__cause__ is None
    del secrets["wiki"]
    with pytest.raises(Unreachable, match="IBID_SOURCE_SECRETS_DIR"):
        wiki.look()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("llama_index.readers.confluence.ConfluenceReader", "install it: pip install llama-index-readers-confluence"),
        ("llama_index.readers.microsoft_sharepoint.SharePointReader", "pip install llama-index-readers-microsoft-sharepoint"),
        ("not_there.Reader", "install it: pip install not-there"),
        ("company_readers.NoReader", "is not a reader of LlamaIndex"),
        ("company_readers.Nothing", "is not a reader of LlamaIndex"),
        ("os.system", "is not a reader of LlamaIndex"),
        ("company_readers.Quits", "ended instead of answering"),
        ("company_readers.Wiki", "failed with TypeError"),
    ],
)
def test_what_is_not_installed_or_no_reader_cannot_be_asked(name: str, told: str) -> None:
    with pytest.raises(Unreachable, match=told) as complaint:
        Reader(Wanted(class_name=name), dict).look()
    assert SECRET not in str(complaint.value)


def test_the_package_that_is_named_is_the_one_to_install() -> None:
    with pytest.raises(Unreachable, match="pip install company-wiki"):
        Reader(Wanted(class_name="not_there.Reader", package="company-wiki"), dict).look()


def test_a_reader_that_returns_something_else_is_refused() -> None:
    with pytest.raises(Unreachable, match="something else than documents"):
        look("text")


def test_a_reader_that_hangs_is_left_alone_and_asked_again_only_when_it_has_ended() -> None:
    reader = Reader(Wanted(class_name="company_readers.Hangs", seconds=0.05), dict)

    with pytest.raises(Unreachable, match="took longer"):
        reader.look()
    with pytest.raises(Unreachable, match="has not come back"):
        reader.look()
    asked = reader._asked
    assert asked is not None
    Hangs.come.set()
    asked.join(10)
    assert [file.id for file in reader.look().files()] == ["7"]


def test_nothing_is_imported_before_a_look(tmp_path: Path) -> None:
    text = "sources:\n  - {name: a, kind: reader, class: antigravity_readers.Reader}"

    assert [one.name for one in connectors(parse_sources(text), Surroundings(base=tmp_path, data_dir=tmp_path))] == ["a"]
