"""What an answer is made of, from the request to a writer to the reply that closes it: frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from bot.models import Spent
from knowledge.holds import Hold
from knowledge.validity import Life
from knowledge.values import Hit, Scope

Messages = tuple[tuple[Literal["system", "user"], str], ...]


class Outcome(StrEnum):
    """How a question ended. Every question ends in exactly one."""

    ANSWERED = "answered"
    NOT_FOUND = "not_found"  # nothing readable answers it
    NOTHING_READABLE = "nothing_readable"  # this audience may read no document at all
    OWN_RECORD = "own_record"  # asks for a record that only a system of the company holds
    ASKS_BACK = "asks_back"  # it depends on something that is not known: the asker is asked which case it is
    CONTACT_FIRST = "contact_first"  # a matter that is nobody else's, asked where others read: who may be spoken to comes first
    HELD = "held"  # what would answer is held back by its owner or an admin, for the time being
    NOT_POLICY = "not_policy"  # nothing that a handbook could answer
    SMALL_TALK = "small_talk"
    NO_QUESTION = "no_question"  # empty, or only emoji
    TOO_LONG = "too_long"
    NOT_ENGLISH = "not_english"
    TOO_MANY = "too_many"  # over the person's questions a minute
    NO_VERSION = "no_version"  # asked about a day that is over, of which no version is left
    CANNOT_RETELL = "cannot_retell"  # the answer before in another form, and nobody here can write that
    NOT_READY = "not_ready"  # nothing is indexed yet
    FAILED = "failed"


@dataclass(frozen=True)
class Source:
    """A numbered passage in a prompt."""

    number: int
    hit: Hit


@dataclass(frozen=True)
class Request:
    """What a writer gets: the messages of a model, and what they were made of for writers that are not one."""

    question: str
    sources: tuple[Source, ...]
    messages: Messages
    prompt_hash: str
    labels: frozenset[str] = frozenset()  # what a writer must be allowed to see: access labels, and "asker" where asked in private
    company: str = ""  # whose name may be said without a source
    parts: tuple[tuple[str, tuple[Source, ...]], ...] = ()  # each of several questions, with what was found for it


@dataclass(frozen=True, kw_only=True)
class Citation:
    """The place that proves a sentence: characters `start` to `end` of the passage's text."""

    number: int
    hit: Hit
    start: int
    end: int

    @property
    def quote(self) -> str:
        return self.hit.passage.text[self.start : self.end]


@dataclass(frozen=True)
class Sentence:
    """A line that passed the check, with what proves it."""

    text: str  # without its [n]
    citations: tuple[Citation, ...]
    score: float = 1.0  # how well the cited units carry it, from 0 to 1; word for word is 1
    condition: bool = False  # not the writer's: a condition of the clause that the answer would have lacked, word for word


@dataclass(frozen=True)
class Dropped:
    """A line that did not pass, and why. Shown to nobody but the person who looks behind the answer."""

    text: str
    reason: str
    sources: tuple[int, ...] = ()


@dataclass(frozen=True)
class Conflict:
    """Two documents that hold for the same people on the same day and do not say the same. Nobody decides between them here."""

    first: Citation
    second: Citation


Fact = Literal["country", "contract", "tenure", "plan"]


@dataclass(frozen=True)
class Case:
    """One of the cases that the documents tell apart, where a question leaves open which is meant."""

    fact: Fact
    name: str  # as it is added to the question, and stands on a button: Germany, fixed-term


@dataclass(frozen=True)
class Contact:
    """Whom to speak to about a sensitive matter, in the company's own words."""

    topic: str  # its name in wording/sensitive.md, such as harassment
    words: str  # one or two sentences, Slack's mrkdwn, from the same file


@dataclass(frozen=True)
class System:
    """Where a company keeps what only it knows of a person: from wording/where_to.yaml."""

    name: str  # Workday
    form: str = ""  # what to open or fill in there
    link: str = ""  # https only


@dataclass(frozen=True)
class Tried:
    """A writer that came before the one that spoke, and why it did not."""

    writer: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What an answer rests on: for the receipt, and for the page that shows what is behind it."""

    standalone: str = ""
    scope: Scope = field(default_factory=lambda: Scope(frozenset()))
    as_of: date | None = None
    edition: int | None = None
    confidence: float = 0.0
    threshold: float = 0.0
    found: tuple[Hit, ...] = ()  # in order; more than reached the prompt
    sources: tuple[Source, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    writer: str = ""
    tried: tuple[Tried, ...] = ()
    remembered: bool = False  # the draft came from the cache
    spent: Spent | None = None  # tokens, where the writer says
    prompt_hash: str = ""
    milliseconds: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the asker gets: checked sentences, or the reason why there are none."""

    receipt: str
    outcome: Outcome
    sentences: tuple[Sentence, ...] = ()
    complete: bool = True  # False: the writer broke off after something was released
    looked_for: str = ""
    unanswered: tuple[str, ...] = ()  # those of several questions that nothing readable answers
    lives: tuple[Life, ...] = ()  # of the cited documents that do not hold today
    conflicts: tuple[Conflict, ...] = ()
    cases: tuple[Case, ...] = ()  # of ASKS_BACK, in the documents' order
    may_help: tuple[Citation, ...] = ()  # of a refusal: what came nearest and does not answer
    applies_to: str = ""  # for whom the cited documents say that they are, where they agree
    contact: Contact | None = None  # also beside an answer, in private
    system: System | None = None  # of OWN_RECORD
    hold: Hold | None = None  # of HELD; beside an answer, of another of several questions
    country: str = ""  # taken from the asker's profile, where what is cited is about that country
    since: date | None = None  # for a day that is over: since when the version holds that there is
    nearest_title: str = ""  # of a readable document, for a refusal
    nearest_owner: str = ""
    evidence: Evidence = field(default_factory=Evidence)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources that were used, each once, in the order of their numbers."""
        first: dict[int, Citation] = {}
        for sentence in self.sentences:
            for citation in sentence.citations:
                first.setdefault(citation.number, citation)
        return tuple(first[number] for number in sorted(first))

    def spans(self, number: int) -> tuple[tuple[int, int], ...]:
        """The runs of a source's text that the answer rests on, in their order in the text."""
        cited = (citation for sentence in self.sentences for citation in sentence.citations if citation.number == number)
        return tuple(sorted({(citation.start, citation.end) for citation in cited}))


@dataclass(frozen=True)
class Progress:
    """A first sign of life, before anything is found."""

    stage: Literal["searching", "writing"]
    contact: Contact | None = None  # whom to speak to, said above whatever follows


@dataclass(frozen=True)
class Released:
    """A sentence that may be shown now."""

    sentence: Sentence


@dataclass(frozen=True)
class Withdrawn:
    """A sentence that was released and must be taken back."""

    sentence: Sentence
    reason: str


@dataclass(frozen=True)
class Closed:
    """The end: nothing follows."""

    answer: Answer


Event = Progress | Released | Withdrawn | Closed
