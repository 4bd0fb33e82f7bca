"""`make mutants`: every rule taken out once, and whether a test noticed. ARGS=guest runs those whose rule or file has that word."""

from __future__ import annotations

import sys
import time

from tests.mutants.running import HOME, Verdict, run, unchanged
from tests.mutants.suite import MUTANTS


def main(words: list[str]) -> int:
    """0 when every mutant was noticed."""
    chosen = [mutant for mutant in MUTANTS if all(word.lower() in f"{mutant.rule} {mutant.file}".lower() for word in words)]
    lost = [f"{mutant.rule}: {trouble}" for mutant in chosen if (trouble := mutant.trouble(HOME))]
    if lost or not chosen:
        print("\n".join(lost) or "No rule has these words.")  # noqa: T201  # this is a command
        return 1
    if said := unchanged(chosen):
        print(f"Tests fail before anything is changed:\n{said}")  # noqa: T201  # as above
        return 1
    began = time.perf_counter()
    verdicts = run(chosen, _tell)
    unnoticed = [verdict for verdict in verdicts if verdict.ending != "noticed"]
    took = time.perf_counter() - began
    print(f"{len(verdicts) - len(unnoticed)} of {len(verdicts)} rules are missed by a test when they are gone; {took:.0f} s.")  # noqa: T201  # as above
    return 1 if unnoticed else 0


def _tell(verdict: Verdict) -> None:
    print(f"{verdict.ending:9} {verdict.seconds:5.1f} s  {verdict.mutant.rule}", flush=True)  # noqa: T201  # as above
    if verdict.said:
        print(verdict.said)  # noqa: T201  # as above


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
