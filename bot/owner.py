"""One process owns a data directory: a lock that ends with the process, and a note in it of who that is and where it listens."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from bot.errors import AlreadyOwned, Misconfigured

LOCK_FILE = "owner.lock"
_STEP = 0.05  # seconds between two tries


@dataclass(frozen=True)
class Owner:
    """Who has the data directory. `socket` is empty where the owner takes no requests; `doing` says how far a long piece of work is."""

    pid: int
    since: str
    command: str
    socket: str = ""
    doing: str = ""

    def __str__(self) -> str:
        doing = f": {self.doing}" if self.doing else ""
        return f"`ibid {self.command}` (process {self.pid}, since {self.since}{doing})"


class Ownership:
    """A lock that is held. Only its holder writes into the lock file."""

    def __init__(self, lock: IO[str], owner: Owner) -> None:
        self._lock = lock
        self._owner = owner
        self._longest = 0
        lock.seek(0)
        lock.truncate()
        self._note()

    def listens_at(self, socket: Path) -> None:
        """From now on others find the way to this process."""
        self._owner = replace(self._owner, socket=str(socket))
        self._note()

    def is_at(self, doing: str) -> None:
        """How far its work is, for those who have to wait."""
        self._owner = replace(self._owner, doing=doing)
        self._note()

    def _note(self) -> None:
        """In one write, blanks up to the end of what stood there: whoever reads meanwhile reads a whole note."""
        note = json.dumps(asdict(self._owner))
        self._longest = max(self._longest, len(note))
        self._lock.seek(0)
        self._lock.write(note.ljust(self._longest))
        self._lock.flush()


@contextmanager
def owning(data_dir: Path, command: str, *, patience: float = 0.5) -> Iterator[Ownership]:
    """Take the data directory for as long as the block runs. Raises AlreadyOwned when somebody has it for longer than `patience` seconds.

    Looking who has it takes the lock for a moment too: hence never quite without patience.
    """
    prepare(data_dir)
    file = data_dir / LOCK_FILE
    until = time.monotonic() + patience
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8") as lock:
        while not _locked(lock):
            if time.monotonic() >= until:
                raise AlreadyOwned(_taken(data_dir, owner_of(data_dir)))
            time.sleep(_STEP)
        yield Ownership(lock, Owner(os.getpid(), f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", command))
        lock.seek(0)
        lock.truncate()


def owner_of(data_dir: Path) -> Owner | None:
    """Who has it now; None when nobody does."""
    file = data_dir / LOCK_FILE
    try:
        with file.open("r+", encoding="utf-8") as lock:
            if _locked(lock):
                return None
            return Owner(**json.loads(lock.read()))
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise Misconfigured(f"IBID_DATA_DIR: {file} cannot be opened: {problem.strerror}.") from problem
    except (ValueError, TypeError):  # between the lock and the note
        return Owner(0, "just now", "…")


def prepare(data_dir: Path) -> None:
    """Make the data directory, for this user alone. Raises Misconfigured when nothing can be written there."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as problem:
        raise Misconfigured(f"IBID_DATA_DIR is {data_dir}: that is a file, or lies below one; name a folder.") from problem
    except OSError as problem:
        raise Misconfigured(f"IBID_DATA_DIR is {data_dir}, which cannot be made: {problem.strerror}.") from problem
    if not os.access(data_dir, os.W_OK | os.X_OK):
        raise Misconfigured(f"IBID_DATA_DIR is {data_dir}, which this user may not write to.")


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _taken(data_dir: Path, owner: Owner | None) -> str:
    who = str(owner) if owner else "Another process"
    return f"{who} already works on {data_dir}. Wait for its end, end it, or set IBID_DATA_DIR to another folder."
