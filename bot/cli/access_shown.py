"""Who can see what, as the terminal shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.cli.terminal import console, printable, put

if TYPE_CHECKING:
    from rich.table import Table

    from bot.owner_socket import Line

_TITLES = 3  # of the documents under one rule


def show(told: Line) -> None:
    """A document, a person or a channel."""
    {"document": _document, "person": _person, "channel": _channel}[told["kind"]](told)
    put(f"\nAsked: {told['asked']}.")


def _document(told: Line) -> None:
    put(f"{told['title']} ({told['document']})")
    put(f"Who may read it: {told['rule']}.\n")
    rows = [(person["name"], person["id"], person["kind_of_account"], person["because"]) for person in told["people"]]
    _print(("Person", "Slack id", "Account", "Because"), rows)
    others = told["others"]
    put(f"{others} other {'person' if others == 1 else 'people'} may not read it." if others else "Nobody is kept from it.")
    if told["channels"]:
        put("")
        shown = [(f"#{one['channel']}", "yes" if one["shown"] else "no", one["because"]) for one in told["channels"]]
        _print(("Channel", "Shown there", "Because"), shown)


def _person(told: Line) -> None:
    put(f"{told['name']} ({told['id']}): {told['kind_of_account']}{', admin of Ibid' if told['admin'] else ''}")
    groups = ", ".join(told["groups"]) or "none"
    put(f"Groups: {groups if told['groups_known'] else 'not known, so that in channels only what everyone may read counts'}")
    put(f"Named in rules as: {', '.join(told['names'])}\n")
    if told["documents"]:
        rows = sorted((row["because"] == "everyone", row["because"], row["title"], row["document"]) for row in told["documents"])
        _print(("Because", "Document", "Path"), [row[1:] for row in rows])
    hidden = told["hidden"]
    put(
        f"{hidden} {'document is' if hidden == 1 else 'documents are'} not shown to {told['name']}."
        if hidden
        else "No document is kept back."
    )


def _channel(told: Line) -> None:
    put(f"#{told['channel']} ({told['id']}): {told['place'].replace('_', ' ')}")
    number = told["applied"]["number"]
    put(f"{f'Rule {number}: ' if number else ''}{told['applied']['words']}")
    if not told["recorded"]:
        put("Nothing of what is asked there is kept.")
    put("")
    rules = [(one["rule"], "yes" if one["shown"] else "no", one["because"], _few(one["titles"])) for one in told["rules"]]
    _print(("Documents for", "Said there", "Because", "Such as"), rows=rules)
    for grant in told["grants"]:
        state = "holds" if grant["holds"] else f"does not hold: {grant['why_not'] or 'not everyone who reads there is known'}"
        put(f"Grant of {grant['label']} by {grant['by']} until {grant['until']} ({grant['reason']}): {state}.")
    put("")
    readers = [(one["name"], one["id"], _counts(one), ", ".join(one["groups"])) for one in told["readers"]]
    _print(("Member", "Slack id", "Account", "Groups"), readers)


def _counts(reader: Line) -> str:
    if reader["kind_of_account"] in ("app", "deactivated account"):
        return f"{reader['kind_of_account']}, {'stores messages: counts' if reader['stores'] else 'does not count'}"
    return str(reader["kind_of_account"])


def _few(titles: Sequence[str]) -> str:
    more = len(titles) - _TITLES
    return ", ".join(titles[:_TITLES]) + (f" and {more} more" if more > 0 else "")


def _print(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.table import Table

    table: Table = Table(box=None, pad_edge=False)
    for name in head:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(printable(_plain(cell)) for cell in row))
    console().print(table)


def _plain(cell: str) -> str:
    """What stands in brackets is no markup here."""
    from rich.markup import escape

    return escape(cell)
