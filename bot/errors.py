"""Everything that goes wrong on purpose, drawn once.

IbidError
├── Unavailable      something outside did not answer: trying again may help
│   ├── LibraryUnavailable
│   ├── DirectoryUnavailable
│   ├── ConversationUnavailable
│   ├── SlackUnavailable
│   ├── CacheUnavailable
│   └── WriterFailed
├── AlreadyIndexing  a run is under way: waiting helps
├── IndexingStopped  somebody cancelled the run: what was live stays live
├── CannotHold       what was to be held back is no document, no topic, or over already: order it otherwise
├── NothingToUndo    there is no earlier edition to go back to
├── NotReady         nothing is indexed yet: an admin has to act
├── NoTrial          there is nothing to try a prompt on: golden questions are missing
├── StalePrompt      somebody published another version meanwhile: look at it and decide again
├── AlreadyOwned     another process has the data directory: that one has to end, or is asked to do the work
└── Misconfigured    settings, prompts or wording are wrong: the operator has to act; stops the start

Messages are for the operator's log. What the asker reads stands in wording/ and is chosen by the Outcome.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from knowledge.errors import WhyNotHeld
    from knowledge.values import IndexProgress


class IbidError(Exception):
    """Base of every error that bot/ raises on purpose."""

    try_again: bool = False


class Unavailable(IbidError):
    """Something outside did not answer in time."""

    try_again = True


class LibraryUnavailable(Unavailable):
    """The index could not be searched."""


class DirectoryUnavailable(Unavailable):
    """Slack did not say who somebody is, or who can read a channel."""


class ConversationUnavailable(Unavailable):
    """The conversations' database did not take or give a row."""


class SlackUnavailable(Unavailable):
    """Slack could not be reached, or did not take what was said."""


class CacheUnavailable(Unavailable):
    """The cache could not be reached. Only who looks after it hears this; for everybody else it is a miss."""


WhyNot = Literal["unreachable", "too slow", "busy", "refused", "no such model", "broke off", "cut short", "not an answer"]


class WriterFailed(Unavailable):
    """The writer gave no whole answer; `reason` stands in the receipt, the message only in the log."""

    def __init__(self, reason: WhyNot, message: str = "") -> None:
        super().__init__(message or reason)
        self.reason = reason


class AlreadyIndexing(IbidError):
    """A run is under way; the message says since when and how far, `step` only how far."""

    def __init__(self, message: str, step: IndexProgress | None = None) -> None:
        super().__init__(message)
        self.step = step


class IndexingStopped(IbidError):
    """The run was cancelled before it published; what it had done is found again by the next."""


class CannotHold(IbidError):
    """Nothing is held back by this order; `why` names what is wrong with it, the message is for who typed it at a terminal."""

    def __init__(self, why: WhyNotHeld, message: str) -> None:
        super().__init__(message)
        self.why = why


class NothingToUndo(IbidError):
    """No edition before the live one can still be read."""


class NotReady(IbidError):
    """Nothing is indexed yet."""


class NoTrial(IbidError):
    """There are no golden questions for these documents; the message says how to get some."""


class StalePrompt(IbidError):
    """While a prompt was edited, somebody else published it; the message says who. Nothing was published over that."""


class AlreadyOwned(IbidError):
    """Another process owns the data directory; the message names it."""


class Misconfigured(IbidError):
    """A setting, prompt or wording file is wrong. The message names it and says what to do."""
