"""Where documents come from: a connector is asked for a look, and a look lists files and hands out their bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from knowledge.values import Unread


@dataclass(frozen=True)
class SourceFile:
    """A file that may become a document. `id` is its path below its source, with forward slashes, composed (NFC)."""

    id: str
    size: int  # bytes; 0 where it is not known before it is fetched
    said: Mapping[str, str] = field(default_factory=dict)  # what the source says about it, by policy.KEYS; documents and tables overrule it
    suffix: str = ""  # ".html": what it is read as where its name does not say
    trusted: bool = True  # False: who reads it and what it replaces is not for whoever wrote it to say
    changed: datetime | None = None  # when it was last changed there, where the source knows; nothing rests on it


class Source(Protocol):
    """One look at a place: what it held at that moment."""

    def files(self) -> tuple[SourceFile, ...]: ...

    def refused(self) -> tuple[Unread, ...]:
        """What is there and may not become a document; its former version is not gone."""
        ...

    def remarks(self) -> tuple[Unread, ...]:
        """What whoever set the place up should look at; nothing is kept back because of it."""
        ...

    def said(self, document: str) -> Mapping[str, str]:
        """What it says, by policy.KEYS, of a document that is out of its sight at the moment."""
        ...

    def table(self) -> bytes | None:
        """The bytes of policies.csv; its `file` column has ids. None where there is none. Raises CannotRead."""
        ...

    def content(self, file: SourceFile) -> bytes:
        """Raises CannotRead where it is gone since the look, or may not be had."""
        ...


class Connector(Protocol):
    """A place with a name, which is the first step of its documents' ids; "" for the only one, whose ids have no such step."""

    @property
    def name(self) -> str: ...

    def look(self) -> Source:
        """Raises Unreachable where the place cannot be asked now: nothing is then taken away because of it."""
        ...


@dataclass(frozen=True)
class Given:
    """A look that was already taken, as the only connector of a run."""

    source: Source
    name: str = ""

    def look(self) -> Source:
        return self.source
