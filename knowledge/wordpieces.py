"""The tokens that the built-in embedder counts in, and where each lies in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class WordPieces:
    """MiniLM's tokenizer. Nothing in it changes after it is built, so several threads may use one."""

    def __init__(self, file: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(file))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._first, self._last = self._tokenizer.encode("").ids

    def offsets(self, text: str) -> Sequence[tuple[int, int]]:
        """The characters that each token covers, over the whole text, without the marks at both ends."""
        offsets: list[tuple[int, int]] = self._tokenizer.encode(_encodable(text), add_special_tokens=False).offsets
        return offsets

    def count(self, text: str) -> int:
        return len(self.offsets(text))

    def ids(self, text: str, longest: int) -> list[int]:
        """What the model reads: at most `longest` numbers, the marks at both ends among them."""
        inner = self._tokenizer.encode(_encodable(text), add_special_tokens=False).ids
        return [self._first, *inner[: longest - 2], self._last]


def _encodable(text: str) -> str:
    """Half a surrogate pair, as broken PDFs have it, becomes one question mark: offsets stay where they were."""
    return text.encode("utf-8", "replace").decode("utf-8")
