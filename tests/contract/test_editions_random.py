"""A thousand random steps of people and files: after each every place holds the same, and everybody is shown what the rules say."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as some
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from knowledge.filling import verify
from knowledge.holds import Hold
from knowledge.recalling import kept
from knowledge.values import IndexOrder, Scope
from tests.bookkeeping import SOURCES
from tests.corpora import EMBEDDER, windows_of
from tests.factories import TODAY
from tests.premises import FOLDERS, KNOWN, NAMES, QUESTION, Objects, Premises, nth
from tests.written import NOT_UNDERSTOOD

if TYPE_CHECKING:
    from knowledge.live import Contents

COMPANIES, YEARS, STEPS = 5, 2, 100  # a thousand steps, in parts that show where one fails; raise them for a longer look
SCOPES = tuple(
    frozenset(labels)
    for labels in ({"everyone"}, {"everyone", "groups:hr"}, {"groups:hr"}, {"everyone", "people:ruth"}, {"people:ruth"}, set[str]())
)
UNDERSTOOD = ("everyone", "groups: hr", "people: ruth")
MOST_HELD = 2
MOST_TAKEN_BY_HAND = 4  # of the names above; when all are denied or erased there is nothing left to try

which = some.integers(0, 10_000)
how_many = some.integers(1, 3)
steps = 0


class Company(Premises):
    """Owners who write, an admin who runs, undoes, holds and erases; and a book of the rules beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.ever: set[str] = set()  # the ids of all passages that were ever live
        self.was_live: list[int] = []
        self.before: tuple[Scope, bytes] | None = None  # what a cache remembers of a search before the last step
        self.whole: object = None  # the live edition that was held against the rest

    # What owners do

    @precondition(lambda self: len(self.disk) < len(NAMES))
    @rule(at=which, access=some.sampled_from(UNDERSTOOD), owner=some.sampled_from(["", "ruth"]))
    def add(self, at: int, access: str, owner: str) -> None:
        self.disk[self.free(at)] = self.new_file(access=access, owner=owner)

    @precondition(lambda self: self.disk)
    @rule(at=which, clause=some.integers(0, 2))
    def change_a_clause(self, at: int, clause: int) -> None:
        self.number += 1
        clauses = list(self.there(at).clauses)
        clauses[clause % len(clauses)] = self.number
        self.change(at, clauses=tuple(clauses))

    @precondition(lambda self: self.disk)
    @rule(at=which, many=some.sampled_from([1, 1, 1, 2, 5]))
    def delete(self, at: int, many: int) -> None:
        for _ in range(min(many, len(self.disk))):
            del self.disk[self.named(at)]

    @precondition(lambda self: self.disk and len(self.disk) < len(NAMES))
    @rule(at=which, to=which, many=how_many)
    def rename_or_move(self, at: int, to: int, many: int) -> None:
        for _ in range(min(many, len(NAMES) - len(self.disk))):
            self.disk[self.free(to)] = self.disk.pop(self.named(at))

    @rule(folder=some.sampled_from(FOLDERS))
    def rename_only_the_case(self, folder: str) -> None:
        small, large = f"{folder}/leave.md", f"{folder}/Leave.md"
        if (small in self.disk) != (large in self.disk):
            before, now = (small, large) if small in self.disk else (large, small)
            self.disk[now] = self.disk.pop(before)

    @precondition(lambda self: self.disk)
    @rule(at=which, access=some.sampled_from((*UNDERSTOOD, *UNDERSTOOD, *NOT_UNDERSTOOD)))
    def narrow_widen_or_remove_the_rule(self, at: int, access: str) -> None:
        self.change(at, access=access)

    @precondition(lambda self: self.disk)
    @rule(at=which, form=some.sampled_from(["broken", "broken", "empty", "hollow"]))
    def break_it(self, at: int, form: Literal["broken", "empty", "hollow"]) -> None:
        self.change(at, form=form)

    @precondition(lambda self: any(file.form != "whole" or file.access not in UNDERSTOOD for file in self.disk.values()))
    @rule()
    def mend_everything(self) -> None:
        for at, file in enumerate(list(self.disk.values())):
            self.change(at, form="whole", access=file.access if file.access in UNDERSTOOD else "groups: hr")

    @precondition(lambda self: self.disk and len(self.disk) < len(NAMES))
    @rule(at=which, to=which)
    def duplicate(self, at: int, to: int) -> None:
        self.disk[self.free(to)] = self.there(at)

    @rule(source=some.sampled_from(SOURCES))
    def unmount_or_mount(self, source: str) -> None:
        self.mounted ^= {source}

    # What the admin does

    @rule()
    def run_in_full(self) -> None:
        self.mounted = set(SOURCES)
        self.index(IndexOrder())

    @rule()
    def run_and_confirm_removals(self) -> None:
        self.index(IndexOrder(removal_confirmed=True))

    @rule()
    def run_by_the_clock(self) -> None:
        self.index(IndexOrder(automatic=True))

    @rule(source=some.sampled_from(SOURCES), owner=some.sampled_from(["", "", "ruth"]))
    def run_a_part(self, source: str, owner: str) -> None:
        self.index(IndexOrder(source="" if owner else source, owner=owner))

    @rule(automatic=some.booleans())
    def run_and_the_gate_objects(self, automatic: bool) -> None:
        self.index(IndexOrder(automatic=automatic), ends="held")

    @rule()
    def run_although_the_gate_objects(self) -> None:
        self.index(IndexOrder(anyway=True), gate=Objects())

    @rule(stage=some.sampled_from(["embed", "verify"]))
    def run_and_cancel(self, stage: str) -> None:
        self.index(IndexOrder(), ends="cut", stage=stage)

    @rule(confirmed=some.booleans())
    def plan_and_run(self, confirmed: bool) -> None:
        self.write()
        before = self.bytes()
        plan = self.corpus.index(self.connectors(), KNOWN, IndexOrder(removal_confirmed=confirmed, plan_only=True))
        assert self.bytes() == before, _other(before, self.bytes())
        report = self.index(IndexOrder(removal_confirmed=confirmed))
        assert (plan.added, plan.changed, plan.removed) == (report.added, report.changed, report.removed)
        assert (plan.moved, plan.unchanged) == (report.moved, report.unchanged)
        assert {one.path for one in plan.unread} == {one.path for one in report.unread}
        assert plan.embedded == report.embedded, (plan, report)

    @rule(bring_back=some.sampled_from(["none", "one", "all"]), at=which, planned=some.booleans())
    def undo(self, bring_back: str, at: int, planned: bool) -> None:
        names = {"none": [], "one": [NAMES[at % len(NAMES)]], "all": list(NAMES)}[bring_back]
        before = self.bytes()
        plan = self.corpus.undo(names, plan_only=True) if planned else None
        assert self.bytes() == before, _other(before, self.bytes())
        report = self.corpus.undo(names)
        assert (report is not None) == self.book.undo(names)
        assert plan is None or plan == report

    @precondition(lambda self: len(self.book.denied) < MOST_TAKEN_BY_HAND and self.book.named())
    @rule(at=which)
    def deny(self, at: int) -> None:
        name = nth(self.book.named(), at)
        self.corpus.deny(name, "under review")
        self.book.deny(name)

    @precondition(lambda self: len(self.book.denied) < MOST_TAKEN_BY_HAND and self.book.named())
    @rule(at=which)
    def erase(self, at: int) -> None:
        name = nth(self.book.named(), at)
        self.corpus.erase(name)
        self.book.erase(name)
        self.agree()

    @precondition(lambda self: len(self.corpus.holds()) < MOST_HELD and any(self.book.known.values()))
    @rule(at=which, days=some.sampled_from([0, 1, 10, 10]))
    def hold(self, at: int, days: int) -> None:
        name = nth({name for name, versions in self.book.known.items() if versions}, at)
        until = self.book.today + timedelta(days=days)
        hold = self.corpus.hold(Hold(number=0, document=name, sentence="It is being rewritten.", by="UGRETA", until=until))
        self.book.hold(hold.number, name, until)

    @precondition(lambda self: self.corpus.holds())
    @rule(at=which)
    def lift(self, at: int) -> None:
        holds = self.corpus.holds()
        number = holds[at % len(holds)].number
        assert self.corpus.lift(number) is not None
        self.book.lift(number)

    @precondition(lambda self: self.held_on_disk() and len(self.disk) < len(NAMES))
    @rule(at=which, to=which)
    def rename_what_is_held(self, at: int, to: int) -> None:
        self.disk[self.free(to)] = self.disk.pop(nth(self.held_on_disk(), at))
        self.index(IndexOrder())

    def held_on_disk(self) -> set[str]:
        return {name for name, version in self.book.live.items() if name in self.disk and self.book.holds_on(name, version)}

    @rule()
    def a_day_passes(self) -> None:
        self.book.today += timedelta(days=1)

    @rule()
    def restart(self) -> None:
        self.corpus.close()
        self.corpus = self.open()

    # What must hold

    @invariant()
    def all_holds(self) -> None:
        self.the_live_edition_is_whole()
        self.everybody_is_shown_what_the_rules_say()
        self.an_answer_that_began_before_ends_without_what_was_taken_away()

    def everybody_is_shown_what_the_rules_say(self) -> None:
        global steps  # noqa: PLW0603  # counted over all the machines that one test makes
        steps += 1
        assert self.corpus._live is not None
        self.ever |= {passage.id for passage in self.corpus._live.contents.passages}
        for labels in SCOPES:
            scope, shown = Scope(labels), self.book.shown(labels)
            expected = {(name, text) for name, version in shown.items() for text in version.texts}
            assert {(hit.document.id, hit.passage.text) for hit in self.corpus.passages(scope)} == expected
            assert {document.id for document in self.corpus.documents(scope)} == self.book.readable(labels).keys()
            self.a_search_finds(scope, expected)
            opened = {hit for one in self.ever if (hit := self.corpus.passage(one, scope))}
            assert {(hit.document.id, hit.passage.text) for hit in opened} == expected

    def a_search_finds(self, scope: Scope, expected: set[tuple[str, str]]) -> None:
        """All that may be shown, and nothing where a held document of these readers would have come first. So does what is remembered."""
        found = self.corpus.search(QUESTION, scope, TODAY, limit=500)
        shown = {(hit.document.id, hit.passage.text) for hit in found.hits}
        on = [number for name, version in self.book.readable(scope.labels).items() for number in self.book.holds_on(name, version)]
        assert {hold.number for hold in found.held} <= set(on)
        assert shown == expected or (found.held and not shown)
        assert self.corpus.recall(kept(found), scope, TODAY) == found
        if self.before is not None and self.before[0] == scope:
            again = self.corpus.recall(self.before[1], scope, TODAY)
            assert again is None or {(hit.document.id, hit.passage.text) for hit in again.hits} <= expected
        if scope.labels == SCOPES[1]:
            self.before = scope, kept(found)

    def an_answer_that_began_before_ends_without_what_was_taken_away(self) -> None:
        edition = self.corpus.live()
        assert edition is not None
        if not self.was_live or self.was_live[-1] != edition.number:
            self.was_live.append(edition.number)
        for labels in SCOPES:
            hits = [self.corpus.passage(one, Scope(labels), number) for number in self.was_live[-3:] for one in self.ever]
            for hit in filter(None, hits):
                assert hit.passage.label in labels
                assert self.book.may_be_shown(hit.document.id, hit.passage.label, hit.passage.text)

    def the_live_edition_is_whole(self) -> None:
        """Memory, catalog, Chroma and the keyword index hold the same passages and vectors of it."""
        live, holdings = self.corpus._live, self.corpus._holdings
        assert live is not None
        edition = holdings.catalog.editions.live()
        assert edition == live.contents.edition
        assert {name: version.texts for name, version in self.book.live.items()} == _texts(live.contents)
        if live is self.whole:
            return
        self.whole = live
        assert verify(holdings, live.contents).matrix.tolist() == live.matrix.tolist()
        texts = [window.text for passage in live.contents.passages for window in windows_of(passage)]
        assert np.allclose(live.matrix, EMBEDDER.embed_windows(texts), atol=1e-6) if texts else not len(live.matrix)


def _other(before: dict[str, bytes], now: dict[str, bytes]) -> set[str]:
    return {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}


def _texts(contents: Contents) -> dict[str, tuple[str, ...]]:
    return {name: tuple(passage.text for passage in contents.passages if passage.document == name) for name in contents.documents}


@pytest.mark.parametrize("first", range(COMPANIES))
def test_after_each_of_a_thousand_random_steps_every_place_agrees_and_everybody_is_shown_what_the_rules_say(first: int) -> None:
    before = steps
    run_state_machine_as_test(
        seed(first)(type("Company", (Company,), {})),
        settings=settings(
            max_examples=YEARS, stateful_step_count=STEPS, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert steps - before >= YEARS * STEPS
