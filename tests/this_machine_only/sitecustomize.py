"""Refuse every connection that leaves this machine; Python loads this file at its start in each child process of the tests."""

from __future__ import annotations

import ipaddress
import sys

WATCHED = frozenset({"socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"})
refused: list[str] = []


class LeavesThisMachineError(OSError):
    """A test, or what it started, asked for an address that is not this machine's."""


def refuse_strangers(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: it sees what C code opens, too, and cannot be taken away again."""
    if event not in WATCHED:
        return
    host = _host(event, arguments)
    if host is not None and not _is_here(host):
        refused.append(f"{event} {host}")
        raise LeavesThisMachineError(f"tests talk to this machine only, not to {host}")


def _host(event: str, arguments: tuple[object, ...]) -> str | None:
    """The host that is asked for; a Unix socket has none."""
    asked = arguments[1] if event in {"socket.connect", "socket.sendto"} else arguments[0]
    if isinstance(asked, tuple):
        asked = asked[0]
    elif event in {"socket.connect", "socket.sendto"}:
        return None
    return asked.decode() if isinstance(asked, bytes) else asked if isinstance(asked, str) else None


def _is_here(host: str) -> bool:
    if host in {"", "localhost", "localhost.localdomain"}:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


_first = sys.modules.get("sitecustomize")  # in a worker of the tests Python has loaded this file already, under its own name
if _first is not None and _first is not sys.modules[__name__] and hasattr(_first, "refuse_strangers"):
    refused = _first.refused
    LeavesThisMachineError = _first.LeavesThisMachineError  # type: ignore[misc]  # the class that is raised is the first one's
else:
    sys.addaudithook(refuse_strangers)
