"""Sources are numbered for the reader in the order in which the answer names them, whatever their numbers were in the prompt."""

from __future__ import annotations

from dataclasses import replace

from bot.answers import Dropped, Sentence, Source


class Numbering:
    """Gives each source its number when a sentence first cites it."""

    def __init__(self) -> None:
        self._shown: dict[int, int] = {}  # number in the prompt → number for the reader

    def sentence(self, sentence: Sentence) -> Sentence:
        return replace(sentence, citations=tuple(replace(citation, number=self._next(citation.number)) for citation in sentence.citations))

    def sources(self, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        """All of them in the reader's numbers: those that were named, then the others as they stood."""
        renumbered = [Source(self._next(source.number), source.hit) for source in sorted(sources, key=self._named_first)]
        return tuple(sorted(renumbered, key=lambda source: source.number))

    def dropped(self, dropped: Dropped) -> Dropped:
        """To be asked after `sources`, so that every source has its number."""
        return replace(dropped, sources=tuple(self._shown.get(number, number) for number in dropped.sources))

    def _named_first(self, source: Source) -> tuple[bool, int]:
        return (source.number not in self._shown, source.number)

    def _next(self, number: int) -> int:
        return self._shown.setdefault(number, len(self._shown) + 1)
