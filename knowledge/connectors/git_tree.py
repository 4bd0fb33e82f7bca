"""What a commit holds, without a checkout: its files by name, and their bytes from one `git cat-file` that stays open."""

from __future__ import annotations

import re
import subprocess
import threading
import unicodedata
import weakref
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from knowledge.connectors import SourceFile
from knowledge.connectors.names import IGNORE, TABLE, cannot_be_shown, is_document, is_left_out, read_ignored
from knowledge.errors import CannotRead
from knowledge.values import Unread

_ENTRY = re.compile(rb"(\d{6}) (\w+) ([0-9a-f]{40,64}) +(\d+|-)\t(.*)", re.DOTALL)
_LARGE_FILES = b"version https://git-lfs.github.com/spec/"
_MB = 1024 * 1024
_LARGEST = 10 * _MB  # of policies.csv and .ibidignore
_COMMIT, _LINK = "160000", "120000"


@dataclass(frozen=True)
class Entry:
    """One file of a tree."""

    name: str  # below the source's path, as git has it
    mode: str
    blob: str
    size: int


class GitLook:
    """A look at one commit."""

    def __init__(self, entries: Iterable[Entry], blobs: Blobs, changed: dict[str, datetime]) -> None:
        self._blobs = blobs
        self._there = {entry.name: entry for entry in entries}
        self._files: dict[str, tuple[SourceFile, Entry]] = {}
        self._refused: dict[str, str] = {}
        ignore = self._there.get(IGNORE)
        ignored = read_ignored(blobs.read(_read_whole(ignore))) if ignore and _is_file(ignore) else []
        for entry in self._there.values():
            name = unicodedata.normalize("NFC", entry.name)
            if is_left_out(name, ignored) or not (is_document(name) or entry.mode == _COMMIT):
                continue
            if reason := _reason_against(entry, name) or ("is there twice under the same name" if name in self._files else ""):
                self._refused[name.encode("utf-8", "replace").decode()] = reason
            else:
                self._files[name] = (SourceFile(name, entry.size, changed=changed.get(entry.name)), entry)

    def files(self) -> tuple[SourceFile, ...]:
        return tuple(file for _, (file, _) in sorted(self._files.items()))

    def refused(self) -> tuple[Unread, ...]:
        return tuple(Unread(name, reason) for name, reason in sorted(self._refused.items()))

    def remarks(self) -> tuple[Unread, ...]:
        return ()

    def said(self, document: str) -> Mapping[str, str]:  # noqa: ARG002  # it says nothing of what it does not show
        return {}

    def table(self) -> bytes | None:
        entry = self._there.get(TABLE)
        if entry is None:
            return None
        if not _is_file(entry):
            raise CannotRead(f"{TABLE} is a link; put the file itself there")
        return self._blobs.read(_read_whole(entry))

    def content(self, file: SourceFile) -> bytes:
        """Raises CannotRead where git keeps only a note of where the file is."""
        content = self._blobs.read(self._files[file.id][1].blob)
        if content.startswith(_LARGE_FILES):
            raise CannotRead("is kept in Git LFS, which is not read; commit the file itself")
        return content


class Blobs:
    """The bytes of files by their hash. The process behind it ends with this object."""

    def __init__(self, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        self._start = start
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, blob: str) -> bytes:
        """Raises CannotRead."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._process = self._start()
                weakref.finalize(self, _end, self._process)
            try:
                return _asked(self._process, blob)
            except (OSError, ValueError) as error:
                raise CannotRead("cannot be read from the copy of the repository; index again") from error


def _asked(process: subprocess.Popen[bytes], blob: str) -> bytes:
    """Raises CannotRead where the repository has no such file, OSError or ValueError where git has ended."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("git was started without pipes")
    process.stdin.write(blob.encode() + b"\n")
    process.stdin.flush()
    header = process.stdout.readline().split()
    if header[1:] == [b"missing"]:
        raise CannotRead("is gone since the repository was looked at; index again")
    if len(header) != 3:
        raise ValueError("git ended")
    size = int(header[2])
    content = process.stdout.read(size)
    if len(content) < size or process.stdout.read(1) != b"\n":
        raise ValueError("git ended")
    return content


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def read_tree(printed: bytes) -> list[Entry]:
    """What `git ls-tree -r -z -l` prints. Bytes that are no UTF-8 become letters that cannot be shown."""
    found = (_ENTRY.fullmatch(line) for line in printed.split(b"\0") if line)
    return [
        Entry(one[5].decode("utf-8", "surrogateescape"), one[1].decode(), one[3].decode(), 0 if one[4] == b"-" else int(one[4]))
        for one in found
        if one is not None
    ]


def read_changes(printed: bytes, below: str) -> dict[str, datetime]:
    """What `git log --name-only -z --format=%x01%ct` prints, newest first: when each file below a path was last changed."""
    changed: dict[str, datetime] = {}
    moment: datetime | None = None
    prefix = f"{below}/" if below else ""
    for word in printed.decode("utf-8", "surrogateescape").split("\0"):
        line = word.lstrip("\n")
        if line.startswith("\x01"):
            moment = datetime.fromtimestamp(int(line[1:]), UTC)
        elif line and moment is not None and line.startswith(prefix):
            changed.setdefault(line.removeprefix(prefix), moment)
    return changed


def _is_file(entry: Entry) -> bool:
    return entry.mode not in (_COMMIT, _LINK)


def _read_whole(entry: Entry) -> str:
    """The blob of what is read whatever it is for. Raises CannotRead where it would fill the memory."""
    if entry.size > _LARGEST:
        raise CannotRead(f"{entry.name} is {entry.size / _MB:,.0f} MB large; at most {_LARGEST // _MB} MB are read")
    return entry.blob


def _reason_against(entry: Entry, name: str) -> str:
    if entry.mode == _COMMIT:
        return "is a submodule; name its repository as a source of its own"
    if cannot_be_shown(name):
        return "has a name with characters that cannot be shown; rename it"
    return "is a link; put the file itself here" if entry.mode == _LINK else ""
