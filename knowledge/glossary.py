"""The words people use and the words that documents use for the same thing: a Markdown list that admins edit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from knowledge.errors import BadMetadata
from knowledge.values import content_id
from knowledge.words import content_words, words

ALSO = 0.5  # what a word of the glossary counts against one of the question


@dataclass(frozen=True)
class Entry:
    """`said`: stemmed words, any of which a question may hold in a row. `written`: what is searched as well."""

    said: tuple[tuple[str, ...], ...]
    written: tuple[str, ...]
    spelled: tuple[str, ...] = ()  # `said` as it stands in the file


@dataclass(frozen=True)
class Sought:
    """A question and what is searched besides its own words."""

    question: str
    entries: tuple[Entry, ...] = ()  # that it matches

    @cached_property
    def also(self) -> tuple[str, ...]:
        """The documents' words for what the question says, without those that it says already."""
        asked = tuple(words(self.question))
        terms = (term for entry in self.entries for term in entry.written)
        return tuple(dict.fromkeys(term for term in terms if not holds(asked, tuple(words(term)))))

    @property
    def text(self) -> str:
        """What the embedder reads."""
        return f"{self.question} ({', '.join(self.also)})" if self.also else self.question

    def weights(self) -> dict[str, float]:
        """The stemmed words that a keyword search looks for, and what each counts; the question's own first."""
        return dict(self._weights)

    @cached_property
    def _weights(self) -> dict[str, float]:
        own = dict.fromkeys(self._telling, 1.0)
        return own | {word: ALSO for term in self.also for word in words(term) if word not in own}

    @cached_property
    def _telling(self) -> list[str]:
        return content_words(self.question)


@dataclass(frozen=True)
class Glossary:
    """Entries in the order of the file. An empty one adds nothing."""

    entries: tuple[Entry, ...] = ()

    @cached_property
    def name(self) -> str:
        """Equal only for the same entries."""
        return content_id(repr(self.entries))

    @cached_property
    def said(self) -> frozenset[tuple[str, ...]]:
        """Everything that a question may say to meet an entry, stemmed."""
        return frozenset(run for entry in self.entries for run in entry.said)

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """The left sides as they stand in the file: what a question may have been meant to say."""
        return tuple(term for entry in self.entries for term in entry.spelled)

    def hears(self, word: str) -> bool:
        """Whether it is a word of some entry's left side."""
        return not self._heard.isdisjoint(words(word))

    @cached_property
    def _heard(self) -> frozenset[str]:
        return frozenset(word for run in self.said for word in run)

    def sought(self, question: str) -> Sought:
        """The question with the entries that it matches."""
        asked = tuple(words(question))
        return Sought(question, tuple(entry for entry in self.entries if any(holds(asked, said) for said in entry.said)))


NO_GLOSSARY = Glossary()


def load_glossary(file: Path) -> Glossary:
    """Read the lines `- said, said: written, written`. A file that is not there is an empty glossary. Raises BadMetadata with the line."""
    if not file.exists():
        return NO_GLOSSARY
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadMetadata(f"glossary.md cannot be read as UTF-8 text ({type(error).__name__})") from error
    return Glossary(tuple(_entry(number, line) for number, line in enumerate(lines, start=1) if line.startswith("- ")))


def _entry(number: int, line: str) -> Entry:
    said, colon, written = line.removeprefix("- ").partition(":")
    left, right = tuple(_terms(said)), tuple(_terms(written))
    if not colon or not left or not right:
        raise BadMetadata(f"glossary.md, line {number}: write `- what people say: what the documents say`")
    return Entry(tuple(stems for stems in (tuple(words(term)) for term in left) if stems), right, left)


def _terms(text: str) -> Iterable[str]:
    return filter(None, (term.strip() for term in text.split(",")))


def holds(text: tuple[str, ...], run: tuple[str, ...]) -> bool:
    """Whether the words of the run stand in the text, one after the other."""
    return bool(run) and any(text[start : start + len(run)] == run for start in range(len(text) - len(run) + 1))
