"""A push that is announced over HTTP is followed by a run; who cannot prove it learns nothing; what needs a person reaches the admins."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.automatic import Automatic, Doubt, running
from bot.channels.slack.doubts import tell_doubt
from bot.errors import SlackUnavailable
from bot.settings import Address
from bot.web.front import Front
from bot.web.hooks import PATH, Hooks
from bot.web.site import LARGEST
from knowledge.values import IndexOrder, IndexProgress, IndexReport
from tests.channels.conftest import Bench, logged

__all__ = ["logged"]
SECRET = "a-secret-that-only-two-know"
BODY = b'{"ref": "refs/heads/main", "repository": {"full_name": "fernhill/handbook"}}'
BY_HAND = {"Authorization": f"Bearer {SECRET}"}


class Line:
    """A way in that nothing comes over."""

    name = "none"
    routes = ()
    deaf_after = None

    def silence(self) -> None:
        return None


@dataclass
class Runs:
    """Indexing, as far as automatic runs use it."""

    orders: asyncio.Queue[IndexOrder] = field(default_factory=asyncio.Queue)

    async def index(self, order: IndexOrder, progress: Callable[[IndexProgress], None]) -> IndexReport:
        self.orders.put_nowait(order)
        return IndexReport(edition=2)

    def sources(self) -> tuple[str, ...]:
        return ("handbook", "wiki")


@dataclass
class Gate:
    """Where announcements come in, and what follows from them."""

    address: Address
    runs: Runs
    session: aiohttp.ClientSession

    async def post(self, headers: dict[str, str], path: str = PATH, body: bytes = BODY) -> tuple[int, bytes]:
        async with self.session.post(f"http://{self.address}{path}", data=io.BytesIO(body), headers=headers) as response:
            return response.status, await response.read()

    async def run(self) -> IndexOrder:
        return await asyncio.wait_for(self.runs.orders.get(), 5)

    async def counted(self) -> dict[str, float]:
        async with self.session.get(f"http://{self.address}/metrics") as response:
            page = await response.text()
        families = [family for family in text_string_to_metric_families(page) if family.name == "ibid_hooks"]
        return {one.labels["status"]: one.value for family in families for one in family.samples if one.name.endswith("_total")}


@asynccontextmanager
async def a_gate(bench: Bench, secret: str = SECRET) -> AsyncIterator[Gate]:
    async def nobody(_: Doubt) -> None:
        raise AssertionError("there is nothing to tell")

    runs = Runs()
    automatic = Automatic(runs, nobody)  # type: ignore[arg-type]  # the one method that it calls
    front = Front(Address("127.0.0.1", 0), bench.ibid)
    hooks = Hooks(secret, runs.sources, automatic.pushed, front.metrics.announced)
    async with running(automatic), front.open(Line(), hooks.routes), aiohttp.ClientSession() as session:  # type: ignore[arg-type]  # a line that is only looked at
        yield Gate(front.address, runs, session)


@pytest.fixture
async def gate(idle_bench: Bench) -> AsyncIterator[Gate]:
    async with a_gate(idle_bench) as gate:
        yield gate


def signature(body: bytes = BODY, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Hub-Signature-256": signature(), "X-GitHub-Event": "push"},
        {"X-Gitlab-Token": SECRET, "X-Gitlab-Event": "Push Hook"},
        {"Authorization": f"Bearer {SECRET}"},
    ],
    ids=["github", "gitlab", "by hand"],
)
async def test_a_push_that_is_proved_is_taken_at_once_and_followed_by_a_run(gate: Gate, headers: dict[str, str]) -> None:
    assert await gate.post(headers) == (202, b"")
    assert await gate.run() == IndexOrder(by="a push", automatic=True)
    assert await gate.post(headers, PATH + "/wiki") == (202, b"")
    assert await gate.run() == IndexOrder(by="a push", automatic=True, source="wiki")
    assert await gate.counted() == {"202": 2.0}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Hub-Signature-256": signature(secret="another secret of theirs")},
        {"X-Hub-Signature-256": signature(BODY + b" ")},
        {"X-Hub-Signature-256": signature().removeprefix("sha256=")},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": "sha256=\u00e9"},
        {"X-Hub-Signature": "sha1=" + hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest()},
        {"X-Gitlab-Token": ""},
        {"X-Gitlab-Token": SECRET[:-1]},
        {"Authorization": SECRET},
        {"Authorization": f"bearer {SECRET}"},
        {"Authorization": f"Bearer {SECRET}", "X-Gitlab-Token": "another"},
    ],
)
async def test_what_is_not_proved_is_refused_without_a_word_and_followed_by_nothing(
    gate: Gate, headers: dict[str, str], logged: Callable[[], str], caplog: pytest.LogCaptureFixture
) -> None:
    assert await gate.post(headers) == (401, b"")
    assert await gate.post(headers, PATH + "/no-such-source") == (401, b"")
    assert await gate.counted() == {"401": 2.0}
    assert gate.runs.orders.empty()
    assert SECRET not in logged()
    assert "fernhill/handbook" not in logged()
    assert [record.message.partition(":")[0] for record in caplog.records].count("announcements of pushes were refused") == 1


async def test_what_is_no_push_is_taken_and_followed_by_nothing(gate: Gate) -> None:
    for event in ("ping", "issues", "star"):
        assert await gate.post({"X-Hub-Signature-256": signature(), "X-GitHub-Event": event}) == (202, b"")
    assert await gate.post({"X-Gitlab-Token": SECRET, "X-Gitlab-Event": "Note Hook"}) == (202, b"")
    assert await gate.post(BY_HAND, PATH + "/no-such-source") == (404, b"")
    assert gate.runs.orders.empty()


async def test_a_body_beyond_a_megabyte_is_refused_and_one_below_does_not_count(gate: Gate) -> None:
    large = b"x" * (LARGEST + 1)
    assert (await gate.post({"X-Hub-Signature-256": signature(large)}, body=large))[0] == 413
    assert gate.runs.orders.empty()
    fits = b"\xff" * (LARGEST - 1)
    assert (await gate.post({"X-Hub-Signature-256": signature(fits)}, body=fits))[0] == 202
    assert (await gate.run()).source == ""


async def test_without_a_secret_there_is_nothing_there(idle_bench: Bench) -> None:
    async with a_gate(idle_bench, secret="") as gate:
        for headers in ({}, {"Authorization": "Bearer "}, {"X-Gitlab-Token": ""}, {"X-Hub-Signature-256": signature(secret="")}):
            assert (await gate.post(headers))[0] == 404
        assert gate.runs.orders.empty()


async def test_only_posting_is_an_announcement(gate: Gate) -> None:
    async with gate.session.get(f"http://{gate.address}{PATH}", headers=BY_HAND) as response:
        assert response.status == 405
    assert gate.runs.orders.empty()


async def test_what_needs_a_person_reaches_the_admins_alone_in_counts_and_without_titles(bench: Bench) -> None:
    assert bench.serving
    found = Doubt("a push", "two of 40 <golden> questions fare worse", frozenset({"restricted/salary-bands.md", "leave/a.md"}))
    await tell_doubt(bench.serving.desk, {"U08GRETA"}, found)
    said = bench.seen_by("greta", "dm")
    assert "as a push was announced" in said
    assert "two of 40 <golden> questions fare worse" in said or "two of 40 &lt;golden&gt; questions fare worse" in said
    assert "2 documents are no longer in their source" in said
    assert "salary" not in said
    assert not bench.seen_by("priya", "dm")


async def test_when_no_admin_can_be_told_it_is_said_so_that_it_is_tried_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> str:
        raise SlackUnavailable("no network")

    assert bench.serving
    desk = bench.serving.desk
    monkeypatch.setattr(desk.voice, "post", away)
    with pytest.raises(SlackUnavailable, match="no admin"):
        await tell_doubt(desk, {"U08GRETA"}, Doubt("the schedule", "worse"))
    await tell_doubt(desk, set(), Doubt("the schedule", "worse"))
