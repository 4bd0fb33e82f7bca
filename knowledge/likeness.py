"""How near words are to examples, by the embedder: for what no list of words holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from knowledge.embedding import Embedder


class Likeness:
    """Remembers the vectors of the examples that were asked for last."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._examples: tuple[str, ...] = ()
        self._vectors: NDArray[np.float32] | None = None

    def to(self, text: str, examples: Sequence[str]) -> tuple[float, ...]:
        """The cosine with each example. Vectors have length one."""
        wanted = tuple(examples)
        if self._vectors is None or wanted != self._examples:
            self._vectors = np.stack([self._embedder.embed_question(example) for example in wanted])
            self._examples = wanted
        return tuple(float(near) for near in self._vectors @ self._embedder.embed_question(text))
