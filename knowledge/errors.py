"""What can go wrong with the documents. The message is for the person who runs the index."""

from __future__ import annotations

from typing import Literal

WhyNotHeld = Literal["document", "topic", "sentence", "until"]


class KnowledgeError(Exception):
    """Base of everything that knowledge/ raises on purpose."""


class CannotRead(KnowledgeError):
    """A file that is unreadable, empty, encrypted, too large or too slow. The message is the reason for its owner."""


class Unreachable(KnowledgeError):
    """A source that cannot be asked now, such as a host that is down. The message is for the person who runs the index."""


class BadMetadata(KnowledgeError):
    """Front matter or policies.csv that does not parse, names an unknown group, or disagrees with the other."""


class BadSources(KnowledgeError):
    """sources.yaml that does not parse, or says what it may not say. The message names the line, the field and what to do."""


class NothingIndexed(KnowledgeError):
    """There is no live edition yet."""


class EmbedderUnavailable(KnowledgeError):
    """The weights are missing or are not the ones expected, or the embedding endpoint does not answer."""


class CatalogUnavailable(KnowledgeError):
    """The catalog's database is damaged, full, locked or closed to this user. The message says which, and what to do."""


class IndexBroken(KnowledgeError):
    """Catalog, Chroma and tantivy do not hold the same passages; a rebuild is needed."""


class RerankerFailed(KnowledgeError):
    """A re-ranker that an operator set does not answer, or not in a way that can be used. The built-in one takes its place."""


class CannotHold(KnowledgeError):
    """Nothing is held back by this order; `why` names what is wrong with it, the message says it to who typed it at a terminal."""

    def __init__(self, why: WhyNotHeld, message: str) -> None:
        super().__init__(message)
        self.why = why
