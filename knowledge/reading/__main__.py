"""What the child process runs: take a file from the pipe, parse it, answer with its reading or the reason why not."""

from __future__ import annotations

import json
import math
import os
import signal
import struct
import sys
from typing import IO, Any

from knowledge.errors import BadMetadata, CannotRead
from knowledge.reading import read
from knowledge.reading.wire import reading_to_wire

_OUT_OF_MEMORY = "needs more memory to read than a policy should; split it, or leave out its pictures"


def main() -> None:
    """Serve the parent until it closes the pipe."""
    _limit_memory(int(sys.argv[1]))
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what a parser prints must not get into the answers
    while sizes := requests.read(8):
        header_size, size = struct.unpack(">II", sizes)
        request = json.loads(requests.read(header_size))
        signal.alarm(math.ceil(request["seconds"]) + 5)  # should the parent be gone, nobody else would end a parser that hangs
        answer = _answer(request, requests.read(size))
        signal.alarm(0)
        _send(answers, answer)


def _answer(request: dict[str, Any], content: bytes) -> bytes:
    try:
        reading = read(request["name"], content, request["readers"], pictures=request["pictures"])
        return json.dumps({"reading": reading_to_wire(reading)}).encode()
    except CannotRead as error:
        return json.dumps({"reason": str(error)}).encode()
    except BadMetadata as error:
        return json.dumps({"reason": str(error), "metadata": True}).encode()
    except MemoryError:
        return json.dumps({"reason": _OUT_OF_MEMORY, "replace": True}).encode()
    except RecursionError:
        return json.dumps({"reason": "is nested deeper than any document should be; export it again"}).encode()
    except Exception as error:  # noqa: BLE001  # one of the five edges: whatever a parser raises is about this file alone
        return json.dumps({"reason": f"cannot be parsed ({type(error).__name__}); it may be damaged: open it and save it again"}).encode()


def _send(answers: IO[bytes], answer: bytes) -> None:
    answers.write(struct.pack(">I", len(answer)) + answer)
    answers.flush()


def _limit_memory(most: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the time limit still holds
        return
    try:
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash leaves no dump with the document's text
    except (ValueError, OSError):  # macOS refuses to limit the address space
        return


if __name__ == "__main__":
    main()
