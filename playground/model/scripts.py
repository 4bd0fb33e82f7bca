"""What the next requests get: words with mishaps among them, a refusal, or a page that is no answer at all."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

Finish = Literal["stop", "length", "content_filter"]
LineEnd = Literal["\n", "\r\n", "\r"]


class Mishap(Enum):
    """Something that happens between two pieces of text."""

    STALL = "says nothing more until it is released or the client leaves; as the very first step not even the headers are sent"
    CUT = "closes the connection without a word"
    GARBAGE = "a line that is not JSON; in an answer that is not streamed, the whole body"
    COMMENT = "a comment, as servers send to keep a connection alive"
    ERROR = "an error object where a piece of the answer should be"


STALL, CUT, GARBAGE, COMMENT, ERROR = Mishap.STALL, Mishap.CUT, Mishap.GARBAGE, Mishap.COMMENT, Mishap.ERROR


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the stream as it stands, for what no step has a name for: Line('data: {"choices": []}')."""

    text: str


Step = str | Mishap | Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer with status 200. Every text among the steps is one piece of the stream."""

    steps: tuple[Step, ...]
    finish: Finish | None = "stop"  # None: it ends as if it were whole, and does not say why
    done: bool = True  # whether the stream's last line is [DONE]
    pause: float = 0.0  # seconds before each piece
    line_end: LineEnd = "\n"
    cached: int | None = None  # of the prompt's tokens; None: what a prompt cache would have had

    @property
    def text(self) -> str:
        return "".join(step for step in self.steps if isinstance(step, str))


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An error in OpenAI's shape; what is left empty is what OpenAI says with this status."""

    status: int
    code: str = ""
    message: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A web page where an API was expected, as a proxy's sign-in page is."""

    text: str = "<!doctype html><title>Sign in</title><p>Please sign in to use the network.</p>"
    status: int = 200


Script = Reply | Refusal | Page


def says(
    *steps: Step, finish: Finish | None = "stop", done: bool = True, pause: float = 0.0, line_end: LineEnd = "\n", cached: int | None = None
) -> Reply:
    """Text in these pieces: says("You get ", STALL, "25 days. [1]"), or says(*"one character each"); without any it is empty."""
    return Reply(steps=steps, finish=finish, done=done, pause=pause, line_end=line_end, cached=cached)


def refuses(status: int, *, code: str = "", message: str = "", retry_after: float | None = None) -> Refusal:
    """A status such as 401, 403, 404, 429, 500 or 503; `retry_after` in seconds becomes a header."""
    headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
    return Refusal(status=status, code=code, message=message, headers=headers)


def html_page(status: int = 200) -> Page:
    """What a proxy puts in the answer's place."""
    return Page(status=status)
