"""How a chat system's deliveries come in, whichever way they take."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aiohttp import web


class Line(Protocol):
    """One way in."""

    @property
    def name(self) -> str: ...

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        """What is answered for it on the port that Ibid listens on."""
        ...

    @property
    def deaf_after(self) -> float | None:
        """Seconds of silence that mean trouble; None where they mean that nobody asks."""
        ...

    def silence(self) -> float | None:
        """Seconds since the other side was heard; None before the first time."""
        ...

    def connected(self) -> AbstractAsyncContextManager[None]: ...

    async def watch(self) -> None:
        """Until cancelled. Raises Unavailable when the line stays deaf."""
        ...
