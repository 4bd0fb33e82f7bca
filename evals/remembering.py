"""An embedder that makes each vector once: for one question, however many ways it is searched in, and for windows, in a file."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from knowledge.embedding import Embedder, Vectors


class Remembering:
    """In place of the embedder behind it. What `keep` was called with a file for is there again in the next run."""

    def __init__(self, behind: Embedder) -> None:
        self._behind = behind
        self._windows: dict[str, Vectors] = {}
        self._questions: dict[str, Vectors] = {}
        self._tokens: dict[tuple[str, int], Vectors] = {}

    def forget(self) -> None:
        """Before the next question."""
        self._questions.clear()
        self._tokens.clear()

    @property
    def identity(self) -> str:
        return self._behind.identity

    @property
    def dimensions(self) -> int:
        return self._behind.dimensions

    def recall(self, file: Path) -> None:
        """The windows that another run kept in the file, and no others. One that cannot be read has none."""
        self._windows = {}
        try:
            with np.load(file, allow_pickle=False) as kept:
                if str(kept["identity"]) == self.identity:
                    self._windows = dict(zip(map(str, kept["names"]), kept["vectors"], strict=True))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return

    def keep(self, file: Path) -> None:
        """Put all windows so far into the file, at once or not at all."""
        names, vectors = list(self._windows), list(self._windows.values())
        part = file.with_name(f"{file.name}.part")
        with part.open("wb") as opened:
            np.savez(opened, identity=np.array(self.identity), names=np.array(names), vectors=np.array(vectors, dtype=np.float32))
        part.replace(file)

    def embed_windows(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """A row for each text; those that are remembered cost nothing."""
        names = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        new = {name: text for name, text in zip(names, texts, strict=True) if name not in self._windows}
        if new:
            self._windows |= dict(zip(new, self._behind.embed_windows(list(new.values()), progress), strict=True))
        return np.array([self._windows[name] for name in names], dtype=np.float32).reshape(len(texts), -1)

    def embed_question(self, text: str) -> Vectors:
        if text not in self._questions:
            self._questions[text] = self._behind.embed_question(text)
        return self._questions[text]

    def token_vectors(self, texts: Sequence[str], limit: int = 96) -> list[Vectors]:
        new = [text for text in dict.fromkeys(texts) if (text, limit) not in self._tokens]
        self._tokens |= {(text, limit): vectors for text, vectors in zip(new, self._behind.token_vectors(new, limit), strict=False)}
        return [self._tokens[text, limit] for text in texts if (text, limit) in self._tokens]

    def count(self, text: str) -> int:
        return self._behind.count(text)

    def offsets(self, text: str) -> Sequence[tuple[int, int]]:
        return self._behind.offsets(text)
