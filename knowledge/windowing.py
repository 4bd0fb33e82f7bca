"""Passages to windows: the stretches of at most 240 tokens that the embedder reads, each with its situation."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from knowledge.tables import TableSpan, spoken, table_spans
from knowledge.values import Passage, Window, content_id

_LONGEST = 240  # tokens: MiniLM reads 256
_OVERLAP = 40
_DOUBT = 8  # tokens that a line and words may have more together than apart
_LONGEST_PREFIX = 80  # tokens, for where the passage sits and for a table's header each
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\n+")
_WORD = re.compile(r"\s+")
Offsets = Callable[[str], Sequence[tuple[int, int]]]


def windows(passage: Passage, offsets: Offsets, embedder: str) -> tuple[Window, ...]:
    """Overlapping windows that together hold every word of the passage; `start` and `end` are characters of its text."""
    line = shortened("\n".join(filter(None, (passage.situation, passage.line))), _LONGEST_PREFIX, offsets)
    cutter = _Cutter(passage.text, line, offsets)
    return tuple(
        Window(
            id=content_id(words, line, passage.label, embedder),
            passage=passage.id,
            text=f"{line}\n{words}" if line else words,
            start=start,
            end=end,
        )
        for start, end, words in cutter.windows()
    )


def shortened(text: str, limit: int, offsets: Offsets) -> str:
    """The text's first words, up to so many tokens."""
    tokens = offsets(text)
    if len(tokens) <= limit:
        return text
    kept = text[: tokens[limit - 1][0]]
    return kept.rsplit(None, 1)[0] + " …" if kept.split() else ""


class _Cutter:
    """One passage's text with its tokens and the places where it may be cut."""

    def __init__(self, text: str, line: str, offsets: Offsets) -> None:
        self._text = text
        self._line = line
        self._offsets = offsets
        self._tables = table_spans(text)
        self._starts = [start for start, end in offsets(text) if self._counts(start, end)]
        self._line_tokens = len(offsets(line))
        self._sentences = self._ends(_SENTENCE)
        self._words = self._ends(_WORD)

    def windows(self) -> list[tuple[int, int, str]]:
        """(start, end, words) of each window."""
        found: list[tuple[int, int, str]] = []
        start, length = self._skip_space(0), len(self._text.rstrip())
        while start < length:
            header = self._header(start)
            room = _LONGEST - (len(self._offsets(f"{self._line}\n{header}")) if header else self._line_tokens)
            end = self._end(start, room, length)
            words = self._said(header, start, end)
            while not self._fits(start, end) and len(self._offsets(f"{self._line}\n{words}")) > _LONGEST and end - start > 1:
                end = self._before(start, start + (end - start) * 9 // 10)  # words cut apart may have more tokens than whole ones
                words = self._said(header, start, end)
            found.append((start, end, words))
            if end >= length:
                break
            start = self._next_start(start, end)
        return found

    def _fits(self, start: int, end: int) -> bool:
        """Whether that is beyond doubt without counting the words again, as where a passage is one window."""
        tokens = bisect_left(self._starts, end) - bisect_left(self._starts, start)
        return not self._tables and self._line_tokens + tokens <= _LONGEST - _DOUBT

    def _said(self, header: str, start: int, end: int) -> str:
        words = spoken(self._text[start:end])
        return f"{header}\n{words}" if header else words

    def _end(self, start: int, room: int, length: int) -> int:
        """The last sentence's end in the second half of what fits, else the last word's, else where the room ends."""
        first = bisect_left(self._starts, start)
        if len(self._starts) - first <= room:
            return length
        most = self._starts[first + room]
        half = self._starts[first + room // 2]
        sentence = _last_up_to(self._sentences, most)
        return sentence if sentence > half else self._before(start, most)

    def _before(self, start: int, most: int) -> int:
        word = _last_up_to(self._words, most)
        return word if word > start else max(most, start + 1)

    def _next_start(self, start: int, end: int) -> int:
        """Where the overlap begins: at a sentence or row where one begins in it, else at a word."""
        after = bisect_left(self._starts, end)
        earliest = max(self._starts[max(after - _OVERLAP, 0)] if self._starts else end, start + 1)
        for places in (self._sentences, self._words):
            index = bisect_left(places, earliest)
            if index < len(places) and places[index] < end:
                return self._skip_space(places[index])
        return self._skip_space(end)

    def _header(self, start: int) -> str:
        """The column names, where a window begins among a table's rows."""
        for table in self._tables:
            if table.rows <= start < table.end:
                return shortened(table.header, _LONGEST_PREFIX, self._offsets)
        return ""

    def _counts(self, start: int, end: int) -> bool:
        """Whether the embedder will see this token: bars and the line below a header are left out."""
        table = next((table for table in self._tables if table.start <= start < table.end), None)
        return table is None or not (self._text[start:end] == "|" or _in_separator(table, start, self._text))

    def _ends(self, gap: re.Pattern[str]) -> list[int]:
        return [found.start() for found in gap.finditer(self._text)]

    def _skip_space(self, at: int) -> int:
        while at < len(self._text) and self._text[at].isspace():
            at += 1
        return at


def _in_separator(table: TableSpan, start: int, text: str) -> bool:
    return start < table.rows and start > text.index("\n", table.start)


def _last_up_to(places: Sequence[int], most: int) -> int:
    index = bisect_right(places, most)
    return places[index - 1] if index else -1
