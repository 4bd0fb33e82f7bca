"""A folder of policies: which files in it are documents, and which are refused because they lead out of it."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from knowledge.errors import CannotRead
from knowledge.reading import SUFFIXES
from knowledge.values import Unread

_TABLE = "policies.csv"
_IGNORE = ".ibidignore"


@dataclass(frozen=True)
class SourceFile:
    """A file that may become a document. `id` is its path below the root, with forward slashes, composed (NFC)."""

    id: str
    path: Path
    size: int


class Folder:
    """One look at a folder. Hidden files, other formats and what `.ibidignore` names are no documents; links out of it are refused."""

    def __init__(self, root: Path) -> None:
        try:
            self._root = root.resolve(strict=True)
        except OSError as error:
            raise CannotRead(f"{root}: there is no such folder") from error
        if not self._root.is_dir():
            raise CannotRead(f"{root}: is a file; name the folder that holds the policies")
        self._files: list[SourceFile] = []
        self._refused: list[Unread] = []
        self._look()

    @property
    def name(self) -> str:
        return self._root.name

    def files(self) -> tuple[SourceFile, ...]:
        return tuple(self._files)

    def refused(self) -> tuple[Unread, ...]:
        return tuple(self._refused)

    def table(self) -> bytes | None:
        """The bytes of policies.csv, or None where there is none."""
        path = self._root / _TABLE
        if not path.exists():
            return None
        if not path.resolve().is_relative_to(self._root):
            raise CannotRead(f"{_TABLE} is a link to outside of the folder; put the file itself here")
        try:
            return _bytes(path)
        except CannotRead as error:
            raise CannotRead(f"{_TABLE} {error}") from error

    def content(self, file: SourceFile) -> bytes:
        """The file's bytes. Raises CannotRead where it is gone, may not be opened, or has become a link since the look."""
        if not file.path.resolve().is_relative_to(self._root):
            raise CannotRead("is a link to outside of the folder; put the file itself here")
        return _bytes(file.path)

    def _look(self) -> None:
        found = sorted((_name(path, self._root), path) for path in self._walk())
        statuses = {path: path.stat() for _, path in found if path.exists()}
        names = Counter((status.st_dev, status.st_ino) for path, status in statuses.items() if not path.is_symlink())
        for name, path in found:
            reason = self._reason_against(name, path, names)
            if reason:
                self._refused.append(Unread(name.encode("utf-8", "replace").decode(), reason))
            else:
                self._files.append(SourceFile(name, path, statuses[path].st_size))

    def _walk(self) -> Iterator[Path]:
        """Every file with a known suffix, and every linked folder that leads out."""
        ignored = self._ignored()
        for folder, folders, files in os.walk(self._root, onerror=self._note_closed_folder):
            here = Path(folder)
            for name in folders:
                if (here / name).is_symlink() and not (here / name).resolve().is_relative_to(self._root) and not _is_hidden(name):
                    self._refused.append(Unread(_name(here / name, self._root), "is a link to a folder outside; put the files here"))
            folders[:] = [name for name in folders if not _is_hidden(name) and not _matches(_name(here / name, self._root), ignored)]
            for name in files:
                path = here / name
                if path.suffix.lower() in SUFFIXES and not _is_hidden(name) and not _matches(_name(path, self._root), ignored):
                    yield path

    def _reason_against(self, name: str, path: Path, names: Counter[tuple[int, int]]) -> str:
        """Why the file may not be read, or ""."""
        if any(unicodedata.category(letter).startswith("C") for letter in name):
            return "has a name with characters that cannot be shown; rename it"
        if not path.resolve().is_relative_to(self._root):
            return "is a link to outside of the folder; put the file itself here"
        if not path.exists():
            return "is a link to nothing; remove it, or put the file here"
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return "is not a regular file"
        if not path.is_symlink() and status.st_nlink > names[status.st_dev, status.st_ino]:
            return "is a hard link to a file outside of the folder; put a copy here"
        return ""

    def _ignored(self) -> list[str]:
        path = self._root / _IGNORE
        if not path.is_file():
            return []
        lines = (line.strip() for line in _bytes(path).decode("utf-8", "replace").splitlines())
        return [line.strip("/") for line in lines if line and not line.startswith("#")]

    def _note_closed_folder(self, error: OSError) -> None:
        self._refused.append(Unread(_name(Path(error.filename), self._root), "is a folder that may not be opened; check its permissions"))


def _name(path: Path, root: Path) -> str:
    return unicodedata.normalize("NFC", path.relative_to(root).as_posix())


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$"))  # ~$ is Word's note that somebody has the document open


def _matches(name: str, patterns: list[str]) -> bool:
    last = name.rsplit("/", 1)[-1]
    return any(fnmatchcase(name, pattern) or fnmatchcase(last, pattern) for pattern in patterns)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise CannotRead("is gone since the folder was looked at; index again") from error
    except OSError as error:
        raise CannotRead(f"may not be opened ({error.strerror}); check its permissions") from error
