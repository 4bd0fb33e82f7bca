"""What a search found, small enough to be kept: the passages' ids and their figures, never a word of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from knowledge.holds import Hold
from knowledge.values import Document, Findings, Hit, Passage, Telling

NO_HOLDS: Mapping[int, Hold] = MappingProxyType({})


def kept(findings: Findings) -> bytes:
    """Findings as bytes."""
    hits = [
        [
            hit.passage.id,
            hit.score,
            hit.dense,
            hit.keyword,
            hit.maxsim,
            [hit.best_start, hit.best_end],
            [[unit.start, unit.end, unit.score] for unit in hit.telling],
        ]
        for hit in findings.hits
    ]
    held = [hold.number for hold in findings.held]
    told = {"hits": hits, "held": held, "confidence": findings.confidence, "edition": findings.edition}
    return json.dumps(told, separators=(",", ":")).encode()


def recalled(
    found: bytes, passage: Callable[[str], tuple[Passage, Document] | None], holds: Mapping[int, Hold] = NO_HOLDS
) -> Findings | None:
    """Findings again, their words looked up by `passage`, which knows what may be shown now. None unless all of it may.

    `holds` are those that last now, by number; None also where one has ended that kept something back then.
    """
    try:
        content = json.loads(found)
        rows, confidence = list[Any](content["hits"]), float(content["confidence"])
        whole = tuple(hit for row in rows if (hit := _hit(passage(row[0]), row)) is not None)
        if len(whole) < len(rows) or not 0 <= confidence <= 1:
            return None
        held = tuple(holds[number] for number in content["held"])
        return Findings(hits=whole, confidence=confidence, edition=int(content["edition"]), held=held)
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError):  # kept by another version of this program
        return None


def _hit(there: tuple[Passage, Document] | None, row: list[Any]) -> Hit | None:
    if there is None:
        return None
    _, score, dense, keyword, maxsim, (best_start, best_end), telling = row
    return Hit(
        passage=there[0],
        document=there[1],
        score=float(score),
        dense=float(dense),
        keyword=float(keyword),
        maxsim=None if maxsim is None else float(maxsim),
        best_start=int(best_start),
        best_end=int(best_end),
        telling=tuple(Telling(int(start), int(end), float(value)) for start, end, value in telling),
    )
