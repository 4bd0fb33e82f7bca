"""The `ibid` command: reads what was typed, runs it, and says in one line what went wrong."""

from __future__ import annotations

import errno
import gc
import logging
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from bot.cli import ask, demo, doctor, eval, index, serve, settings  # noqa: A004 (the command is called eval)
from bot.errors import IbidError, Misconfigured

log = logging.getLogger("bot")

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
COMMANDS = (demo.COMMAND, ask.COMMAND, index.COMMAND, serve.COMMAND, doctor.COMMAND, eval.COMMAND, settings.COMMAND)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 done, 1 not done, 2 asked for wrongly or set up wrongly, 130 interrupted."""
    options = _parsed(arguments)
    try:
        return int(options.run(options))
    except Misconfigured as problem:
        return _complain(str(problem), 2)
    except IbidError as problem:
        return _complain(str(problem), 1)
    except KeyboardInterrupt:
        return _complain("Interrupted.", 130)
    except BrokenPipeError:  # the reader of a pipe has enough: `ibid ask … | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as problem:
        if isinstance(problem, OSError) and problem.errno in _NO_SPACE:
            return _complain(f"No space is left to write {problem.filename or 'in IBID_DATA_DIR'}. Free some and try again.", 1)
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


def _complain(sentence: str, code: int) -> int:
    sys.stderr.write(f"ibid: {sentence}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
