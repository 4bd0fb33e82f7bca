"""Watches the event loop's thread: how long each callback burns, and which heavy packages it calls."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import pytest

MOST_CPU = 0.1  # seconds of one callback
NOT_ON_THE_LOOP = frozenset(
    "chromadb tantivy onnxruntime onnx tokenizers llama_index pdfplumber pdfminer docx lxml bs4 markdown_it".split()
)
OURS = frozenset(
    "words keyword store searching live embedding reading catalog corpus indexing splitting connectors".split()
)  # parts of knowledge/ that call them, or do their kind of work


@dataclass
class Watch:
    """What was seen."""

    burnt: list[tuple[float, str]] = field(default_factory=list)  # thread CPU of each callback
    called: set[str] = field(default_factory=set)  # heavy modules that ran on the loop's thread

    @property
    def worst(self) -> tuple[float, str]:
        return max(self.burnt, default=(0.0, ""))


@contextmanager
def burning(watch: Watch) -> Iterator[None]:
    """The loop in debug mode, and the processor time of each of its callbacks."""
    loop = asyncio.get_running_loop()
    run = asyncio.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        began = time.thread_time()
        run(handle)
        watch.burnt.append((time.thread_time() - began, repr(handle)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio.Handle, "_run", timed)
        loop.set_debug(True)
        try:
            yield
        finally:
            loop.set_debug(False)


@contextmanager
def calling(watch: Watch) -> Iterator[None]:
    """Every call on this thread, of Python and of C. It slows the thread down: not together with `burning`."""

    def seen(frame: FrameType, event: str, given: Any) -> None:  # noqa: ANN401  what sys.setprofile passes
        if event == "call":
            module = str(frame.f_globals.get("__name__"))
        elif event == "c_call":
            owner = getattr(given, "__self__", None)
            module = str(getattr(given, "__module__", None) or type(owner).__module__)
        else:
            return
        if _heavy(module):
            watch.called.add(module)

    sys.setprofile(seen)
    try:
        yield
    finally:
        sys.setprofile(None)


def _heavy(module: str) -> bool:
    first, _, rest = module.partition(".")
    return first in NOT_ON_THE_LOOP or (first == "knowledge" and rest.partition(".")[0] in OURS)
