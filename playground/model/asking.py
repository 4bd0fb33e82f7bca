"""A request for an answer, as it came, and what a prompt cache would have known of it."""

import json
from collections import deque
from dataclasses import dataclass, field
from itertools import takewhile

from aiohttp import web

from playground.values import Json

REMEMBERED = 50  # prompts


@dataclass(slots=True, kw_only=True)
class Asked:
    """One request; `left` once the client went away before the end."""

    path: str
    headers: dict[str, str]  # names in lower case
    body: Json = field(default_factory=dict)
    left: bool = False

    @property
    def key(self) -> str:
        """Azure's clients send it as it is, OpenAI's as a bearer token."""
        return self.headers.get("api-key") or self.headers.get("authorization", "").removeprefix("Bearer ").strip()

    @property
    def prompt(self) -> str:
        """All that was sent, in order; its beginning is what a prompt cache goes by."""
        return "".join(f"<{message.get('role')}>{_content(message)}" for message in self.body["messages"])

    @property
    def told(self) -> str:
        """What it is told to do: the system's messages."""
        return "\n".join(_content(message) for message in self.body["messages"] if message.get("role") in ("system", "developer"))

    @property
    def last_words(self) -> str:
        """The newest message of the person."""
        return next((_content(message) for message in reversed(self.body["messages"]) if message.get("role") == "user"), "")

    @property
    def pictures(self) -> list[str]:
        """The addresses of the pictures that it shows, in order."""
        parts = [part for message in self.body["messages"] if isinstance(message.get("content"), list) for part in message["content"]]
        shown = [part.get("image_url") for part in parts if isinstance(part, dict) and part.get("type") == "image_url"]
        return [str(one.get("url") or "") for one in shown if isinstance(one, dict)]

    @property
    def wants_usage(self) -> bool:
        return bool((self.body.get("stream_options") or {}).get("include_usage"))


def asked_by(request: web.Request) -> Asked:
    """Before its body is read."""
    return Asked(path=request.path_qs, headers={name.lower(): value for name, value in request.headers.items()})


def read_body(text: str) -> Json:
    """The body of a request. Raises ValueError for what is not JSON with messages."""
    body = json.loads(text)
    messages = body.get("messages") if isinstance(body, dict) else None
    if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
        raise ValueError("messages are needed")
    return dict(body)


class PromptCache:
    """The newest prompts, and how much of a new one begins as one of them did."""

    def __init__(self) -> None:
        self._prompts: deque[str] = deque(maxlen=REMEMBERED)

    def shared(self, prompt: str) -> int:
        """In characters. The prompt is remembered from now on."""
        longest = max((_common(prompt, before) for before in self._prompts), default=0)
        self._prompts.append(prompt)
        return longest


def _common(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _content(message: Json) -> str:
    """The text of a message, also where it comes in parts."""
    content = message.get("content")
    if isinstance(content, list):
        return "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""
