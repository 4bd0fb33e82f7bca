"""The sample company's documents and golden questions are what the figures need them to be."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from bot.answers import Request, Sentence, Source
from bot.flows.ground import check
from evals.golden import ANSWERABLE, KINDS, GoldenQuestion, load_golden
from evals.leaks import may_read
from evals.phrases import says
from knowledge.connectors.folder import Folder
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.policies_csv import read_table
from knowledge.policy import Defaults, describe
from knowledge.reading import read
from knowledge.sentences import units
from knowledge.splitting import split
from knowledge.validity import current
from knowledge.values import Document, Hit, Passage
from knowledge.verbatim import spoken

HANDBOOK = Path(__file__).resolve().parents[2] / "handbook"
TODAY = date(2026, 11, 16)


@dataclass(frozen=True)
class Read:
    """A document of the handbook as the index sees it."""

    document: Document
    passages: tuple[Passage, ...]


@cache
def workspace() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((HANDBOOK / "workspace.yaml").read_text(encoding="utf-8"))
    return found


@cache
def handbook() -> dict[str, Read]:
    """Every document, by its stem. Raises where one does not parse, or names a group or a person that is not there."""
    folder = Folder(HANDBOOK)
    table = read_table(folder.table() or b"")
    known = Defaults(known_groups=frozenset(workspace()["groups"]), known_people=frozenset(workspace()["people"]))
    found = {}
    for file in folder.files():
        reading = read(file.id, folder.content(file))
        document = describe(file.id, reading, table.row(file.id), known)
        found[document.stem] = Read(document, split(document, reading.sections, HashingEmbedding().count)[1])
    assert not folder.refused()
    assert not table.rows.keys() - {read.document.id for read in found.values()}, "policies.csv names a file that is not there"
    return found


@cache
def golden() -> tuple[GoldenQuestion, ...]:
    return load_golden(HANDBOOK / "golden.yaml")


def clause_texts(question: GoldenQuestion) -> list[str]:
    """The text of each gold clause, all its passages joined; empty where there is no such clause."""
    return [
        "\n".join(passage.text for passage in handbook()[clause.stem].passages if clause.covers(clause.stem, passage.clause))
        for clause in question.clauses
    ]


@cache
def renderer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("render", HANDBOOK / "render.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_document_parses_and_there_are_forty_with_thirty_thousand_words() -> None:
    words = sum(len(passage.text.split()) for read in handbook().values() for passage in read.passages)
    assert len(handbook()) >= 40
    assert words >= 30_000
    assert {Path(read.document.id).suffix for read in handbook().values()} == {".md", ".html", ".pdf", ".docx"}


def test_every_document_says_all_about_itself() -> None:
    for stem, one in handbook().items():
        document = one.document
        assert document.effective, stem
        assert document.review_by, stem
        assert document.applies_to, stem
        assert document.url.endswith(stem), stem
        assert document.owner in workspace()["people"], stem
        assert all(passage.clause for passage in one.passages), stem


def test_some_documents_are_restricted_to_groups_and_one_to_named_people() -> None:
    rules = [one.document.rule for one in handbook().values()]
    assert {"hr", "managers", "finance", "it-security"} <= {group for rule in rules for group in rule.groups}
    assert {frozenset({"wendy", "greta", "amelia"})} == {rule.people for rule in rules if rule.people}
    assert Counter(rule.everyone for rule in rules)[False] >= 6


def test_some_documents_are_superseded_and_some_not_yet_effective() -> None:
    documents = [one.document for one in handbook().values()]
    live = current(documents, TODAY)
    ahead = {document.stem for document in documents if document.effective and document.effective > TODAY}
    past = {document.stem for document in documents if document.id not in live} - ahead
    assert past == {"annual-leave-uk-2025", "expenses-2025", "ai-tools-2025"}
    assert ahead == {"parental-leave-uk-2027", "pay-2027"}
    named = {document.supersedes for document in documents if document.supersedes}
    assert named <= handbook().keys()


def test_two_current_documents_for_everyone_contradict_each_other() -> None:
    places = {"remote-work": "5.2", "equipment": "4.3"}
    amounts = []
    for stem, number in places.items():
        one = handbook()[stem]
        assert one.document.rule.everyone
        assert one.document.id in current([other.document for other in handbook().values()], TODAY)
        (text,) = [passage.text for passage in one.passages if passage.clause == number]
        assert "home-office allowance" in text
        amounts.append(set(re.findall(r"[£€$]\d+", text)))
    assert amounts == [{"£300", "€350", "$400"}, {"£250", "€300", "$350"}]


def test_every_cross_reference_leads_to_a_clause() -> None:
    broken = [f"{stem}: {place}" for stem, place, found in cross_references() if not found]
    assert not broken
    assert sum(1 for _ in cross_references()) > 60


def cross_references() -> Iterator[tuple[str, str, bool]]:
    stems = {one.document.title: stem for stem, one in handbook().items()}
    titles = "|".join(map(re.escape, sorted(stems, key=len, reverse=True)))
    pattern = re.compile(rf"(?:(?<!\w)({titles}), )?\b(?:clauses?|section) (\d+(?:\.\d+)?)")
    for stem, one in handbook().items():
        for passage in one.passages:
            for title, number in pattern.findall(" ".join(passage.text.split())):
                there = {other.clause for other in handbook()[stems[title] if title else stem].passages}
                yield stem, f"{title or 'own'} {number}", number in there or any(clause.startswith(f"{number}.") for clause in there)


@pytest.mark.parametrize("stem", sorted(path.stem for path in (HANDBOOK / "sources").glob("*.md")))
def test_a_pdf_or_docx_is_what_its_source_renders_to(stem: str) -> None:
    target, content = renderer().render(stem)
    assert read(target.name, content) == read(target.name, target.read_bytes())


def test_every_pdf_and_docx_has_its_source() -> None:
    rendered = {path.stem for suffix in ("pdf", "docx") for path in HANDBOOK.rglob(f"*.{suffix}")}
    assert rendered == {path.stem for path in (HANDBOOK / "sources").glob("*.md")}


def test_there_are_enough_golden_questions_of_every_kind() -> None:
    counts = Counter(question.kind for question in golden())
    assert len(golden()) >= 400
    assert counts["follow_up"] >= 60
    assert counts["unanswerable"] >= 50
    assert counts["near_miss"] >= 50
    assert counts["restricted"] >= 60
    assert counts["dated"] >= 30
    assert counts["own_numbers"] >= 20
    assert counts["own_record"] >= 20


def test_both_halves_hold_enough_of_every_kind() -> None:
    halves = Counter((question.half, question.kind) for question in golden())
    for kind in KINDS:
        both = halves["tune", kind] + halves["check", kind]
        assert 0.35 * both <= halves["check", kind] <= 0.65 * both, kind


def test_a_third_of_the_questions_are_in_chat_style() -> None:
    lower = [question for question in golden() if question.question == question.question.lower()]
    unmarked = [question for question in golden() if not question.question.endswith("?")]
    assert len(lower) >= len(golden()) / 3
    assert len(unmarked) >= len(golden()) / 3


def test_everybody_asks_where_they_can() -> None:
    people, channels = workspace()["people"], workspace()["channels"]
    for question in golden():
        assert question.asker in people, question.id
        assert not people[question.asker].get("deactivated"), question.id
        if question.where != "dm":
            channel = channels[question.where.removeprefix("#")]
            assert channel["kind"] == "public" or question.asker in channel["members"], question.id


def test_every_gold_clause_is_a_passage_of_its_document() -> None:
    missing = [
        f"{question.id}: {clause.stem}#{clause.number}"
        for question in golden()
        for clause in question.clauses
        if clause.stem not in handbook() or not any(clause.covers(clause.stem, one.clause) for one in handbook()[clause.stem].passages)
    ]
    assert not missing


def test_a_gold_clause_says_what_a_right_answer_says_and_nothing_that_it_must_not() -> None:
    wrong = []
    for question in golden():
        texts = clause_texts(question)
        if question.kind == "restricted":
            wrong += [f"{question.id}: {phrase}" for phrase in question.never if not any(says(text, phrase) for text in texts)]
            continue
        wrong += [f"{question.id}: {phrase}" for phrase in question.says if not any(says(text, phrase) for text in texts)]
        wrong += [f"{question.id}: never {phrase}" for phrase in question.never if any(says(text, phrase) for text in texts)]
    assert not wrong


def test_what_must_not_be_said_is_not_asked_to_be_said() -> None:
    assert not [question.id for question in golden() if any(says(phrase, never) for phrase in question.says for never in question.never)]


def test_an_answerable_question_is_answered_by_a_document_that_its_audience_may_read() -> None:
    closed = [question.id for question in golden() if question.kind in ANSWERABLE and not open_clauses(question)]
    assert not closed


def test_a_restricted_question_is_answered_only_by_documents_that_its_audience_may_not_read() -> None:
    open_ones = [question.id for question in golden() if question.kind == "restricted" and open_clauses(question)]
    assert not open_ones


def test_every_sentence_item_and_row_passes_the_check_as_it_is_quoted() -> None:
    dropped = []
    for stem, read_document in handbook().items():
        for passage in read_document.passages:
            hit = Hit(passage=passage, document=read_document.document, score=1.0)
            request = Request("Is that so?", (Source(1, hit),), (), "")
            lines = [spoken(unit, passage.text) for unit in units(passage.text)]
            dropped += [f"{stem}: {line}" for line in lines if not isinstance(check(f"{line} [1]", request), Sentence)]
    assert not dropped


def open_clauses(question: GoldenQuestion) -> list[str]:
    return [
        clause.stem
        for clause in question.clauses
        if may_read(workspace(), question.asker, question.where, handbook()[clause.stem].document.rule)
    ]
