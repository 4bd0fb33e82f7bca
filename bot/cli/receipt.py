"""`ibid receipt ID`: what is kept behind an answer. No question and no sentence: quotes only for a person who may read them."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING

from bot.cli.command import Command, begin, hurry

if TYPE_CHECKING:
    from bot.owner_socket import Line


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("receipt", metavar="ID", help="as it stands behind an answer and in the log, such as 1f2e-3d4c")
    parser.add_argument(
        "--as", dest="person", metavar="PERSON", default="", help="show quotes too, as far as this person may read them today"
    )
    parser.add_argument("--json", action="store_true", help="print the whole of it as JSON")


def _run(options: Namespace) -> int:
    hurry()
    settings = begin()
    from bot.cli.reaching import reach

    request = {"do": "receipt", "receipt": options.receipt, "person": options.person}
    return reach(settings, request, partial(_show, as_json=options.json))


async def _show(lines: AsyncIterator[Line], *, as_json: bool) -> int:
    from bot.cli.index_shown import followed, print_json
    from bot.cli.terminal import put

    last = await followed(lines, bars=False)
    if last is None:
        return 1
    told = last["receipt"]
    if as_json:
        print_json(told)
        return 0
    put(f"{told['id']}: {told['outcome'] or 'not finished'}, {told['opened_at'][:16].replace('T', ' ')} UTC")
    put(f"  readers     {told['readers']}; they may read {', '.join(told['labels']) or 'nothing'}")
    put(f"  documents   edition {told['edition'] or '–'}, as of {told['as_of'] or '–'}")
    put(f"  writer      {told['writer'] or '–'}, prompt {told['prompt_hash'] or '–'}{', draft remembered' if told['remembered'] else ''}")
    for one in told["tried"]:
        put(f"  before it   {one['writer']}: {one['reason']}")
    put(f"  sure        {told['confidence']} (answers from {told['threshold']})")
    if told["tokens"]:
        put(f"  tokens      {told['tokens']['prompt']} ({told['tokens']['cached']} cached), {told['tokens']['written']} written")
    if told["milliseconds"]:
        put(f"  took        {', '.join(f'{name} {spent:,.0f} ms' for name, spent in told['milliseconds'].items())}")
    for number, said in enumerate(told["sentences"], start=1):
        _sentence(number, said)
    for one in told["left_out"]:
        put(f"  left out    {one['hash']}: {one['why']}")
    return 0


def _sentence(number: int, said: Line) -> None:
    from bot.cli.terminal import put

    put(f"  sentence {number}  {said['hash']}, score {said['score']}{', a condition' if said['condition'] else ''}")
    for proof in said["proofs"]:
        put(f"    {proof['document']}, version {proof['version'] or '–'}, passage {proof['passage']}, {proof['start']}–{proof['end']}")
        if "quote" in proof:
            put(f"      “{proof['quote']}”" if proof["quote"] else "      not to be read by this person, or other by now")


COMMAND = Command(name="receipt", summary="Show what is kept behind an answer.", arguments=_arguments, run=_run)
