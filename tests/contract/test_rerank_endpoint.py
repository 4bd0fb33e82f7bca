"""A re-ranker behind an address is asked once, within its time, and whatever it does the search goes on."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from knowledge.errors import RerankerFailed
from knowledge.rerank_endpoint import PAUSE, At, RerankEndpoint

TEXTS = ("first", "second", "third")
Answer = Callable[[dict[str, Any]], tuple[int, bytes]]


class Asked:
    """What the server was sent."""

    def __init__(self) -> None:
        self.orders: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.paths: list[str] = []


@contextmanager
def a_server(answer: Answer, held: threading.Event | None = None) -> Iterator[tuple[str, Asked]]:
    """On loopback. `held` keeps every reply until it is set."""
    asked = Asked()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.orders.append(order)
            asked.keys.append(self.headers.get("Authorization"))
            asked.paths.append(self.path)
            if held:
                held.wait(10)
            status, body = answer(order)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            with suppress(ConnectionError):  # who asked has gone
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        if held:
            held.set()
        server.shutdown()
        serving.join()
        server.server_close()


def scored(*pairs: tuple[int, object], name: str = "results", score: str = "relevance_score") -> Answer:
    body = json.dumps({name: [{"index": index, score: value} for index, value in pairs]}).encode()
    return lambda _: (200, body)


def everything(_: object) -> bool:
    return True


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as opened:
        yield opened


def an_endpoint(client: httpx.Client, url: str, *, key: str = "", seconds: float = 5.0) -> RerankEndpoint:
    return RerankEndpoint(client, At(url=url, model="ranker", key=key, seconds=seconds), everything)


@pytest.mark.parametrize(("name", "score"), [("results", "relevance_score"), ("data", "relevance_score"), ("results", "score")])
def test_scores_come_back_in_the_order_of_the_texts_however_they_are_listed(client: httpx.Client, name: str, score: str) -> None:
    with a_server(scored((2, 0.9), (0, 0.1), (1, -3), name=name, score=score)) as (url, asked):
        assert an_endpoint(client, url, key="k").scores("which?", TEXTS) == [0.1, -3.0, 0.9]
    (order,) = asked.orders
    assert (order["query"], order["documents"], order["model"]) == ("which?", list(TEXTS), "ranker")
    assert asked.paths == ["/v1/rerank"]
    assert asked.keys == ["Bearer k"]


def test_an_address_that_ends_in_rerank_is_taken_as_it_stands_and_no_key_is_sent_where_none_is_set(client: httpx.Client) -> None:
    with a_server(scored((0, 1), (1, 2), (2, 3))) as (url, asked):
        an_endpoint(client, f"{url}/rerank").scores("which?", TEXTS)
    assert asked.paths == ["/v1/rerank"]
    assert asked.keys == [None]


@pytest.mark.parametrize(
    "answer",
    [
        scored((0, 1), (1, 2)),
        scored((0, 1), (1, 2), (7, 3)),
        scored((0, 1), (1, "high"), (2, 3)),
        lambda _: (200, b"not JSON"),
        lambda _: (200, b"[" * 100_000),
        lambda _: (200, b'{"results": 5}'),
        lambda _: (200, b" " * 1_100_000),
        lambda _: (500, b"{}"),
    ],
    ids=["one missing", "a text that was not sent", "no number", "no JSON", "deep", "no list", "endless", "an error"],
)
def test_what_cannot_be_used_is_a_failure(client: httpx.Client, answer: Answer) -> None:
    with a_server(answer) as (url, _), pytest.raises(RerankerFailed):
        an_endpoint(client, url).scores("which?", TEXTS)


def test_one_that_is_slow_fails_in_its_time(client: httpx.Client) -> None:
    with a_server(scored((0, 1), (1, 2), (2, 3)), threading.Event()) as (url, _), pytest.raises(RerankerFailed, match="ReadTimeout"):
        an_endpoint(client, url, seconds=0.1).scores("which?", TEXTS)


def test_what_failed_is_left_alone_for_a_while_and_then_asked_again(client: httpx.Client) -> None:
    clock = [0.0]
    replies = iter([(503, b"{}"), (200, json.dumps({"results": [{"index": 0, "relevance_score": 1}]}).encode())])
    with a_server(lambda _: next(replies)) as (url, asked):
        endpoint = RerankEndpoint(client, At(url=url, model="m"), everything, now=lambda: clock[0])
        for _ in range(2):
            with pytest.raises(RerankerFailed):
                endpoint.scores("which?", TEXTS[:1])
        assert len(asked.orders) == 1
        clock[0] = PAUSE
        assert endpoint.scores("which?", TEXTS[:1]) == [1.0]


def test_the_key_and_what_was_sent_are_in_no_message(client: httpx.Client) -> None:
    endpoint = an_endpoint(client, "http://127.0.0.1:1/v1", key="sk-very-secret")
    with pytest.raises(RerankerFailed) as failed:
        endpoint.scores("a private question", ("a restricted passage",))
    said = f"{failed.value} {endpoint.name} {At(url='u', model='m', key='sk-very-secret')!r}"
    assert not any(word in said for word in ("secret", "private", "restricted"))
