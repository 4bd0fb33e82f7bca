"""Runs mutants in copies of the tree, where nothing of yours is touched."""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from py_compile import PycInvalidationMode
from queue import SimpleQueue
from typing import Literal

from tests.mutants.mutant import Mutant

HOME = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis")
AT_ONCE = 2
PATIENCE = 120.0  # seconds for the tests of one mutant; whoever waits longer hangs, which a test would have noticed
FAILED = 1  # pytest's exit status for tests that ran and failed; any other says that they did not run

Ending = Literal["noticed", "survived", "broken"]


@dataclass(frozen=True)
class Verdict:
    """What became of one mutant."""

    mutant: Mutant
    ending: Ending
    seconds: float
    said: str = ""  # by pytest, where it was not noticed


@contextmanager
def a_copy() -> Iterator[Path]:
    """The tree as it stands. Bytecode is checked by its content, so that a change within the same second counts."""
    with tempfile.TemporaryDirectory(prefix="ibid-mutants-", ignore_cleanup_errors=True) as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(HOME, tree, ignore=LEFT_OUT)
        for package in ("bot", "knowledge", "evals", "playground", "tests"):
            compileall.compile_dir(tree / package, quiet=2, workers=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)
        yield tree


def unchanged(mutants: Sequence[Mutant]) -> str:
    """What fails before anything is changed; empty when all the tests pass, as they must for a failure to mean something."""
    tests = sorted({test for mutant in mutants for test in mutant.tests})
    with a_copy() as tree:
        status, said = _tested(tree, tests, patience=PATIENCE * 5)
    return "" if status == 0 else said


def run(mutants: Sequence[Mutant], told: Callable[[Verdict], None]) -> list[Verdict]:
    """Each mutant by itself, several at once; `told` hears of each as it ends."""
    copies: SimpleQueue[Path] = SimpleQueue()
    telling = threading.Lock()

    def one(mutant: Mutant) -> Verdict:
        tree = copies.get()
        try:
            verdict = _verdict(mutant, tree)
        finally:
            copies.put(tree)
        with telling:
            told(verdict)
        return verdict

    with a_copy() as first, a_copy() as second, ThreadPoolExecutor(AT_ONCE) as pool:
        copies.put(first)
        copies.put(second)
        return list(pool.map(one, mutants))


def _verdict(mutant: Mutant, tree: Path) -> Verdict:
    began = time.perf_counter()
    if trouble := mutant.trouble(tree):  # somebody changed the source between the look at it and the copy
        return Verdict(mutant, "broken", 0.0, trouble)
    source = tree / mutant.file
    before = source.read_text(encoding="utf-8")
    source.write_text(mutant.applied(tree), encoding="utf-8")
    try:
        status, said = _tested(tree, mutant.tests, patience=PATIENCE)
    except subprocess.TimeoutExpired:
        return Verdict(mutant, "noticed", time.perf_counter() - began)
    finally:
        source.write_text(before, encoding="utf-8")
    ending: Ending = "noticed" if status == FAILED else "survived" if status == 0 else "broken"
    return Verdict(mutant, ending, time.perf_counter() - began, "" if ending == "noticed" else said)


def _tested(tree: Path, tests: Sequence[str], *, patience: float) -> tuple[int, str]:
    """Pytest's status over these tests in that tree, stopping at the first that fails, and the end of what it said."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, timeout=patience, check=False)
    return done.returncode, (done.stdout + done.stderr)[-3000:]
