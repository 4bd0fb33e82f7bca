"""How near words are to examples is the cosine of their vectors, and the examples are embedded once."""

from __future__ import annotations

import pytest

from knowledge.hashing_embedding import HashingEmbedding
from knowledge.likeness import Likeness


class Counting(HashingEmbedding):
    """Counts what it embeds."""

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_question(self, text: str):  # type: ignore[no-untyped-def]  # noqa: ANN201  (as the one above it)
        self.embedded.append(text)
        return super().embed_question(text)


def test_the_same_words_are_nearest() -> None:
    near = Likeness(HashingEmbedding()).to("my laptop is broken", ("my laptop is broken", "I cannot sleep"))
    assert near[0] == pytest.approx(1.0, abs=1e-5)
    assert near[1] < near[0]


def test_examples_are_embedded_once_until_they_change() -> None:
    embedder = Counting()
    likeness = Likeness(embedder)
    likeness.to("first", ("one", "two"))
    likeness.to("second", ("one", "two"))
    assert embedder.embedded == ["one", "two", "first", "second"]
    likeness.to("third", ("three",))
    assert embedder.embedded[4:] == ["three", "third"]
