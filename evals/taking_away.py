"""What was taken away stays away: random sequences of narrowing, removing, erasing, holding, undoing and restoring, and who is told what.

The book beside them is simple on purpose: a document may be told to whoever satisfies every rule that it ever had, while it is neither
removed nor erased nor denied nor held. Nothing here is ever widened, so that whatever is told beyond that is a leak.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.flows.access import alone, scope_for
from evals.leaks import may_read
from evals.planted import Fact, Planted, planted
from evals.statistics import Figure
from knowledge.corpus import Corpus
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.holds import Hold
from knowledge.policy import Defaults
from knowledge.recalling import kept
from knowledge.values import AccessRule, Findings, IndexOrder, Scope

if TYPE_CHECKING:
    from datetime import date

    from bot.adapters.file_directory import FileDirectory

SEQUENCES, STEPS, DOCUMENTS = 20, 12, 8
READERS = ("priya", "ruth", "daniel", "greta", "nils")
ONLY_HR, ONLY_GRETA = AccessRule(groups=frozenset({"hr"})), AccessRule(people=frozenset({"greta"}))
GRETAS = frozenset({"hr", "managers"})  # her groups: what is theirs is narrowed to her, never given to her
SEED = 20261116


@dataclass
class Kept:
    """One document in the book."""

    fact: Fact  # as the source has it now
    rules: list[AccessRule]  # every one that it ever had
    numbers: set[str] = field(default_factory=set)  # every one that it ever said
    removed: bool = False  # from the source
    away: bool = False  # removed, and not brought back
    gone: bool = False  # erased or denied: for good
    hold: int = 0  # the number of the hold on it; 0: none


class Sequence:
    """One company's documents, an index of them, and the book."""

    def __init__(self, chance: random.Random, folder: Path, directory: FileDirectory, workspace: Mapping[str, Any], today: date) -> None:
        self._chance = chance
        self._folder = folder
        self._directory = directory
        self._workspace = workspace
        self._today = today
        self._defaults = Defaults(known_groups=directory.groups, known_people=frozenset(directory.people))
        facts = chance.sample([fact for fact in planted() if fact.rule.everyone or fact.rule.groups & GRETAS], DOCUMENTS)
        self._book = {fact.file: Kept(fact, [fact.rule], {fact.number}) for fact in facts}
        self._passages: set[str] = set()  # every one that anybody was ever shown
        self._found: list[tuple[str, Findings]] = []  # what searches found, as caches keep it
        self._corpus = self._open()
        self._index()

    def close(self) -> None:
        self._corpus.close()

    def step(self) -> int:
        """Do one thing, and count what is told that must not be."""
        steps = (self._narrow, self._edit, self._remove, self._put_back, self._erase, self._deny, self._hold, self._lift, self._reopen)
        self._chance.choice((*steps, self._narrow, self._undo, self._undo))()
        return sum(self._leaks(reader) for reader in READERS)

    # What people do

    def _narrow(self) -> None:
        if one := self._one(lambda kept: not kept.removed):
            one.fact = replace(one.fact, rule=ONLY_HR if one.fact.rule.everyone else ONLY_GRETA)
            one.rules.append(one.fact.rule)
            self._index()

    def _edit(self) -> None:
        if one := self._one(lambda kept: not kept.removed):
            one.fact = replace(one.fact, number=f"{self._chance.randrange(10_000, 40_000):,}")
            one.numbers.add(one.fact.number)
            self._index()

    def _remove(self) -> None:
        if one := self._one(lambda kept: not kept.removed):
            one.removed = one.away = True
            self._index()

    def _put_back(self) -> None:
        if one := self._one(lambda kept: kept.removed):
            one.removed = one.away = False
            self._index()

    def _erase(self) -> None:
        if one := self._one(lambda kept: not kept.gone):
            one.gone = True
            self._corpus.erase(one.fact.file)

    def _deny(self) -> None:
        if one := self._one(lambda kept: not kept.gone):
            one.gone = True
            self._corpus.deny(one.fact.file, "in this sequence")

    def _hold(self) -> None:
        if one := self._one(lambda kept: not (kept.gone or kept.removed or kept.hold)):
            wanted = Hold(number=0, document=one.fact.file, sentence="It is being looked at.", by="greta", until=self._today)
            one.hold = self._corpus.hold(wanted).number

    def _lift(self) -> None:
        if one := self._one(lambda kept: bool(kept.hold)):
            self._corpus.lift(one.hold)
            one.hold = 0

    def _undo(self) -> None:
        named = {one.fact.file for one in self._book.values() if one.away and self._chance.random() < 0.5}
        if self._corpus.undo(named) is not None:
            for name in named:
                self._book[name].away = False

    def _reopen(self) -> None:
        self._corpus.close()
        self._corpus = self._open()

    def _one(self, fits: Callable[[Kept], bool]) -> Kept | None:
        fitting = [kept for kept in self._book.values() if fits(kept)]
        return self._chance.choice(fitting) if fitting else None

    def _open(self) -> Corpus:
        return Corpus.open(self._folder, HashingEmbedding(), today=lambda: self._today)

    def _index(self) -> None:
        there = Planted([kept.fact for kept in self._book.values() if not kept.removed])
        self._corpus.index(there, self._defaults, IndexOrder(removal_confirmed=True))

    # What is told after it

    def _leaks(self, reader: str) -> int:
        scope = scope_for(alone(self._directory.people[reader]), self._corpus.rules())
        told = {number for text in self._told(scope) for number in self._all_numbers() if number in text}
        return sum(bool(kept.numbers & told) for kept in self._book.values() if not self._may(reader, kept))

    def _told(self, scope: Scope) -> list[str]:
        """All that a reader can get at: by asking, from a cache, in a thread or from an old reply's button."""
        found = [(one.fact.question, self._corpus.search(one.fact.question, scope, self._today)) for one in self._book.values()]
        recalled = [self._corpus.recall(kept(findings), scope, self._today) for _, findings in self._found]
        hits = [hit for findings in (*(one for _, one in found), *recalled) if findings for hit in findings.hits]
        self._found = [*self._found, *found][-4 * DOCUMENTS :]
        self._passages |= {hit.passage.id for hit in hits}
        opened = [self._corpus.passage(passage, scope, edition) for passage in self._passages for edition in (None, self._edition_before)]
        return [hit.passage.text for hit in (*hits, *self._corpus.passages(scope), *opened) if hit]

    @property
    def _edition_before(self) -> int:
        live = self._corpus.live()
        return live.number - 1 if live else 0

    def _all_numbers(self) -> set[str]:
        return {number for one in self._book.values() for number in one.numbers}

    def _may(self, reader: str, one: Kept) -> bool:
        return not (one.gone or one.away or one.hold) and all(may_read(self._workspace, reader, "dm", rule) for rule in one.rules)


def taking_away_figures(
    directory: FileDirectory, workspace: Mapping[str, Any], today: date, told: Callable[[int, int], None] = lambda _done, _of: None
) -> dict[str, Figure]:
    """Documents that were told to whom they must not be, over all steps of all sequences."""
    leaks = 0
    for number in range(SEQUENCES):
        with tempfile.TemporaryDirectory(prefix="ibid-sequence-", ignore_cleanup_errors=True) as folder:
            sequence = Sequence(random.Random(SEED + number), Path(folder), directory, workspace, today)  # noqa: S311  # repeatable, no secret
            try:
                leaks += sum(sequence.step() for _ in range(STEPS))
            finally:
                sequence.close()
        told(number + 1, SEQUENCES)
    return {"taken_away_told": Figure(leaks, count=leaks, of=SEQUENCES * STEPS * len(READERS) * DOCUMENTS)}
