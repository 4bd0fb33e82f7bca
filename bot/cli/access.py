"""`ibid access DOCUMENT|PERSON|CHANNEL`: who can see what, and why."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from bot.cli.command import Command, begin, hurry

if TYPE_CHECKING:
    from bot.owner_socket import Line


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("about", nargs="+", help="a document's path or title, @person, or #channel; a Slack id for either")
    parser.add_argument("--json", action="store_true", help="print it as JSON")


def _run(options: Namespace) -> int:
    hurry()
    from bot.cli.reaching import reach

    return reach(begin(), {"do": "access", "about": " ".join(options.about)}, _as_json if options.json else _as_tables)


async def _as_json(lines: AsyncIterator[Line]) -> int:
    async for line in lines:
        sys.stdout.write(json.dumps(line["access"], indent=2, ensure_ascii=False) + "\n")
        return 0
    return 1


async def _as_tables(lines: AsyncIterator[Line]) -> int:
    from bot.cli.access_shown import show

    async for line in lines:
        show(line["access"])
        return 0
    return 1


COMMAND = Command(
    name="access",
    summary="Say who can see a document, a person's documents, or what a channel is shown; and why.",
    arguments=_arguments,
    run=_run,
)
