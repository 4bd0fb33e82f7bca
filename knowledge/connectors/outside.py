"""What a connector needs of the world outside, so that a company's proxy, a test and a clock can be put in its place."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass


def resolve(host: str, port: int) -> tuple[str, ...]:
    """Every address of a host, in the order in which the system would try them. Raises OSError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a part of more than 63 letters
        raise OSError("no host is called that") from error
    return tuple(dict.fromkeys(str(where[0]) for *_, where in found))


def _directly(_: str) -> None:
    return None


def _go_on() -> None:
    """Nobody has said that it should end."""


@dataclass(frozen=True, kw_only=True)
class Outside:
    """The way out. What it is made of without arguments asks directly and believes the system's authorities."""

    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
    proxy: Callable[[str], str | None] = _directly  # through which proxy an address is asked; None: through none
    resolve: Callable[[str, int], tuple[str, ...]] = resolve
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    step: Callable[[], None] = _go_on  # called before each request; what it raises ends the look
    also_allowed: frozenset[str] = frozenset()  # addresses of machines that are asked although they are not public; no setting names any
