"""How long the bot takes until it can search a data directory, and the most memory it had: in a process of its own.

python -m tests.benchmarks.whole_bot FOLDER prints both as JSON.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from importlib import import_module
from pathlib import Path

from bot.bootstrap import opened
from bot.settings import read_settings
from knowledge.values import Scope
from tests.benchmarks.questions import questions
from tests.factories import TODAY

MB = 1_000_000


def most_memory() -> float:
    """In MB. What getrusage says on Linux is its parent's, where that had more when this was started."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) * 1024 / MB for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MB


async def main(folder: str) -> None:
    """With a model set up and Slack's side loaded, but neither called."""
    began = time.perf_counter()
    import_module("bot.channels.slack.app")
    model = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "OPENAI_API_KEY": "none", "IBID_MODEL": "none"}
    settings = read_settings({"IBID_DATA_DIR": folder, "IBID_DOCUMENTS": folder, "IBID_DEFAULT_ACCESS": "everyone"} | model)
    async with opened(settings) as house:
        await house.library.ready()
        scope = Scope(frozenset(rule.label for rule in await house.library.rules()))
        seconds = time.perf_counter() - began
        for question in questions(12):
            await house.library.search(question, scope, TODAY)

    print(json.dumps({"seconds": seconds, "mb": most_memory()}))  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(str(Path(sys.argv[1]))))
