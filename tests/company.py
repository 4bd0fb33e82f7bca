"""A company's network, pretended on this machine: an authority of its own, a proxy that alone knows the way out, and servers outside.

No name of the servers outside resolves here, so whoever reaches one came through the proxy.
"""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import aiohttp
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SLACK, LINK, HOOKS, MODELS, PROXY = "slack.test", "wss-primary.slack.test", "hooks.slack.test", "models.test", "127.0.0.1"
OUTSIDE = (SLACK, LINK, HOOKS, MODELS)


class Authority:
    """Signs for every host, as a proxy does that looks into TLS. Its certificate is one of those that strict checks refuse."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Company Authority")])
        signed = _certificate(name, name, self._key).add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=False)
        self._certificate = signed.sign(self._key, hashes.SHA256())
        self.file = folder / "company-ca.pem"
        self.file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def server_context(self, *hosts: str) -> ssl.SSLContext:
        """What a server with these names answers with."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
        issued = _certificate(name, self._certificate.subject, key).add_extension(
            x509.SubjectAlternativeName(_names(hosts)), critical=False
        )
        file = self._folder / f"{hosts[0]}.pem"
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        file.write_bytes(private + issued.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(file)
        return context


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    begun = datetime.now(UTC) - timedelta(days=1)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    return made.serial_number(x509.random_serial_number()).not_valid_before(begun).not_valid_after(begun + timedelta(days=30))


def _names(hosts: tuple[str, ...]) -> list[x509.GeneralName]:
    return [x509.IPAddress(ip_address(host)) if host == PROXY else x509.DNSName(host) for host in hosts]


@dataclass
class Proxy:
    """Takes CONNECT for the names it knows, and notes who was asked for; with `wanted` only from who says that name:password."""

    ways: dict[str, int]
    wanted: str = ""
    asked: list[str] = field(default_factory=list)
    port: int = 0
    _open: dict[asyncio.Task[None], list[asyncio.StreamWriter]] = field(default_factory=dict)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        ends = self._open[task] = [writer]
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            verb, target, _ = head.split("\r\n", 1)[0].split(" ")
            host, _, port = target.partition(":")
            self.asked.append(host)
            known = base64.b64encode(self.wanted.encode()).decode()
            if self.wanted and f"Proxy-Authorization: Basic {known}" not in head:
                await _answer(writer, "407 Proxy Authentication Required")
            elif verb != "CONNECT" or port != "443" or host not in self.ways:
                await _answer(writer, "403 Forbidden")
            else:
                there = await asyncio.open_connection("127.0.0.1", self.ways[host])
                ends.append(there[1])
                await _answer(writer, "200 Connection established")
                await asyncio.gather(_pour(reader, there[1]), _pour(there[0], writer))
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass  # who asked went away
        finally:
            writer.close()
            del self._open[task]

    async def close(self) -> None:
        """Cut what is still connected."""
        for end in [end for ends in self._open.values() for end in ends]:
            end.transport.abort()
        await asyncio.gather(*self._open)


async def _answer(writer: asyncio.StreamWriter, status: str) -> None:
    writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode() if status[0] != "2" else f"HTTP/1.1 {status}\r\n\r\n".encode())
    await writer.drain()


async def _pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, ssl.SSLError):
        while piece := await source.read(65536):
            target.write(piece)
            await target.drain()
    target.close()


@dataclass
class Servers:
    """Everything outside, over TLS: hands on to what answers in plain http on this machine, and calls itself by its outside names."""

    behind: dict[str, str]
    port: int = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        address = self.behind[request.host]
        async with aiohttp.ClientSession() as session:
            if request.headers.get("Upgrade") == "websocket":
                return await self._bridge(request, session, address)
            kept = {name: value for name, value in request.headers.items() if name in ("Authorization", "Content-Type")}
            async with session.request(request.method, address + request.path_qs, data=await request.read(), headers=kept) as answer:
                headers = {name: value for name, value in answer.headers.items() if name in ("Content-Type", "x-oauth-scopes")}
                return web.Response(text=self._named(await answer.text()), status=answer.status, headers=headers)

    async def _bridge(self, request: web.Request, session: aiohttp.ClientSession, address: str) -> web.StreamResponse:
        near = web.WebSocketResponse()
        async with session.ws_connect(address + request.path_qs) as far, asyncio.TaskGroup() as both:
            await near.prepare(request)

            async def up() -> None:
                async for frame in near:
                    await far.send_str(frame.data)
                await far.close()

            async def down() -> None:
                async for frame in far:
                    await near.send_str(self._named(frame.data))
                await near.close()

            both.create_task(up())
            both.create_task(down())
        return near

    def _named(self, text: str) -> str:
        for plain in set(self.behind.values()):
            text = text.replace(plain.replace("http:", "ws:"), f"wss://{LINK}").replace(plain, f"https://{HOOKS}")
        return text


@dataclass(frozen=True)
class Company:
    """The network as a bot in it sees it."""

    authority: Authority
    proxy: Proxy
    address: str

    def environment(self, **more: str) -> dict[str, str]:
        """What an operator sets here."""
        return {"HTTPS_PROXY": self.address, "IBID_CA_FILE": str(self.authority.file), **more}


@asynccontextmanager
async def a_company(folder: Path, behind: dict[str, str], *, password: str = "", tls: bool = False) -> AsyncIterator[Company]:
    """`behind`: for each host outside, the plain http address that answers for it. With `tls` the proxy itself is asked over TLS."""
    authority = Authority(folder)
    servers = Servers(behind)
    site = web.Application()
    site.router.add_route("*", "/{path:.*}", servers.answer)
    async with AsyncExitStack() as stack:
        runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=authority.server_context(*OUTSIDE)).start()
        servers.port = runner.addresses[0][1]
        proxy = Proxy(dict.fromkeys(behind, servers.port), wanted=password)
        own = authority.server_context(PROXY) if tls else None
        listening = await stack.enter_async_context(await asyncio.start_server(proxy.take, PROXY, 0, ssl=own))
        proxy.port = listening.sockets[0].getsockname()[1]
        stack.push_async_callback(proxy.close)
        scheme, who = "https" if tls else "http", f"{password}@" if password else ""
        yield Company(authority, proxy, f"{scheme}://{who}{PROXY}:{proxy.port}")
