"""Personal data in a text, counted by kind for the document's owner: it stays, as a policy may need it, and its owner is told."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.reading.remarks import counted, listed
from knowledge.sentences import cells

REMARK = "Holds {what}; check that everyone who may read this document may see that."
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_SSN = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")
_NINO = re.compile(r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")
_TAX_ID = re.compile(r"(?:Steuer|\bIdNr|tax (?:id|number))\D{0,40}(\d[\d ]{9,13}\d)", re.IGNORECASE)
_ADDRESS = re.compile(r"\b([A-Za-z][\w+-]*\.[A-Za-z][\w.+-]*)@[\w-]+(?:\.[\w-]+)+")  # first.last: no mailbox of a team
_NAME_COLUMN = re.compile(r"\b(?:name|employee|person|colleague|surname|mitarbeiter\w*)\b", re.IGNORECASE)
_PAY_COLUMN = re.compile(r"\b(?:salary|pay|wages?|bonus|compensation|gehalt|lohn)\b", re.IGNORECASE)
_NAME = re.compile(r"[A-ZÄÖÜ][\w'’-]+(?: [A-Z]\.)?(?: (?:van|von|de|der|du))* [A-ZÄÖÜ][\w'’-]+")
_AMOUNT = re.compile(r"\d[\d.,' ]{2,}")
_A_LIST = 8  # addresses of people: fewer are contacts
_SOME_ROWS = 2


def personal_remarks(text: str) -> tuple[str, ...]:
    """One remark, or none."""
    found = list(_found(text))
    return (REMARK.format(what=listed(found)),) if found else ()


def _found(text: str) -> Iterator[str]:
    from stdnum import iban
    from stdnum.de import idnr
    from stdnum.us import ssn

    accounts = {one for match in _IBAN.finditer(text) if iban.is_valid(one := match[0])}
    if accounts:
        yield counted(len(accounts), "account number")
    ids = {one for match in _SSN.finditer(text) if ssn.is_valid(one := match[0])} | {match[0] for match in _NINO.finditer(text)}
    ids |= {one for match in _TAX_ID.finditer(text) if idnr.is_valid(one := match[1])}
    if ids:
        yield counted(len(ids), "tax or insurance number")
    people = {match[0].lower() for match in _ADDRESS.finditer(text)}
    if len(people) >= _A_LIST:
        yield f"a list of {len(people)} people's e-mail addresses"
    if (rows := _pay_by_name(text)) >= _SOME_ROWS:
        yield f"what {rows} people are paid, by name"


def _pay_by_name(text: str) -> int:
    """Rows of tables that have a name under a column for names and an amount under one for pay."""
    rows = 0
    header: tuple[str, ...] = ()
    for line in text.splitlines():
        if not line.lstrip().startswith("|"):
            header = ()
        elif not header:
            header = cells(line)
        else:
            named = list(zip(header, cells(line), strict=False))
            who = any(_NAME_COLUMN.search(column) and _NAME.fullmatch(cell) for column, cell in named)
            rows += who and any(_PAY_COLUMN.search(column) and _AMOUNT.search(cell) is not None for column, cell in named)
    return rows
