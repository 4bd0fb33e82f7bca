"""Settings in, working bot out; and the library that crosses into the documents by thread."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from aiohttp import web

import bot.flows.looking
from bot.adapters.indexing import CorpusIndexing, Means
from bot.adapters.library import CorpusLibrary
from bot.adapters.memory import FixedClock
from bot.adapters.memory_cache import MemoryCache
from bot.adapters.observer import PostingObserver
from bot.answers import Answer, Dropped, Evidence, Outcome, Source
from bot.bootstrap import SAMPLE, House, opened, people_file
from bot.cli import telling
from bot.cli.pretend_slack import pretend_slack
from bot.errors import AlreadyIndexing, CacheUnavailable, LibraryUnavailable, Misconfigured, NotReady
from bot.owner import owner_of, owning
from bot.owner_socket import Line, asking, listening
from bot.settings import HOME, Settings, read_settings
from knowledge.connectors import Given
from knowledge.connectors.folder import Folder
from knowledge.corpus import Corpus
from knowledge.errors import EmbedderUnavailable, IndexBroken, NothingIndexed
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.policy import Defaults
from knowledge.values import AccessRule, Findings, IndexOrder, IndexProgress, IndexReport, Scope
from knowledge.weights import THRESHOLDS
from tests.factories import EVERYONE, NOW, TODAY, a_hit, a_question

LEAVE = """---
title: Annual leave
owner: ann
access: everyone
---
# Annual leave

1.1 Employees may carry over up to five days of leave.
"""
SCOPE = Scope(frozenset({"everyone"}))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "leave.md").write_text(LEAVE)
    (tmp_path / "var").mkdir()
    return read_settings({"IBID_DATA_DIR": str(tmp_path / "var"), "IBID_DOCUMENTS": str(tmp_path / "documents")})


def _with(settings: Settings, **variables: str) -> Settings:
    given = {"IBID_DATA_DIR": str(settings.data_dir), "IBID_DOCUMENTS": str(settings.documents)}
    return read_settings(given | variables)


def _hashing(_: Settings) -> HashingEmbedding:
    return HashingEmbedding()


def _ignore(_: IndexProgress) -> None:
    """Nobody watches."""


async def test_what_bootstrap_builds_answers_a_question(settings: Settings) -> None:
    steps: list[IndexProgress] = []
    async with opened(settings, _hashing) as house:
        with pytest.raises(NotReady):
            await house.ibid.library.rules()
        report = await house.ibid.indexing.index(IndexOrder(), steps.append)
        findings = await house.ibid.library.search("How many days of leave may employees carry over?", SCOPE, TODAY)
        rules = await house.ibid.library.rules()
        documents = await house.ibid.shelf.documents()

    assert report.added == ("leave.md",)
    assert [hit.document.title for hit in findings.hits] == ["Annual leave"]
    assert rules == {EVERYONE}
    assert [document.id for document in documents] == ["leave.md"]
    assert steps[0].stage == "plan"
    assert steps[-1].stage == "publish"


async def test_the_sweep_runs_at_the_start(settings: Settings) -> None:
    async with opened(settings, _hashing) as house:
        await house.ibid.ledger.open(a_question())
    with sqlite3.connect(settings.data_dir / "conversation.db") as connection:
        connection.execute("UPDATE receipts SET opened_at = '2020-01-01 00:00:00.000000'")
    async with opened(settings, _hashing):
        pass

    with sqlite3.connect(settings.data_dir / "conversation.db") as connection:
        assert connection.execute("SELECT count(*) FROM receipts").fetchone() == (0,)


async def test_weights_that_are_not_there_stop_the_start_by_name(settings: Settings, tmp_path: Path) -> None:
    async with opened(_with(settings, IBID_EMBEDDER_DIR=str(tmp_path))) as house:
        with pytest.raises(Misconfigured, match="IBID_EMBEDDER_DIR"):
            await house.library.ready()


@pytest.mark.parametrize("label", ["nobody", "groups:", "everyone,hr"])
async def test_a_default_access_that_is_no_label_stops_the_start(settings: Settings, label: str) -> None:
    with pytest.raises(Misconfigured, match="IBID_DEFAULT_ACCESS"):
        async with opened(_with(settings, IBID_DEFAULT_ACCESS=label), _hashing):
            pass


async def test_a_default_access_makes_unlabelled_documents_readable(settings: Settings) -> None:
    (settings.documents / "leave.md").write_text(LEAVE.replace("access: everyone\n", ""))
    async with opened(settings, _hashing) as house:
        without = await house.indexing.index(IndexOrder(), _ignore)
    async with opened(_with(settings, IBID_DEFAULT_ACCESS="everyone"), _hashing) as house:
        with_default = await house.indexing.index(IndexOrder(), _ignore)

    assert [unread.path for unread in without.unread] == ["leave.md"]
    assert with_default.added == ("leave.md",)


def test_the_sample_company_brings_its_people_and_others_do_not() -> None:
    assert people_file(read_settings({})) == SAMPLE / "workspace.yaml"
    assert people_file(read_settings({"IBID_DOCUMENTS": "/srv/policies"})) is None
    assert people_file(read_settings({"IBID_PEOPLE_FILE": "/srv/people.yaml"})) == Path("/srv/people.yaml")


async def test_an_erasure_is_told_although_the_cache_cannot_be_emptied(settings: Settings) -> None:
    class Gone(MemoryCache):
        async def clear(self) -> int:
            raise CacheUnavailable("The cache at redis is not emptied: it does not answer.")

    async with opened(settings, _hashing) as house:
        await house.indexing.index(IndexOrder(), _ignore)
        without = replace(house, ibid=replace(house.ibid, cache=Gone()))
        lines = [line async for line in telling.serve(without, {"do": "erase", "document": "leave.md"})]

    assert lines[-1]["erased"]["document"] == "leave.md"
    assert any("`ibid cache clear`" in sentence for sentence in lines[-1]["erased"]["elsewhere"])


# The crossing, over a corpus that does what the test wants.


class ScriptedCorpus:
    """A corpus that waits for the test, or raises what the test gives it."""

    def __init__(self, raises: Exception | None = None) -> None:
        self.raises = raises
        self.may_end = threading.Event()
        self.threads: set[str] = set()
        self.indexed = False
        self.closed = False
        self.denied: list[str] = []

    def rules(self) -> frozenset[AccessRule]:
        return frozenset({EVERYONE}) if self.indexed else frozenset()

    def search(self, question: str, scope: Scope, as_of: object) -> Findings:
        self.threads.add(threading.current_thread().name)
        if self.raises:
            raise self.raises
        if not self.indexed:
            raise NothingIndexed("nothing")
        return Findings(hits=(a_hit(),), confidence=1.0, edition=1)

    def index(
        self,
        connectors: object,
        defaults: object,
        order: IndexOrder,
        *,
        models: object,
        gate: object,
        progress: Callable[[IndexProgress], None],
    ) -> IndexReport:
        self.threads.add(threading.current_thread().name)
        for done in range(1000):
            progress(IndexProgress(stage="embed", done=done, total=1000))
            if self.may_end.wait(0.01):
                break
        self.indexed = True
        return IndexReport(edition=1)

    def deny(self, document: str, reason: str) -> None:
        self.denied.append(document)

    def close(self) -> None:
        self.closed = True


@asynccontextmanager
async def _library(corpus: ScriptedCorpus, documents: Path) -> AsyncIterator[tuple[CorpusLibrary, CorpusIndexing]]:
    library = CorpusLibrary(lambda: cast("Corpus", corpus), FixedClock(NOW))
    means = Means(connectors=lambda: (Given(Folder(documents)),), sources=lambda: (), defaults=Defaults)
    indexing = CorpusIndexing(library, means, FixedClock(NOW))
    try:
        yield library, indexing
    finally:
        corpus.may_end.set()
        await indexing.close()
        await library.close()


async def test_nothing_of_the_documents_runs_on_the_loops_thread(tmp_path: Path) -> None:
    corpus = ScriptedCorpus()
    corpus.may_end.set()
    async with _library(corpus, tmp_path) as (library, indexing):
        await indexing.index(IndexOrder(), _ignore)
        await library.search("?", SCOPE, TODAY)

    assert threading.main_thread().name not in corpus.threads
    assert {name.split("_")[0] for name in corpus.threads} == {"search", "index"}
    assert corpus.closed


async def test_progress_is_told_on_the_loops_thread(tmp_path: Path) -> None:
    told: list[str] = []
    corpus = ScriptedCorpus()
    corpus.may_end.set()
    async with _library(corpus, tmp_path) as (_, indexing):
        await indexing.index(IndexOrder(), lambda _: told.append(threading.current_thread().name))

    assert set(told) == {threading.current_thread().name}


async def test_a_second_run_is_told_how_far_the_first_is(tmp_path: Path) -> None:
    corpus = ScriptedCorpus()
    async with _library(corpus, tmp_path) as (_, indexing):
        begun = asyncio.Event()
        first = asyncio.create_task(indexing.index(IndexOrder(), lambda _: begun.set()))
        await begun.wait()
        with pytest.raises(AlreadyIndexing, match=r"embed \d+ of 1000") as refusal:
            await indexing.index(IndexOrder(), _ignore)
        assert refusal.value.step is not None
        assert refusal.value.step.stage == "embed"
        corpus.may_end.set()
        await first
        await indexing.index(IndexOrder(), _ignore)


async def test_what_is_to_be_erased_is_denied_at_once_although_a_run_is_under_way(tmp_path: Path) -> None:
    corpus = ScriptedCorpus()
    async with _library(corpus, tmp_path) as (_, indexing):
        begun = asyncio.Event()
        run = asyncio.create_task(indexing.index(IndexOrder(), lambda _: begun.set()))
        await begun.wait()
        with pytest.raises(AlreadyIndexing, match=r"nobody is answered from pay\.md any more; .* embed \d+ of 1000; give"):
            await indexing.erase("pay.md")
        assert corpus.denied == ["pay.md"]
        corpus.may_end.set()
        await run


async def test_a_cancelled_run_ends_at_its_next_step_and_leaves_the_way_free(tmp_path: Path) -> None:
    corpus = ScriptedCorpus()
    async with _library(corpus, tmp_path) as (_, indexing):
        begun = asyncio.Event()
        run = asyncio.create_task(indexing.index(IndexOrder(), lambda _: begun.set()))
        await begun.wait()
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        assert not corpus.indexed
        corpus.may_end.set()
        assert (await indexing.index(IndexOrder(), _ignore)).edition == 1


async def test_a_question_waits_for_the_first_run_of_the_index(tmp_path: Path) -> None:
    corpus = ScriptedCorpus()
    async with _library(corpus, tmp_path) as (library, indexing):
        begun = asyncio.Event()
        run = asyncio.create_task(indexing.index(IndexOrder(), lambda _: begun.set()))
        await begun.wait()
        asked = asyncio.create_task(library.rules())
        corpus.may_end.set()

        assert await asked == {EVERYONE}
        await run


@pytest.mark.parametrize(
    ("raised", "expected"),
    [(NothingIndexed("x"), NotReady), (IndexBroken("x"), LibraryUnavailable), (EmbedderUnavailable("x"), LibraryUnavailable)],
)
async def test_errors_of_the_documents_become_the_conversations(tmp_path: Path, raised: Exception, expected: type[Exception]) -> None:
    async with _library(ScriptedCorpus(raised), tmp_path) as (library, _):
        with pytest.raises(expected):
            await library.search("?", SCOPE, TODAY)
        with pytest.raises(expected):
            await library.rules()


async def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    async with _library(ScriptedCorpus(), tmp_path) as (_, indexing):
        with pytest.raises(LibraryUnavailable, match="gone"):
            await indexing.index(IndexOrder(), _ignore, tmp_path / "gone")


# The owner's socket, with the bot behind it.


@asynccontextmanager
async def _served(settings: Settings) -> AsyncIterator[House]:
    with owning(settings.data_dir, "serve") as ownership:
        async with opened(settings, _hashing) as house, listening(settings.data_dir, ownership, partial(telling.serve, house)):
            yield house


async def _told(settings: Settings, request: Line) -> list[Line]:
    owner = owner_of(settings.data_dir)
    assert owner is not None
    lines: AsyncGenerator[Line, None] = asking(owner, request)
    async with aclosing(lines):
        return [line async for line in lines]


async def test_commands_are_done_by_the_process_that_owns_the_data(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.flows.looking, "THRESHOLDS", replace(THRESHOLDS, answer_from=0.0))  # tuned for the real embedder
    async with _served(settings):
        indexed = await _told(settings, {"do": "index"})
        asked = await _told(settings, {"do": "ask", "text": "How many days of leave may employees carry over?"})

    assert indexed[0]["step"]["stage"] == "plan"
    assert indexed[-1]["report"]["added"] == ["leave.md"]
    assert [next(iter(line)) for line in asked] == ["stage", "stage", "sentence", "answer"]
    assert "five days" in asked[-1]["answer"]["sentences"][0]["text"]


async def test_a_run_by_command_is_refused_while_another_is_under_way(settings: Settings) -> None:
    async with _served(settings) as house:
        begun = asyncio.Event()
        run = asyncio.create_task(house.indexing.index(IndexOrder(), lambda _: begun.set()))
        await begun.wait()
        with pytest.raises(Exception, match="a run is under way"):
            await _told(settings, {"do": "index"})
        await run


async def test_a_request_of_another_version_is_refused(settings: Settings) -> None:
    async with _served(settings):
        with pytest.raises(Exception, match="does not know how to 'dance'"):
            await _told(settings, {"do": "dance"})


# What is behind an answer, and the pretend workspace.


async def test_what_is_behind_an_answer_is_posted_whole() -> None:
    posted: list[Line] = []

    async def take(request: web.Request) -> web.Response:
        posted.append(await request.json())
        return web.json_response({"ok": True})

    evidence = Evidence(
        scope=SCOPE,
        as_of=TODAY,
        sources=(Source(1, a_hit()),),
        dropped=(Dropped("A lie.", "names no source"),),
        milliseconds=(("search", 1.25),),
    )
    async with _site(take) as address:
        observer = PostingObserver(address)
        await observer.behind(a_question(), Answer(receipt="7f3a-91c2", outcome=Outcome.NOT_FOUND, evidence=evidence))
        await observer.close()

    (line,) = posted
    assert (line["channel"], line["asker"], line["readers"], line["labels"]) == ("D1", "Priya", ["Priya"], ["everyone"])
    assert (line["outcome"], line["as_of"], line["milliseconds"]) == ("not_found", "2026-11-16", {"search": 1.2})
    assert line["passages"][0]["clause"] == "4.1"
    assert line["passages"][0]["used"] is False
    assert line["lines"] == [{"text": "A lie.", "shown": False, "reason": "names no source", "sources": []}]


async def test_an_answer_never_fails_because_nobody_looks_behind_it() -> None:
    async def refuse(_: web.Request) -> web.Response:
        raise web.HTTPInternalServerError

    async with _site(refuse) as address:
        observer = PostingObserver(address)
        await observer.behind(a_question(), Answer(receipt="7f3a-91c2", outcome=Outcome.FAILED))
    await observer.behind(a_question(), Answer(receipt="7f3a-91c2", outcome=Outcome.FAILED))
    await observer.close()


async def test_the_pretend_workspace_runs_as_long_as_the_block_and_no_longer(tmp_path: Path) -> None:
    async with pretend_slack(tmp_path, 0) as slack:
        port = int(slack.address.rpartition(":")[2])
        async with slack.noticing() as notice:
            notice("Reading the handbook")
        with pytest.raises(Misconfigured, match=str(port)):
            async with pretend_slack(tmp_path, port):
                pass

    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_the_pretend_workspace_ends_when_the_demo_is_killed(tmp_path: Path) -> None:
    """Nobody can say goodbye after SIGKILL: the child sees that the pipe from its parent ends."""
    script = """
import asyncio, pathlib, sys
from bot.cli.pretend_slack import pretend_slack

async def demo():
    async with pretend_slack(pathlib.Path(sys.argv[1]), 0) as slack:
        print(slack.address, flush=True)
        await asyncio.Event().wait()

asyncio.run(demo())
"""
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", script, str(tmp_path), stdout=asyncio.subprocess.PIPE, cwd=HOME)
    assert parent.stdout is not None
    port = int((await parent.stdout.readline()).decode().rpartition(":")[2])
    watching, writer = await asyncio.open_connection("127.0.0.1", port)

    parent.kill()
    await parent.wait()

    async with asyncio.timeout(10):
        assert await watching.read() == b""  # the other side is gone
    writer.close()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


@asynccontextmanager
async def _site(take: Callable[[web.Request], object]) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/behind", take)  # type: ignore[arg-type]  # both are handlers
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/behind"
    finally:
        await runner.cleanup()
