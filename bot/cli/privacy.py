"""`ibid privacy`: what is kept, why, in which form and how long, and what Slack lets Ibid see: read from the tables and the manifest."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.command import Command
from bot.errors import Misconfigured

if TYPE_CHECKING:
    from sqlalchemy import Table

BEGINS, ENDS = "<!-- made by `ibid privacy`: begins -->", "<!-- made by `ibid privacy`: ends -->"


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--into", metavar="FILE", type=Path, help="put it between the two marks of this page, such as docs/privacy.md")


def _run(options: Namespace) -> int:
    if options.into is None:
        sys.stdout.write(made())
        return 0
    page = options.into.read_text(encoding="utf-8")
    options.into.write_text(renewed(page), encoding="utf-8")
    return 0


def renewed(page: str) -> str:
    """The page with what is made here as it is today. Raises Misconfigured where the marks are missing."""
    parts = re.split(f"({re.escape(BEGINS)}|{re.escape(ENDS)})", page)
    if [part for part in parts if part in (BEGINS, ENDS)] != [BEGINS, ENDS]:
        raise Misconfigured(f"The page needs two lines, {BEGINS} and {ENDS}, once each.")
    before, begins, _, ends, after = parts
    return f"{before}{begins}\n\n{made()}\n{ends}{after}"


def made() -> str:
    """Three parts in Markdown: tables, columns, Slack's permissions."""
    from bot.adapters.conversation_tables import tables

    kept = list(tables.tables.values())
    parts = ["### What is kept, and how long", *_overview(kept), "", "### Every field"]
    for table in kept:
        parts += ["", f"**{table.name}**: {table.info['about'].words}.", "", *_fields(table)]
    parts += ["", "### What Slack lets Ibid see and do", "", *_scopes()]
    return "\n".join(parts) + "\n"


def _overview(kept: list[Table]) -> Iterator[str]:
    yield ""
    yield "| table | what for | kept |"
    yield "|---|---|---|"
    for table in kept:
        about = table.info["about"]
        yield f"| {table.name} | {about.words} | {_span(about.kept)} |"


def _fields(table: Table) -> Iterator[str]:
    from bot.adapters.declared import FORMS

    yield "| field | what for | form | kept |"
    yield "|---|---|---|---|"
    for column in table.columns:
        purpose = column.info["purpose"]
        yield f"| {column.name} | {purpose.words} | {FORMS[purpose.form]} | {_span(purpose.kept or table.info['about'].kept)} |"


def _scopes() -> Iterator[str]:
    from bot.channels.slack.manifest import EVENTS, FEATURES, METHODS, scopes

    yield "| permission | used by |"
    yield "|---|---|"
    for scope in sorted(scopes()):
        users = [name for uses in (EVENTS, METHODS, FEATURES) for name, needed in uses.items() if scope in needed]
        yield f"| {scope} | {', '.join(sorted(users))} |"


def _span(kept: timedelta | str) -> str:
    from bot.retention import in_words

    return kept if isinstance(kept, str) else in_words(kept)


COMMAND = Command(name="privacy", summary="Print what is kept, why and for how long.", arguments=_arguments, run=_run)
