"""The premises of a random company: its folders on a disk, its corpus, and the book of the rules that is kept beside both."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from unittest import mock

from hypothesis.stateful import RuleBasedStateMachine

from knowledge.connectors.folder import Folder
from knowledge.connectors.mapping import Says
from knowledge.connectors.named import Named
from knowledge.corpus import Corpus
from knowledge.entry import entry_id
from knowledge.policy import Defaults
from knowledge.values import IndexOrder, Scope
from tests.bookkeeping import SOURCES, Bookkeeping, Told
from tests.corpora import EMBEDDER, ReadHere
from tests.factories import NOW, TODAY
from tests.written import File, Form

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from knowledge.gate import Difference, Search
    from knowledge.values import IndexProgress, IndexReport

FOLDERS = ("a", "a/people", "b")
NAMES = tuple(f"{folder}/{file}" for folder in FOLDERS for file in ("leave.md", "Leave.md", "pay.md", "gate.txt", "trips.md"))
KNOWN = Defaults(known_groups=frozenset({"hr"}), known_people=frozenset({"ruth"}))
QUESTION = "which rule do employees keep in mind?"


class CutShort(Exception):
    """Somebody cancels the run."""


class Objects:
    """A gate that says no."""

    def objection(self, before: Search, after: Search, difference: Difference, told: Callable[[int, int], None]) -> str:
        told(0, 1)
        for search in (before, after):
            search(QUESTION, Scope(frozenset({"everyone"})), TODAY)
        return "worse"


class Premises(RuleBasedStateMachine):
    """Seven files in two sources, indexed once."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="ibid-random-"))
        self.reader = mock.patch("knowledge.reading.child.Readers", side_effect=lambda **_: nullcontext(ReadHere()))
        self.reader.start()
        self.disk: dict[str, File] = {}
        self.mounted = set(SOURCES)
        self.book = Bookkeeping()
        self.number = 0
        for name in NAMES[:7]:
            self.disk[name] = self.new_file()
        self.corpus = self.open()
        self.index(IndexOrder())

    def teardown(self) -> None:
        self.corpus.close()
        self.reader.stop()
        shutil.rmtree(self.home)

    def open(self) -> Corpus:
        return Corpus.open(self.home / "var", EMBEDDER, now=lambda: NOW, today=lambda: self.book.today)

    def index(
        self, order: IndexOrder, *, ends: Literal["well", "held", "cut"] = "well", gate: Objects | None = None, stage: str = ""
    ) -> IndexReport:
        """A run, and that it reports what the book says it must."""
        self.write()
        predicted = self.book.run(self.disk, order, self.mounted, ends=ends)
        if ends == "cut" and predicted.publishes:
            try:
                self.corpus.index(self.connectors(), KNOWN, order, progress=lambda step: self.cut(step, stage))
            except CutShort:
                return None  # type: ignore[return-value]  # nothing was reported
            raise AssertionError("it was not cut short")
        report = self.corpus.index(self.connectors(), KNOWN, order, gate=gate or (Objects() if ends == "held" else None))
        told = Told(
            frozenset(report.added),
            frozenset(report.changed),
            frozenset(report.removed),
            frozenset(report.moved),
            report.edition is not None or bool(report.held),
        )
        assert told == predicted, (told, predicted)
        assert bool(report.held) == (ends == "held" and predicted.publishes)
        if report.edition is not None:
            self.agree()
        return report

    def cut(self, step: IndexProgress, stage: str) -> None:
        if step.stage in (stage, "verify"):
            raise CutShort

    def connectors(self) -> tuple[Named, ...]:
        return tuple(Named(source, partial(Folder, self.home / source), Says({})) for source in SOURCES)

    def write(self) -> None:
        """The disk as the owners left it; a source that is not mounted is elsewhere."""
        for source in SOURCES:
            for folder in (self.home / source, self.home / f"{source}-elsewhere"):
                shutil.rmtree(folder, ignore_errors=True)
            root = self.home / (source if source in self.mounted else f"{source}-elsewhere")
            root.mkdir()
            rows = []
            for name, file in self.disk.items():
                if name.startswith(f"{source}/"):
                    path = root / name.removeprefix(f"{source}/")
                    path.parent.mkdir(exist_ok=True)
                    path.write_bytes(file.content(name))
                    if name.endswith(".txt"):
                        rows.append(f"{name.removeprefix(f'{source}/')},{file.access}\n")
            (root / "policies.csv").write_text("file,access\n" + "".join(rows), encoding="utf-8")

    def bytes(self) -> dict[str, bytes]:
        """All that is kept. Chroma writes into its own files when it is opened, whoever asks it for what: of it, what it holds."""
        files = {str(path): path.read_bytes() for path in (self.home / "var").rglob("*") if path.is_file() and "chroma" not in path.parts}
        return files | {"chroma": " ".join(sorted(self.corpus._holdings.store.ids())).encode()}

    # The disk

    def new_file(self, access: str = "everyone", owner: str = "") -> File:
        self.number += 2
        return File(self.number, (self.number, self.number + 1), access, owner)

    def named(self, at: int) -> str:
        return nth(self.disk, at)

    def there(self, at: int) -> File:
        return self.disk[self.named(at)]

    def change(self, at: int, *, clauses: tuple[int, ...] | None = None, access: str | None = None, form: Form | None = None) -> None:
        file = self.there(at)
        access, form = file.access if access is None else access, form or file.form
        self.disk[self.named(at)] = replace(file, clauses=clauses or file.clauses, access=access, form=form)

    def free(self, at: int) -> str:
        return nth(set(NAMES) - self.disk.keys(), at)

    def agree(self) -> None:
        """Every place holds the same, and nothing of what no edition needs."""
        holdings = self.corpus._holdings
        assert holdings.store.ids() == holdings.catalog.window_ids()
        assert holdings.keywords.entries() == {entry_id(passage, title) for passage, title in holdings.catalog.passages()}


def nth(names: Collection[str], at: int) -> str:
    return sorted(names)[at % len(names)]
