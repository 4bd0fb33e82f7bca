"""How long a question waits for Ibid's first call to Slack and for its reply: asked for the first time, and answered before.

Run with a redis-server installed: python -m tests.benchmarks.cached_answer
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bot.bootstrap import built_in_embedder
from tests.office import Office, an_office
from tests.redis_server import RedisServer

ROUNDS = 60
QUESTIONS = tuple(
    f"How many days of annual leave can I carry over in the UK, and by when are they taken, case {number}?" for number in range(ROUNDS)
)


async def _times(office: Office, question: str) -> tuple[float, float]:
    """Milliseconds from the event to the first call of any kind, and to the finished reply."""
    before = len(office.slack.calls)
    began = time.perf_counter()
    asked = office.slack.say("priya", "ask-policy", f"@Ibid {question}")
    await office.slack.until(lambda: len(office.slack.calls) > before or None, 30)
    first = time.perf_counter()
    await office.slack.until(lambda: next((one for one in office.slack.replies_to(asked) if one.metadata and not one.streaming), None), 30)
    whole = time.perf_counter()
    await office.quiet()
    return (first - began) * 1000, (whole - began) * 1000


async def main() -> None:
    logging.disable(logging.CRITICAL)
    with ExitStack() as undo:
        folder = Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="ibid-bench-")))
        redis = RedisServer(shutil.which("redis-server") or "redis-server")
        undo.callback(redis.close)
        async with an_office(folder, built_in_embedder, REDIS_URL=redis.url) as office:
            await _times(office, "How many days of annual leave are there in Germany?")  # what is loaded once is loaded now
            new = [await _times(office, question) for question in QUESTIONS]
            known = [await _times(office, question) for question in QUESTIONS]
    for name, times in (("new", new), ("answered before", known)):
        first, whole = (statistics.median(column) for column in zip(*times, strict=True))
        print(f"{name:16} first call {first:6.1f} ms   finished reply {whole:6.1f} ms   (medians of {len(times)})")  # noqa: T201  its purpose


if __name__ == "__main__":
    asyncio.run(main())
