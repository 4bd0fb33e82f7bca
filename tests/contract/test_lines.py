"""Lines that a model writes about passages: asked for once, kept, checked, and done without where there are none."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, get_args, get_type_hints

import pytest

from bot.cli.index_shown import STAGES
from knowledge import lines
from knowledge.connectors import Given
from knowledge.connectors.folder import Folder
from knowledge.errors import CannotRead
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.indexing import Outcome, Wishes, run
from knowledge.policy import Defaults
from knowledge.values import IndexOrder, IndexProgress
from tests.corpora import ReadHere, a_publishing, some_holdings, write_policy
from tests.factories import NOW
from tests.situating import ABOUT, ScriptedSituator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from knowledge.holdings import Holdings
    from knowledge.reading import Reading
    from knowledge.situating import Placement

LEAVE = ("1.1 Annual leave is 25 days.", "1.2 Carry over up to five days.")
TRAINS = "1.1 Trains come before planes."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "handbook"
    write_policy(root, "leave.md", "Annual leave is 25 days.", "Carry over up to five days.")
    write_policy(root, "travel.md", "Trains come before planes.")
    write_policy(root, "pay.md", "Salary band four starts at £52,000.", access="groups: hr")
    return root


@pytest.fixture
def holdings(tmp_path: Path) -> Iterator[Holdings]:
    (tmp_path / "var").mkdir()
    made = some_holdings(tmp_path / "var")
    yield made
    made.store.close()
    made.catalog.close()


def index(
    holdings: Holdings, folder: Path, situator: ScriptedSituator | None, *, readers: ReadHere | None = None, **wishes: object
) -> Outcome:
    wanted = replace(Wishes(readers=readers or ReadHere(), publishing=a_publishing(), situator=situator), **wishes)  # type: ignore[arg-type]  # by name
    return run(holdings, (Given(Folder(folder)),), Defaults(), wanted)


def written(holdings: Holdings) -> dict[str, str]:
    """Text → line, of the live edition."""
    edition = holdings.catalog.editions.live()
    assert edition is not None
    return {passage.text: passage.line for passage in holdings.catalog.editions.contents(edition).passages}


def agree(holdings: Holdings) -> None:
    assert holdings.store.ids() == holdings.catalog.window_ids()


def test_without_a_situator_no_passage_has_a_line(holdings: Holdings, folder: Path) -> None:
    heard: list[IndexProgress] = []
    index(holdings, folder, None, publishing=a_publishing(progress=heard.append))

    assert set(written(holdings).values()) == {""}
    assert "situate" not in {step.stage for step in heard}


def test_a_line_is_asked_for_with_what_it_is_about_and_is_embedded_behind_the_situation(
    holdings: Holdings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded: list[str] = []
    embed = HashingEmbedding.embed_windows

    def watched(self: HashingEmbedding, texts: Sequence[str], progress: Callable[[int], None]) -> NDArray[np.float32]:
        embedded.extend(texts)
        return embed(self, texts, progress)

    monkeypatch.setattr(HashingEmbedding, "embed_windows", watched)
    situator = ScriptedSituator()

    outcome = index(holdings, folder, situator)

    assert situator.passages == [*LEAVE, TRAINS]
    assert {placement.place for placement in situator.asked} == {"Leave › 1. Rules", "Travel › 1. Rules"}
    assert all(text in situator.asked[0].document for text in LEAVE)
    assert f"Travel › 1. Rules\n{ABOUT}\n{TRAINS}" in embedded
    assert written(holdings)[TRAINS] == ABOUT
    assert outcome.report.warnings == ()
    agree(holdings)


def test_a_document_that_no_model_may_see_is_told_to_none_and_keeps_its_plain_situation(holdings: Holdings, folder: Path) -> None:
    situator = ScriptedSituator()

    outcome = index(holdings, folder, situator)

    assert not any("52,000" in f"{placement.passage}{placement.document}" for placement in situator.asked)
    assert written(holdings)["1.1 Salary band four starts at £52,000."] == ""
    assert outcome.report.warnings == ()


def test_a_document_that_was_taken_away_is_told_to_no_model(holdings: Holdings, folder: Path) -> None:
    index(holdings, folder, None)
    holdings.catalog.denials.deny("travel.md", "wrong", NOW)
    situator = ScriptedSituator()

    outcome = index(holdings, folder, situator)

    assert situator.passages == list(LEAVE)
    assert outcome.report.warnings == ()


def test_a_run_without_a_change_asks_reads_and_publishes_nothing(holdings: Holdings, folder: Path) -> None:
    index(holdings, folder, ScriptedSituator())
    situator, readers = ScriptedSituator(), ReadHere()

    outcome = index(holdings, folder, situator, readers=readers)

    assert (situator.asked, readers.names) == ([], [])
    assert outcome.report.edition is None
    assert outcome.report.unchanged == ("leave.md", "pay.md", "travel.md")


def test_an_edit_of_one_clause_asks_about_that_clause_alone(holdings: Holdings, folder: Path) -> None:
    index(holdings, folder, ScriptedSituator())
    write_policy(folder, "leave.md", "Annual leave is 25 days.", "Carry over up to eight days.")
    situator = ScriptedSituator(lambda _: "What is left of leave at the end of the year.")

    outcome = index(holdings, folder, situator)

    assert situator.passages == ["1.2 Carry over up to eight days."]
    assert written(holdings)[LEAVE[0]] == ABOUT
    assert written(holdings)["1.2 Carry over up to eight days."] == "What is left of leave at the end of the year."
    assert outcome.report.changed == ("leave.md",)
    assert outcome.report.embedded == 1


def test_lines_alone_make_an_edition_in_which_no_document_has_changed(holdings: Holdings, folder: Path) -> None:
    index(holdings, folder, None)
    readers = ReadHere()

    outcome = index(holdings, folder, ScriptedSituator(), readers=readers)

    assert readers.names == []
    assert outcome.report.edition == 2
    assert outcome.report.unchanged == ("leave.md", "pay.md", "travel.md")
    assert outcome.report.embedded == 3
    agree(holdings)


def test_switched_off_the_index_is_as_it_was_before_and_switched_on_again_it_asks_nothing(holdings: Holdings, folder: Path) -> None:
    index(holdings, folder, None)
    plain = holdings.store.ids()
    index(holdings, folder, ScriptedSituator())

    index(holdings, folder, None)
    edition = holdings.catalog.editions.live()
    assert edition is not None
    assert {row.window for row in holdings.catalog.editions.contents(edition).rows} == plain
    situator = ScriptedSituator()
    index(holdings, folder, situator)

    assert situator.asked == []
    assert written(holdings)[TRAINS] == ABOUT
    agree(holdings)


@pytest.mark.parametrize("change", [{"name": "another prompt"}, {"name": "prompt, another model"}])
def test_another_prompt_or_model_writes_every_line_again_and_until_it_has_the_old_ones_stay(
    holdings: Holdings, folder: Path, change: dict[str, str]
) -> None:
    index(holdings, folder, ScriptedSituator())

    index(holdings, folder, ScriptedSituator(lambda _: None, **change))
    assert written(holdings)[TRAINS] == ABOUT
    situator = ScriptedSituator(lambda _: "Whoever goes by rail or by air.", **change)
    index(holdings, folder, situator)

    assert situator.passages == [*LEAVE, TRAINS]
    assert written(holdings)[TRAINS] == "Whoever goes by rail or by air."


def test_a_model_that_may_no_longer_see_a_document_leaves_no_line_in_it(holdings: Holdings, folder: Path) -> None:
    index(holdings, folder, ScriptedSituator(sees="everyone groups:hr"))
    assert set(written(holdings).values()) == {ABOUT}

    situator = ScriptedSituator(sees="everyone")
    index(holdings, folder, situator)

    assert situator.asked == []
    assert written(holdings)["1.1 Salary band four starts at £52,000."] == ""


def test_a_line_that_cannot_be_used_is_left_out_said_once_and_not_asked_for_again(holdings: Holdings, folder: Path) -> None:
    first = index(holdings, folder, ScriptedSituator(lambda _: "Ninety days of leave for everybody."))
    situator = ScriptedSituator()
    second = index(holdings, folder, situator)

    assert set(written(holdings).values()) == {""}
    [warning] = first.report.warnings
    assert "3 of 4" in warning.reason
    assert second.report.warnings == ()
    assert situator.asked == []


def test_a_model_that_fails_is_asked_no_more_and_the_next_run_asks_for_what_is_lacking(holdings: Holdings, folder: Path) -> None:
    for number in range(10):
        write_policy(folder, f"rule-{number}.md", f"Rule {number} is kept.")
    said = count()
    first = ScriptedSituator(lambda _: ABOUT if next(said) < 3 else None)

    outcome = index(holdings, folder, first)

    assert 3 + lines.GIVES_UP <= len(first.asked) <= 3 + lines.GIVES_UP + lines.AT_ONCE - 1
    assert outcome.report.edition == 1
    assert outcome.report.unread == ()
    assert [(warning.path, "10 of 14" in warning.reason) for warning in outcome.report.warnings] == [("passages", True)]
    assert sorted(written(holdings).values()).count(ABOUT) == 3
    second = ScriptedSituator()
    assert index(holdings, folder, second).report.warnings == ()
    assert len(second.asked) == 10
    assert not set(second.passages) & set(first.passages[:3])
    assert [text for text, line in written(holdings).items() if not line] == ["1.1 Salary band four starts at £52,000."]
    agree(holdings)


def test_single_failures_do_not_stop_it(holdings: Holdings, folder: Path) -> None:
    for number in range(20):
        write_policy(folder, f"rule-{number}.md", f"Rule {number} is kept.")
    said = count()
    situator = ScriptedSituator(lambda _: ABOUT if next(said) % 4 == 0 else None)

    index(holdings, folder, situator)

    assert len(situator.asked) == 23


def test_what_is_new_in_the_documents_does_not_wait_for_lines_for_ever(
    holdings: Holdings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LONGEST", 0.0)
    situator = ScriptedSituator()

    outcome = index(holdings, folder, situator)

    assert situator.asked == []
    assert outcome.report.edition == 1
    assert "3 of 4" in outcome.report.warnings[0].reason


def test_no_more_are_asked_for_at_once_than_a_few_and_a_run_that_is_ended_calls_them_off(holdings: Holdings, folder: Path) -> None:
    coming: list[Future[str | None]] = []

    class Silent(ScriptedSituator):
        def ask(self, placement: Placement) -> Future[str | None]:
            coming.append(Future())
            return coming[-1]

    class Ended(Exception):
        pass

    def stop(step: IndexProgress) -> None:
        if step.stage == "situate" and coming:
            raise Ended

    with pytest.raises(Ended):
        index(holdings, folder, Silent(), publishing=a_publishing(progress=stop))

    assert len(coming) == lines.AT_ONCE
    assert all(one.cancelled() for one in coming)
    assert holdings.catalog.editions.live() is None


def test_lines_go_with_the_last_version_that_has_their_passage(holdings: Holdings, folder: Path) -> None:
    index(holdings, folder, ScriptedSituator())
    (folder / "travel.md").unlink()
    index(holdings, folder, ScriptedSituator(), order=IndexOrder(removal_confirmed=True))
    assert len(holdings.catalog.lines.all()) == 3

    for number in range(6):
        write_policy(folder, "pay.md", f"Salary band {number}.", access="groups: hr")
        index(holdings, folder, ScriptedSituator())

    assert len(holdings.catalog.lines.all()) == 2


def test_a_document_carried_to_another_embedder_is_not_taken_for_what_the_first_one_read(holdings: Holdings, folder: Path) -> None:
    class Other(HashingEmbedding):
        identity = "other"

    class NoTrains(ReadHere):
        def read(self, name: str, content: bytes) -> Reading:
            if name == "travel.md":
                raise CannotRead("is not read today")
            return super().read(name, content)

    def windows() -> set[str]:
        edition = holdings.catalog.editions.live()
        assert edition is not None
        return {row.window for row in holdings.catalog.editions.contents(edition).rows}

    index(holdings, folder, ScriptedSituator())
    first = windows()
    situator = ScriptedSituator()
    index(replace(holdings, embedder=Other()), folder, situator, readers=NoTrains())
    assert written(holdings)[TRAINS] == ABOUT
    assert not windows() & first

    index(holdings, folder, situator)

    assert situator.asked == []
    assert windows() == first


def test_the_terminal_has_a_word_for_every_stage_of_a_run() -> None:
    assert set(get_args(get_type_hints(IndexProgress)["stage"])) == set(STAGES)


def test_a_run_that_ends_early_has_asked_for_nothing_in_vain(holdings: Holdings, folder: Path) -> None:
    class Ended(Exception):
        pass

    def stop(step: IndexProgress) -> None:
        if step.stage == "situate" and step.done >= 2:
            raise Ended

    first, second = ScriptedSituator(), ScriptedSituator()
    with pytest.raises(Ended):
        index(holdings, folder, first, publishing=a_publishing(progress=stop))
    index(holdings, folder, second)

    assert sorted(first.passages + second.passages) == sorted([*LEAVE, TRAINS])
    assert written(holdings)[TRAINS] == ABOUT
