"""Through a company's proxy, which signs with an authority of its own, Slack and models are reached; and never around it."""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.adapters.outside import proxy_for, tls_context
from bot.channels.slack.app import serve
from bot.channels.slack.clients import open_clients
from bot.errors import Misconfigured, SlackUnavailable, WriterFailed
from bot.openings import open_writers
from bot.settings import read_settings
from playground.workspace import Setting
from tests.channels.conftest import CARRY, Bench, a_bench, logged
from tests.company import HOOKS, LINK, MODELS, SLACK, Authority, Company, a_company
from tests.factories import a_request

__all__ = ["logged"]
PASSWORD = "ibid:s3cret-of-the-proxy"


@asynccontextmanager
async def a_company_with_slack(folder: Path, password: str = "", *, tls: bool = False) -> AsyncIterator[tuple[Company, Bench]]:
    """The pretend workspace is outside, and Ibid is set up to find it there."""
    async with AsyncExitStack() as stack:
        bench = await stack.enter_async_context(a_bench(Setting()))
        behind = dict.fromkeys((SLACK, LINK, HOOKS), bench.slack.address)
        company = await stack.enter_async_context(a_company(folder, behind, password=password, tls=tls))
        set_up(bench, company.environment())
        stack.push_async_callback(bench.disconnect)
        yield company, bench


def set_up(bench: Bench, environment: dict[str, str]) -> None:
    read = read_settings({"SLACK_API_URL": f"https://{SLACK}/api/", **environment})
    bench.setting(slack_api_url=read.slack_api_url, proxy=read.proxy, no_proxy=read.no_proxy, ca_file=read.ca_file)


@pytest.mark.parametrize(
    ("password", "tls"), [("", False), (PASSWORD, False), (PASSWORD, True)], ids=["open", "with a password", "over TLS"]
)
async def test_a_question_and_its_answer_go_through_the_proxy(tmp_path: Path, password: str, tls: bool) -> None:
    async with a_company_with_slack(tmp_path, password, tls=tls) as (company, bench):
        await bench.connect()
        answer = await bench.ask("priya", "ask-policy", "@Ibid how many days can I carry over?")
        assert CARRY in answer.plain
        assert set(company.proxy.asked) == {SLACK, LINK}


async def test_the_reply_to_a_command_goes_through_the_proxy_too(tmp_path: Path) -> None:
    async with a_company_with_slack(tmp_path) as (company, bench):
        await bench.connect()
        assert await bench.slack.slash("priya", "ask-policy", "/ibid help") is not None
        await bench.slack.until(lambda: "/ibid ask" in bench.seen_by("priya", "ask-policy"))
        assert HOOKS in company.proxy.asked


async def test_the_systems_own_variable_for_certificates_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_company_with_slack(tmp_path) as (company, bench):
        monkeypatch.setenv("SSL_CERT_FILE", str(company.authority.file))
        set_up(bench, company.environment(IBID_CA_FILE=""))
        await bench.connect()
        assert LINK in company.proxy.asked


async def test_without_the_authority_nothing_is_said_and_the_operator_reads_what_to_set(tmp_path: Path) -> None:
    async with a_company_with_slack(tmp_path) as (company, bench):
        set_up(bench, company.environment(IBID_CA_FILE=""))
        with pytest.raises(SlackUnavailable, match="IBID_CA_FILE"):
            await serve(bench.ibid)
        assert company.proxy.asked
        assert not bench.slack.calls


async def test_a_proxy_that_refuses_ends_the_start_and_its_password_is_nowhere(tmp_path: Path, logged: Callable[[], str]) -> None:
    async with a_company_with_slack(tmp_path, PASSWORD) as (company, bench):
        set_up(bench, company.environment(HTTPS_PROXY=company.address.replace(PASSWORD, "ibid:wr0ng-password")))
        with pytest.raises(SlackUnavailable, match="a proxy") as caught:
            await serve(bench.ibid)
        assert not bench.slack.calls
        assert "wr0ng" not in logged() + str(caught.value) + repr(bench.ibid.settings)


async def test_a_dead_proxy_in_the_environment_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with a_bench(Setting()) as bench:
        bench.setting(proxy=read_settings().proxy)
        assert bench.ibid.settings.proxy
        await bench.connect()


@asynccontextmanager
async def a_company_with_a_model(folder: Path, password: str = "", *, tls: bool = False) -> AsyncIterator[Company]:
    async def speak(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer the-key"
        said: list[dict[str, Any]] = [{"delta": {"content": word}, "index": 0, "finish_reason": None} for word in ("five ", "days")]
        said.append({"delta": {}, "index": 0, "finish_reason": "stop"})
        chunks = [{"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [one]} for one in said]
        stream = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
        return web.Response(text=stream, content_type="text/event-stream")

    site = web.Application()
    site.router.add_post("/v1/chat/completions", speak)
    async with AsyncExitStack() as stack:
        runner = web.AppRunner(site, access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        behind = {MODELS: f"http://127.0.0.1:{runner.addresses[0][1]}"}
        yield await stack.enter_async_context(a_company(folder, behind, password=password, tls=tls))


async def what_the_model_says(environment: dict[str, str]) -> str:
    model = {"IBID_MODEL": "m", "OPENAI_BASE_URL": f"https://{MODELS}/v1", "OPENAI_API_KEY": "the-key"}
    async with AsyncExitStack() as stack:
        writer, *_ = await open_writers(read_settings(model | environment), stack)
        return "".join([piece async for piece in writer.write(a_request()) if isinstance(piece, str)])


@pytest.mark.parametrize(
    ("password", "tls"), [("", False), (PASSWORD, False), (PASSWORD, True)], ids=["open", "with a password", "over TLS"]
)
async def test_a_model_is_reached_through_the_proxy(tmp_path: Path, password: str, tls: bool) -> None:
    async with a_company_with_a_model(tmp_path, password, tls=tls) as company:
        assert await what_the_model_says(company.environment()) == "five days"
        assert company.proxy.asked == [MODELS]


async def test_a_model_whose_certificate_nobody_vouches_for_is_given_no_key(tmp_path: Path) -> None:
    async with a_company_with_a_model(tmp_path) as company:
        with pytest.raises(WriterFailed) as caught:
            await what_the_model_says(company.environment(IBID_CA_FILE=""))
        assert caught.value.reason == "unreachable"
        assert set(company.proxy.asked) == {MODELS}


async def test_an_authority_that_newer_pythons_find_too_lax_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = ssl.create_default_context

    def as_since_python_3_13(*given: Any, **named: Any) -> ssl.SSLContext:  # noqa: ANN401  as the function it stands for
        context = usual(*given, **named)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        return context

    monkeypatch.setattr(ssl, "create_default_context", as_since_python_3_13)
    async with a_company_with_a_model(tmp_path) as company:
        assert await what_the_model_says(company.environment()) == "five days"
        monkeypatch.setenv("SSL_CERT_FILE", str(company.authority.file))
        with pytest.raises(WriterFailed):
            await what_the_model_says(company.environment(IBID_CA_FILE=""))


@pytest.mark.parametrize(
    ("url", "no_proxy", "proxied"),
    [
        ("https://slack.com/api/", "", True),
        ("https://slack.com/api/", "notslack.com, com.slack", True),
        ("https://slack.com/api/", "models.example, slack.com", False),
        ("https://gpu.models.example:8443/v1", ".models.example", False),
        ("https://gpu.models.example/v1", "*.Models.Example", False),
        ("https://models.example/v1", "models.example", False),
        ("https://slack.com/api/", "*", False),
        ("http://ollama:11434/v1", "", False),
        ("https://localhost:8443/v1", "", False),
        ("https://127.0.0.1/v1", "", False),
    ],
)
def test_who_is_asked_through_the_proxy_and_who_directly(url: str, no_proxy: str, proxied: bool) -> None:
    settings = read_settings({"HTTPS_PROXY": "proxy.example:3128", "NO_PROXY": no_proxy})
    assert proxy_for(settings, url) == ("http://proxy.example:3128" if proxied else None)


def test_the_proxys_variables_count_in_small_letters_and_its_password_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "proxy").write_text("http://ibid:secret@proxy.example:3128\n")
    assert read_settings({"https_proxy": "http://small.example", "no_proxy": "a"}).proxy == "http://small.example"
    assert read_settings({"HTTPS_PROXY_FILE": str(tmp_path / "proxy")}).proxy == "http://ibid:secret@proxy.example:3128"
    assert read_settings({"ibid_documents": "/elsewhere"}).documents == read_settings({}).documents


def test_a_proxy_of_another_kind_is_refused_without_repeating_its_password() -> None:
    with pytest.raises(Misconfigured, match="HTTPS_PROXY must begin with http://") as caught:
        read_settings({"HTTPS_PROXY": "socks5://ibid:secret@proxy.example:1080"})
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("content", [None, "no certificate"])
async def test_a_file_that_holds_no_certificate_is_named_before_anybody_is_asked(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "ca.pem"
    if content:
        file.write_text(content)
    with pytest.raises(Misconfigured, match="IBID_CA_FILE"):
        open_clients(read_settings({"IBID_CA_FILE": str(file)}))


def test_the_companys_authority_is_believed_beside_the_systems_and_names_are_still_checked(tmp_path: Path) -> None:
    own = tls_context(read_settings({"IBID_CA_FILE": str(Authority(tmp_path).file)}))
    assert own.cert_store_stats()["x509"] == tls_context(read_settings({})).cert_store_stats()["x509"] + 1
    assert own.verify_mode is ssl.CERT_REQUIRED
    assert own.check_hostname


def test_where_the_system_has_no_authorities_the_public_ones_are_still_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.setenv(name, "/no/such/place")
    assert not ssl.create_default_context().cert_store_stats()["x509"]
    assert tls_context(read_settings({})).cert_store_stats()["x509"] > 100


async def test_every_client_of_slack_has_the_same_way_out(tmp_path: Path) -> None:
    clients = open_clients(read_settings({"HTTPS_PROXY": "http://proxy.example:3128"}))
    try:
        assert clients.once.proxy == clients.again.proxy == "http://proxy.example:3128"
        assert clients.once.ssl is clients.again.ssl
        assert isinstance(clients.session.connector, aiohttp.TCPConnector)
    finally:
        await clients.session.close()
