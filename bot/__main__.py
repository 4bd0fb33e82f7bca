"""The `ibid` command: reads what was typed, runs it, and says in one line what went wrong."""

from __future__ import annotations

import errno
import gc
import logging
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

from bot.cli import access, ask, cache, demo, doctor, erase, eval, hold, index, privacy, prompts, receipt, serve, settings  # noqa: A004 (the command is called eval)
from bot.errors import IbidError, Misconfigured

log = logging.getLogger("bot")

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
COMMANDS = (
    demo.COMMAND,
    ask.COMMAND,
    access.COMMAND,
    index.COMMAND,
    hold.COMMAND,
    erase.COMMAND,
    prompts.COMMAND,
    receipt.COMMAND,
    cache.COMMAND,
    serve.COMMAND,
    doctor.COMMAND,
    privacy.COMMAND,
    eval.COMMAND,
    settings.COMMAND,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 done, 1 not done, 2 asked for wrongly or set up wrongly, 130 interrupted."""
    _open_streams()
    options = _parsed(arguments)
    try:
        return _run(options)
    except Misconfigured as problem:
        return _complain(str(problem), 2)
    except IbidError as problem:
        return _complain(str(problem), 1)
    except KeyboardInterrupt:
        return _complain("Interrupted.", 130)
    except BrokenPipeError:  # the reader of a pipe has enough: `ibid ask … | head -1`
        _drop_output()
        return 0
    except Exception as problem:
        if isinstance(problem, OSError) and problem.errno in _NO_SPACE:
            _drop_output()  # it may be what could not be written, and would be tried again at the end
            return _complain(
                f"No space is left to write {problem.filename or 'in IBID_DATA_DIR, or the output'}. Free some and try again.", 1
            )
        from bot.logs import where

        log.exception("command failed", extra={"command": options.command})
        return _complain(f"Something unexpected went wrong ({type(problem).__name__}). The cause is in {where()}.", 1)
    finally:
        gc.unfreeze()
        gc.enable()


def _parsed(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(
        prog="ibid",
        description="Answers policy questions in the same thread and cites the passage that proves each sentence.",
        epilog="`ibid demo` shows all of it in a browser, with a sample company and no account anywhere.",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        added = commands.add_parser(command.name, help=command.summary, description=command.summary, add_help=not command.passes_on)
        command.arguments(added)
        added.set_defaults(run=command.run, passes_on=command.passes_on)
    options, rest = parser.parse_known_args(arguments)
    if rest and not options.passes_on:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    return options


def _run(options: Namespace) -> int:
    code = int(options.run(options))
    sys.stdout.flush()  # here, where it can still be said that it failed
    return code


def _open_streams() -> None:
    """One that was closed (`>&-`) is nothing to Python, and the next file that is opened, a database, would stand in its place."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115 (for as long as it runs)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # for terminals that know no ✓, and file names that are no text


def _drop_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(sentence: str, code: int) -> int:
    sys.stderr.write(f"ibid: {sentence}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
