"""Runs benchmarks one after the other, each in a process of its own: python -m tests.benchmarks [name …]"""

from __future__ import annotations

import subprocess
import sys
from contextlib import nullcontext

from tests.benchmarks.side_by_side import one_core

ON_ONE_CORE = {"cached_answer": False, "search_at_scale": True, "reindexing": False, "reranking": False, "checking": False}


def main(chosen: list[str]) -> int:
    """The first failure ends it."""
    for name in chosen or list(ON_ONE_CORE):
        print(f"\n== {name}", flush=True)  # noqa: T201  its purpose
        with one_core() if ON_ONE_CORE[name] else nullcontext():
            done = subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}"], check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
