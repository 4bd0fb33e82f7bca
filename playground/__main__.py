"""`python -m playground`: serve the pretend workspace on this machine until interrupted.

The one address that it prints serves all of it: the page at /, Slack's Web API at /api/, and the pretend model at /v1 (key `pretend`,
model `pretend-tuned`), which answers 404 until somebody chooses it in the page.
"""

import argparse
import asyncio
import json
import signal
import sys
from contextlib import suppress
from pathlib import Path

from playground.demo import FIRST_MINUTE, read_first_minute
from playground.errors import RosterError
from playground.roster import Roster, read_roster
from playground.workspace import SCOPES, Setting, Workspace


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line, serve, and answer the exit code."""
    wanted = _parser().parse_args(arguments)
    try:
        subscribed, scopes = _manifest(wanted.manifest)
        setting = Setting(
            port=wanted.port,
            subscribed=subscribed,
            scopes=scopes,
            strict=False,
            first_minute=read_first_minute(wanted.first_minute),
            word_pause=wanted.word_pause,
            writer=wanted.writer,
        )
        asyncio.run(_serve(read_roster(wanted.workspace), setting, wanted))
    except RosterError as reason:
        print(f"playground: {reason}", file=sys.stderr)  # noqa: T201  the command line's only voice
        return 2
    except OSError as reason:
        print(f"playground: cannot listen on port {wanted.port} ({reason}); --port 0 picks a free one", file=sys.stderr)  # noqa: T201  the same
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m playground", description="A pretend Slack workspace with a page to look at.")
    parser.add_argument("--workspace", type=Path, required=True, help="people, groups and channels (YAML)")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one; only this machine is served")
    parser.add_argument("--ready-file", type=Path, help="where to write the address once it answers")
    parser.add_argument("--until-stdin-ends", action="store_true", help="end with whoever holds the other side of standard input")
    parser.add_argument("--manifest", type=Path, help="a Slack manifest: send only the events it subscribes to")
    parser.add_argument("--first-minute", type=Path, default=FIRST_MINUTE, help="the guided first steps (YAML)")
    parser.add_argument("--word-pause", type=float, default=0.03, help="seconds between two words of the pretend model")
    parser.add_argument("--writer", default="", help="the name of the real model that writes: the page then offers no other")
    return parser


def _manifest(path: Path | None) -> tuple[frozenset[str] | None, str]:
    if path is None:
        return None, SCOPES
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        events = frozenset(manifest["settings"]["event_subscriptions"]["bot_events"])
        return events, ",".join(manifest["oauth_config"]["scopes"]["bot"])
    except (OSError, ValueError, KeyError, TypeError) as reason:
        raise RosterError(f"{path}: not a Slack manifest with bot events and scopes ({reason!r})") from reason


async def _serve(roster: Roster, setting: Setting, wanted: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError):  # Windows has no signal handlers in the loop; Ctrl-C still ends it there
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stopped.set)
    if wanted.until_stdin_ends:
        await loop.connect_read_pipe(lambda: _Ending(stopped), sys.stdin)
    async with Workspace.start(roster, setting) as workspace:
        if wanted.ready_file:
            await asyncio.to_thread(_write_whole, wanted.ready_file, workspace.address)
        print(workspace.address, flush=True)  # noqa: T201  whoever started it reads the address here
        await stopped.wait()
        for method, field in workspace.unexpected:
            print(f"playground: unexpected {method}({field})", file=sys.stderr)  # noqa: T201  the command line's only voice


class _Ending(asyncio.Protocol):
    """A pipe that ends when its other side does, also when that was killed and could tell nobody."""

    def __init__(self, stopped: asyncio.Event) -> None:
        self._stopped = stopped

    def connection_lost(self, _: Exception | None) -> None:
        self._stopped.set()


def _write_whole(path: Path, text: str) -> None:
    """Write through a neighbour, so that whoever waits for the file never reads half of it."""
    draft = path.with_name(path.name + ".part")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


if __name__ == "__main__":
    sys.exit(main())
