"""`ibid cache stats|clear`: what is cached and how often it helped; and forgetting all of it. Nothing is lost by that but time."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from bot.cli.command import Command, begin

if TYPE_CHECKING:
    from bot.owner_socket import Line


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("wish", choices=("stats", "clear"), help="stats: entries and hit rates since the start; clear: forget everything")


def _run(options: Namespace) -> int:
    from bot.cli.reaching import reach

    return reach(begin(), {"do": "cache", "clear": options.wish == "clear"}, _shown)


async def _shown(lines: AsyncIterator[Line]) -> int:
    code = 1
    async for line in lines:
        if "cleared" in line:
            sys.stdout.write(f"{line['cleared']} entries of {line['where']} are forgotten.\n")
            code = 0
        elif "cache" in line:
            code = _stats(line["cache"])
    return code


def _stats(stats: Line) -> int:
    if stats["trouble"]:
        sys.stdout.write(f"The cache at {stats['where']} cannot be used: {stats['trouble']}. Ibid works without it.\n")
        return 1
    sys.stdout.write(f"{stats['entries']} entries in {stats['where']}\n")
    for kind in sorted({*stats["hits"], *stats["misses"]}):
        hits, misses = stats["hits"].get(kind, 0), stats["misses"].get(kind, 0)
        sys.stdout.write(f"{kind:10} {hits} of {hits + misses} found\n")
    return 0


COMMAND = Command(name="cache", summary="Show how often cached context helped, or forget it.", arguments=_arguments, run=_run)
