"""An embedder without weights: words hashed into a vector, for tests and for checks on a machine that has no model."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

WORD = re.compile(r"\w+|[^\w\s]")


class HashingEmbedding:
    """Texts that share words are near each other, and the same text has the same vector on every machine."""

    identity = "hashing-1"
    dimensions = 384

    def embed_windows(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self.embed_question(text)
            if progress is not None:
                progress(row + 1)
        return vectors

    def embed_question(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(self.dimensions, dtype=np.float32)
        for word in _words(text) or [text]:
            place, sign = self._place(word)
            vector[place] += sign
        length = float(np.linalg.norm(vector))
        if length == 0.0:  # two words met in one place with opposite signs
            vector[0] = length = 1.0
        return vector / np.float32(length)

    def token_vectors(self, texts: Sequence[str], limit: int = 96) -> list[NDArray[np.float32]]:
        return [self._rows(_words(text)[:limit]) for text in texts]

    def count(self, text: str) -> int:
        return len(WORD.findall(text))

    def offsets(self, text: str) -> Sequence[tuple[int, int]]:
        return [match.span() for match in WORD.finditer(text)]

    def _rows(self, words: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(words), self.dimensions), dtype=np.float32)
        for row, word in enumerate(words):
            place, sign = self._place(word)
            rows[row, place] = sign
        return rows

    def _place(self, word: str) -> tuple[int, float]:
        digest = hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(digest[:4], "big") % self.dimensions, 1.0 if digest[4] % 2 else -1.0


def _words(text: str) -> list[str]:
    return [word.casefold() for word in WORD.findall(text) if word[0].isalnum()]
