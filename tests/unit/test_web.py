"""What Ibid tells those who run it: it is asked often, by machines, and must neither break nor be broken by that."""

from __future__ import annotations

import errno
import json
import socket
import tomllib
from dataclasses import replace

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from bot import VERSION
from bot.adapters.memory import FixedClock, ListLibrary, MemoryInbox
from bot.adapters.memory_cache import MemoryCache
from bot.answers import Answer, Dropped, Evidence, Outcome
from bot.errors import ConversationUnavailable, Misconfigured
from bot.settings import HOME, Address
from bot.web.health import Health
from bot.web.metrics import Metrics
from bot.web.site import reserved
from tests.factories import NOW, a_hit, a_question

ASKED = make_mocked_request("GET", "/")


class Line:
    """A line whose silence the test decides."""

    name = "socket mode"
    routes = ()
    deaf_after: float | None = 120.0
    silent: float | None = 3.0

    def silence(self) -> float | None:
        return self.silent


class Inbox(MemoryInbox):
    """Counts how often it is made to write, and may be full."""

    def __init__(self) -> None:
        super().__init__(FixedClock(NOW))
        self.probed = 0
        self.full = False

    async def probe(self) -> None:
        self.probed += 1
        if self.full:
            raise ConversationUnavailable("the disk is full")

    async def count(self) -> int:
        if self.full:
            raise ConversationUnavailable("the disk is full")
        return await super().count()


async def page(metrics: Metrics) -> str:
    response = await metrics.page(ASKED)
    assert isinstance(response, web.Response)
    assert isinstance(response.body, bytes)
    return response.body.decode()


def measured(inbox: Inbox | None = None) -> Metrics:
    clock = FixedClock(NOW)
    clock.advance(seconds=3)
    return Metrics(clock, ListLibrary(hits=(a_hit("5 days"),)), inbox or Inbox(), MemoryCache())


@pytest.mark.parametrize(("silent", "status"), [(None, 200), (0.0, 200), (120.0, 200), (120.1, 503)])
async def test_a_line_is_deaf_from_the_moment_that_its_limit_is_passed(silent: float | None, status: int) -> None:
    line = Line()
    line.silent = silent
    response = await Health(line, ListLibrary(), Inbox()).live(ASKED)  # type: ignore[arg-type]  # a line that is only looked at
    assert response.status == status
    assert response.text
    assert json.loads(response.text) == {"slack": "socket mode", "silent_seconds": silent, "deaf": status == 503}


async def test_who_asks_without_end_makes_the_database_write_once_a_second() -> None:
    now, inbox = [0.0], Inbox()
    health = Health(Line(), ListLibrary(hits=(a_hit("5 days"),)), inbox, lambda: now[0])  # type: ignore[arg-type]  # the same
    for _ in range(100):
        assert (await health.ready(ASKED)).status == 200
    assert inbox.probed == 1
    inbox.full = True
    now[0] = 1.5
    assert (await health.ready(ASKED)).text == "database\n"
    inbox.full = False
    now[0] = 3.0
    assert (await health.ready(ASKED)).text == "ready\n"


async def test_what_cannot_be_found_out_is_not_made_up() -> None:
    inbox = Inbox()
    inbox.full = True
    told = await page(measured(inbox))
    assert "ibid_inbox_open NaN" in told
    assert "ibid_edition 1.0" in told


async def test_an_answer_is_told_in_figures_alone() -> None:
    metrics, question = measured(), a_question("how is the zebra?")
    evidence = Evidence(
        standalone="how is the zebra?",
        writer="tuned",
        dropped=(Dropped("the zebra is well", "zebra is nowhere"),),
        milliseconds=(("search", 40.0), ("write", 900.0)),
        as_of=question.asked_at.date(),
    )
    answer = Answer(receipt="7f3a-91c2", outcome=Outcome.ANSWERED, evidence=evidence)
    await metrics.behind(question, answer)
    await metrics.behind(question, replace(answer, outcome=Outcome.NOT_FOUND))
    metrics.ended(Outcome.ANSWERED)
    told = await page(metrics)
    assert 'ibid_answers_total{writer="tuned"} 1.0' in told
    assert 'ibid_questions_total{outcome="answered"} 1.0' in told
    assert 'ibid_questions_total{outcome="failed"} 0.0' in told
    assert "ibid_lines_dropped_total 2.0" in told
    assert 'ibid_answer_seconds_sum{stage="total"} 6.0' in told
    assert 'ibid_answer_seconds_bucket{le="0.05",stage="search"} 2.0' in told
    for word in ("zebra", "7f3a", question.asker.id, question.asker.name, question.place.channel):
        assert word not in told, word


async def test_the_caches_counts_are_told_by_kind() -> None:
    cache = MemoryCache()
    await cache.put("context:1", b"found", 60)
    for key in ("context:1", "context:1", "answer:1"):
        await cache.get(key)
    told = await page(Metrics(FixedClock(NOW), ListLibrary(), Inbox(), cache))
    assert 'ibid_cache_hits_total{kind="context"} 2.0' in told
    assert 'ibid_cache_misses_total{kind="answer"} 1.0' in told
    assert "ibid_edition NaN" in told


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EADDRINUSE, "taken by another program"),
        (errno.EACCES, "from 1024 on"),
        (errno.EADDRNOTAVAIL, "no such address"),
        (errno.EAFNOSUPPORT, "nothing can listen there"),
    ],
)
def test_a_port_that_is_not_to_be_had_is_said_with_what_to_do(number: int, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(Misconfigured, match=f"IBID_LISTEN is 127.0.0.1:3000, and .*{words}"):
        reserved(Address("127.0.0.1", 3000))


def test_a_machine_that_nobody_knows_is_no_place_to_listen() -> None:
    with pytest.raises(Misconfigured, match="no machine of that name is known here"):
        reserved(Address("no-such-machine.invalid", 0))


def test_the_version_is_the_projects() -> None:
    assert tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"] == VERSION
