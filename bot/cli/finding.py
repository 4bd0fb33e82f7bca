"""What one check of `ibid doctor` found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`well` is None where there was nothing to check. `cure` says what to do, in as many lines as it takes."""

    well: bool | None
    what: str
    cure: str = ""
