"""`ibid eval …`: the golden questions, run by the package evals, which is loaded only here and now."""

from __future__ import annotations

from argparse import Namespace

from bot.cli.command import Command, begin, no_arguments


def _run(options: Namespace) -> int:
    begin()
    from evals.cli import main

    return main(options.rest)


COMMAND = Command(
    name="eval",
    summary="Ask the golden questions and print how good the answers are.",
    arguments=no_arguments,
    run=_run,
    passes_on=True,
)
