"""A reader that does what the file tells it: hang, crash, eat memory, print, raise."""

from __future__ import annotations

import os
import signal

from knowledge.reading import Reading
from knowledge.values import Block, Section


def read(content: bytes) -> Reading:
    match content:
        case b"hang":
            while True:
                signal.pause()
        case b"crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case b"eat":
            return Reading((Section((), (Block("paragraph", "x" * len(bytearray(2**34))),)),))
        case b"print":
            os.write(1, b"noise that must not get into the pipe")
        case b"raise":
            raise ZeroDivisionError("secret words of the document")
        case b"environment":
            return Reading((Section((), (Block("paragraph", " ".join(os.environ)),)),))
    return Reading((Section((), (Block("paragraph", f"{os.getpid()}"),)),))
