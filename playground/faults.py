"""What goes wrong on purpose: answers that are late, refused, lost or never come."""

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Literal

FaultKind = Literal["rate_limited", "server_error", "dropped", "answer_lost", "refused", "slow"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One misfortune; `seconds` is Retry-After or the delay, `error` the code of a refusal."""

    kind: FaultKind
    seconds: float = 0.0
    error: str = ""


class Faults:
    """Misfortunes waiting for a method's next calls, in order."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)

    def rate_limit(self, method: str, *, times: int = 1, retry_after: int = 1) -> None:
        """Answer the next calls with 429 and Retry-After."""
        self._plan(method, Fault("rate_limited", seconds=retry_after), times)

    def server_error(self, method: str, *, times: int = 1) -> None:
        self._plan(method, Fault("server_error"), times)

    def drop(self, method: str, *, times: int = 1) -> None:
        """Read the call, do nothing, and close the connection."""
        self._plan(method, Fault("dropped"), times)

    def lose_answer(self, method: str, *, times: int = 1) -> None:
        """Do what was asked, then close the connection: the caller cannot know that it worked."""
        self._plan(method, Fault("answer_lost"), times)

    def refuse(self, method: str, error: str, *, times: int = 1) -> None:
        self._plan(method, Fault("refused", error=error), times)

    def slow(self, method: str, seconds: float, *, times: int = 1) -> None:
        self._plan(method, Fault("slow", seconds=seconds), times)

    def next(self, method: str) -> Fault | None:
        waiting = self._waiting[method]
        return waiting.popleft() if waiting else None

    def _plan(self, method: str, fault: Fault, times: int) -> None:
        self._waiting[method].extend([fault] * times)
