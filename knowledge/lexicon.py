"""What the live edition's own words teach, apart for each group of readers: spellings, and the abbreviations that documents explain."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from knowledge.abbreviations import Abbreviation, agreed, explained, met
from knowledge.glossary import Glossary
from knowledge.spelling import Vocabulary, found_words, joined
from knowledge.words import words

if TYPE_CHECKING:
    from knowledge.embedding import Embedder
    from knowledge.live import Contents
    from knowledge.values import Scope

REVISION = "1"  # raise it when a question is read in another way: what was found before is then searched for again
KEPT = 32  # groups of readers


class Lexicon:
    """Of one edition. It is read through when it is first needed: two seconds of one core for 35,000 passages."""

    def __init__(self, contents: Contents, away: frozenset[str] = frozenset()) -> None:
        self.contents = contents
        self.away = away  # documents that were taken away from it: their words teach nothing any more
        self._reading = Lock()
        self._counts: dict[str, Counter[str]] = {}
        self._short: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self._vocabulary = lru_cache(maxsize=KEPT)(self._joined)
        self._agreed = lru_cache(maxsize=KEPT)(self._of_readers)

    def read(self, question: str, scope: Scope, given: Glossary, embedder: Embedder) -> tuple[Glossary, str]:
        """The question with its misspelt words put right, and the glossary with the abbreviations of it that documents explain."""
        self._read_through()
        labels = frozenset(scope.labels & self._counts.keys())

        @cache
        def whole(word: str) -> bool:
            return any(len(embedder.offsets(form)) == 1 for form in (word, *words(word)))

        spelled = self._vocabulary(labels, given.spellings).corrected(question, lambda word: given.hears(word) or whole(word))
        learnt = tuple(entry for entry in met(spelled, self._agreed(labels), whole) if given.said.isdisjoint(entry.said))
        return Glossary((*given.entries, *learnt)) if learnt else given, spelled

    def _read_through(self) -> None:
        with self._reading:
            if self._counts or not self.contents.passages:
                return
            counts: dict[str, Counter[str]] = defaultdict(Counter)
            titles = {document.id: document.title for document in self.contents.documents.values()}
            for passage in self.contents.passages:
                if passage.document in self.away:
                    continue
                text = "\n".join((titles[passage.document], *passage.path, passage.text))
                counts[passage.label].update(found_words(text))
                self._short[passage.label].update(explained(text))
            self._counts = dict(counts)

    def _joined(self, labels: frozenset[str], besides: tuple[str, ...]) -> Vocabulary:
        return joined([*(self._counts[label] for label in sorted(labels)), Counter(found_words("\n".join(besides)))])

    def _of_readers(self, labels: frozenset[str]) -> tuple[Abbreviation, ...]:
        return agreed(pair for label in sorted(labels) for pair in sorted(self._short[label]))


class Lexicons:
    """The lexicon of the edition that is searched, made when another one is, or when something was taken away from it."""

    def __init__(self) -> None:
        self._kept: Lexicon | None = None

    def of(self, contents: Contents, away: frozenset[str] = frozenset()) -> Lexicon:
        kept = self._kept
        if kept is None or kept.contents is not contents or kept.away != away:
            self._kept = kept = Lexicon(contents, away)
        return kept
