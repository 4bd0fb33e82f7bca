"""Redis killed, held still, filled up, locked and lied to: every call ends as a miss in its time, and what works goes on."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection

from bot.adapters import redis_cache
from bot.adapters.cache_keys import LARGEST
from bot.adapters.redis_cache import BUDGET, CONNECTIONS, RedisCache
from bot.adapters.secrecy import Secrecy
from bot.errors import CacheUnavailable
from tests.factories import Seconds
from tests.redis_server import RedisServer

SECRET = "a secret for tests, long enough"
QUESTION, ANSWER = "context:may I carry leave over? everyone", "answer:5f3a"
POINTING, TEXT = ANSWER.encode() + b"\nleave/annual-leave.md#4.1", b"Employees may carry over five days."


ABOUT_TIME = ("hangs", "waits_too_long", "comes_too_late", "cancelled")  # in the names of the tests that the budget is for


@pytest.fixture(autouse=True)
def _patience(request: pytest.FixtureRequest) -> None:
    if not any(words in request.node.name for words in ABOUT_TIME):
        request.getfixturevalue("patient_redis")


@pytest.fixture
def time() -> Seconds:
    return Seconds()


@pytest.fixture
async def cache(redis_server: RedisServer, time: Seconds) -> AsyncIterator[RedisCache]:
    """With a context and its answer in it, and connected."""
    async with _cache_at(redis_server.url, time) as made:
        await made.put(QUESTION, POINTING, 600)
        await made.put(ANSWER, TEXT, 600)
        assert await made.follow(QUESTION) == (POINTING, TEXT)
        yield made


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each step of a call was allowed to wait when it began."""
    begun: list[float] = []
    timeout_at = asyncio.timeout_at

    def noted(when: float) -> asyncio.Timeout:
        begun.append(when - asyncio.get_running_loop().time())
        return timeout_at(when)

    monkeypatch.setattr(asyncio, "timeout_at", noted)
    return begun


@pytest.fixture
def tries(monkeypatch: pytest.MonkeyPatch) -> list[ConnectionPool]:
    """One for each time that a call reached for Redis."""
    made: list[ConnectionPool] = []
    get_connection: Callable[[ConnectionPool], Awaitable[AbstractConnection]] = ConnectionPool.get_connection

    async def noted(pool: ConnectionPool) -> AbstractConnection:
        made.append(pool)
        return await get_connection(pool)

    monkeypatch.setattr(ConnectionPool, "get_connection", noted)
    return made


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What the operator reads: level and cause. Whatever was logged, by us or below us, held nothing of keys, values and passwords."""
    caplog.set_level(logging.DEBUG)

    def told() -> list[str]:
        everything = str([vars(record) for record in caplog.records])
        for hidden in ("carry", "5f3a", "five", "ibid:1", "hunter2"):
            assert hidden not in everything
        ours = [record for record in caplog.records if record.name.startswith("bot.")]
        return [f"{record.levelname} {vars(record).get('cause', '')}".strip() for record in ours]

    return told


@asynccontextmanager
async def _cache_at(url: str, time: Seconds) -> AsyncIterator[RedisCache]:
    made = RedisCache(url, Secrecy(SECRET), time)
    try:
        yield made
    finally:
        await made.close()


async def _turns() -> None:
    """The loop sees what has happened: a connection that ended, a call that was begun."""
    for _ in range(5):
        await asyncio.sleep(0)


async def _misses(cache: RedisCache) -> bool:
    await cache.put("answer:new", TEXT, 60)
    return (await cache.get(ANSWER), await cache.follow(QUESTION)) == (None, (None, None))


async def test_a_killed_redis_costs_one_try_and_comes_back_after_the_pause(
    cache: RedisCache, redis_server: RedisServer, time: Seconds, tries: list[ConnectionPool], heard: Callable[[], list[str]]
) -> None:
    redis_server.kill()
    await _turns()
    for _ in range(10):
        assert await _misses(cache)
    assert (len(tries), heard()) == (1, ["WARNING ConnectionRefusedError"])

    redis_server.start()
    assert await _misses(cache)
    assert redis_server.connections() == 1  # the test's own

    time.at += 5
    await cache.put(ANSWER, TEXT, 60)
    assert await cache.get(ANSWER) == TEXT
    assert heard() == ["WARNING ConnectionRefusedError", "INFO"]


async def test_while_redis_stays_away_it_is_tried_less_and_less_often(
    cache: RedisCache, redis_server: RedisServer, time: Seconds, tries: list[ConnectionPool], heard: Callable[[], list[str]]
) -> None:
    redis_server.kill()
    await _turns()
    tried = []
    for second in range(200):
        time.at = 1000.0 + second
        before = len(tries)
        assert await cache.get(ANSWER) is None
        tried += [second] * (len(tries) - before)

    assert tried == [0, 5, 15, 35, 75, 135, 195]
    assert heard() == ["WARNING ConnectionRefusedError"]


async def test_a_restart_between_two_calls_is_not_even_noticed(
    cache: RedisCache, redis_server: RedisServer, heard: Callable[[], list[str]]
) -> None:
    redis_server.kill()
    redis_server.start()
    await _turns()

    assert await cache.follow(QUESTION) == (None, None)  # its memory and its scripts are gone
    await cache.put(QUESTION, POINTING, 60)
    await cache.put(ANSWER, TEXT, 60)
    assert await cache.follow(QUESTION) == (POINTING, TEXT)
    assert heard() == []


async def test_of_fifty_calls_at_a_redis_that_hangs_a_few_try_and_all_are_misses_in_their_time(
    cache: RedisCache, redis_server: RedisServer, waits: list[float], tries: list[ConnectionPool], heard: Callable[[], list[str]]
) -> None:
    redis_server.forget_commands()
    redis_server.stop()
    calls: list[Awaitable[object]] = [cache.get(ANSWER) if number % 2 else cache.follow(QUESTION) for number in range(50)]
    found = await asyncio.gather(*calls)

    assert set(found) == {None, (None, None)}
    assert max(waits) < BUDGET + 0.001
    for _ in range(50):
        assert await _misses(cache)
    assert (len(tries), heard()) == (CONNECTIONS, ["WARNING TimeoutError"])

    redis_server.go_on()
    assert redis_server.connections() < CONNECTIONS  # one was there already
    assert "set" not in redis_server.commands()


async def test_who_waits_too_long_for_a_turn_is_a_miss_and_redis_is_not_blamed(
    cache: RedisCache, tries: list[ConnectionPool], heard: Callable[[], list[str]]
) -> None:
    for _ in range(CONNECTIONS):
        await cache._turns.acquire()
    assert await cache.get(ANSWER) is None
    assert (tries, heard()) == ([], [])

    for _ in range(CONNECTIONS):
        cache._turns.release()
    assert await cache.get(ANSWER) == TEXT


async def test_an_answer_that_comes_too_late_is_never_taken_for_another(
    cache: RedisCache, redis_server: RedisServer, time: Seconds
) -> None:
    await cache.put("answer:other", b"another answer", 60)
    for _ in range(3):
        redis_server.stop()
        assert await cache.get("answer:other") is None
        redis_server.go_on()
        time.at += 60

        found = await asyncio.gather(*[cache.get(ANSWER) for _ in range(20)])
        assert set(found) <= {TEXT, None}
        assert await cache.get(ANSWER) == TEXT
        assert await cache.get("answer:none") is None


async def test_a_call_that_is_cancelled_ends_at_once_and_spoils_nothing(
    cache: RedisCache, redis_server: RedisServer, time: Seconds, tries: list[ConnectionPool], heard: Callable[[], list[str]]
) -> None:
    redis_server.stop()
    calls: list[asyncio.Task[object]] = [asyncio.create_task(cache.get(ANSWER)), asyncio.create_task(cache.follow(QUESTION))]
    await _turns()
    assert len(tries) == 2
    for call in calls:
        call.cancel()
    ended = await asyncio.gather(*calls, return_exceptions=True)
    redis_server.go_on()

    assert [type(one) for one in ended] == [asyncio.CancelledError] * 2
    assert await cache.follow(QUESTION) == (POINTING, TEXT)
    assert heard() == []

    redis_server.kill()
    await cache.get(ANSWER)
    redis_server.start()
    time.at += 5
    trial = asyncio.create_task(cache.get(ANSWER))
    await asyncio.sleep(0)
    trial.cancel()
    with suppress(asyncio.CancelledError):
        await trial
    await cache.put(ANSWER, TEXT, 60)
    assert await cache.get(ANSWER) == TEXT


async def test_a_full_redis_takes_no_more_and_is_read_on(
    start_redis: Callable[..., RedisServer], time: Seconds, heard: Callable[[], list[str]]
) -> None:
    server = start_redis("--maxmemory", "2mb", "--maxmemory-policy", "noeviction")
    async with _cache_at(server.url, time) as cache:
        await cache.put(QUESTION, POINTING, 600)
        await cache.put(ANSWER, TEXT, 600)
        for number in range(200):
            await cache.put(f"embedding:{number}", bytes(20_000), 600)

        assert await cache.get("embedding:0") == bytes(20_000)
        assert await cache.get("embedding:199") is None
        server.plain.script_flush()
        assert await cache.follow(QUESTION) == (POINTING, TEXT)
        assert heard() == ["WARNING OutOfMemoryError"]  # said once
        assert 0 < await cache.clear() < 200
        await cache.put("embedding:199", b"there is room again", 60)
        assert await cache.get("embedding:199") == b"there is room again"


async def test_a_redis_that_evicts_goes_on_taking(
    start_redis: Callable[..., RedisServer], time: Seconds, heard: Callable[[], list[str]]
) -> None:
    server = start_redis("--maxmemory", "2mb", "--maxmemory-policy", "allkeys-lru")
    async with _cache_at(server.url, time) as cache:
        for number in range(200):
            await cache.put(f"embedding:{number}", bytes(20_000), 600)

        found = [number for number in range(200) if await cache.get(f"embedding:{number}") == bytes(20_000)]
        assert 10 < len(found) < 150
        assert found[-1] == 199
        assert heard() == []


async def test_a_replica_that_takes_nothing_is_read_on(
    cache: RedisCache, redis_server: RedisServer, heard: Callable[[], list[str]]
) -> None:
    redis_server.plain.replicaof("127.0.0.1", "1")
    await cache.put("answer:new", TEXT, 60)
    await cache.put("answer:new", TEXT, 60)

    assert await cache.get("answer:new") is None
    assert await cache.follow(QUESTION) == (POINTING, TEXT)
    assert heard() == ["WARNING ReadOnlyError"]


@pytest.mark.parametrize("given", ["", "user:hunter2@", ":hunter2@"])
async def test_a_password_that_is_wrong_is_told_the_operator_and_nobody_else(
    start_redis: Callable[..., RedisServer], time: Seconds, heard: Callable[[], list[str]], given: str
) -> None:
    server = start_redis("--requirepass", "correct")
    async with _cache_at(server.url.replace("unix://", f"unix://{given}"), time) as cache:
        for _ in range(3):
            assert await _misses(cache)

        assert heard() == ["WARNING AuthenticationError"]
        trouble = "it does not take the user and password of REDIS_URL (AuthenticationError)"
        assert (await cache.stats()).trouble == trouble
        with pytest.raises(CacheUnavailable, match=re.escape(trouble)) as refused:
            await cache.clear()
        assert "hunter2" not in str(refused.value)

    async with _cache_at(server.url.replace("unix://", "unix://:correct@") + "?db=3", time) as cache:
        await cache.put(ANSWER, TEXT, 60)
        assert await cache.get(ANSWER) == TEXT
        assert server.plain.info("keyspace")["db3"]["keys"] == 1


async def test_rights_that_do_not_suffice_are_misses(
    start_redis: Callable[..., RedisServer], time: Seconds, heard: Callable[[], list[str]]
) -> None:
    server = start_redis()
    server.plain.execute_command("ACL", "SETUSER", "ibid", "on", ">hunter2", "~ibid:*", "+set")
    async with _cache_at(server.url.replace("unix://", "unix://ibid:hunter2@"), time) as cache:
        assert await _misses(cache)
        assert not (await cache.stats()).reachable
        assert heard() == ["WARNING NoPermissionError"]


def _place(server: RedisServer, kind: str) -> bytes:
    (found,) = server.plain.keys(f"ibid:1:{kind}:*")
    return bytes(found)


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda kept: b"",
        lambda kept: b"\n",
        lambda kept: b"garbage",
        lambda kept: kept[:-1],
        lambda kept: kept + b"x",
        lambda kept: kept[:-1] + bytes([kept[-1] ^ 1]),
        lambda kept: kept.partition(b"\n")[0],
        lambda kept: kept * (40 * LARGEST // len(kept)),
    ],
    ids=["empty", "a line", "garbage", "cut", "longer", "a bit flipped", "the line alone", "ten megabytes"],
)
async def test_what_we_did_not_put_there_is_a_miss(
    cache: RedisCache, redis_server: RedisServer, heard: Callable[[], list[str]], spoiled: Callable[[bytes], bytes]
) -> None:
    for kind in ("answer", "context"):
        place = _place(redis_server, kind)
        redis_server.plain.set(place, spoiled(redis_server.plain.get(place)))
        if kind == "answer":
            assert await cache.follow(QUESTION) == (POINTING, None)

    assert (await cache.get(ANSWER), await cache.follow(QUESTION)) == (None, (None, None))
    await cache.put(QUESTION, POINTING, 60)
    await cache.put(ANSWER, TEXT, 60)
    assert await cache.follow(QUESTION) == (POINTING, TEXT)
    assert heard() == []


async def test_a_list_where_a_value_should_be_is_a_miss_and_nothing_worse(
    cache: RedisCache, redis_server: RedisServer, heard: Callable[[], list[str]]
) -> None:
    answer, context = _place(redis_server, "answer"), _place(redis_server, "context")
    redis_server.plain.delete(answer)
    redis_server.plain.lpush(answer, "x")
    assert await cache.get(ANSWER) is None
    assert await cache.follow(QUESTION) == (POINTING, None)

    redis_server.plain.delete(context)
    redis_server.plain.lpush(context, "x")
    assert await cache.follow(QUESTION) == (None, None)
    assert heard() == []
    assert ((await cache.stats()).entries, await cache.clear()) == (2, 2)


async def test_an_answer_that_was_moved_to_another_question_is_not_given(cache: RedisCache, redis_server: RedisServer) -> None:
    await cache.put("answer:other", b"what another audience may read", 60)
    mine = _place(redis_server, "context")
    (other,) = set(redis_server.plain.keys("ibid:1:answer:*")) - {redis_server.plain.get(mine).partition(b"\n")[0]}
    kept = redis_server.plain.get(mine)

    redis_server.plain.set(mine, other + b"\n" + kept.partition(b"\n")[2])
    assert await cache.follow(QUESTION) == (POINTING, None)
    redis_server.plain.set(mine, kept)
    redis_server.plain.copy(other, kept.partition(b"\n")[0].decode(), replace=True)
    assert await cache.follow(QUESTION) == (POINTING, None)
    assert await cache.get(ANSWER) is None


async def test_the_script_reads_nothing_but_ours(cache: RedisCache, redis_server: RedisServer) -> None:
    redis_server.plain.set("theirs", "x")
    mine = _place(redis_server, "context")
    redis_server.plain.set(mine, b"theirs\n" + redis_server.plain.get(mine).partition(b"\n")[2])
    redis_server.forget_commands()

    assert await cache.follow(QUESTION) == (POINTING, None)
    assert redis_server.commands()["getrange"] == 1


@dataclass
class Impostor:
    """Something that takes connections and is no Redis."""

    url: str = ""
    connections: int = 0


@asynccontextmanager
async def _says(said: bytes) -> AsyncIterator[Impostor]:
    """It says this to whatever it is asked; without anything to say it hangs up."""
    impostor = Impostor()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        impostor.connections += 1
        with suppress(OSError):
            while await reader.read(4096) and said:
                writer.write(said)
                await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        impostor.url = f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield impostor


@pytest.mark.parametrize(
    "said", [b"$x\r\n", b":7\r\n", b"+OK\r\n", b"*-5\r\n", b"*2\r\n:1\r\n*0\r\n", b"$-9\r\n", b"x" * 100_000], ids=range(7)
)
async def test_what_answers_wrongly_is_a_miss(time: Seconds, said: bytes) -> None:
    async with _says(said) as impostor, _cache_at(impostor.url, time) as cache:
        for _ in range(4):
            assert await _misses(cache)
            time.at += 60


async def test_a_call_that_is_hung_up_on_is_not_made_again(time: Seconds, heard: Callable[[], list[str]]) -> None:
    async with _says(b"") as impostor, _cache_at(impostor.url, time) as cache:
        assert await _misses(cache)
        assert (impostor.connections, heard()) == (1, ["WARNING ConnectionError"])


async def test_a_web_server_in_place_of_redis_is_a_miss_and_told_the_operator(time: Seconds, heard: Callable[[], list[str]]) -> None:
    async with _says(b"HTTP/1.1 400 Bad Request\r\n\r\n") as impostor, _cache_at(impostor.url, time) as cache:
        for _ in range(4):
            assert await _misses(cache)
        assert (await cache.stats()).trouble == "what answers there is not Redis (InvalidResponse)"
        with pytest.raises(CacheUnavailable, match="InvalidResponse"):
            await cache.clear()
    assert heard() == ["WARNING InvalidResponse"]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of a company's own authority, with its key beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "key.pem").write_bytes(key.private_bytes(*form))
    (tmp_path / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return tmp_path / "certificate.pem"


async def test_over_tls_a_redis_is_asked_only_when_its_certificate_is_trusted(
    start_redis: Callable[..., RedisServer], certificate: Path, time: Seconds, heard: Callable[[], list[str]]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    files = ("--tls-cert-file", str(certificate), "--tls-key-file", str(certificate.with_name("key.pem")))
    server = start_redis("--tls-port", port, *files, "--tls-auth-clients", "no")

    async with _cache_at(f"rediss://localhost:{port}", time) as cache:
        assert await _misses(cache)
    assert heard() == ["WARNING SSLCertVerificationError"]
    assert server.commands() == {}

    async with _cache_at(f"rediss://localhost:{port}?ssl_ca_certs={certificate}", time) as cache:
        await cache.put(ANSWER, TEXT, 60)
        assert await cache.get(ANSWER) == TEXT


async def test_an_operator_is_told_that_redis_hangs(cache: RedisCache, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_cache, "PATIENCE", 0.1)
    redis_server.stop()

    stats = await cache.stats()
    assert (stats.where, stats.reachable, stats.entries) == (redis_server.url, False, 0)
    with pytest.raises(CacheUnavailable, match="TimeoutError"):
        await cache.clear()
    redis_server.go_on()
    assert (await cache.stats()).entries == 2
