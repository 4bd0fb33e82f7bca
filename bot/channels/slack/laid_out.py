"""The lines of a reply as they came and went: what was taken back leaves one sentence that says so, in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answers import Sentence
    from bot.channels.slack.blocks import Line


class LaidOut:
    """What readers have seen so far, in its order."""

    def __init__(self) -> None:
        self._lines: list[Line] = []

    def __bool__(self) -> bool:
        return bool(self._lines)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(line for line in self._lines if line)

    def show(self, sentence: Sentence) -> None:
        self._lines.append(sentence)

    def take_back(self, sentence: Sentence) -> bool:
        """False when it was never shown."""
        if sentence not in self._lines:
            return False
        self._lines[self._lines.index(sentence)] = None
        return True

    def ending_with(self, sentences: Sequence[Sentence]) -> tuple[Line, ...]:
        """The sentences of the answer, and where one of those shown before was taken back. However many stood there, it is said once."""
        lines: tuple[Line, ...] = tuple(self._lines)
        if self.sentences != tuple(sentences):
            lines = (*sentences, *(line for line in self._lines if line is None))
        return tuple(line for place, line in enumerate(lines) if line or place == 0 or lines[place - 1])
