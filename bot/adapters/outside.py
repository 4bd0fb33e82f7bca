"""The way out of the company's network: through which proxy an address is reached, and whose certificates are believed.

The clients are told both. Left to themselves each reads the environment by rules of its own: the Slack SDK knows no NO_PROXY, and
httpx does not look at the system's certificates.
"""

from __future__ import annotations

import ssl
from functools import partial
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlsplit

from bot.errors import Misconfigured

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from bot.settings import Settings
    from knowledge.connectors.outside import Outside

HERE = ("127.0.0.1", "localhost", "::1")


class WayOut(TypedDict):
    """Arguments of an httpx client: `httpx.AsyncClient(**way_out(settings, url))`."""

    verify: ssl.SSLContext
    proxy: httpx.Proxy | None
    trust_env: bool


def way_out(settings: Settings, url: str) -> WayOut:
    """For a client that asks this address alone. Raises Misconfigured."""
    import httpx

    context, address = tls_context(settings), proxy_for(settings, url)
    of_proxy = context if address and address.startswith("https:") else None
    try:
        httpx.URL(url)  # it knows more that is wrong with an address than settings do, and would say so when it is used
        proxy = httpx.Proxy(address, ssl_context=of_proxy) if address else None
    except httpx.InvalidURL as problem:
        raise Misconfigured(f"An address of a model, or HTTPS_PROXY, cannot be used: {problem}.") from problem
    return WayOut(verify=context, proxy=proxy, trust_env=False)


def proxy_for(settings: Settings, url: str) -> str | None:
    """None: it is asked directly, as plain http and this machine always are."""
    asked = urlsplit(url)
    if not settings.proxy or asked.scheme != "https" or is_loopback(url):
        return None
    host, named = f".{asked.hostname}", [name.strip().lower() for name in settings.no_proxy.split(",") if name.strip()]
    direct = any(name == "*" or host.endswith("." + name.lstrip("*.")) for name in named)
    return None if direct else settings.proxy


def outside_of(settings: Settings) -> Outside:
    """For the connectors of documents that lie elsewhere."""
    from knowledge.connectors.outside import Outside

    return Outside(tls=partial(tls_context, settings), proxy=partial(proxy_for, settings))


def is_loopback(url: str) -> bool:
    """Whether this machine itself answers there."""
    return urlsplit(url).hostname in HERE


def tls_context(settings: Settings) -> ssl.SSLContext:
    """Believes the system's authorities (or SSL_CERT_FILE's, which OpenSSL reads) and the company's own. Raises Misconfigured."""
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509"]:  # a Python that finds no authorities, as on macOS
        import certifi

        context.load_verify_locations(certifi.where())
    if settings.ca_file is not None:
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT  # on since Python 3.13; proxies' authorities are often not written so strictly
        _believe(context, settings.ca_file)
    return context


def _believe(context: ssl.SSLContext, file: Path) -> None:
    try:
        context.load_verify_locations(file)
    except OSError as problem:  # also what OpenSSL says of a file that holds no certificate
        said = problem.strerror or str(problem)
        raise Misconfigured(f"IBID_CA_FILE is {file}, which cannot be read as certificates (PEM): {said}.") from problem
