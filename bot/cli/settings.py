"""`ibid settings`: every environment variable, what it means, and its default; the reference and .env.example are made of it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from bot.cli.command import Command
from bot.settings import HOME, VARIABLES
from bot.variable import Variable


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--env", action="store_true", help="as a file to copy to .env")


def _run(options: Namespace) -> int:
    sys.stdout.write(env_example() if options.env else reference())
    return 0


def reference() -> str:
    """For a person at a terminal."""
    return "\n".join(f"{variable.name}\n    {variable.meaning}\n{_default(variable)}" for variable in VARIABLES)


def env_example() -> str:
    """One commented line for each variable, so that a copy changes nothing until somebody means it."""
    lines = ["# Every variable Ibid reads. Take the # away from what you set; made by `ibid settings --env`.", ""]
    for variable in VARIABLES:
        lines += [f"# {variable.meaning}"]
        if variable.secret:
            lines += [f"# A file that holds it may be named instead: {variable.name}_FILE=/run/secrets/…"]
        lines += [f"#{variable.name}={_portable(variable.default)}", ""]
    return "\n".join(lines)


def _default(variable: Variable) -> str:
    secret = f"    May come from a file: {variable.name}_FILE.\n" if variable.secret else ""
    default = f"    Default: {_portable(variable.default)}\n" if variable.default else ""
    return secret + default


def _portable(default: str) -> str:
    """Paths inside the installation are written as seen from it, so that the file is the same on every machine."""
    path = Path(default)
    return f"./{path.relative_to(HOME)}" if path.is_absolute() and path.is_relative_to(HOME) else default


COMMAND = Command(name="settings", summary="Print the environment variables that Ibid reads.", arguments=_arguments, run=_run)
