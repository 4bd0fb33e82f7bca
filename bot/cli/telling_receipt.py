"""What the command line is told about a receipt: everything but text, and quotes only as far as a named person may read them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any

from bot.errors import DirectoryUnavailable, IbidError, Misconfigured
from bot.flows.access import alone, scope_for
from bot.retention import RECEIPTS_KEPT, in_words

if TYPE_CHECKING:
    from bot.bootstrap import House
    from bot.owner_socket import Line
    from bot.receipts import Proof, Receipt, Said
    from knowledge.values import Scope


async def tell_receipt(house: House, request: Line) -> AsyncGenerator[Line, None]:
    """One receipt. With `person`, the quotes are looked up in the documents as they are now, within what that person may read."""
    number, person = str(request.get("receipt") or ""), str(request.get("person") or "")
    kept = await house.ibid.past.receipt(number)
    if kept is None:
        raise IbidError(f"There is no receipt {number!r}, or it is not kept any more: that is {in_words(RECEIPTS_KEPT)}.")
    scope = None
    if person:
        await house.library.ready()
        scope = await _scope(house, person)
    told = _receipt(kept)
    told["sentences"] = [await _said(house, said, scope) for said in kept.behind.said]
    yield {"receipt": told}


async def _scope(house: House, person: str) -> Scope:
    try:
        return scope_for(alone(await house.people.person(person)), await house.ibid.library.rules())
    except DirectoryUnavailable as problem:
        raise Misconfigured(str(problem)) from problem


def _receipt(kept: Receipt) -> dict[str, Any]:
    behind, spent = kept.behind, kept.spent
    return {
        "id": kept.id,
        "outcome": kept.outcome.value if kept.outcome else None,
        "opened_at": kept.opened_at.isoformat(),
        "closed_at": kept.closed_at.isoformat() if kept.closed_at else None,
        "readers": behind.circle,
        "labels": sorted(kept.labels),
        "edition": kept.edition,
        "as_of": behind.as_of.isoformat() if behind.as_of else None,
        "prompt_hash": kept.prompt_hash,
        "writer": kept.writer,
        "tried": [{"writer": one.writer, "reason": one.reason} for one in kept.tried],
        "remembered": kept.remembered,
        "complete": behind.complete,
        "confidence": behind.confidence,
        "threshold": behind.threshold,
        "milliseconds": dict(behind.milliseconds),
        "tokens": {"prompt": spent.prompt, "cached": spent.cached, "written": spent.written} if spent else None,
        "shown_to_writer": [{"passage": one.passage, "document": one.document, "version": one.version} for one in behind.shown_to_writer],
        "disputed": [[_ids(one) for one in pair] for pair in behind.disputed],
        "near": [_ids(one) for one in behind.near],
        "left_out": [{"hash": one.mark, "why": one.why, "passages": list(one.passages)} for one in behind.left_out],
        "told_at": kept.told_at.isoformat() if kept.told_at else None,
    }


def _ids(proof: Proof) -> dict[str, Any]:
    place = proof.place
    return {
        "passage": place.passage,
        "document": place.document,
        "version": place.version,
        "start": proof.start,
        "end": proof.end,
        "hash": proof.mark,
    }


async def _said(house: House, said: Said, scope: Scope | None) -> dict[str, Any]:
    proofs = [await _proof(house, proof, scope) for proof in said.proofs]
    return {"hash": said.mark, "score": said.score, "condition": said.condition, "proofs": proofs}


async def _proof(house: House, proof: Proof, scope: Scope | None) -> dict[str, Any]:
    told = _ids(proof)
    if scope is None:
        return told
    hit = await house.ibid.library.passage(proof.place.passage, scope)
    quote = hit.passage.text[proof.start : proof.end] if hit else ""
    return told | {"quote": quote if house.ibid.mark(quote) == proof.mark else None}  # None: not to be read, gone, or other by now
