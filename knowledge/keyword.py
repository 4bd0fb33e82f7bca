"""BM25 over passages with tantivy: titles and texts, searched within access labels."""

from __future__ import annotations

import math
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING

import tantivy

from knowledge.entry import entry_id
from knowledge.errors import IndexBroken
from knowledge.words import ANALYZER, analyzer, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from knowledge.glossary import Sought
    from knowledge.values import Passage, Scope

MOST_WORDS = 64  # of one question; a pasted page would otherwise become a query of a thousand terms
MEMORY = 15_000_000  # tantivy's least, for one writing thread


def _schema() -> tantivy.Schema:
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("entry", stored=True, tokenizer_name="raw", index_option="basic")
    schema.add_text_field("label", tokenizer_name="raw", index_option="basic")
    schema.add_text_field("title", tokenizer_name=ANALYZER, index_option="freq")
    schema.add_text_field("text", tokenizer_name=ANALYZER, index_option="freq")
    return schema.build()


class Keywords:
    """The keyword index in a folder. It may hold more than the live edition; `search` returns what `live` says is."""

    def __init__(self, folder: Path, *, title_boost: float = 1.0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._schema = _schema()
        self._title_boost = title_boost
        try:
            self._index = tantivy.Index(self._schema, path=str(folder))
        except ValueError as error:  # what tantivy raises for a damaged folder
            raise IndexBroken(self._cure("opened")) from error
        self._index.register_tokenizer(ANALYZER, analyzer())

    def boosted(self, title_boost: float) -> Keywords:
        """The same index, in which titles count otherwise."""
        other = copy(self)
        other._title_boost = title_boost  # noqa: SLF001  # its own class
        return other

    def add(self, passages: Iterable[tuple[Passage, str]]) -> None:
        """Index passages, each with its document's title. All of them are there when this returns, or none."""
        with self._writing() as writer:
            for passage, title in passages:
                writer.delete_documents_by_term("entry", entry_id(passage, title))  # the same entry twice would count its words twice
                writer.add_document(_document(passage, title))

    def remake(self, passages: Iterable[tuple[Passage, str]]) -> None:
        """Index these and nothing else, in new files; those before them are deleted."""
        with self._writing() as writer:
            writer.delete_all_documents()
            for passage, title in {entry_id(passage, title): (passage, title) for passage, title in passages}.values():
                writer.add_document(_document(passage, title))
        with self._writing() as writer:  # what the first commit made useless, the second finds unused
            writer.garbage_collect_files()

    def remove(self, entries: Collection[str]) -> None:
        if not entries:
            return
        with self._writing() as writer:
            for entry in entries:
                writer.delete_documents_by_term("entry", entry)

    def count(self) -> int:
        return int(self._index.searcher().num_docs)

    def entries(self) -> frozenset[str]:
        searcher = self._index.searcher()
        if not searcher.num_docs:
            return frozenset()
        found = searcher.search(tantivy.Query.all_query(), limit=searcher.num_docs, count=False)
        return frozenset(str(searcher.doc(address)["entry"][0]) for _, address in found.hits)

    def search(self, sought: Sought, scope: Scope, live: Callable[[str], bool], limit: int) -> list[tuple[str, float]]:
        """The best `limit` entries under the scope's labels that are live, with their BM25 score, best first."""
        weights = _weights(sought)
        if not weights or not scope.labels or limit < 1:
            return []
        query = self._query(weights, scope)
        searcher = self._index.searcher()
        asked = limit
        while True:  # entries of other editions rank among the live ones: ask for more until enough of those are left
            hits = searcher.search(query, limit=asked, count=False).hits
            scored = [(str(searcher.doc(address)["entry"][0]), float(score)) for score, address in hits]
            found = sorted(((entry, score) for entry, score in scored if live(entry)), key=lambda hit: (-hit[1], hit[0]))
            if len(found) >= limit or len(hits) < asked:
                return found[:limit]
            asked *= 4

    def reach(self, sought: Sought, score: float) -> float:
        """How far a BM25 score goes towards all that is sought: about 1 where a passage has every word once, 0 where it has none."""
        whole = sum(weight * self.rarity(word) for word, weight in _weights(sought).items())
        return score / whole if whole else 0.0

    def rarity(self, word: str) -> float:
        """The inverse document frequency of a stemmed word: near 0 for one that every passage has."""
        searcher = self._index.searcher()
        having = max(searcher.doc_freq("text", word), searcher.doc_freq("title", word))
        return math.log(1 + (searcher.num_docs - having + 0.5) / (having + 0.5)) if having < searcher.num_docs else 0.0

    def _query(self, weights: Mapping[str, float], scope: Scope) -> tantivy.Query:
        """Made of terms, never parsed: a question can neither raise a syntax error nor write `label:hr`."""
        clauses = []
        for word, weight in weights.items():
            for field, boost in (("text", weight), ("title", weight * self._title_boost)):
                term = tantivy.Query.term_query(self._schema, field, word, index_option="freq")
                clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(term, boost)))
        labels = tantivy.Query.term_set_query(self._schema, "label", sorted(scope.labels))
        # Without a constant of 0 a rare label would add its rarity to the score of every passage under it.
        allowed = tantivy.Query.const_score_query(labels, 0.0)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, tantivy.Query.boolean_query(clauses)), (tantivy.Occur.Must, allowed)])

    @contextmanager
    def _writing(self) -> Iterator[tantivy.IndexWriter]:
        """A writer that commits at the end. What tantivy cannot write, it says with a ValueError or an OSError."""
        try:
            writer = self._index.writer(heap_size=MEMORY, num_threads=1)
            yield writer
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()
        except (ValueError, OSError) as error:
            raise IndexBroken(self._cure("written")) from error

    def _cure(self, what: str) -> str:
        cure = "if the disk is full, free some space; else delete that folder, all in it is made again, and run `ibid index`"
        return f"the keyword index in {self._folder} cannot be {what}: {cure}"


def _document(passage: Passage, title: str) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("entry", entry_id(passage, title))
    document.add_text("label", passage.label)
    document.add_text("title", plain(" ".join((title, *passage.path))))
    document.add_text("text", plain(passage.text))
    return document


def _weights(sought: Sought) -> dict[str, float]:
    return dict(list(sought.weights().items())[:MOST_WORDS])
