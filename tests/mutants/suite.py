"""All mutants."""

from __future__ import annotations

from tests.mutants import access, delivery, hostile, outcomes, privacy, proof, replying, searching, taking_away

MUTANTS = (
    *access.MUTANTS,
    *searching.MUTANTS,
    *taking_away.MUTANTS,
    *proof.MUTANTS,
    *hostile.MUTANTS,
    *privacy.MUTANTS,
    *delivery.MUTANTS,
    *replying.MUTANTS,
    *outcomes.MUTANTS,
)
