"""A prompt is tried on golden questions by the bot's own parts: the same ten, in public, and nothing stays of it."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.answers import Request
from bot.bootstrap import House, Ibid, opened
from bot.cli.trial import open_trial
from bot.errors import NoTrial, WriterFailed
from bot.flows import looking
from bot.models import Model, Price, Spent
from bot.prompts import PromptSet
from bot.settings import HOME, Settings, read_settings
from bot.trials import TrialReport
from evals.golden import load_golden
from evals.trial import SECONDS, GoldenTrial
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.values import IndexOrder
from knowledge.weights import THRESHOLDS
from playground.model.speech import speak

RULE = re.compile(r"- End every line with the number.*\n")
RESTRICTED = """
- {id: a, kind: plain, asker: ruth, where: dm, question: "What is paid in band C?", clause: ["salary-bands#2.1"], says: ["1"], never: []}
"""
PRICE = Price(prompt=1.0, cached=0.1, written=4.0)


@dataclass
class Speaker:
    """Rewords its sources, with a number behind each line as long as its prompt asks for that."""

    requests: list[Request] = field(default_factory=list)
    breaks: bool = False
    gate: asyncio.Event | None = None
    sees_only: frozenset[str] = frozenset({"everyone"})
    name: str = "ibid-voice"
    signature: str = "speaker"

    def sees(self, labels: Collection[str]) -> bool:
        return self.sees_only.issuperset(labels)

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        self.requests.append(request)
        if self.gate:
            await self.gate.wait()
        if self.breaks:
            raise WriterFailed("unreachable")
        system, user = (text for _, text in request.messages)
        said = speak(user).text
        yield said if RULE.search(system) or "<earlier>" in user else re.sub(r" \[\d+\]", "", said)
        yield Spent(prompt=1000, cached=200, written=50)


@dataclass
class Try:
    """The bot, a model in it, and what a trial says."""

    house: House
    ibid: Ibid
    speaker: Speaker
    steps: list[tuple[int, int]] = field(default_factory=list)

    @property
    def live(self) -> PromptSet:
        return self.ibid.prompts.live

    @property
    def worse(self) -> PromptSet:
        return self.live.having("answer", RULE.sub("", self.live["answer"].text))

    @property
    def trial(self) -> GoldenTrial:
        return GoldenTrial(self.ibid)

    async def run(self, new: PromptSet) -> TrialReport:
        return await self.trial.run(self.live, new, lambda done, total: self.steps.append((done, total)))


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample handbook, read once."""
    data = tmp_path_factory.mktemp("indexed")

    async def index() -> None:
        async with opened(read_settings({"IBID_DATA_DIR": str(data)}), _hashing) as house:
            await house.indexing.index(IndexOrder(), lambda _: None)

    asyncio.run(index())
    return data


@pytest.fixture
async def tried(indexed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Try]:
    monkeypatch.setattr(looking, "THRESHOLDS", replace(THRESHOLDS, answer_from=0.0))  # tuned for the real embedder
    shutil.copytree(indexed, tmp_path / "data")
    async with opened(read_settings({"IBID_DATA_DIR": str(tmp_path / "data")}), _hashing) as house:
        speaker, writing = Speaker(), house.ibid.answering.writing
        models = (Model(name="ibid-voice", url="http://127.0.0.1:9/v1", price=PRICE),)
        answering = replace(house.ibid.answering, writing=replace(writing, writers=(speaker, *writing.writers)))
        yield Try(house, replace(house.ibid, answering=answering, settings=replace(house.ibid.settings, models=models)), speaker)


def _hashing(_: Settings) -> HashingEmbedding:
    return HashingEmbedding()


async def test_ten_questions_are_asked_the_same_every_time_and_none_of_the_half_that_eval_checks_with(tried: Try) -> None:
    golden = {one.question: one for one in load_golden(HOME / "handbook" / "golden.yaml")}
    first, again = [[one.question for one in (await tried.run(tried.live)).questions] for _ in range(2)]
    asked = [golden[question] for question in first]
    assert first == again
    assert (len(set(first)), sum(one.answerable for one in asked)) == (10, 7)
    assert {one.kind for one in asked} == {"plain", "follow_up", "dated", "own_numbers", "near_miss", "unanswerable"}
    assert {one.half for one in asked} == {"tune"}
    assert tried.steps == [(done, 20) for done in range(1, 21)] * 2


async def test_a_model_is_shown_nothing_but_what_everyone_may_read_and_no_question_is_anybodys(tried: Try) -> None:
    await tried.run(tried.worse)
    assert tried.speaker.requests
    assert {label for request in tried.speaker.requests for label in request.labels} == {"everyone"}
    assert {source.hit.document.rule.label for request in tried.speaker.requests for source in request.sources} == {"everyone"}


async def test_a_prompt_that_proves_nothing_is_caught_although_quotes_would_stand_behind_it(tried: Try) -> None:
    report = await tried.run(tried.worse)
    fallen = [one for one in report.questions if one.before == "right" and one.after == "refused"]
    assert report.worse == len(fallen) > 3
    assert all(one.said_before and not one.said_after for one in fallen)
    assert {one.after for one in report.questions} == {"right", "refused"}  # silence is right where nothing answers
    assert report.model == "ibid-voice"
    assert report.spent.prompt >= 20_000
    assert report.seconds > 0


async def test_the_live_words_against_themselves_are_as_good_and_written_once(tried: Try) -> None:
    report = await tried.run(tried.live)
    assert (report.better, report.worse) == (0, 0)
    assert all(one.said_before == one.said_after for one in report.questions)
    written = [request.messages for request in tried.speaker.requests if request.sources]
    assert len(written) == len(set(written)) == 10


async def test_nothing_of_a_trial_stays_in_the_cache_the_ledger_or_the_prompts(tried: Try) -> None:
    kept = await tried.house.ibid.cache.stats()
    hashed = tried.live.answer_hash
    await tried.trial.plan(tried.worse)
    await tried.run(tried.worse)
    after = await tried.house.ibid.cache.stats()
    embedded = after.misses.get("embedding", 0) - kept.misses.get("embedding", 0)
    assert after.entries - kept.entries == embedded  # vectors of the questions, which are the same whatever the prompt says
    assert {kind for kind, count in after.misses.items() if count} <= {"embedding"}
    with closing(sqlite3.connect(tried.ibid.settings.data_dir / "conversation.db")) as database:
        assert database.execute("select count(*) from receipts").fetchone() == (0,)
    assert (tried.live.answer_hash, len(await tried.ibid.prompts.versions("answer"))) == (hashed, 1)


async def test_what_it_takes_is_told_before(tried: Try) -> None:
    trial = tried.trial
    plan = await trial.plan(tried.worse)
    assert (plan.questions, plan.seconds, plan.model) == (10, 10 * SECONDS, "ibid-voice")
    assert not tried.speaker.requests
    report = await trial.run(tried.live, tried.worse, lambda *_: None)
    characters = sum(len(text) for request in tried.speaker.requests if request.sources for _, text in request.messages)
    assert plan.money == pytest.approx((characters / 4 * PRICE.prompt + 20 * 120 * PRICE.written) / 1_000_000, rel=0.05)
    assert (await trial.plan(tried.worse)).seconds == pytest.approx(report.seconds)


async def test_without_a_price_no_money_is_told_and_without_a_model_that_may_look_it_is_quotes(tried: Try) -> None:
    tried.ibid = replace(tried.ibid, settings=replace(tried.ibid.settings, models=()))
    assert (await tried.trial.plan(tried.worse)).money is None
    tried.speaker.sees_only = frozenset({"groups:hr"})
    assert (await tried.trial.plan(tried.worse)).model == "quotes"


async def test_a_model_that_does_not_answer_fails_in_every_question_and_breaks_nothing(tried: Try) -> None:
    tried.speaker.breaks = True
    report = await tried.run(tried.worse)
    assert {(one.before, one.after) for one in report.questions} == {("failed", "failed")}
    assert (report.better, report.worse) == (0, 0)


async def test_a_trial_that_is_called_off_asks_nothing_more(tried: Try) -> None:
    tried.speaker.gate = asyncio.Event()
    run = asyncio.create_task(tried.run(tried.worse))
    async with asyncio.timeout(30):
        while len(tried.speaker.requests) < 2:
            await asyncio.wait({run}, timeout=0.01)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    tried.speaker.gate.set()
    assert len(tried.speaker.requests) == 2
    assert tried.steps == []


async def test_words_that_only_rewrite_questions_are_tried_on_questions_in_threads(tried: Try) -> None:
    golden = {one.question: one for one in load_golden(HOME / "handbook" / "golden.yaml")}
    report = await tried.run(tried.live.having("rewrite", f"{tried.live['rewrite'].text}\nBe brief."))
    assert {golden[one.question].kind for one in report.questions} == {"follow_up"}
    assert len(report.questions) == 10


async def test_a_prompt_that_no_answer_is_made_with_cannot_be_tried(tried: Try) -> None:
    with pytest.raises(NoTrial, match="No answer is made with the prompt judge"):
        await tried.trial.plan(tried.live.having("judge", "Judge."))


@pytest.mark.parametrize(
    ("golden", "why"),
    [
        (None, "There are no golden questions for these documents"),
        ("- 1", "cannot be used"),
        (RESTRICTED, "a document that everyone may read"),
    ],
)
async def test_without_questions_that_everyones_documents_answer_it_is_said_what_is_missing(
    tried: Try, tmp_path: Path, golden: str | None, why: str
) -> None:
    tried.ibid = replace(tried.ibid, settings=replace(tried.ibid.settings, documents=tmp_path))
    if golden:
        (tmp_path / "golden.yaml").write_text(golden, encoding="utf-8")
    for work in (tried.trial.plan(tried.worse), tried.run(tried.worse)):
        with pytest.raises(NoTrial, match=why):
            await work


async def test_before_anything_is_indexed_there_is_nothing_to_try_on(tmp_path: Path) -> None:
    async with opened(read_settings({"IBID_DATA_DIR": str(tmp_path)}), _hashing, open_trial) as house:
        assert house.trial
        with pytest.raises(NoTrial, match="Nothing is indexed yet"):
            await house.trial.plan(house.prompts.live)
