"""How long the check of one sentence takes, so that streaming is not felt: every claim once, each as if its clause was never seen before.

python -m tests.benchmarks.checking
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from bot.adapters.quote_writer import QuoteWriter
from bot.answers import Request, Source
from bot.bootstrap import built_in_embedder
from bot.flows.ground import check
from bot.settings import HOME, read_settings
from evals.claims import load_claims
from evals.claims_cli import FOLDER
from evals.desk import Desk, furnish
from knowledge.corpus import Corpus


def _times(desk: Desk) -> list[float]:
    """Milliseconds of this thread, whatever else the machine does."""
    took = []
    for claim in (claim for file in sorted(FOLDER.glob("*.yaml")) for claim in load_claims(file)):
        sources = tuple(Source(number, hit) for number, hit in enumerate(desk.clauses(claim.clause), start=1))
        request = Request(claim.question, sources, (), "", company=desk.directory.company)
        line = claim.line + "".join(f" [{source.number}]" for source in sources)
        began = time.thread_time()
        check(line, request)
        took.append(1000 * (time.thread_time() - began))
    return took


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ibid-bench-") as folder:
        corpus = Corpus.open(Path(folder), built_in_embedder(read_settings()))
        desk = asyncio.run(furnish(corpus, HOME / "handbook", (QuoteWriter(),), lambda _: None))
        took = sorted(_times(desk))
        corpus.close()
    print(f"{len(took)} sentences: median {statistics.median(took):.2f} ms, 95 % under {took[int(0.95 * len(took))]:.2f} ms")  # noqa: T201  its purpose


if __name__ == "__main__":
    main()
