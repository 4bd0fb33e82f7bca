"""`ibid eval --claims`: holds every claim against the check and prints how often it is wrong."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import track

from bot.adapters.quote_writer import QuoteWriter
from bot.flows import ground
from evals import log
from evals.claims import BadClaims, Claim, load_claims
from evals.desk import furnish, own_corpus
from evals.figures import as_json
from evals.golden import HALVES, Half
from evals.holding import Held, best_threshold, claim_figures, hold
from evals.report import show_failed_claims, show_figures
from knowledge.embedding import open_minilm

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from bot.settings import Settings
    from evals.statistics import Figure
    from knowledge.embedding import Embedder

FOLDER = Path(__file__).resolve().parent / "claims"
LOOK = log.Look(what="claims", writer=f"check {ground.VERSION}")


def run(options: Namespace, settings: Settings, console: Console) -> int:
    """0 when the figures were made, 1 when they may not be."""
    wanted: tuple[Half, ...] = HALVES if options.set == "both" else (options.set,)
    claims = {file.stem: load_claims(file) for file in sorted(FOLDER.glob("*.yaml"))}
    if not claims:
        raise BadClaims(f"{FOLDER} holds no claims")
    tree = log.tree_hash(folders=log.WITH_CLAIMS)
    if "check" in wanted and not options.again and (refusal := log.refusal(tree, LOOK, log.LOG)):
        console.print(refusal, markup=False, highlight=False)
        return 1
    embedder = open_minilm(settings.embedder_dir, settings.data_dir, variant=settings.embedder_variant)
    held = _hold_all(claims, wanted, settings, embedder, console)
    found = {name: _figures(of_file, wanted) for name, of_file in held.items()}
    told = {name: {half: as_json(figures) for half, figures in of_file.items()} for name, of_file in found.items()}
    if "check" in wanted:
        log.note(datetime.now(UTC), tree, LOOK, {name: of_file["check"] for name, of_file in told.items()}, file=log.LOG)
    for name, of_file in found.items():
        for half, figures in of_file.items():
            show_figures(console, f"Claims, {name}, {half}", figures)
    for name in held if options.failures and "tune" in wanted else ():
        show_failed_claims(console, name, [one for one in held[name] if one.claim.half == "tune"])
    if options.json:
        options.json.write_text(json.dumps({"claims": told}, indent=2) + "\n", encoding="utf-8")
    return 0


def _hold_all(
    claims: Mapping[str, Sequence[Claim]], wanted: Sequence[Half], settings: Settings, embedder: Embedder, console: Console
) -> dict[str, list[Held]]:
    """The tune half is held also where only the other one is asked for: it draws the line for word coverage."""
    with own_corpus(settings, embedder) as corpus:
        with console.status("indexing"):
            desk = asyncio.run(furnish(corpus, settings.documents, (QuoteWriter(),), lambda _: None))
        needed = {name: [claim for claim in of_file if claim.half == "tune" or claim.half in wanted] for name, of_file in claims.items()}
        return {
            name: [hold(claim, desk) for claim in track(of_file, f"holding, {name}", console=console, transient=True)]
            for name, of_file in needed.items()
        }


def _figures(held: Sequence[Held], wanted: Sequence[Half]) -> dict[Half, dict[str, Figure]]:
    of_half = {half: [one for one in held if one.claim.half == half] for half in HALVES}
    threshold = best_threshold(of_half["tune"])
    return {half: claim_figures(of_half[half], threshold) for half in wanted}
