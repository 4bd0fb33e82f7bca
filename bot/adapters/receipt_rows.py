"""Receipts to the ledger's rows and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.answers import Outcome, Tried
from bot.models import Spent
from bot.receipts import Receipt, behind, packed, rested_on, unpacked

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

    from bot.answers import Answer
    from bot.receipts import Mark
    from bot.values import Circle


def closing_row(answer: Answer, mark: Mark, at: datetime, circle: Circle, *, recorded: bool) -> dict[str, Any]:
    """What an answer adds to its row."""
    evidence = answer.evidence
    row: dict[str, Any] = {"outcome": answer.outcome.value, "closed_at": at, "writer": evidence.writer, "remembered": evidence.remembered}
    if evidence.spent:
        spent = evidence.spent
        row |= {"prompt_tokens": spent.prompt, "cached_tokens": spent.cached, "written_tokens": spent.written}
    if not recorded:
        return row
    return row | {
        "labels": json.dumps(sorted(evidence.scope.labels)),
        "edition": evidence.edition,
        "passages": json.dumps(rested_on(answer)),
        "prompt_hash": evidence.prompt_hash,
        "tried": json.dumps([{"writer": one.writer, "reason": one.reason} for one in evidence.tried]),
        "behind": packed(behind(answer, mark, circle)),
    }


def receipt_from(row: Row[Any]) -> Receipt:
    """A receipt from its row, without whose it is."""
    return Receipt(
        id=row.id,
        outcome=Outcome(row.outcome) if row.outcome else None,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        labels=frozenset(json.loads(row.labels)),
        edition=row.edition,
        passages=tuple(json.loads(row.passages)),
        prompt_hash=row.prompt_hash,
        writer=row.writer,
        tried=tuple(Tried(one["writer"], one["reason"]) for one in json.loads(row.tried)),
        remembered=row.remembered,
        spent=_spent(row),
        behind=unpacked(row.behind),
        told_at=row.told_at,
    )


def _spent(row: Row[Any]) -> Spent | None:
    if row.prompt_tokens is None:
        return None
    return Spent(prompt=row.prompt_tokens, cached=row.cached_tokens, written=row.written_tokens)
