"""`ibid eval --trust`: every figure that is promised about answers, asked for and reached, from one run."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import yaml
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.adapters.file_directory import read_directory
from bot.adapters.quote_writer import QuoteWriter
from evals import log
from evals.access_matrix import matrix_figures
from evals.conflicting import conflict_figures, falsely_conflicting
from evals.desk import furnish, own_corpus
from evals.figures import as_json
from evals.golden import first, load_golden
from evals.hostile import hostile_figures
from evals.outcomes import ask_pieces, outcome_figures
from evals.planted_desk import PEOPLE, matrix_of, planted_desk
from evals.promises import ACCESS, CONFLICTS, HOSTILE, OUTCOMES, PARTS, PROOF, QUOTES, SCRIPTED, Part, broken
from evals.proof import proof_figures
from evals.scripted import Scripted
from evals.serving import serve, served_figures
from evals.set_pieces import Piece, load_cases, load_off_topic, load_sensitive
from evals.taking_away import taking_away_figures
from evals.trust_report import markdown, table_of, write_between
from knowledge.embedding import open_minilm

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from rich.console import Console

    from bot.ports import Writer
    from bot.settings import Settings
    from evals.desk import Desk
    from evals.statistics import Figure
    from knowledge.corpus import Corpus
    from knowledge.embedding import Embedder

Figures = Mapping[str, "Figure"]
Told = Callable[[int, int], None]
WICE, ATTACKS = "wice_claim", "hostile/injection"  # in the folder of --sets, where they are at hand
LOOK = log.Look(what="trust", writer="quote and scripted")


def run(options: Namespace, settings: Settings, console: Console) -> int:
    """0 when all that must be nothing is nothing; 1 otherwise, and where the figures may not be made."""
    tree = log.tree_hash(folders=log.WITH_CLAIMS)
    if options.set != "tune" and not options.again and (refusal := log.refusal(tree, LOOK, log.LOG)):
        console.print(refusal, markup=False, highlight=False)
        return 1
    trust = Trust(settings, options.set, options.limit, options.sets, console)
    found = asyncio.run(trust.measured())
    if options.set != "tune":
        log.note(datetime.now(UTC), tree, LOOK, as_json(_together(found)), file=log.LOG)
    if options.write:
        about = f"Golden questions of the set `{options.set}`: {len(trust.questions)}. Code and documents: `{tree}`."
        write_between(options.write, markdown(found, about))
    if options.json:
        options.json.write_text(json.dumps({"trust": as_json(_together(found))}, indent=2) + "\n", encoding="utf-8")
    lost = broken(_together(found), PARTS)
    for promise in lost:
        console.print(f"This must be nothing at all: {promise.says}.", style="red", highlight=False)
    return 1 if lost else 0


class Trust:
    """Measures part by part, and shows each as it is done."""

    def __init__(self, settings: Settings, half: str, limit: int | None, sets: Path | None, console: Console) -> None:
        golden = load_golden(settings.documents / "golden.yaml")
        pieces = (*load_cases(), *load_sensitive(), *load_off_topic())
        self.questions = first([one for one in golden if half in (one.half, "both")], limit)
        self._pieces = _some([one for one in pieces if half in (one.half, "both")], limit)
        self._settings = settings
        self._sets = sets
        self._console = console

    async def measured(self) -> dict[Part, Figures]:
        """All parts, in their order."""
        settings = self._settings
        embedder = open_minilm(settings.embedder_dir, settings.data_dir, variant=settings.embedder_variant)
        attacks = self._sets / ATTACKS if self._sets else None
        found = {ACCESS: await self._shown(ACCESS, self._access)}
        with own_corpus(settings, embedder) as corpus:
            found[PROOF] = await self._shown(PROOF, lambda told: self._proof(corpus, told))
            quotes = await self._golden(corpus, None)
            scripted = await self._golden(corpus, Scripted())
            found[QUOTES], found[SCRIPTED] = quotes, scripted
            found[OUTCOMES] = await self._shown(OUTCOMES, lambda told: self._outcomes(corpus, told))
        found[CONFLICTS] = await self._shown(CONFLICTS, lambda told: self._conflicts(embedder, quotes, told))
        found[HOSTILE] = await self._shown(HOSTILE, lambda told: hostile_figures(told, embedder=embedder, sets=attacks))
        return found

    async def _shown(self, part: Part, measure: Callable[[Told], Awaitable[Figures]]) -> Figures:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=self._console, transient=True) as bar:
            task = bar.add_task(part.title, total=None)
            found = await measure(lambda done, of: bar.update(task, completed=done, total=of))
        self._console.print(table_of(part, found))
        return found

    async def _access(self, told: Told) -> Figures:
        async with planted_desk() as desk:
            cells = await (await matrix_of(desk)).run(told)
        workspace = yaml.safe_load(PEOPLE.read_text(encoding="utf-8"))
        taken = await asyncio.to_thread(taking_away_figures, read_directory(PEOPLE), workspace, workspace["today"], told)
        return {**matrix_figures(cells), **taken}

    async def _golden(self, corpus: Corpus, scripted: Scripted | None) -> Figures:
        part, prefix = (SCRIPTED, "model") if scripted else (QUOTES, "quotes")
        desk = await self._desk(corpus, (scripted, QuoteWriter()) if scripted else (QuoteWriter(),))

        async def measure(told: Told) -> Figures:
            served = await serve(self.questions, desk, scripted, lambda done: told(done, len(self.questions)))
            falsely = {"false_conflicts": falsely_conflicting([one.reply for one in served])} if scripted is None else {}
            return {f"{prefix}_{name}": figure for name, figure in served_figures(served).items()} | falsely

        return await self._shown(part, measure)

    async def _proof(self, corpus: Corpus, _: Told) -> Figures:
        return await proof_figures(await self._desk(corpus, (QuoteWriter(),)), self._sets / WICE if self._sets else None)

    async def _outcomes(self, corpus: Corpus, told: Told) -> Figures:
        return outcome_figures(await ask_pieces(self._pieces, await self._desk(corpus, (QuoteWriter(),)), told))

    async def _conflicts(self, embedder: Embedder, quotes: Figures, told: Told) -> Figures:
        planted = await conflict_figures(self._settings, embedder, self.questions, told)
        return {**planted, "false_conflicts": quotes["false_conflicts"]}

    async def _desk(self, corpus: Corpus, writers: tuple[Writer, ...]) -> Desk:
        return await furnish(corpus, self._settings.documents, writers, lambda _: None, self._settings.prompts)


def _together(found: Mapping[Part, Figures]) -> dict[str, Figure]:
    return {name: figure for of_part in found.values() for name, figure in of_part.items()}


def _some(pieces: Sequence[Piece], limit: int | None) -> list[Piece]:
    """So many, of all kinds, and always the same."""
    return sorted(pieces, key=lambda one: hashlib.sha256(one.id.encode()).digest())[:limit]
