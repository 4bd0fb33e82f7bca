"""`ibid erase DOCUMENT`: take a document away for good, and every byte of its text and vectors."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from bot.cli.command import Command, begin, hurry
from bot.errors import Misconfigured

if TYPE_CHECKING:
    from bot.owner_socket import Line

SURE = "Nothing brings {document} back, and its file is never read again. Type its name once more to erase it: "


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("document", help="its name as `ibid index` lists it, such as leave/annual-leave-uk.md")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def _run(options: Namespace) -> int:
    hurry()
    settings = begin()
    _confirm(options)
    from bot.cli.reaching import reach

    return reach(settings, {"do": "erase", "document": options.document}, _show)


def _confirm(options: Namespace) -> None:
    """Raises Misconfigured where it is not meant, or nobody can be asked."""
    from bot.cli.terminal import asked, can_ask

    if options.yes:
        return
    if not can_ask():
        raise Misconfigured("Nobody can be asked here whether it is meant; --yes says so.")
    typed = asked(SURE.format(document=options.document))
    if typed != options.document:
        raise Misconfigured(f"{'That is another name' if typed else 'No name was typed'}; nothing was erased.")


async def _show(lines: AsyncIterator[Line]) -> int:
    from bot.cli.index_shown import counted, followed
    from bot.cli.terminal import put

    last = await followed(lines)
    if last is None:
        return 1
    erased = last["erased"]
    words = f"{counted(erased['versions'], 'version')}, {counted(erased['passages'], 'passage')}"
    remembered = f", and {counted(erased['forgotten'], 'entry', 'entries')} of the cache" if erased["forgotten"] else ""
    cited = f", and what {counted(erased['receipts'], 'receipt')} had of it" if erased["receipts"] else ""
    put(f"{erased['document']} is erased: {words}{remembered}{cited}.")
    put("Copies may remain elsewhere:")
    for sentence in erased["elsewhere"]:
        put(f"  {sentence}")
    return 0


COMMAND = Command(name="erase", summary="Take a document away for good, and every byte of it here.", arguments=_arguments, run=_run)
