"""What a database refused, in words for the operator: what is wrong with the file, and what to do."""

from __future__ import annotations

import sqlite3

_PRIMARY = 0xFF  # of an extended error code of SQLite
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_CLOSED = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_TAKEN = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def told(cause: BaseException | None, file: str, cure: str) -> str:
    """One sentence about `file`. `cure` is what to do when it is damaged. Statements and their values are never repeated."""
    code = getattr(cause, "sqlite_errorcode", None)
    code = code & _PRIMARY if isinstance(code, int) else None
    if code in _DAMAGED:
        return f"{file} is damaged: {cure}."
    if code in _FULL:
        return f"{file} cannot be written: the disk is full, or fails. Free some space there and try again."
    if code in _CLOSED:
        return f"{file} may not be opened or written: check its permissions, and those of its folder."
    if code in _TAKEN:
        return f"{file} is locked by another program: end that one and try again."
    return f"{file} did not take what was asked of it ({type(cause).__name__})."
