"""What every command is: a name, a sentence, its arguments, and what it does."""

from __future__ import annotations

import gc
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Command:
    """`run` gives the exit code: 0 done, 1 not done, 2 asked for wrongly."""

    name: str
    summary: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]
    passes_on: bool = False  # arguments that are not known here are another package's: they stand in options.rest


def no_arguments(_: ArgumentParser) -> None:
    """For commands that take none."""


def begin(*, server: bool = False, demo: bool = False) -> Settings:
    """Read the settings and open the log: to stderr for a server, to a file where a person reads the terminal."""
    from bot.logs import log_to_file, log_to_stderr
    from bot.settings import read_settings

    os.umask(0o077)  # what Ibid writes is its user's alone, also in a directory that others may enter
    settings = read_settings()
    if demo:
        settings = replace(settings, data_dir=settings.data_dir / "demo")
    if server:
        log_to_stderr(settings.log_level)
    else:
        log_to_file(settings.log_level, settings.data_dir)
    return settings


def hurry() -> None:
    """Collect no garbage while starting: a million objects are made that stay, and looking through them takes a fifth of the time."""
    gc.disable()


def settle() -> None:
    """Started: collect again, but never look at what start-up made; the loop would stand still for that long."""
    gc.freeze()
    gc.enable()
