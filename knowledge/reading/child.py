"""One warm child process in which files are parsed: it may hang, crash or eat memory, and the run goes on."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Any, Self, cast

from knowledge.errors import BadMetadata, CannotRead
from knowledge.reading import SUFFIXES, Reading
from knowledge.reading.wire import reading_from_wire

_MB = 1024 * 1024
_IMPORTABLE = Path(__file__).resolve().parents[2]  # the folder that holds `knowledge`


class Readers:
    """Reads files one at a time, each within its limits. The child is replaced after a crash, a timeout or full memory.

    The child gets no environment, so no secret, and answers in JSON, so nothing that it sends is executed.
    """

    def __init__(
        self,
        *,
        seconds: float = 30,
        memory: int = 1024 * _MB,
        largest: int = 100 * _MB,
        readers: Mapping[str, str] = SUFFIXES,
        pictures: bool = False,
    ) -> None:
        """`pictures` asks for those of each document too."""
        self._seconds = seconds
        self._memory = memory
        self._largest = largest
        self._readers = readers
        self._pictures = pictures
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._child = self._start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop()

    def read(self, name: str, content: bytes) -> Reading:
        """Raises CannotRead with the reason for the file's owner, or BadMetadata where its front matter does not parse."""
        if len(content) > self._largest:
            raise CannotRead(f"is {len(content) / _MB:,.0f} MB large; at most {self._largest / _MB:,.0f} MB are read")
        if PurePosixPath(name).suffix.lower() not in self._readers:
            raise CannotRead(f"has a suffix that is not read; the suffixes that are read: {', '.join(sorted(self._readers))}")
        child = self._child if self._child is not None and self._child.poll() is None else self._start()
        self._child = child
        too_slow = threading.Event()
        timer = threading.Timer(self._seconds, _end_slow, (child, too_slow))
        timer.start()
        try:
            answer = _exchange(child, self._header(name), content)
        except (OSError, EOFError, ValueError, RecursionError) as error:
            self._stop()
            if too_slow.is_set():
                raise CannotRead(f"took longer than {self._seconds:g} s to read; split it, or export it again") from error
            raise CannotRead("stopped its reader; the file is damaged, or needs more memory than a policy should") from error
        finally:
            timer.cancel()
        if "reading" in answer:
            return reading_from_wire(answer["reading"])
        if answer.get("replace"):
            self._stop()
        raise (BadMetadata if answer.get("metadata") else CannotRead)(str(answer.get("reason")))

    def _header(self, name: str) -> dict[str, object]:
        return {"name": name, "readers": dict(self._readers), "seconds": self._seconds, "pictures": self._pictures}

    def _start(self) -> subprocess.Popen[bytes]:
        self._stop()
        return subprocess.Popen(  # noqa: S603  # our own module, under our own interpreter
            [sys.executable, "-P", "-m", "knowledge.reading", str(self._memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": str(_IMPORTABLE), "PYTHONUTF8": "1"},
        )

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:  # what was not sent yet has nobody left to read it
                    continue


def _end_slow(child: subprocess.Popen[bytes], too_slow: threading.Event) -> None:
    too_slow.set()
    child.kill()


def _exchange(child: subprocess.Popen[bytes], header: Mapping[str, object], content: bytes) -> dict[str, Any]:
    """Send one file and wait for its answer. Ends with EOFError when the child dies, at the latest when the timer kills it."""
    if child.stdin is None or child.stdout is None:
        raise EOFError
    request = json.dumps(header).encode()
    child.stdin.write(struct.pack(">II", len(request), len(content)) + request)
    child.stdin.write(content)
    child.stdin.flush()
    (length,) = struct.unpack(">I", read_exactly(child.stdout, 4))
    return cast("dict[str, Any]", json.loads(read_exactly(child.stdout, length)))


def read_exactly(pipe: IO[bytes], length: int) -> bytes:
    """All bytes asked for, or EOFError."""
    received = pipe.read(length)
    if len(received) < length:
        raise EOFError
    return received
