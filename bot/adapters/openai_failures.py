"""What can go wrong between here and a model: why there is no answer, and whether it is worth asking once more.

Nothing that a server says is passed on but its status and its code: error messages repeat prompts and parts of keys.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import httpx

from bot.errors import WhyNot, WriterFailed

if TYPE_CHECKING:
    import openai

OPTIONAL = ("stream_options", "temperature", "max_completion_tokens", "max_tokens")  # what a server may not know
SOON = 0.5  # seconds to a second try where the server names no time

_PASSING = frozenset({429, 500, 502, 503, 504})
_REASONS: Mapping[int, WhyNot] = {404: "no such model", 408: "too slow", 429: "busy", 504: "too slow"}
_CODE = re.compile(r"[\w.-]{1,60}")


@dataclass(frozen=True)
class Trouble:
    """Why there is no answer; `again_in` seconds it may be different, `with_less` if less is asked for."""

    failed: WriterFailed
    again_in: float | None = None
    with_less: bool = False


def trouble(problem: Exception) -> Trouble:
    """What an error of the client, of its transport or of its reader means."""
    import openai

    match problem:
        case openai.APIStatusError():
            return _refusal(problem)
        case TimeoutError() | openai.APITimeoutError() | httpx.TimeoutException():
            return Trouble(WriterFailed("too slow"))
        case openai.APIConnectionError():
            return Trouble(WriterFailed("unreachable", f"no connection: {type(problem.__cause__).__name__}"), SOON)
        case httpx.TransportError():  # the client does not translate what happens after the first byte
            return Trouble(WriterFailed("broke off", type(problem).__name__), SOON)
        case openai.APIError(code=code, type=kind):  # an error object where a piece of the answer should be
            return Trouble(_said_in_the_stream(str(code or kind or "")))
        case _:
            return Trouble(WriterFailed("not an answer", type(problem).__name__))


def reason_for(status: int) -> WhyNot:
    """What an HTTP status other than 2xx says about a writer."""
    if status < 400:
        return "not an answer"
    return _REASONS.get(status, "refused" if status < 500 else "unreachable")


def _refusal(problem: openai.APIStatusError) -> Trouble:
    status = problem.status_code
    failed = WriterFailed(reason_for(status), f"status {status} {_safe(str(problem.code or ''))}".rstrip())
    if status in {400, 422} and _knows_less(problem.response.text):
        return Trouble(failed, again_in=0.0, with_less=True)
    return Trouble(failed, retry_after(problem.response.headers) if status in _PASSING else None)


def _knows_less(said: str) -> bool:
    """A prompt that is too long is told in terms of max_tokens, too: that is no reason to ask for less than all."""
    return any(name in said for name in OPTIONAL) and "context" not in said


def _said_in_the_stream(code: str) -> WriterFailed:
    said = f"error in the stream {_safe(code)}".rstrip()
    if code.isdecimal():
        return WriterFailed(reason_for(int(code)), said)
    if "content_filter" in code:
        return WriterFailed("refused", said)
    return WriterFailed("busy" if "rate_limit" in code else "broke off", said)


def _safe(code: str) -> str:
    return code if _CODE.fullmatch(code) else ""


def retry_after(headers: httpx.Headers) -> float:
    """Seconds to wait, as the server says: a number, or a date, which is compared with the server's own clock."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers[name]) * unit
        except (KeyError, ValueError):
            continue
        if math.isfinite(seconds):
            return max(0.0, seconds)
    try:
        until, now = (parsedate_to_datetime(headers[name]) for name in ("retry-after", "date"))
        return max(0.0, (until - now).total_seconds())
    except (KeyError, ValueError, TypeError):  # TypeError: only one of the two names a time zone
        return SOON
