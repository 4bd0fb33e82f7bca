"""A web server on this machine whose pages the test writes, and which notes everything that is asked of it."""

from __future__ import annotations

import gzip
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from knowledge.connectors.outside import Outside

HERE = "127.0.0.1"
HOST = "handbook.test"


@dataclass
class Answer:
    """What a path is answered with."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    says: Callable[[BaseHTTPRequestHandler], None] | None = None  # writes the whole answer itself


def a_page(title: str, words: str = "Employees may carry over up to five days.") -> Answer:
    return Answer(f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{words}</p></body></html>".encode())


def a_sitemap(*pages: str) -> Answer:
    listed = "".join(f"<url><loc>{page}</loc></url>" for page in pages)
    return Answer(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'.encode(), kind="application/xml")


def an_index(*sitemaps: str) -> Answer:
    listed = "".join(f"<sitemap><loc>{sitemap}</loc></sitemap>" for sitemap in sitemaps)
    return Answer(f"<sitemapindex>{listed}</sitemapindex>".encode(), kind="text/xml")


def leads_to(there: str, status: int = 301) -> Answer:
    return Answer(status=status, headers={"Location": there})


def packed(answer: Answer) -> Answer:
    return Answer(gzip.compress(answer.body), kind=answer.kind, headers={"Content-Encoding": "gzip"})


@dataclass
class Site:
    """The server."""

    port: int
    scheme: str = "http"
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)  # Host header and path
    agents: set[str] = field(default_factory=set)
    connections: int = 0

    def url(self, path: str = "/", host: str = HOST) -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def id(self, path: str, host: str = HOST) -> str:
        return f"{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [path for _, path in self.asked if path != "/robots.txt"]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def setup(self) -> None:
        super().setup()
        self.site.connections += 1

    def do_GET(self) -> None:
        self.site.asked.append((str(self.headers["Host"]), self.path))
        self.site.agents.add(str(self.headers["User-Agent"]))
        answer = self.site.answers.get(self.path, Answer(b"nothing here", 404))
        if answer.says:
            answer.says(self)
            return
        self.send_response(answer.status)
        for name, value in {"Content-Type": answer.kind, "Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401  as the class it overrides
        """The test sees what was asked."""


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Who asks may hang up in the middle of an answer: that is what is tested."""


@contextmanager
def a_site(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    server = _Quiet((HERE, 0), type("Handler", (_Handler,), {}))
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    site = Site(server.server_address[1], "https" if tls else "http")
    server.RequestHandlerClass.site = site  # type: ignore[attr-defined]  # the class that was made just now
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Names:
    """A resolver that counts, and whose answers may change from one to the next."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self._answers = list(answers) or [(HERE,)]
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> tuple[str, ...]:
        self.asked.append(host)
        answer = self._answers[min(len(self.asked), len(self._answers)) - 1]
        if not answer:
            raise OSError("no such host")
        return answer


class Hours:
    """A clock that a sleep moves on, and nothing else."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


def near(names: Callable[[str, int], tuple[str, ...]] | None = None, hours: Hours | None = None, **given: Any) -> Outside:  # noqa: ANN401  what Outside takes
    """Everything is on this machine, which may be asked, and no time passes but by sleeping."""
    clock = hours or Hours()
    return Outside(resolve=names or Names(), clock=clock, sleep=clock.sleep, also_allowed=frozenset({HERE}), **given)
