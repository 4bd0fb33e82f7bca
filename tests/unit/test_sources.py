"""sources.yaml says what it means or is refused with its line, and what it says reaches each file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel

from knowledge.connectors import SourceFile
from knowledge.connectors.assembly import Surroundings, connectors, watched
from knowledge.connectors.mapping import Says, fits
from knowledge.connectors.named import Named, with_whole_ids
from knowledge.connectors.secrets import SecretFiles, secret
from knowledge.connectors.sources import AnySource, FolderSource, PathRule
from knowledge.connectors.sources_file import KINDS, parse_sources, read_sources
from knowledge.connectors.sources_reference import reference
from knowledge.errors import BadMetadata, BadSources, CannotRead, Unreachable
from knowledge.policies_csv import read_table
from knowledge.policy import KEYS
from knowledge.values import Unread

ROOT = Path(__file__).parents[2]
MADE = "<!-- from here on made by Ibid"
FOLDER = "sources:\n  - name: handbook\n    kind: folder\n    path: docs\n"


def test_the_example_is_understood_and_shows_every_kind() -> None:
    sources = read_sources(ROOT / "deploy" / "sources.example.yaml").sources

    assert {source.kind for source in sources} == KINDS.keys()
    assert sources[0].access == "everyone"
    assert [rule.says() for rule in sources[0].mapping] == [
        {"access": "groups: hr"},
        {"applies_to": "Employees in the United Kingdom", "review_by": "2027-01-01"},
    ]
    assert sources[1].every == timedelta(minutes=15)


def test_the_reference_in_the_docs_is_what_the_model_says() -> None:
    page = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    made = page[page.index("\n", page.index(MADE)) + 1 :]

    assert made.strip() == reference().strip(), "put what reference() returns below the mark"


def test_every_field_has_a_sentence_in_the_reference() -> None:
    text = reference()

    models: list[type[BaseModel]] = [AnySource, PathRule, *KINDS.values()]
    for model in models:
        for name, known in model.model_fields.items():
            assert known.description, name
            assert name == "kind" or f"| `{known.alias or name}` |" in text


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "begins with `sources:`"),
        ("sources: []", "names no source"),
        ("source:\n  - name: a", "line 1: `source` is not known; did you mean `sources`?"),
        ("sources:\n  - name: a\n    kind: foldr\n", "line 2, source a: `kind` must be one of folder, git, web, reader"),
        (FOLDER + "    acess: everyone\n", "line 5, source handbook: `acess` is not known; did you mean `access`?"),
        (FOLDER + "    mapping:\n      - path: pay\n        acces: everyone\n", "line 7, source handbook: `acces` is not known"),
        (FOLDER + "    every: 5\n", "line 5, source handbook: `every` write a number and s, m, h or d"),
        (FOLDER + "    access: {group: [hr]}\n", "line 5, source handbook: `access` {'group': ['hr']} is not understood"),
        (FOLDER + "    mapping:\n      - path: ../x\n", "line 6, source handbook: `mapping.path` write a file, a folder or a pattern"),
        (FOLDER + "    path: other\n", "line 5: does not parse: 'path' is given twice"),
        (FOLDER + "    owner: &a ruth\n    title: *a\n", "line 6: does not parse: a reference (*) is not used here"),
        (FOLDER + FOLDER.removeprefix("sources:\n"), "two sources are called handbook"),
        (FOLDER.replace("handbook", "Hand Book"), "line 2, source Hand Book: `name` write small letters"),
        (FOLDER.replace("    path: docs\n", ""), "line 2, source handbook: `path` is missing"),
        ("sources: [3]", "line 1, source 1: must have fields"),
        ("sources: {name: a}", "`sources` must be a list"),
        ("a: [", "does not parse"),
        ("sources: \x00", "does not parse"),
        ("sources:\n  - {name: w, kind: web, hosts: [], pages: [x]}", "`hosts` needs at least one"),
        ("sources:\n  - {name: w, kind: web, hosts: [a.example]}", "names neither pages nor sitemaps"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(text: str, complaint: str) -> None:
    with pytest.raises(BadSources) as told:
        parse_sources(text)

    assert str(told.value).startswith("sources.yaml")
    assert complaint in str(told.value)


@pytest.mark.parametrize(
    ("field", "complaint"),
    [
        ("repository: 'https://user:hunter2@git.example/x'", "a user goes under `user`"),
        ("repository: 'https://git.example/x?token=hunter2'", "holds more than host and path"),
        ("repository: 'git@git.example:hunter2/x'", "ssh is not used"),
        ("repository: 'ext::sh -c hunter2'", "write an address that begins with https://"),
        ("repository: --upload-pack=hunter2", "write an address that begins with https://"),
        ("repository: 'ssh://git.example/hunter2'", "write an address that begins with https://"),
        ("repository: http://git.example/x, secret: hunter2", "is sent over https only"),
        ("repository: https://git.example/x, secret: '../hunter2'", "is not the name of a secret"),
        ("repository: https://git.example/x, branch: --hunter2", "is not the name of a branch"),
        ("repository: https://git.example/x, branch: a..hunter2", "is not the name of a branch"),
        ("repository: https://git.example/x, path: ../hunter2", "write a path below the source"),
        ("repository: '${hunter2}'", "${…} is not filled in here"),
    ],
)
def test_what_git_could_take_for_something_else_is_refused_and_not_repeated(field: str, complaint: str) -> None:
    with pytest.raises(BadSources) as told:
        parse_sources(f"sources:\n  - {{name: a, kind: git, {field}}}")

    assert complaint in str(told.value)
    assert "hunter2" not in str(told.value)


@pytest.mark.parametrize("arguments", ["{api_token: hunter2}", "{client: {password: hunter2}}", "{many: [{client_secret: hunter2}]}"])
def test_a_secret_among_a_readers_arguments_is_refused_and_not_repeated(arguments: str) -> None:
    with pytest.raises(BadSources, match="looks like a secret") as told:
        parse_sources(f"sources:\n  - {{name: a, kind: reader, class: a.B, arguments: {arguments}}}")

    assert "hunter2" not in str(told.value)


def test_a_reader_cannot_be_told_to_take_over_permissions() -> None:
    with pytest.raises(BadSources, match="metadata"):
        parse_sources("sources:\n  - {name: a, kind: reader, class: a.B, metadata: {access: sharing}}")


def test_only_true_and_false_and_plain_numbers_are_more_than_text() -> None:
    text = "sources:\n  - {name: a, kind: reader, class: a.B, owner: no, arguments: {a: 10, b: true, c: 007, d: 2026-01-01, e: 0.5, f: ~}}"
    source = parse_sources(text).sources[0]

    assert source.owner == "no"
    assert source.kind == "reader"
    assert source.arguments == {"a": 10, "b": True, "c": "007", "d": "2026-01-01", "e": 0.5, "f": None}


def test_a_file_that_is_not_there_or_no_text_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadSources, match="cannot be read"):
        read_sources(tmp_path / "sources.yaml")
    (tmp_path / "sources.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSources, match="UTF-8"):
        read_sources(tmp_path / "sources.yaml")


@pytest.mark.parametrize(
    ("pattern", "file", "meant"),
    [
        ("restricted", "restricted/a.md", True),
        ("restricted", "people/restricted/deep/a.md", True),
        ("restricted", "restricted.md", False),
        ("Restricted", "restricted/a.md", False),
        ("/restricted", "restricted/a.md", True),
        ("/restricted", "people/restricted/a.md", False),
        ("people/restricted/", "people/restricted/a.md", True),
        ("people/restricted", "old/people/restricted/a.md", False),
        ("*.pdf", "deep/down/a.pdf", True),
        ("pay/*.pdf", "pay/uk/a.pdf", True),
        ("pay/*.pdf", "a.pdf", False),
        ("caf\u00e9.md", "cafe\u0301.md", False),
        ("cafe\u0301.md", "caf\u00e9.md", True),
    ],
)
def test_a_pattern_fits_the_files_that_it_names(pattern: str, file: str, meant: bool) -> None:
    assert fits(pattern, file) is meant


@dataclass
class Place:
    """A source that knows nothing of its name."""

    held: Mapping[str, Mapping[str, str]]
    listed: bytes | None = None
    kept_back: tuple[Unread, ...] = field(default_factory=tuple)

    def files(self) -> tuple[SourceFile, ...]:
        return tuple(SourceFile(name, 1, said=said) for name, said in self.held.items())

    def refused(self) -> tuple[Unread, ...]:
        return self.kept_back

    def remarks(self) -> tuple[Unread, ...]:
        return ()

    def said(self, document: str) -> Mapping[str, str]:
        return {}

    def table(self) -> bytes | None:
        if self.listed == b"closed":
            raise CannotRead("policies.csv may not be opened")
        return self.listed

    def content(self, file: SourceFile) -> bytes:
        assert file.id in self.held
        return file.id.encode()


def a_rule(path: str, **said: str) -> PathRule:
    return PathRule.model_validate({"path": path, **said})


def test_every_file_says_what_its_source_says_and_later_rules_win() -> None:
    rules = (a_rule("pay", access="groups: hr", owner="hiro"), a_rule("pay/open.md", access="everyone"))
    place = Place({"a.md": {}, "pay/b.md": {"owner": "wiki"}, "pay/open.md": {}})
    look = Named("book", lambda: place, Says({"access": "everyone", "owner": "ruth"}, rules, "https://h.example/{path}")).look()

    assert {file.id: dict(file.said) for file in look.files()} == {
        "book/a.md": {"access": "everyone", "owner": "ruth", "url": "https://h.example/a.md"},
        "book/pay/b.md": {"access": "groups: hr", "owner": "hiro", "url": "https://h.example/pay/b.md"},
        "book/pay/open.md": {"access": "everyone", "owner": "hiro", "url": "https://h.example/pay/open.md"},
    }
    assert {key for file in look.files() for key in file.said} <= set(KEYS)
    assert look.content(look.files()[0]) == b"a.md"
    assert look.remarks() == ()


def test_a_permission_of_the_service_itself_opens_nothing() -> None:
    place = Place({"a.md": {"access": "everyone", "title": "Pay"}})

    assert dict(Named("wiki", lambda: place, Says({})).look().files()[0].said) == {"title": "Pay"}
    assert Named("wiki", lambda: place, Says({"access": "groups: hr"})).look().files()[0].said["access"] == "groups: hr"


def test_a_rule_that_fits_nothing_is_remarked_and_keeps_no_document_back() -> None:
    look = Named("book", lambda: Place({"a.md": {}}), Says({}, (a_rule("Pay", access="groups: hr"),))).look()

    assert [(one.path, "`Pay`" in one.reason) for one in look.remarks()] == [("book", True)]
    assert look.refused() == ()


def test_what_is_refused_has_whole_ids_and_a_closed_source_covers_all_of_it() -> None:
    look = Named("book", lambda: Place({}, kept_back=(Unread("pay/a.md", "x"), Unread(".", "y"))), Says({})).look()

    assert [one.path for one in look.refused()] == ["book/pay/a.md", "book"]


def test_the_table_of_a_source_has_whole_ids() -> None:
    table = read_table(with_whole_ids('\ufefffile,title\n./a.md,"Pay, and more"\n\npay/b.md,x\n'.encode(), "book"))

    assert table.rows == {"book/a.md": {"title": "Pay, and more"}, "book/pay/b.md": {"title": "x"}}
    assert table.faults == {}


@pytest.mark.parametrize("content", [b"name,access\na.md,everyone", b'file\n"a', b"\x00\x01\x02", b""])
def test_a_table_that_is_not_understood_is_complained_about_as_it_was(content: bytes) -> None:
    assert with_whole_ids(content, "book") == content


def test_a_faulty_row_stays_its_own_files_fault() -> None:
    table = read_table(with_whole_ids(b"file,title\na.md,x,y\n", "book"))

    assert table.faults.keys() == {"book/a.md"}


def test_a_table_that_cannot_be_had_is_the_sources_trouble() -> None:
    with pytest.raises(BadMetadata, match="may not be opened"):
        Named("book", lambda: Place({}, listed=b"closed"), Says({})).look().table()


def test_a_folder_that_is_not_there_cannot_be_asked(tmp_path: Path) -> None:
    sources = parse_sources(FOLDER)
    (found,) = connectors(sources, Surroundings(base=tmp_path, data_dir=tmp_path / "var"))

    with pytest.raises(Unreachable, match="no such folder"):
        found.look()
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("Leave")
    assert [file.id for file in found.look().files()] == ["handbook/a.md"]
    assert found.name == "handbook"


def test_only_folders_that_ask_for_it_are_watched(tmp_path: Path) -> None:
    sources = parse_sources(FOLDER + "    watch: true\n  - {name: other, kind: folder, path: /elsewhere}\n")

    assert watched(sources, tmp_path) == {"handbook": tmp_path / "docs"}
    assert isinstance(sources.sources[1], FolderSource)


def test_a_secret_is_read_from_its_file_each_time_and_never_named(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("first\n")
    (tmp_path / "empty").write_text("\n")
    files = SecretFiles(tmp_path)

    assert secret(files, "token", "secret") == "first"
    (tmp_path / "token").write_text("second\n")
    assert secret(files, "token", "secret") == "second"
    for wrong in ("empty", "hunter2", "../token"):
        with pytest.raises(Unreachable, match="IBID_SOURCE_SECRETS_DIR") as told:
            secret(files, wrong, "secret")
        assert wrong not in str(told.value)
    assert sorted(files) == ["empty", "token"]
