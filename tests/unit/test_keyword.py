"""BM25 within labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.entry import entry_id
from knowledge.errors import IndexBroken
from knowledge.glossary import Sought
from knowledge.keyword import Keywords
from knowledge.values import Scope
from knowledge.words import content_words, words
from tests.corpora import ALL_LABELS, a_policy, passages_of
from tests.factories import HR

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.values import Document

LEAVE, PAY = a_policy("leave.md"), a_policy("pay.md", rule=HR)
EVERYTHING = Scope(ALL_LABELS)


def filled(folder: Path, *shelf: tuple[Document, list[str]], title_boost: float = 1.0) -> tuple[Keywords, dict[str, str]]:
    """The index, and each entry's text."""
    keywords = Keywords(folder / "keywords", title_boost=title_boost)
    pairs = [(passage, document.title) for document, texts in shelf for passage in passages_of(document, *texts)]
    keywords.add(pairs)
    return keywords, {entry_id(passage, title): passage.text for passage, title in pairs}


def found(keywords: Keywords, texts: dict[str, str], question: str, scope: Scope = EVERYTHING, limit: int = 10) -> list[str]:
    return [texts[entry] for entry, _ in keywords.search(Sought(question), scope, texts.__contains__, limit)]


def test_a_word_is_found_in_its_other_forms(tmp_path: Path) -> None:
    keywords, texts = filled(tmp_path, (LEAVE, ["Employees may carry over unused days.", "Bicycles are insured."]))

    assert found(keywords, texts, "what about carrying over?") == ["Employees may carry over unused days."]


@pytest.mark.parametrize("question", ["what is the limit of £1,500?", "is 1500 the limit"])
def test_a_number_is_found_however_its_thousands_are_written(tmp_path: Path, question: str) -> None:
    keywords, texts = filled(tmp_path, (LEAVE, ["Up to 1,500 a year.", "Up to 500 a year."]))

    assert found(keywords, texts, question)[0] == "Up to 1,500 a year."


def test_a_clause_number_is_one_word() -> None:
    assert words("Clause 4.2 and the manager’s on-call team") == ["claus", "4.2", "and", "the", "manag", "on", "call", "team"]


def test_a_country_is_one_word_however_it_is_called_and_the_pronoun_is_none() -> None:
    assert words("United Kingdom") == words("U.K.") == words("UK") == ["uk"]
    assert words("the United States of America") == words("the US") == words("the us") == ["the", "usa"]
    assert content_words("tell us about leave (us)") == ["leav", "usa"]


def test_a_question_is_searched_by_its_content_words_unless_it_has_none() -> None:
    assert content_words("Hi, how many days of holiday do I get? And holidays?") == ["day", "holiday"]
    assert content_words("what is it about") == ["what", "is", "it", "about"]
    assert content_words("🙂") == []


@pytest.mark.parametrize("question", ["", "   ", "🙂🙂", "?!", "((", 'label:"groups:hr"'])
def test_a_question_without_words_finds_nothing_and_raises_nothing(tmp_path: Path, question: str) -> None:
    keywords, texts = filled(tmp_path, (LEAVE, ["Holiday is 25 days."]))

    assert found(keywords, texts, question) == []


def test_a_question_is_never_read_as_a_query(tmp_path: Path) -> None:
    keywords, texts = filled(tmp_path, (LEAVE, ["Holiday is 25 days."]), (PAY, ["Salary bands."]))

    assert found(keywords, texts, "label:groups:hr OR salary* (bands", Scope(frozenset({"everyone"}))) == []


def test_an_empty_scope_finds_nothing(tmp_path: Path) -> None:
    keywords, texts = filled(tmp_path, (LEAVE, ["Holiday is 25 days."]))

    assert found(keywords, texts, "holiday", Scope(frozenset())) == []


def test_the_rarity_of_a_label_adds_nothing_to_a_score(tmp_path: Path) -> None:
    text = "Holiday is 25 days."
    common = [a_policy(f"c{number}.md") for number in range(20)]
    rare = a_policy("c.md", rule=HR)
    keywords, texts = filled(tmp_path, (rare, [text]), *((document, [text]) for document in common))

    hits = keywords.search(Sought("holiday days"), EVERYTHING, texts.__contains__, 50)

    assert len(hits) == 21
    assert len({score for _, score in hits}) == 1


def test_entries_of_other_editions_do_not_crowd_out_live_ones(tmp_path: Path) -> None:
    stale = [f"Holiday holiday holiday, edition {number}." for number in range(200)]
    keywords, texts = filled(tmp_path, (LEAVE, [*stale, "Holiday is 25 days in a calendar year for all full-time staff."]))
    live = {entry for entry, text in texts.items() if "full-time" in text}

    assert [texts[entry] for entry, _ in keywords.search(Sought("holiday"), EVERYTHING, live.__contains__, 5)] == [
        "Holiday is 25 days in a calendar year for all full-time staff."
    ]


def test_a_title_counts(tmp_path: Path) -> None:
    about, aside = a_policy("sabbatical.md"), a_policy("travel.md")
    keywords, texts = filled(tmp_path, (about, ["Up to 12 weeks after five years."]), (aside, ["Trains before planes, always."]))

    assert found(keywords, texts, "sabbatical") == ["Up to 12 weeks after five years."]


def test_adding_twice_changes_nothing_and_removing_leaves_nothing(tmp_path: Path) -> None:
    keywords, texts = filled(tmp_path, (LEAVE, ["Holiday is 25 days."]))
    before = keywords.search(Sought("holiday"), EVERYTHING, texts.__contains__, 5)

    keywords.add((passage, LEAVE.title) for passage in passages_of(LEAVE, "Holiday is 25 days."))

    assert keywords.entries() == texts.keys()
    assert keywords.search(Sought("holiday"), EVERYTHING, texts.__contains__, 5) == before
    keywords.remove(list(texts))
    assert keywords.count() == 0
    assert keywords.entries() == frozenset()
    assert found(keywords, texts, "holiday") == []


def test_a_changed_label_is_another_entry() -> None:
    passage = passages_of(LEAVE, "Holiday.")[0]

    assert entry_id(passage, "Leave") != entry_id(passage, "Leave 2026")


def test_what_was_added_is_there_after_opening_again(tmp_path: Path) -> None:
    _, texts = filled(tmp_path, (LEAVE, ["Holiday is 25 days."]))

    assert found(Keywords(tmp_path / "keywords"), texts, "holiday") == ["Holiday is 25 days."]


def test_a_damaged_folder_is_named(tmp_path: Path) -> None:
    filled(tmp_path, (LEAVE, ["Holiday is 25 days."]))
    (tmp_path / "keywords" / "meta.json").write_text("{")

    with pytest.raises(IndexBroken, match="delete that folder"):
        Keywords(tmp_path / "keywords")


def test_reach_is_whole_where_a_passage_has_every_word_and_nothing_where_none_has_any(tmp_path: Path) -> None:
    keywords, _ = filled(tmp_path, (LEAVE, ["hotel prices", "hotel", "train"]))

    def reach(question: str) -> float:
        found = keywords.search(Sought(question), EVERYTHING, lambda _: True, 10)
        return keywords.reach(Sought(question), max((score for _, score in found), default=0.0))

    assert reach("hotel prices") > 0.7
    assert 0 < reach("hotel zebra quagga") < 0.4
    assert reach("zebra quagga") == 0.0
    assert reach("") == 0.0


def test_a_rare_word_weighs_more_than_a_common_one(tmp_path: Path) -> None:
    keywords, _ = filled(tmp_path, (LEAVE, ["Holiday is paid.", "Holiday is booked.", "Jury service is paid."]))

    assert keywords.rarity("juri") > keywords.rarity("paid") > 0
    assert keywords.rarity("zeppelin") > keywords.rarity("juri")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(max_size=80), limit=st.integers(min_value=0, max_value=60), labels=st.sets(st.sampled_from(sorted(ALL_LABELS))))
def test_no_question_and_no_limit_reaches_outside_of_the_scope(tmp_path: Path, question: str, limit: int, labels: set[str]) -> None:
    folder = tmp_path / "shared"
    keywords = Keywords(folder)
    passages = [*passages_of(LEAVE, "Holiday pay days."), *passages_of(PAY, "Holiday pay bands.", "Secret holiday pay.")]
    entries = {entry_id(passage, "Leave"): passage for passage in passages}
    if not keywords.count():
        keywords.add((passage, "Leave") for passage in passages)

    hits = keywords.search(Sought(f"{question} holiday pay"), Scope(frozenset(labels)), entries.__contains__, limit)

    assert {entries[entry].label for entry, _ in hits} <= labels
    assert len(hits) <= limit
