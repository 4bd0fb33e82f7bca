"""A folder of policies: which files in it are documents, and which are refused because they lead out of it."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from knowledge.connectors import SourceFile
from knowledge.connectors.names import IGNORE, TABLE, cannot_be_shown, is_document, is_hidden, is_ignored, read_ignored
from knowledge.errors import CannotRead
from knowledge.values import Unread

_DEEPEST = 64
_MB = 1024 * 1024
_LARGEST = 100 * _MB  # what knowledge.reading.child takes at most
OUTSIDE = "is a link to outside of the folder; put the file itself here"


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
        self._paths: dict[str, str] = {}
        self._seen: dict[str, os.stat_result] = {}  # by path
        self._refused: list[Unread] = []
        self._has_table = os.path.lexists(self._root / TABLE)
        self._look()

    @property
    def name(self) -> str:
        return self._root.name

    def files(self) -> tuple[SourceFile, ...]:
        return tuple(self._files)

    def refused(self) -> tuple[Unread, ...]:
        return tuple(self._refused)

    def remarks(self) -> tuple[Unread, ...]:
        return ()

    def said(self, document: str) -> Mapping[str, str]:  # noqa: ARG002  # it says nothing of what it does not show
        return {}

    def table(self) -> bytes | None:
        """The bytes of policies.csv, or None where there is none."""
        path = self._root / TABLE
        if not self._has_table:  # one that is gone since then would leave nobody who may read what it named
            return None
        if not _leads_into(path, self._root):
            raise CannotRead(f"{TABLE} is a link to outside of the folder; put the file itself here")
        try:
            return _bytes(path, self._root)
        except CannotRead as error:
            raise CannotRead(f"{TABLE} {error}") from error

    def content(self, file: SourceFile) -> bytes:
        """The file's bytes. Raises CannotRead where it is gone, may not be opened, or has become a link since the look."""
        path = self._paths[file.id]
        return _bytes(path, self._root, self._seen[path])

    def _look(self) -> None:
        found = sorted(self._walk())
        self._seen = {path: status for _, path in found if (status := _status(path)) is not None}
        links = {path for path, status in self._seen.items() if stat.S_ISLNK(status.st_mode)}
        names = Counter((status.st_dev, status.st_ino) for path, status in self._seen.items() if path not in links)
        for name, path in found:
            reason = self._reason_against(name, path, self._seen.get(path), names)
            if reason:
                self._refused.append(Unread(name.encode("utf-8", "replace").decode(), reason))
            else:
                self._files.append(SourceFile(name, (Path(path).stat() if path in links else self._seen[path]).st_size))
                self._paths[name] = path

    def _walk(self) -> Iterator[tuple[str, str]]:
        """The name and the path of every file with a known suffix; every linked folder that leads out is noted."""
        ignored = self._ignored()
        for folder, folders, files in os.walk(self._root, onerror=self._note_closed_folder):
            here = Path(folder)
            above = "" if here == self._root else f"{_name(here, self._root)}/"
            if folders and above.count("/") >= _DEEPEST:
                folders.clear()
                self._refused.append(Unread(above.rstrip("/"), f"lies {_DEEPEST} folders deep, and holds more folders; move them up"))
            for name in folders:
                if (here / name).is_symlink() and not _leads_into(here / name, self._root) and not is_hidden(name):
                    self._refused.append(Unread(above + _composed(name), "is a link to a folder outside; put the files here"))
            folders[:] = [name for name in folders if not is_hidden(name) and not is_ignored(above + _composed(name), ignored)]
            for name in files:
                whole = above + _composed(name)
                if is_document(name) and not is_hidden(name) and not is_ignored(whole, ignored):
                    yield whole, os.path.join(folder, name)  # noqa: PTH118  # a Path for each of thousands takes longer than reading them

    def _reason_against(self, name: str, path: str, status: os.stat_result | None, names: Counter[tuple[int, int]]) -> str:
        """Why the file may not be read, or "". What is no link lies where it was found: no link was followed on the way."""
        if cannot_be_shown(name):
            return "has a name with characters that cannot be shown; rename it"
        if name in self._paths:
            return "has the same name as another file, written with other characters; rename one of them"
        if status is None:
            return "is gone again; index again"
        if stat.S_ISLNK(status.st_mode):
            return _reason_against_link(Path(path), self._root)
        if not stat.S_ISREG(status.st_mode):
            return "is not a regular file"
        if status.st_nlink > names[status.st_dev, status.st_ino]:
            return "is a hard link to a file outside of the folder; put a copy here"
        return ""

    def _ignored(self) -> list[str]:
        path = self._root / IGNORE
        if not path.is_file():
            return []
        return read_ignored(_bytes(path, self._root))

    def _note_closed_folder(self, error: OSError) -> None:
        self._refused.append(Unread(_name(Path(error.filename), self._root), "is a folder that may not be opened; check its permissions"))


def _name(path: Path, root: Path) -> str:
    return _composed(path.relative_to(root).as_posix())


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _leads_into(path: Path, root: Path) -> bool:
    """Whether a path, with every link in it followed, lies below the root. A link that leads to itself leads nowhere."""
    try:
        return path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # Python up to 3.12 raises the second one for links in a circle
        return path.parent.resolve().is_relative_to(root)


def _reason_against_link(path: Path, root: Path) -> str:
    if not _leads_into(path, root):
        return OUTSIDE
    try:
        status = path.stat()
    except OSError:
        return "is a link to nothing; remove it, or put the file here"
    return "" if stat.S_ISREG(status.st_mode) else "is not a regular file"


def _status(path: str) -> os.stat_result | None:
    """What stands there, itself and not what it links to; None where nothing does any more."""
    try:
        return os.lstat(path)
    except OSError:
        return None


def _bytes(path: Path | str, root: Path, seen: os.stat_result | None = None) -> bytes:
    """Look again at what was opened: since the folder was looked at, a link may have taken the file's place, a pipe, or gigabytes."""
    try:
        opened = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            status = os.fstat(opened)
            itself = seen is not None and (seen.st_dev, seen.st_ino) == (status.st_dev, status.st_ino)
            if not itself and not _leads_into(Path(path), root):
                raise CannotRead(OUTSIDE)
            if not stat.S_ISREG(status.st_mode):
                raise CannotRead("is not a regular file")
            content = _read(opened, status.st_size)
        finally:
            os.close(opened)
    except FileNotFoundError as error:
        raise CannotRead("is gone since the folder was looked at; index again") from error
    except OSError as error:
        raise CannotRead(f"may not be opened ({error.strerror}); check its permissions") from error
    if max(status.st_size, len(content)) > _LARGEST:
        raise CannotRead(f"is {max(status.st_size, len(content)) / _MB:,.0f} MB large; at most {_LARGEST / _MB:,.0f} MB are read")
    return content


def _read(opened: int, size: int) -> bytes:
    """To the end, also of a file that grows meanwhile; nothing of one that is too large."""
    if size > _LARGEST:
        return b""
    parts = [os.read(opened, size + 1)]
    while parts[-1] and sum(map(len, parts)) <= _LARGEST and (len(parts) > 1 or len(parts[0]) != size):
        parts.append(os.read(opened, _MB))
    return b"".join(parts)
