"""What the documents are made of: frozen values that every part of knowledge/ passes on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from knowledge.holds import Hold

BlockKind = Literal["paragraph", "list", "table"]


def content_id(*parts: str) -> str:
    """The first 32 hex digits of the parts' SHA-256: the same content has the same id, on any machine, at any time."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\x1f")
    return digest.hexdigest()[:32]


@dataclass(frozen=True, kw_only=True)
class AccessRule:
    """Who may read a document: everyone, or members of any of the groups, or the people named. Exactly one of the three."""

    everyone: bool = False
    groups: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if [self.everyone, bool(self.groups), bool(self.people)].count(True) != 1:
            raise ValueError("an access rule is everyone, or groups, or people")

    @cached_property
    def label(self) -> str:
        """The rule's canonical form; documents with the same rule share it."""
        if self.everyone:
            return "everyone"
        kind, names = ("groups", self.groups) if self.groups else ("people", self.people)
        return f"{kind}:{','.join(sorted(names))}"

    def covers(self, other: AccessRule) -> bool:
        """True when whoever satisfies the other rule satisfies this one too. Guests satisfy a rule that names them, and no other."""
        if self.everyone or other.everyone:
            return self.everyone and not other.people
        return self.groups >= other.groups and self.people >= other.people

    @classmethod
    def from_label(cls, label: str) -> AccessRule:
        """Read a label back. Raises ValueError on anything that `label` does not write."""
        if label == "everyone":
            return cls(everyone=True)
        kind, _, names = label.partition(":")
        members = frozenset(name for name in names.split(",") if name)
        if kind == "groups" and members:
            return cls(groups=members)
        if kind == "people" and members:
            return cls(people=members)
        raise ValueError(f"not an access label: {label!r}")


@dataclass(frozen=True)
class Scope:
    """The access labels that a search may read. Empty retrieves nothing; there is no value that means all."""

    labels: frozenset[str]
    public: bool = False  # the question itself was asked where the whole company can read it: it may be told as what everyone may read

    def allows(self, label: str) -> bool:
        return label in self.labels


@dataclass(frozen=True, kw_only=True)
class Document:
    """One policy as its owner knows it: a file and what is said about it."""

    id: str  # path below its source, with forward slashes: leave/annual-leave-uk.md
    title: str
    rule: AccessRule
    owner: str = ""  # a name in the people file
    effective: date | None = None  # None: always has been
    supersedes: str | None = None  # the stem or id of the document that this one replaces
    review_by: date | None = None
    applies_to: str = ""
    url: str = ""
    language: str = "en"

    @property
    def stem(self) -> str:
        return self.id.rsplit("/", 1)[-1].rsplit(".", 1)[0]


@dataclass(frozen=True)
class Block:
    """A paragraph, a list or a table as the reader found it. Tables are Markdown pipe tables with their header row."""

    kind: BlockKind
    text: str
    page: int | None = None  # 1-based, where the format has pages


@dataclass(frozen=True)
class Section:
    """The blocks below one heading, with the headings above it from the outermost in."""

    path: tuple[str, ...]
    blocks: tuple[Block, ...]
    anchor: str = ""  # what a link to this place ends in, without '#'


@dataclass(frozen=True, kw_only=True)
class Passage:
    """What is cited: one clause, table or group of paragraphs. `start`/`end` are characters in the version's text."""

    id: str
    document: str
    label: str  # access label
    path: tuple[str, ...]
    clause: str  # "4.2", or "" where the document numbers nothing
    text: str
    start: int
    end: int
    page: int | None = None
    anchor: str = ""
    situation: str = ""  # title › heading path, prepended to what is embedded
    line: str = ""  # by a model, embedded behind the situation: nobody is shown it and no answer rests on it
    version: str = field(default="", compare=False)  # that it was catalogued with; the same words may stand in several


@dataclass(frozen=True, kw_only=True)
class Window:
    """What is embedded: at most 240 tokens of a passage. `start`/`end` are characters in the passage's text."""

    id: str
    passage: str
    text: str  # situation line and the words; what the embedder reads
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Version:
    """A document as it was at one reading: immutable once catalogued."""

    id: str
    document: Document
    text: str
    passages: tuple[Passage, ...]
    source_hash: str  # of the file's bytes and its metadata: equal means nothing to read again
    content_hash: str = ""  # of the file's bytes alone: equal under another name means that it was moved
    remarks: tuple[str, ...] = ()  # sentences for its owner about what its reader left out
    pictures: tuple[str, ...] = ()  # hashes of those that a model was to describe


@dataclass(frozen=True)
class Standing:
    """A document of the live edition: its version, and what its owner was told about it."""

    version: str
    document: Document
    content_hash: str
    remarks: tuple[str, ...]

    @property
    def made_from(self) -> tuple[Document, str]:
        """What every version of it says, whoever embedded it and whatever a model wrote about its passages."""
        return self.document, self.content_hash


@dataclass(frozen=True, kw_only=True)
class Edition:
    """An immutable list of (document id, version id). Publishing makes one of them live."""

    number: int
    versions: tuple[tuple[str, str], ...]
    embedder: str
    published_at: str = ""  # ISO 8601, UTC


@dataclass(frozen=True)
class Telling:
    """A sentence, item or row of a passage, and how well it meets the question (MaxSim). Characters of the passage's text."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A passage that a search found, and the figures that put it there."""

    passage: Passage
    document: Document
    score: float  # final order, comparable within one search only
    dense: float = 0.0  # cosine of the question and the best window
    keyword: float = 0.0  # BM25
    maxsim: float | None = None  # mean over question tokens; None where the re-ranker did not run
    best_start: int = 0  # the best window, in characters of the passage's text
    best_end: int = 0
    telling: tuple[Telling, ...] = ()  # its units, in order; empty where the embedder has no token vectors


@dataclass(frozen=True, kw_only=True)
class Findings:
    """The answer of one search: hits in order, and how sure the index is that they answer (0 to 1)."""

    hits: tuple[Hit, ...]
    confidence: float
    edition: int
    held: tuple[Hold, ...] = ()  # what would have been among the first hits, were it not held back


@dataclass(frozen=True)
class Unread:
    """A file that could not become a document, and why, in words for its owner."""

    path: str
    reason: str
    withheld: bool = False  # nobody is answered from it, not even from what it said before
    doubtful: bool = False  # not at its source any more, and kept: the source itself may be what is missing, and an admin has to say


@dataclass(frozen=True, kw_only=True)
class IndexProgress:
    """One step of a run: `done` of `total` in this stage."""

    stage: Literal["plan", "read", "situate", "embed", "verify", "publish"]
    done: int
    total: int


@dataclass(frozen=True, kw_only=True)
class IndexOrder:
    """How a run of the index is wanted."""

    by: str = ""  # who ordered it, as people and reports call them
    automatic: bool = False  # by a schedule, a watched folder or a webhook: publishes nothing that a person has undone
    plan_only: bool = False  # say what would be done; nothing is written
    source: str = ""  # only documents of the connector of this name; "" for all
    owner: str = ""  # only documents that this person owns, by the name that documents use; "" for all
    removal_confirmed: bool = False  # many documents are gone from a source, and that is meant
    anyway: bool = False  # publish although the golden questions fare worse


@dataclass(frozen=True, kw_only=True)
class IndexReport:
    """What a run did, or what it would do. `edition` is None when nothing was published."""

    edition: int | None
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()  # before, now: the same bytes under another name; in none of the four above
    unread: tuple[Unread, ...] = ()
    warnings: tuple[Unread, ...] = ()  # read, but something about it needs its owner
    described: Mapping[str, Document] = field(default_factory=dict)  # of those named above, as far as known: the rule says who is told
    passages: int = 0
    embedded: int = 0  # windows; in a plan: to be embedded
    situated: int = 0  # in a plan: passages that a model would be asked about
    pictured: int = 0  # in a plan: pictures that a model would be asked about
    stale: frozenset[str] = frozenset()  # in a plan: passages of the live edition that would be gone or other
    held: str = ""  # why an edition that is ready was not published; "" where it was, or where there was none
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, kw_only=True)
class UndoReport:
    """What going back did. `edition` answers now."""

    edition: int
    undone: int  # the edition that answered before
    changed: tuple[str, ...] = ()  # documents that are as they were
    brought_back: tuple[str, ...] = ()  # removed documents that were named by the admin
    removed: tuple[Document, ...] = ()  # in the edition, but removed since: not shown until an admin brings them back by their title
    withheld: int = 0  # in the edition, but narrowed, held or erased since: no undo brings these back


@dataclass(frozen=True, kw_only=True)
class ErasureReport:
    """What was erased, and where copies may remain that this program does not reach."""

    document: str
    versions: int
    passages: int
    editions: tuple[int, ...]  # that held it
    gone: tuple[str, ...] = ()  # the ids of its passages: whoever keeps one lets go of it, as it can be told from the words
    elsewhere: tuple[str, ...] = ()  # sentences for the operator: the source's file, backups, a model's provider…
