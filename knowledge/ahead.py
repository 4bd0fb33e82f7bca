"""Windows are embedded while the next files are read, and kept while the next are embedded: the embedder is what a first run waits for."""

from __future__ import annotations

from collections import deque
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from threading import Event
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import TracebackType

    from knowledge.holdings import Holdings
    from knowledge.values import Version, Window

BATCH = 128  # windows embedded and kept at a time: what a killed run has to do again at most, and those that were being kept
LOOK_UP = 0.1  # seconds of waiting, after which progress is told again: whoever hears it may end the run


class Ahead:
    """Takes windows, embeds them in a second thread and keeps them in a third, in which alone the store is used while this is open."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._embedding = ThreadPoolExecutor(1, thread_name_prefix="ahead")
        self._keeping = ThreadPoolExecutor(1, thread_name_prefix="keep")
        self._stopped = Event()
        self._taken: set[str] = set()
        self._gathered: list[Window] = []
        self._coming: deque[Future[None]] = deque()
        self._kept: Future[None] = Future()  # the batch before
        self._kept.set_result(None)
        self._embedded = self._there = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """What is not embedded by now is left to the next run, or to whoever looks for windows without a vector."""
        self._stopped.set()
        self._embedding.shutdown(cancel_futures=True)
        self._keeping.shutdown()

    def keep(self, version: Version) -> None:
        """Catalogue a version, and take its windows."""
        self.take(self._holdings.keep(version))

    def take(self, windows: Iterable[Window]) -> None:
        """Returns at once. Raises what went wrong with windows taken before."""
        for window in windows:
            if window.id not in self._taken:
                self._taken.add(window.id)
                self._gathered.append(window)
            if len(self._gathered) >= BATCH:
                self._hand_over()
        while self._coming and self._coming[0].done():
            self._coming.popleft().result()

    def finish(self, progress: Callable[[int, int], None]) -> int:
        """Wait until all that was taken is kept, and say how many were embedded. Raises what went wrong, and what `progress` raises."""
        self._hand_over()
        while self._coming:
            wait({self._coming[0]}, LOOK_UP)
            progress(self._embedded + self._there, len(self._taken))
            if self._coming[0].done():
                self._coming.popleft().result()
        self._kept.result()
        return self._embedded

    def _hand_over(self) -> None:
        if not self._gathered:
            return
        batch, self._gathered = self._gathered, []
        there = self._keeping.submit(self._holdings.store.have, [window.id for window in batch])
        self._coming.append(self._embedding.submit(self._embed, batch, there))

    def _embed(self, batch: Sequence[Window], there: Future[set[str]]) -> None:
        have = there.result()
        self._there += len(have)
        new = [window for window in batch if window.id not in have]
        before = self._embedded
        vectors = self._holdings.embedder.embed_windows([window.text for window in new], lambda done: self._advance(before + done))
        self._embedded = before + len(new)
        self._kept.result()
        self._kept = self._keeping.submit(self._holdings.store.add, new, vectors)

    def _advance(self, embedded: int) -> None:
        if self._stopped.is_set():
            raise CancelledError
        self._embedded = embedded
