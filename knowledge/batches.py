"""Many ids in one question to a database: SQLite takes some ten thousand values at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Column, Connection, Delete, Row, Select, Update

MOST = 10_000
Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int = MOST) -> Iterator[Sequence[Item]]:
    """The items, at most `size` at a time."""
    whole = list(items)
    return (whole[start : start + size] for start in range(0, len(whole), size))


def rows(connection: Connection, query: Select[Any], column: Column[Any], wanted: Iterable[object]) -> Iterator[Row[Any]]:
    """What the query finds where the column has one of these values."""
    for batch in batches(wanted):
        yield from connection.execute(query.where(column.in_(batch))).all()


def change(connection: Connection, statement: Delete | Update, column: Column[Any], wanted: Iterable[object]) -> None:
    """Do it where the column has one of these values."""
    for batch in batches(wanted):
        connection.execute(statement.where(column.in_(batch)))
