"""What a cache promises, in memory and over a real Redis; and what Redis must never be able to tell."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest

from bot.adapters.cache_keys import LARGEST
from bot.adapters.memory_cache import MemoryCache
from bot.adapters.redis_cache import RedisCache
from bot.adapters.secrecy import Secrecy
from bot.errors import Misconfigured
from bot.values import CacheStats
from tests.factories import Seconds
from tests.redis_server import RedisServer

pytestmark = pytest.mark.usefixtures("patient_redis")

SECRET = "a secret for tests, long enough"
QUESTION, ANSWER = "context:may I carry leave over? everyone", "answer:5f3a"
POINTING = ANSWER.encode() + b"\nleave/annual-leave.md#4.1"
TEXT = b"Employees may carry over five days."
VALUES = [b"", b"\n", b"\x00\xff\n\n\x00", TEXT, bytes(LARGEST)]


@dataclass(frozen=True)
class Cached:
    """A cache, and how to let its time pass."""

    cache: MemoryCache | RedisCache
    passes: Callable[[float], None]


def _time_passes_in(server: RedisServer) -> Callable[[float], None]:
    """Redis has its own clock; what it keeps is made to end that much earlier."""

    def passes(seconds: float) -> None:
        for place in server.plain.keys("*"):
            server.plain.pexpire(place, int(server.plain.pttl(place) - seconds * 1000))

    return passes


@pytest.fixture(params=["memory", "redis"])
async def cached(request: pytest.FixtureRequest) -> AsyncIterator[Cached]:
    time = Seconds()
    if request.param == "memory":

        def passes(seconds: float) -> None:
            time.at += seconds

        yield Cached(MemoryCache(clock=time), passes)
        return
    server: RedisServer = request.getfixturevalue("redis_server")
    cache = RedisCache(server.url, Secrecy(SECRET), time)
    yield Cached(cache, _time_passes_in(server))
    await cache.close()


@pytest.fixture
def cache(cached: Cached) -> MemoryCache | RedisCache:
    return cached.cache


@pytest.fixture
async def in_redis(redis_server: RedisServer) -> AsyncIterator[RedisCache]:
    cache = RedisCache(redis_server.url, Secrecy(SECRET))
    yield cache
    await cache.close()


async def counted(cache: MemoryCache | RedisCache) -> tuple[dict[str, int], dict[str, int]]:
    stats = await cache.stats()
    return dict(stats.hits), dict(stats.misses)


@pytest.mark.parametrize("value", VALUES, ids=["empty", "a line", "bytes", "text", "the largest"])
async def test_what_was_put_is_found_byte_for_byte(cache: MemoryCache | RedisCache, value: bytes) -> None:
    await cache.put(ANSWER, value, 60)

    assert await cache.get(ANSWER) == value
    assert await cache.follow(ANSWER) == (value, None)


async def test_what_was_never_put_is_a_miss(cache: MemoryCache | RedisCache) -> None:
    await cache.put("answer:other", TEXT, 60)

    assert await cache.get(ANSWER) is None
    assert await cache.get("context:other") is None
    assert await cache.follow(ANSWER) == (None, None)


async def test_the_last_value_counts(cache: MemoryCache | RedisCache) -> None:
    await cache.put(ANSWER, b"first", 60)
    await cache.put(ANSWER, b"second", 60)

    assert await cache.get(ANSWER) == b"second"
    assert (await cache.stats()).entries == 1


async def test_a_value_is_found_until_its_time_is_over_and_not_after(cached: Cached) -> None:
    await cached.cache.put(ANSWER, TEXT, 60)
    await cached.cache.put(QUESTION, POINTING, 3600)

    cached.passes(59)
    assert await cached.cache.get(ANSWER) == TEXT
    cached.passes(1)
    assert (await cached.cache.stats()).entries == 1
    assert await cached.cache.get(ANSWER) is None
    assert await cached.cache.follow(QUESTION) == (POINTING, None)


@pytest.mark.parametrize("seconds", [0, -1])
async def test_what_would_be_over_at_once_is_not_put(
    cache: MemoryCache | RedisCache, caplog: pytest.LogCaptureFixture, seconds: int
) -> None:
    await cache.put(ANSWER, b"before", 60)
    await cache.put(ANSWER, TEXT, seconds)
    await cache.put("answer:new", TEXT, seconds)

    assert (await cache.get(ANSWER), await cache.get("answer:new")) == (b"before", None)
    assert not [record for record in caplog.records if record.name.startswith("bot.")]


async def test_a_value_that_is_too_large_is_not_kept(cache: MemoryCache | RedisCache) -> None:
    await cache.put(ANSWER, bytes(LARGEST + 1), 60)

    assert await cache.get(ANSWER) is None
    assert (await cache.stats()).entries == 0


async def test_following_finds_the_value_and_the_one_that_its_first_line_names(cache: MemoryCache | RedisCache) -> None:
    await cache.put(QUESTION, POINTING, 60)
    await cache.put(ANSWER, TEXT, 60)

    assert await cache.follow(QUESTION) == (POINTING, TEXT)


async def test_the_first_line_may_be_all_there_is(cache: MemoryCache | RedisCache) -> None:
    await cache.put(QUESTION, ANSWER.encode(), 60)
    await cache.put(ANSWER, TEXT, 60)

    assert await cache.follow(QUESTION) == (ANSWER.encode(), TEXT)


async def test_following_goes_one_step_only(cache: MemoryCache | RedisCache) -> None:
    await cache.put(QUESTION, b"context:second", 60)
    await cache.put("context:second", POINTING, 60)
    await cache.put(ANSWER, TEXT, 60)

    assert await cache.follow(QUESTION) == (b"context:second", POINTING)


async def test_a_named_value_that_is_gone_leaves_the_first(cache: MemoryCache | RedisCache) -> None:
    await cache.put(QUESTION, POINTING, 60)

    assert await cache.follow(QUESTION) == (POINTING, None)


@pytest.mark.parametrize(
    "line", [b"", b" answer:5f3a", b"https://handbook.example", b"answer", b"note:5f3a", b"answer:\xff", b"Answer:5f3a"]
)
async def test_a_first_line_that_is_no_key_names_nothing(cache: MemoryCache | RedisCache, line: bytes) -> None:
    for key in (ANSWER, "https://handbook.example", "answer", "note:5f3a", "Answer:5f3a"):
        await cache.put(key, TEXT, 60)
    await cache.put(QUESTION, line + b"\nanswer:5f3a", 60)
    before = await counted(cache)

    assert await cache.follow(QUESTION) == (line + b"\nanswer:5f3a", None)
    assert await counted(cache) == ({**before[0], "context": 1}, before[1])


async def test_the_same_rest_under_two_kinds_are_two_keys(cache: MemoryCache | RedisCache) -> None:
    await cache.put("context:1", b"a context", 60)
    await cache.put("answer:1", b"an answer", 60)

    assert (await cache.get("context:1"), await cache.get("answer:1")) == (b"a context", b"an answer")


@pytest.mark.parametrize(
    "key", ["", ":", "no kind", "a kind:1", "answer:*\n\x00", "ibid:1:*", "answer:\ud800", "\ud800:1", "answer:" + "x" * 10_000]
)
async def test_any_text_may_be_a_key(cache: MemoryCache | RedisCache, key: str) -> None:
    await cache.put(key, TEXT, 60)

    assert await cache.get(key) == TEXT
    assert await cache.get(key + "x") is None


async def test_hits_and_misses_are_counted_by_kind(cache: MemoryCache | RedisCache) -> None:
    await cache.put(QUESTION, POINTING, 60)
    await cache.follow(QUESTION)
    await cache.put(ANSWER, TEXT, 60)
    await cache.follow(QUESTION)
    await cache.get(ANSWER)
    await cache.get("embedding:1")
    await cache.follow("context:unknown")

    assert await counted(cache) == ({"context": 2, "answer": 2}, {"answer": 1, "embedding": 1, "context": 1})
    assert cache.tally() == await counted(cache)


async def test_an_operator_sees_how_much_is_kept_and_forgets_it_all(cache: MemoryCache | RedisCache) -> None:
    for number in range(2500):
        await cache.put(f"embedding:{number}", TEXT, 60)

    stats = await cache.stats()
    assert (stats.reachable, stats.entries) == (True, 2500)
    assert await cache.clear() == 2500
    assert await cache.get("embedding:1") is None
    assert ((await cache.stats()).entries, await cache.clear()) == (0, 0)


async def test_many_at_once_each_get_their_own(cache: MemoryCache | RedisCache) -> None:
    keys = [f"answer:{number}" for number in range(200)]
    await asyncio.gather(*[cache.put(key, key.encode(), 60) for key in keys])

    assert await asyncio.gather(*[cache.get(key) for key in keys]) == [key.encode() for key in keys]


async def test_in_memory_the_longest_unused_goes_when_there_is_no_room() -> None:
    cache = MemoryCache(room=3_000)
    for number in range(3):
        await cache.put(f"answer:{number}", bytes(700), 60)
    await cache.get("answer:0")
    await cache.put("answer:3", bytes(700), 60)

    found = [number for number in range(4) if await cache.get(f"answer:{number}") is not None]
    assert found == [0, 2, 3]


async def test_memory_never_takes_more_than_its_room() -> None:
    cache = MemoryCache(room=3_000)
    await cache.put("answer:kept", b"x", 60)
    await cache.put("answer:large", bytes(3_000), 60)
    assert (await cache.stats()).entries == 0

    for number in range(1000):
        await cache.put(f"answer:{number}", b"", 60)
        await cache.put(f"answer:{number}", b"replaced", 60)
    assert 10 < (await cache.stats()).entries < 15


async def test_whoever_reads_redis_learns_neither_question_nor_answer_nor_who_may_read_it(
    in_redis: RedisCache, redis_server: RedisServer
) -> None:
    await in_redis.put(QUESTION, POINTING, 60)
    await in_redis.put(ANSWER, TEXT, 60)
    await in_redis.put("a key without a kind", TEXT, 60)

    there = b"\n".join(place + b"\n" + redis_server.plain.get(place) for place in redis_server.plain.keys("*"))
    for hidden in (b"carry", b"leave", b"everyone", b"5f3a", b"five", b"kind", b"annual"):
        assert hidden not in there
    names = sorted(place.decode().split(":")[:3] for place in redis_server.plain.keys("*"))
    assert names == [["ibid", "1", ""], ["ibid", "1", "answer"], ["ibid", "1", "context"]]


async def test_equal_values_do_not_look_equal_in_redis(in_redis: RedisCache, redis_server: RedisServer) -> None:
    await in_redis.put("answer:1", TEXT, 60)
    await in_redis.put("answer:2", TEXT, 60)

    one, other = (redis_server.plain.get(place) for place in redis_server.plain.keys("*"))
    assert one != other


async def test_with_another_secret_nothing_is_found(in_redis: RedisCache, redis_server: RedisServer) -> None:
    await in_redis.put(ANSWER, TEXT, 60)
    other = RedisCache(redis_server.url, Secrecy("another secret for tests"))

    assert await other.get(ANSWER) is None
    await other.put(ANSWER, b"theirs", 60)
    assert await in_redis.get(ANSWER) == TEXT
    await other.close()


async def test_following_is_one_command_to_redis(in_redis: RedisCache, redis_server: RedisServer) -> None:
    await in_redis.put(QUESTION, POINTING, 60)
    await in_redis.put(ANSWER, TEXT, 60)
    await in_redis.follow(QUESTION)
    redis_server.forget_commands()

    assert await in_redis.follow(QUESTION) == (POINTING, TEXT)
    assert redis_server.commands() == {"evalsha": 1, "getrange": 2}  # the script's own two do not travel


async def test_what_others_keep_in_the_same_redis_stays(in_redis: RedisCache, redis_server: RedisServer) -> None:
    theirs = {b"ibid:2:answer:x", b"theirs", b"ibid"}
    for name in theirs:
        redis_server.plain.set(name, b"theirs")
    await in_redis.put(ANSWER, TEXT, 60)
    redis_server.forget_commands()

    assert (await in_redis.stats()).entries == 1
    assert await in_redis.clear() == 1
    assert not {"keys", "flushdb", "flushall"} & redis_server.commands().keys()
    assert set(redis_server.plain.keys("*")) == theirs


async def test_a_script_that_redis_has_forgotten_is_sent_again(in_redis: RedisCache, redis_server: RedisServer) -> None:
    await in_redis.put(QUESTION, POINTING, 60)
    await in_redis.put(ANSWER, TEXT, 60)
    await in_redis.follow(QUESTION)
    redis_server.plain.script_flush()

    assert await in_redis.follow(QUESTION) == (POINTING, TEXT)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://user:hunter2@cache.example:6380/3", "redis://cache.example:6380/3"),
        ("redis://:hunter2@cache.example", "redis://cache.example:6379/0"),
        ("rediss://:hunter2@cache.example/?ssl_ca_certs=company.pem", "rediss://cache.example:6379/0"),
        ("unix://:hunter2@/run/redis.sock?db=2", "unix:///run/redis.sock"),
        ("unix:///run/redis.sock?password=hunter2", "unix:///run/redis.sock"),
    ],
)
async def test_the_address_is_shown_without_its_password(url: str, shown: str) -> None:
    cache = RedisCache(url, Secrecy(SECRET))

    assert cache._where == shown


@pytest.mark.parametrize(
    "url",
    [
        "hunter2",
        "http://:hunter2@cache.example",
        "redis://",
        "redis://:hunter2/@cache.example",
        "redis://:hun#ter2@cache.example",
        "redis://:12#hunter2@cache.example",
        "redis://:hunter2@cache.example:port",
        "redis://:hunter2@cache.example?socket_timeout=20",
        "redis://:hunter2@cache.example?decode_responses=1",
        "redis://:hunter2@cache.example?db=hunter2",
        "redis://:hunter2@cache.example/first",
        "redis://:hunter2@cache.example/0/hunter2",
        "redis://:hunter2@cache.example?ssl_ca_certs=x",
        "rediss://:hunter2@cache.example?ssl_unknown=x",
        "rediss://:hunter2@cache.example?ssl_cert_reqs=perhaps",
    ],
)
def test_an_address_that_is_none_stops_the_start_and_is_not_repeated(url: str) -> None:
    with pytest.raises(Misconfigured, match=r"^REDIS_URL ") as refused:
        RedisCache(url, Secrecy(SECRET))

    assert "hunter2" not in str(refused.value)
    assert refused.value.__cause__ is None


async def test_statistics_name_where_they_come_from(in_redis: RedisCache, redis_server: RedisServer) -> None:
    assert await in_redis.stats() == CacheStats(where=redis_server.url)
    assert await MemoryCache().stats() == CacheStats(where="memory")
