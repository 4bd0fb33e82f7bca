"""What a search found, small enough to be kept: the passages' ids and their figures, never a word of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from knowledge.values import Document, Findings, Hit, Passage, Telling


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
    return json.dumps({"hits": hits, "confidence": findings.confidence, "edition": findings.edition}, separators=(",", ":")).encode()


def recalled(found: bytes, passage: Callable[[str], tuple[Passage, Document] | None]) -> Findings | None:
    """Findings again, their words looked up by `passage`, which knows what may be shown now. None unless all of it may."""
    try:
        content = json.loads(found)
        rows, confidence = list[Any](content["hits"]), float(content["confidence"])
        whole = tuple(hit for row in rows if (hit := _hit(passage(row[0]), row)) is not None)
        if len(whole) < len(rows) or not 0 <= confidence <= 1:
            return None
        return Findings(hits=whole, confidence=confidence, edition=int(content["edition"]))
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
