"""Which document holds at a date."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from knowledge.validity import Life, current, lineage, lives, unmatched
from tests.corpora import a_policy

OLD = a_policy("leave/annual-leave-2025.md", effective=date(2025, 1, 1))
NEW = a_policy("leave/annual-leave.md", effective=date(2026, 1, 1), supersedes="annual-leave-2025")


def test_a_document_holds_from_its_effective_date_on() -> None:
    assert current([NEW], date(2025, 12, 31)) == frozenset()
    assert current([NEW], date(2026, 1, 1)) == {NEW.id}


def test_a_document_without_a_date_has_always_held() -> None:
    timeless = a_policy("travel.md")

    assert current([timeless], date(1990, 1, 1)) == {timeless.id}


def test_a_superseded_document_holds_until_its_successor_does() -> None:
    assert current([OLD, NEW], date(2025, 12, 31)) == {OLD.id}
    assert current([OLD, NEW], date(2026, 1, 1)) == {NEW.id}


def test_a_document_is_named_by_its_id_as_well_as_by_its_stem() -> None:
    by_id = a_policy("leave/annual-leave.md", supersedes=OLD.id)

    assert current([OLD, by_id], date(2026, 6, 1)) == {by_id.id}


def test_in_a_chain_only_the_last_holds() -> None:
    last = a_policy("leave/annual-leave-2027.md", effective=date(2027, 1, 1), supersedes="annual-leave")

    assert current([OLD, NEW, last], date(2027, 1, 1)) == {last.id}


def test_a_document_that_names_itself_is_not_replaced_by_itself() -> None:
    itself = a_policy("leave/annual-leave.md", supersedes="annual-leave")

    assert current([itself], date(2026, 1, 1)) == {itself.id}


def test_a_successor_of_the_same_stem_in_another_folder_replaces_the_other_only() -> None:
    older, newer = a_policy("2025/leave.md"), a_policy("2026/leave.md", supersedes="leave")

    assert current([older, newer], date(2026, 1, 1)) == {newer.id}


def test_who_supersedes_nothing_that_is_there_is_named() -> None:
    astray = a_policy("travel.md", supersedes="travel-2024")

    assert unmatched([OLD, NEW, astray]) == (astray,)


@given(
    starts=st.lists(st.none() | st.integers(min_value=-400, max_value=400), min_size=1, max_size=6),
    links=st.lists(st.integers(min_value=0, max_value=5), min_size=6, max_size=6),
    day=st.integers(min_value=-500, max_value=500),
)
def test_what_holds_is_effective_and_has_no_effective_successor(starts: list[int | None], links: list[int], day: int) -> None:
    origin = date(2026, 1, 1)
    dates = [None if start is None else origin + timedelta(days=start) for start in starts]
    documents = [
        a_policy(f"d{i}.md", effective=effective, supersedes=f"d{link}" if link != i else None)
        for i, (effective, link) in enumerate(zip(dates, links, strict=False))
    ]
    as_of = origin + timedelta(days=day)

    holding = current(documents, as_of)

    effective = {document.id for document in documents if document.effective is None or document.effective <= as_of}
    replaced = {f"{document.supersedes}.md" for document in documents if document.id in effective and document.supersedes}
    assert holding == effective - replaced


def test_a_version_to_come_names_the_one_that_holds_until_then() -> None:
    [life] = lives([NEW], [OLD, NEW], current([OLD, NEW], date(2025, 6, 1)), date(2025, 6, 1))
    assert (life.document, life.coming, life.other) == (NEW, True, OLD)


def test_a_replaced_version_names_its_successor_only_to_those_who_may_read_it() -> None:
    holding = current([OLD, NEW], date(2026, 6, 1))
    assert lives([OLD], [OLD, NEW], holding, date(2026, 6, 1)) == (Life(OLD, coming=False, other=NEW),)
    assert lives([OLD], [OLD], holding, date(2026, 6, 1)) == (Life(OLD, coming=False),)


def test_what_holds_has_nothing_to_be_told() -> None:
    assert lives([NEW], [OLD, NEW], current([OLD, NEW], date(2026, 6, 1)), date(2026, 6, 1)) == ()


def test_a_lineage_goes_back_to_the_first_and_ends_in_a_circle() -> None:
    last = a_policy("leave/annual-leave-2027.md", supersedes="annual-leave")
    assert lineage(last, [OLD, NEW, last]) == {OLD.id, NEW.id}
    one, two = a_policy("one.md", supersedes="two"), a_policy("two.md", supersedes="one")
    assert lineage(one, [one, two]) == {two.id}
