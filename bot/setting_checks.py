"""Whether what stands in an environment variable can be what is meant. Each raises Misconfigured with its name and what to write."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import Misconfigured

_HIGHEST_PORT = 65_535
_MOST_DIGITS = 9
_SPAN = re.compile(r"([0-9]{1,6})([mhd])")
_SECONDS = {"m": 60, "h": 3600, "d": 86_400}
_SHORTEST, _LONGEST = 60, 30 * 86_400
_FEWEST_LETTERS = 16
_SLACK_ID = re.compile(r"[UW][A-Z0-9]+")


def read_url(name: str, text: str, example: str = "https://models.example/v1") -> str:
    """Without slashes at its end. Raises Misconfigured, whose message leaves out the user and the password that may stand in it."""
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and not re.search(r"\s", text)
    except ValueError:  # a bracket that is not closed, a port that is no number
        whole = False
    if not whole:
        raise Misconfigured(f"{name} is {text.rpartition('@')[2]!r}; write an address such as {example}.")
    return text.rstrip("/")


def path(name: str, text: str) -> Path:
    """A ~ at its beginning is somebody's home."""
    try:
        return Path(text).expanduser()
    except RuntimeError as problem:
        raise Misconfigured(f"{name} is {text!r}; there is no such home directory.") from problem


def key(name: str, text: str) -> str:
    """What can be sent in a header, or nothing."""
    if not text.isascii():
        raise Misconfigured(f"{name} holds a letter or sign that is in no key; copy it again.")
    return text


def token(name: str, text: str, prefix: str) -> str:
    """A token of the right kind, or none."""
    if text and not text.startswith(prefix):
        raise Misconfigured(f"{name} must begin with {prefix} (Slack shows two kinds of tokens; this one is the other).")
    return key(name, text)


def proxy(text: str) -> str:
    """Without a scheme it is spoken to in plain http, as curl does."""
    address = text if not text or "://" in text else f"http://{text}"
    if address and not address.startswith(("http://", "https://")):
        raise Misconfigured("HTTPS_PROXY must begin with http:// or https://; other kinds of proxies are not supported.")
    return read_url("HTTPS_PROXY", address, "http://name:password@proxy.example:3128") if address else ""


def slack_ids(name: str, text: str) -> frozenset[str]:
    """A name would be nobody's id, and its owner would find out by being refused."""
    ids = frozenset(part.strip() for part in text.split(",") if part.strip())
    for one in ids:
        if not _SLACK_ID.fullmatch(one):
            raise Misconfigured(
                f"{name} holds {one!r}; write user ids such as U012ABCDEF, which Slack shows in a profile under ⋮, Copy member ID."
            )
    return ids


def no_token(name: str, text: str) -> str:
    """A secret that is none of Slack's tokens, or none."""
    if text.startswith(("xox", "xapp-")):
        raise Misconfigured(f"{name} is a token; the secret stands in Slack's app page under Basic Information, App Credentials.")
    return text


def host_and_port(name: str, text: str) -> tuple[str, int]:
    """An IPv6 address stands in brackets."""
    host, _, port = text.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    if not bare or (":" in bare) != host.startswith("[") or not _is_port(port) or not _is_host(bare):
        raise Misconfigured(f"{name} is {text!r}; write host:port, such as 127.0.0.1:3000, or 0.0.0.0:3000 to be reached from elsewhere.")
    return bare, int(port)


def _is_port(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) <= _MOST_DIGITS and int(text) <= _HIGHEST_PORT


def _is_host(text: str) -> bool:
    try:
        return bool(text.encode("idna"))
    except UnicodeError:  # two dots in a row, a part of more than 63 letters
        return False


def one_of(name: str, text: str, allowed: tuple[str, ...]) -> str:
    """One of these words."""
    if text not in allowed:
        raise Misconfigured(f"{name} is {text!r}; it must be one of {', '.join(allowed)}.")
    return text


def day(name: str, text: str) -> date | None:
    """A date, or none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as problem:
        raise Misconfigured(f"{name} is {text!r}; write a date as YYYY-MM-DD.") from problem


def seconds_between(name: str, text: str) -> float | None:
    """A span of time such as 30m, or none."""
    found = _SPAN.fullmatch(text)
    seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
    if text and not _SHORTEST <= seconds <= _LONGEST:
        raise Misconfigured(f"{name} is {text!r}; write minutes, hours or days, such as 30m, 6h or 1d: from 1m to 30d.")
    return float(seconds) or None


def shared_secret(name: str, text: str) -> str:
    """A secret that two machines know and nobody guesses, or none."""
    if text and len(text) < _FEWEST_LETTERS:
        raise Misconfigured(f"{name} has fewer than {_FEWEST_LETTERS} letters; make one that nobody guesses: openssl rand -hex 32")
    return key(name, text)


def up_to(name: str, text: str, most: int) -> int:
    """A whole number from 0 to `most`."""
    if not text.isdecimal() or len(text) > _MOST_DIGITS or int(text) > most:
        raise Misconfigured(f"{name} is {text!r}; it must be a whole number from 0 to {most}.")
    return int(text)


def positive(name: str, text: str) -> int:
    """A whole number from 1 on."""
    if not text.isdecimal() or len(text) > _MOST_DIGITS or int(text) < 1:
        raise Misconfigured(f"{name} is {text!r}; it must be a whole number of at least 1.")
    return int(text)
