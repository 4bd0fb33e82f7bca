"""A folder shows its documents, and nothing that lies outside of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from knowledge.connectors.folder import Folder
from knowledge.errors import CannotRead


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "handbook"
    (root / "leave").mkdir(parents=True)
    (root / "leave" / "uk.md").write_text("Leave")
    return root


def ids(folder: Folder) -> list[str]:
    return [file.id for file in folder.files()]


def test_documents_are_listed_by_path_and_other_files_are_not(root: Path) -> None:
    for name in ("a.pdf", "policies.csv", "workspace.yaml", "render.py", ".hidden.md", "~$open.docx", "LEAVE.TXT"):
        (root / name).write_text("x")
    (root / ".git").mkdir()
    (root / ".git" / "note.md").write_text("x")

    folder = Folder(root)

    assert ids(folder) == ["LEAVE.TXT", "a.pdf", "leave/uk.md"]
    assert folder.refused() == ()
    assert folder.table() == b"x"
    assert folder.files()[2].size == 5
    assert folder.content(folder.files()[2]) == b"Leave"


def test_what_the_ignore_file_names_is_left_out(root: Path) -> None:
    for name in ("sources", "golden", "deep/sources"):
        (root / name).mkdir(parents=True)
        (root / name / "a.md").write_text("x")
    (root / "draft-1.md").write_text("x")
    (root / ".ibidignore").write_text("# not published\n/golden/\ndraft-*\ndeep/sources\n")

    assert ids(Folder(root)) == ["leave/uk.md", "sources/a.md"]


def test_links_out_of_the_folder_are_refused_and_not_read(root: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("secret")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "b.md").write_text("secret")
    (root / "symbolic.md").symlink_to(secret)
    (root / "gone.md").symlink_to(root / "nothing.md")
    (root / "folder").symlink_to(tmp_path / "elsewhere")
    os.link(secret, root / "hard.md")

    folder = Folder(root)

    assert ids(folder) == ["leave/uk.md"]
    assert {unread.path: unread.reason.split(";")[0] for unread in folder.refused()} == {
        "folder": "is a link to a folder outside",
        "gone.md": "is a link to nothing",
        "hard.md": "is a hard link to a file outside of the folder",
        "symbolic.md": "is a link to outside of the folder",
    }


def test_links_that_stay_inside_are_documents(root: Path) -> None:
    (root / "same.md").symlink_to(root / "leave" / "uk.md")
    os.link(root / "leave" / "uk.md", root / "twin.md")

    assert ids(Folder(root)) == ["leave/uk.md", "same.md", "twin.md"]


def test_a_file_that_becomes_a_link_after_the_look_is_refused(root: Path, tmp_path: Path) -> None:
    folder = Folder(root)
    (tmp_path / "secret.md").write_text("secret")
    (root / "leave" / "uk.md").unlink()
    (root / "leave" / "uk.md").symlink_to(tmp_path / "secret.md")

    with pytest.raises(CannotRead, match="link to outside"):
        folder.content(folder.files()[0])


def test_a_file_that_is_gone_or_special_has_a_reason(root: Path) -> None:
    os.mkfifo(root / "pipe.md")
    folder = Folder(root)
    (root / "leave" / "uk.md").unlink()

    assert [unread.reason for unread in folder.refused()] == ["is not a regular file"]
    with pytest.raises(CannotRead, match="is gone"):
        folder.content(folder.files()[0])


def test_a_name_that_cannot_be_shown_is_refused(root: Path) -> None:
    (root / "pay\u202etxt.md").write_text("x")

    assert [unread.reason.split(";")[0] for unread in Folder(root).refused()] == ["has a name with characters that cannot be shown"]


def test_a_missing_folder_and_a_file_in_its_place_say_so(root: Path) -> None:
    with pytest.raises(CannotRead, match="no such folder"):
        Folder(root / "nowhere")
    with pytest.raises(CannotRead, match="is a file"):
        Folder(root / "leave" / "uk.md")


def test_a_linked_table_cannot_bring_in_another_file(root: Path, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("file,access")
    (root / "policies.csv").symlink_to(tmp_path / "other.csv")

    with pytest.raises(CannotRead, match="link to outside"):
        Folder(root).table()
