"""What REDIS_URL means: how to connect, and the address as it may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from redis.asyncio.connection import parse_url

from bot.errors import Misconfigured

# Everything else that redis-py would take from an address (timeouts, retries, decoding) is for us to say.
_TAKEN = frozenset({"connection_class", "host", "port", "path", "db", "username", "password"})
_TLS = "ssl_"  # ssl_ca_certs and its like


@dataclass(frozen=True, kw_only=True)
class RedisAddress:
    """Where Redis is. Only `shown` may be logged or printed."""

    shown: str  # without user, password and options
    options: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"RedisAddress({self.shown!r})"


def redis_address(url: str) -> RedisAddress:
    """Raises Misconfigured. Its message repeats nothing of the address, which may hold a password."""
    try:
        split = urlsplit(url)
        options = dict(parse_url(url))
    except ValueError:  # its message, too, may repeat the password
        options = {}
    if not options or split.fragment or not _names_a_database(split):
        raise Misconfigured(
            "REDIS_URL is not an address; write redis://HOST:6379/0, rediss:// for TLS, or unix:///PATH, "
            "and percent-encode what is special in a password (such as / # @)."
        )
    for name in options:
        if name not in _TAKEN and not name.startswith(_TLS):
            raise Misconfigured(
                f"REDIS_URL has an option that Ibid does not know; it knows db, and with rediss:// {_TLS}ca_certs and its like."
            )
    return RedisAddress(shown=_shown(split.scheme, options), options=options)


def _names_a_database(split: SplitResult) -> bool:
    """redis-py takes database 0 where the path is no number."""
    return split.scheme == "unix" or split.path in ("", "/") or split.path[1:].isdecimal()


def _shown(scheme: str, options: Mapping[str, Any]) -> str:
    if scheme == "unix":
        return f"unix://{options.get('path', '')}"
    return f"{scheme}://{options.get('host', 'localhost')}:{options.get('port', 6379)}/{options.get('db', 0)}"
