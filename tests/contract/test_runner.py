"""Golden questions go the way that questions in Slack go, and what must not reach a reply is noticed when it does."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.adapters.file_directory import read_directory
from bot.adapters.quote_writer import QuoteWriter
from bot.answers import Outcome
from bot.channels.slack import afterwards
from bot.flows import answer as flow
from bot.flows import looking
from bot.flows.access import audience_of, scope_for
from bot.flows.deciding import OwnWords
from bot.flows.sensitive import Topic
from bot.settings import Settings, read_settings
from bot.values import ChannelFacts
from evals import cli, log, runner
from evals.desk import Desk, furnish, own_corpus
from evals.figures import Reply
from evals.golden import Clause, GoldenQuestion
from evals.leaks import may_read
from evals.runner import replies_to, reply_to
from knowledge.corpus import Corpus
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.values import AccessRule, Scope
from knowledge.weights import Thresholds
from tests.corpora import write_policy
from tests.factories import NOW

HANDBOOK = Path(__file__).resolve().parents[2] / "handbook"
RULES = (
    AccessRule(everyone=True),
    AccessRule(groups=frozenset({"hr"})),
    AccessRule(groups=frozenset({"managers", "hr"})),
    AccessRule(groups=frozenset({"finance"})),
    AccessRule(people=frozenset({"wendy", "greta", "amelia"})),
    AccessRule(people=frozenset({"carla", "nils"})),
)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    write_policy(folder, "leave.md", "1.1 Employees may carry over up to 5 days of annual leave.", title="Annual leave")
    write_policy(folder, "secret.md", "1.1 The exceptional carry over of annual leave is 13 days.", title="Exceptions", access="groups: hr")
    (folder / "workspace.yaml").write_bytes((HANDBOOK / "workspace.yaml").read_bytes())
    return folder


@pytest.fixture
async def desk(documents: Path, tmp_path: Path) -> Desk:
    return await furnish(Corpus.open(tmp_path / "own", HashingEmbedding()), documents, (QuoteWriter(),), lambda _: None)


def a_golden(asker: str = "priya", where: str = "dm", *, before: tuple[str, ...] = (), question: str = "") -> GoldenQuestion:
    asked = question or "how many days of annual leave can be carried over, as an exception"
    return GoldenQuestion(id="a-1", kind="plain", asker=asker, where=where, question=asked, before=before)


def found(reply: Reply) -> set[str]:
    return {hit.document.stem for hit in reply.hits}


async def test_the_asker_in_a_direct_message_finds_what_the_asker_may_read(desk: Desk) -> None:
    assert found(await reply_to(a_golden("priya"), desk)) == {"leave"}
    assert found(await reply_to(a_golden("ruth"), desk)) == {"leave", "secret"}


async def test_a_place_counts_and_not_only_the_asker(desk: Desk) -> None:
    assert found(await reply_to(a_golden("ruth", "#people-team"), desk)) == {"leave", "secret"}
    assert found(await reply_to(a_golden("ruth", "#ask-policy"), desk)) == {"leave"}


async def test_where_a_guest_is_present_a_member_is_answered_alone_and_the_guest_with_nothing(desk: Desk) -> None:
    assert found(await reply_to(a_golden("priya", "#redesign"), desk)) == {"leave"}
    for asker, where in (("carla", "#redesign"), ("nils", "#northgate"), ("carla", "dm")):
        reply = await reply_to(a_golden(asker, where), desk)
        assert reply.answer.outcome is Outcome.NOTHING_READABLE
        assert not reply.hits
        assert not reply.leaked


async def test_a_follow_up_leans_on_what_was_understood_before(desk: Desk) -> None:
    before = ("how many days of annual leave can be carried over?",)
    reply = await reply_to(a_golden(before=before, question="and in germany?"), desk)
    assert reply.answer.evidence.standalone == f"{before[0]} and in germany?"
    alone = await reply_to(a_golden(question="and in germany?"), desk)
    assert alone.answer.evidence.standalone == "and in germany?"


async def test_small_talk_before_a_question_is_not_remembered(desk: Desk) -> None:
    reply = await reply_to(a_golden(before=("thanks!",), question="and in germany?"), desk)
    assert reply.answer.evidence.standalone == "and in germany?"


def test_a_thread_remembers_here_what_it_remembers_in_slack() -> None:
    assert runner.REMEMBERED == afterwards.REMEMBERED


async def test_hits_of_the_question_before_are_not_counted_for_one_that_never_reached_the_search(desk: Desk) -> None:
    reply = await reply_to(a_golden(before=("how many days of annual leave can be carried over?",), question="thanks!"), desk)
    assert reply.answer.outcome is Outcome.SMALL_TALK
    assert not reply.hits


async def test_questions_are_asked_on_the_sample_companys_day(desk: Desk) -> None:
    assert str((await reply_to(a_golden(), desk)).answer.evidence.as_of) == "2026-11-16"


async def test_progress_is_told_and_the_order_kept(desk: Desk) -> None:
    heard: list[int] = []
    asked = [a_golden("priya"), a_golden("ruth")]
    replies = await replies_to(asked, desk, heard.append)
    assert [reply.golden for reply in replies] == asked
    assert heard == [1, 2]


async def test_a_leak_is_noticed_when_the_bots_own_rules_fail(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = await reply_to(a_golden("priya"), desk)
    assert not honest.leaked
    monkeypatch.setattr(flow, "scope_for", lambda _audience, rules: Scope(frozenset(rule.label for rule in rules)))
    assert (await reply_to(a_golden("priya"), desk)).leaked
    assert not (await reply_to(a_golden("ruth"), desk)).leaked


async def test_a_refusal_that_names_a_closed_document_is_a_leak(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "refusal", lambda answer, *_: replace(answer, nearest_title="Exceptions"))
    monkeypatch.setattr(looking, "THRESHOLDS", Thresholds(answer_from=2.0))
    assert (await reply_to(a_golden("priya"), desk)).leaked
    assert not (await reply_to(a_golden("ruth"), desk)).leaked


async def test_a_clause_is_found_whoever_may_read_it_and_with_all_its_parts(desk: Desk) -> None:
    assert [hit.passage.text for hit in desk.clauses(Clause("secret", "1.1"))] == [
        "1.1 1.1 The exceptional carry over of annual leave is 13 days."
    ]
    assert {hit.document.stem for hit in desk.clauses(Clause("secret", "1"), Clause("leave", "1"))} == {"leave", "secret"}
    assert desk.clauses(Clause("leave", "2")) == ()
    assert desk.clauses() == ()


def test_two_programs_agree_on_who_may_read_what() -> None:
    workspace = yaml.safe_load((HANDBOOK / "workspace.yaml").read_text(encoding="utf-8"))
    directory = read_directory(HANDBOOK / "workspace.yaml")
    verdicts = set()
    for name, where in itertools.product(directory.people, ["dm", *(f"#{channel}" for channel in directory.channels)]):
        facts = ChannelFacts(kind="direct") if where == "dm" else directory.find_channel(where).facts
        scope = scope_for(audience_of(facts, directory.people[name]), RULES)
        if where != "dm" and directory.people[name].membership == "deactivated":
            continue  # nobody who is gone asks in a channel
        for rule in RULES:
            verdict = may_read(workspace, name, where, rule)
            assert scope.allows(rule.label) == verdict, (name, where, rule.label)
            verdicts.add(verdict)
    assert verdicts == {True, False}


@pytest.fixture
def settings(documents: Path, tmp_path: Path) -> Settings:
    return read_settings({"IBID_DOCUMENTS": str(documents), "IBID_DATA_DIR": str(tmp_path / "data")})


async def test_what_has_a_vector_from_the_last_run_is_not_embedded_again(settings: Settings) -> None:
    class Counting(HashingEmbedding):
        embedded = 0

        def embed_windows(self, texts: Any, progress: Any = None) -> Any:  # noqa: ANN401  # as the class above has it
            Counting.embedded += len(texts)
            return super().embed_windows(texts, progress)

    for _ in range(2):
        with own_corpus(settings, Counting()) as corpus:
            await furnish(corpus, settings.documents, (QuoteWriter(),), lambda _: None)
    assert Counting.embedded == 2
    assert [path.name for path in settings.data_dir.iterdir()] == ["eval"]


async def test_conversations_and_secrets_are_not_copied(settings: Settings) -> None:
    settings.data_dir.mkdir()
    for name in ("conversation.db", "secret.key"):
        (settings.data_dir / name).write_text("private")
    Corpus.open(settings.data_dir, HashingEmbedding()).close()
    with own_corpus(settings, HashingEmbedding()):
        pass
    kept = {path.name for path in (settings.data_dir / "eval").rglob("*")}
    assert "catalog.db" in kept
    assert not kept & {"conversation.db", "secret.key"}


def test_a_run_of_the_check_half_is_logged_and_a_second_one_of_the_same_tree_marked(tmp_path: Path) -> None:
    file = tmp_path / "runs.jsonl"
    assert log.looked_before("abc", file) is None
    log.note(datetime(2026, 11, 16, 9, tzinfo=UTC), "abc", log.GOLDEN, {"top5": 0.9}, file=file)
    log.note(NOW, "abc", log.GOLDEN, {"top5": 0.9}, file=file)
    assert [run["again"] for run in log.runs(file)] == [False, True]
    assert log.runs(file)[0]["figures"] == {"top5": 0.9}
    assert log.looked_before("other", file) is None


def test_runs_logged_before_models_were_asked_are_looks_of_the_quotes() -> None:
    oldest = log.runs(log.LOG)[0]
    assert "models" not in oldest
    assert log.Look.of(oldest) == log.GOLDEN
    assert log.looked_before(oldest["tree"], log.LOG)
    assert log.looked_before(oldest["tree"], log.LOG, log.Look(what="claims", writer="quote")) is None


def test_a_change_of_the_claims_is_a_change_for_the_claims_alone(tmp_path: Path) -> None:
    (tmp_path / "evals" / "claims").mkdir(parents=True)
    before = log.tree_hash(tmp_path), log.tree_hash(tmp_path, log.WITH_CLAIMS)
    (tmp_path / "evals" / "claims" / "free.yaml").write_text("- id: c-1")
    assert log.tree_hash(tmp_path) == before[0]
    assert log.tree_hash(tmp_path, log.WITH_CLAIMS) != before[1]


def test_a_tree_has_another_hash_when_code_prompts_documents_or_questions_change(tmp_path: Path) -> None:
    hashes = {log.tree_hash(tmp_path)}
    for name in ("bot/a.py", "knowledge/a.py", "prompts/answer.md", "handbook/golden.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("first")
        hashes.add(log.tree_hash(tmp_path))
        (tmp_path / name).write_text("second")
        hashes.add(log.tree_hash(tmp_path))
    assert len(hashes) == 9
    (tmp_path / "bot" / "__pycache__").mkdir()
    (tmp_path / "bot" / "__pycache__" / "a.py").write_text("compiled")
    assert log.tree_hash(tmp_path) in hashes


@pytest.fixture
def canned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The command with replies made by hand, and a log of its own."""

    async def ask(halves: Iterable[str], _writer: str, **_: object) -> dict[str, tuple[Reply, ...]]:
        return dict.fromkeys(halves, ())

    monkeypatch.setattr(cli, "ask", ask)
    monkeypatch.setattr(cli, "open_minilm", lambda *_, **__: HashingEmbedding())
    monkeypatch.setattr(log, "LOG", tmp_path / "runs.jsonl")
    return tmp_path / "runs.jsonl"


def test_the_check_half_is_looked_at_once_for_each_change(canned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--set", "check"]) == 0
    assert cli.main(["--set", "both"]) == 1
    assert "exactly this tree" in capsys.readouterr().out
    assert len(log.runs(canned)) == 1
    assert cli.main(["--set", "check", "--again"]) == 0
    assert [run["again"] for run in log.runs(canned)] == [False, True]


def test_the_tune_half_may_be_looked_at_as_often_as_one_likes(canned: Path, tmp_path: Path) -> None:
    for _ in range(2):
        assert cli.main(["--json", str(tmp_path / "figures.json")]) == 0
    assert not canned.exists()
    assert json.loads((tmp_path / "figures.json").read_text())["golden"]["tune"]["n"] == 0


def test_documents_without_golden_questions_are_said_in_one_line(
    canned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IBID_DOCUMENTS", str(tmp_path))
    assert cli.main([]) == 1
    assert "golden.yaml cannot be read" in " ".join(capsys.readouterr().out.split())
    assert not canned.exists()


async def test_a_trouble_told_in_a_channel_is_answered_alone_as_in_slack(desk: Desk) -> None:
    topics = (Topic("harassment", "Speak to Priya first.", on_its_own=("touch me",)),)
    heard = replace(desk, answering=replace(desk.answering, own_words=OwnWords(topics), ear=None))
    told = "My manager touches me. How many days of annual leave can be carried over, as an exception?"
    reply = await reply_to(a_golden("ruth", "#ask-policy", question=told), heard)
    assert reply.answer.contact is not None
    assert reply.answer.outcome is not Outcome.CONTACT_FIRST
    assert found(reply) == {"leave", "secret"}
    assert not reply.leaked
