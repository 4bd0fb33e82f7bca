"""Small corpora in memory and on disk, with the hashing embedder."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import knowledge.reading
from knowledge.allow_list import AllowList
from knowledge.catalog import Catalog
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.holdings import Holdings
from knowledge.keyword import Keywords
from knowledge.live import Contents, Live, Row
from knowledge.publishing import Publishing
from knowledge.searching import Means, PassageRetriever
from knowledge.splitting import windows
from knowledge.store import Store
from knowledge.values import AccessRule, Document, Edition, Passage, Scope, content_id
from knowledge.weights import WEIGHTS
from tests.factories import EVERYONE, NOW, TODAY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date
    from pathlib import Path

    from knowledge.gate import Search
    from knowledge.intake import Reader
    from knowledge.reading import Reading
    from knowledge.searching import Found
    from knowledge.values import Window
    from knowledge.weights import Weights

EMBEDDER = HashingEmbedding()
ALL_LABELS = frozenset({"everyone", "groups:hr", "groups:finance", "people:ruth"})


def a_policy(name: str, *, rule: AccessRule = EVERYONE, effective: date | None = None, supersedes: str | None = None) -> Document:
    title = name.rsplit("/", 1)[-1].removesuffix(".md").replace("-", " ").capitalize()
    return Document(id=name, title=title, rule=rule, effective=effective, supersedes=supersedes)


def passages_of(document: Document, *texts: str) -> tuple[Passage, ...]:
    """One passage for each text, numbered 1.1, 1.2 and so on."""
    return tuple(
        Passage(
            id=content_id(document.id, document.rule.label, str(number), text),
            document=document.id,
            label=document.rule.label,
            path=("1. Rules",),
            clause=f"1.{number}",
            text=text,
            start=0,
            end=len(text),
            situation=f"{document.title} › 1. Rules",
        )
        for number, text in enumerate(texts, start=1)
    )


@dataclass
class Shelf:
    """A live edition made of given texts, and a search over it."""

    live: Live
    keywords: Keywords
    denied: set[str] = field(default_factory=set)

    def retriever(
        self, labels: frozenset[str] = ALL_LABELS, *, as_of: date = TODAY, limit: int = 12, weights: Weights | None = None
    ) -> PassageRetriever:
        allow = AllowList.at(self.live, Scope(labels), as_of, lambda: frozenset(self.denied))
        return PassageRetriever(allow, Means(keywords=self.keywords, embedder=EMBEDDER, weights=weights or WEIGHTS), limit)

    def find(self, question: str, labels: frozenset[str] = ALL_LABELS, *, as_of: date = TODAY, limit: int = 12) -> Found:
        return self.retriever(labels, as_of=as_of, limit=limit).find(question)


def windows_of(passage: Passage) -> tuple[Window, ...]:
    return windows(passage, EMBEDDER.offsets, EMBEDDER.identity)


def contents_of(shelf: Mapping[Document, Sequence[str]], number: int = 1) -> tuple[Contents, list[str]]:
    """An edition's contents, and what the embedder reads for each row."""
    passages = tuple(passage for document, texts in shelf.items() for passage in passages_of(document, *texts))
    cut = [(index, window) for index, passage in enumerate(passages) for window in windows_of(passage)]
    contents = Contents(
        edition=Edition(number=number, versions=(), embedder=EMBEDDER.identity),
        documents={document.id: document for document in shelf},
        passages=passages,
        rows=tuple(Row(window.id, index, window.start, window.end) for index, window in cut),
    )
    return contents, [window.text for _, window in cut]


def a_shelf(folder: Path, shelf: Mapping[Document, Sequence[str]]) -> Shelf:
    contents, texts = contents_of(shelf)
    keywords = Keywords(folder / "keywords")
    keywords.add((passage, contents.documents[passage.document].title) for passage in contents.passages)
    return Shelf(Live(contents, EMBEDDER.embed_windows(texts)), keywords)


class ReadHere:
    """Parses in this process, and remembers what it was given."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def read(self, name: str, content: bytes) -> Reading:
        self.names.append(name)
        return knowledge.reading.read(name, content)

    def __call__(self) -> AbstractContextManager[Reader]:
        return nullcontext(self)


def a_publishing(**fields: object) -> Publishing:
    """Published at once, nobody watches, and no gate is asked."""
    given = {"now": lambda: NOW, "progress": lambda _: None, "live": None, "gate": None, "search": _no_search} | fields
    return Publishing(**given)  # type: ignore[arg-type]  # fields by name


def _no_search(_: Live) -> Search:
    raise AssertionError("nobody asks the golden questions here")


def some_holdings(data_dir: Path) -> Holdings:
    return Holdings(
        catalog=Catalog(f"sqlite:///{data_dir / 'catalog.db'}"),
        store=Store(data_dir / "chroma", EMBEDDER.identity),
        keywords=Keywords(data_dir / "keywords"),
        embedder=EMBEDDER,
    )


def write_policy(folder: Path, name: str, *clauses: str, **said: str) -> Path:
    """A Markdown policy with front matter and numbered clauses; open to everyone unless `access` says otherwise."""
    matter = {"title": name.removesuffix(".md").replace("-", " ").capitalize(), "access": "everyone"} | said
    said_first = [f"{key}: {json.dumps(value)}" for key, value in matter.items()]
    lines = ["---", *said_first, "---", "", f"# {matter['title']}", "", "## 1. Rules", ""]
    for number, clause in enumerate(clauses, start=1):
        lines += [f"1.{number} {clause}", ""]
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
