"""Other ways to split documents than clause by clause, to be measured against it: plain windows, and where the meaning turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.node_parser import SemanticSplitterNodeParser
from llama_index.core.schema import Document
from pydantic import PrivateAttr

from knowledge.sentences import units
from knowledge.values import Passage, content_id

if TYPE_CHECKING:
    from knowledge.embedding import Embedder

OVERLAP = 0.1  # of a plain window
_BETWEEN = "\n\n"

Span = tuple[int, int]
Splitter = Callable[[str], Sequence[Span]]


@dataclass(frozen=True)
class Recut:
    """Passages of another splitter, each with the clause-wise passages of which it holds the greater part."""

    passages: tuple[Passage, ...]
    holds: dict[str, frozenset[str]]  # ids


def recut(passages: Sequence[Passage], splitter: Splitter) -> Recut:
    """Every document of the passages, which are in the documents' order, split in the other way."""
    found: list[Passage] = []
    holds: dict[str, frozenset[str]] = {}
    for _, group in groupby(passages, key=lambda passage: passage.document):
        text, places = _whole(list(group))
        for number, (start, end) in enumerate(splitter(text)):
            first = next((passage for passage, (_, last) in places if last > start), places[-1][0])
            key = content_id(first.document, str(number), text[start:end])
            found.append(replace(first, id=key, clause="", text=text[start:end], start=start, end=end))
            holds[key] = frozenset(passage.id for passage, span in places if _most(span, (start, end)))
    return Recut(tuple(found), holds)


def _whole(passages: Sequence[Passage]) -> tuple[str, list[tuple[Passage, Span]]]:
    """A document's text with its headings, and where its passages stand in it."""
    parts: list[str] = []
    places = []
    at = 0
    path: tuple[str, ...] = ()
    for passage in passages:
        if passage.path != path and passage.path:
            parts.append(passage.path[-1])
            at += len(passage.path[-1]) + len(_BETWEEN)
        path = passage.path
        parts.append(passage.text)
        places.append((passage, (at, at + len(passage.text))))
        at += len(passage.text) + len(_BETWEEN)
    return _BETWEEN.join(parts), places


def _most(clause: Span, cut: Span) -> bool:
    """Whether they share half of the shorter one."""
    shared = min(clause[1], cut[1]) - max(clause[0], cut[0])
    return shared >= min(clause[1] - clause[0], cut[1] - cut[0]) / 2


def plain_windows(tokens: int, offsets: Callable[[str], Sequence[Span]]) -> Splitter:
    """So many tokens each, whatever stands there, overlapping the one before."""

    def spans(text: str) -> Sequence[Span]:
        places = offsets(text)
        step = tokens - int(tokens * OVERLAP)
        starts = range(0, max(len(places) - int(tokens * OVERLAP), 1), step)
        return [(places[start][0], places[min(start + tokens, len(places)) - 1][1]) for start in starts] if places else []

    return spans


class _Windows(BaseEmbedding):
    """An embedder as LlamaIndex calls one, for texts alone."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(model_name=embedder.identity)
        self._embedder = embedder

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [[float(value) for value in vector] for vector in self._embedder.embed_windows(texts)]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


def semantic(embedder: Embedder) -> Splitter:
    """LlamaIndex's: cut where a sentence is less like the one before it than nineteen of twenty are."""

    def spans(text: str) -> Sequence[Span]:
        sentences = [(unit.start, unit.end) for unit in units(text)] or [(0, len(text))]
        parser = SemanticSplitterNodeParser(
            embed_model=_Windows(embedder),
            sentence_splitter=lambda _: [text[start:end] for start, end in sentences],
            include_metadata=False,
            include_prev_next_rel=False,
        )
        nodes = parser.build_semantic_nodes_from_documents([Document(text=text)])
        return list(_where([node.get_content() for node in nodes], sentences))

    return spans


def _where(chunks: Sequence[str], sentences: Sequence[Span]) -> Iterator[Span]:
    """The chunks are sentences joined by a space: which of them, in order."""
    left = iter(sentences)
    for chunk in chunks:
        first = last = next(left)
        length = last[1] - last[0]
        while length < len(chunk):
            last = next(left)
            length += 1 + last[1] - last[0]
        yield first[0], last[1]
