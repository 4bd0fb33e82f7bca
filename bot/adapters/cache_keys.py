"""What both caches agree on: how a key says its kind, how a value names another key, how large it may be, and how hits are counted."""

from __future__ import annotations

from collections import Counter

KINDS = ("context", "answer", "embedding")
LARGEST = 256 * 1024  # bytes of one value


def kind_of(key: str) -> str:
    """The word before the first colon; a key that does not begin so has no kind."""
    kind, colon, _ = key.partition(":")
    return kind if colon and kind.isascii() and kind.isidentifier() else ""


def named_by(value: bytes) -> str | None:
    """The key that a value's first line names, if it is one."""
    line = value.partition(b"\n")[0]
    if not line.startswith(tuple(f"{kind}:".encode() for kind in KINDS)):
        return None
    try:
        return line.decode()
    except UnicodeDecodeError:
        return None


class Tally:
    """How often each kind was found and missed since this process started."""

    def __init__(self) -> None:
        self.hits: Counter[str] = Counter()
        self.misses: Counter[str] = Counter()

    def count(self, key: str, value: bytes | None) -> None:
        (self.misses if value is None else self.hits)[kind_of(key)] += 1
