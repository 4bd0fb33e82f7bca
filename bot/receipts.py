"""What is kept behind an answer: ids, figures and keyed marks, from which no sentence can be read back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from bot.answers import Answer, Citation, Dropped, Outcome, Sentence, Tried
from bot.models import Spent
from bot.values import Circle, Turn
from knowledge.values import Hit

Mark = Callable[[str], str]  # a text's keyed mark: equal for equal texts, and nobody without the key can try texts on it
Why = Literal[
    "no_source", "unknown_source", "nothing_said", "to_a_program", "figure", "calculation", "name", "words", "condition", "support", "other"
]

_WHYS: tuple[tuple[re.Pattern[str], Why], ...] = (  # the reasons that the check gives; what they quote stays out of the receipt
    (re.compile(r"names no source"), "no_source"),
    (re.compile(r"cites a source that was not"), "unknown_source"),
    (re.compile(r"says nothing"), "nothing_said"),
    (re.compile(r"speaks to a program"), "to_a_program"),
    (re.compile(r"calculates "), "calculation"),
    (re.compile(r"says .+(which is not in the cited source|which stands in other sentences|says something else of)"), "figure"),
    (re.compile(r"names "), "name"),
    (re.compile(r"speaks of "), "words"),
    (re.compile(r"leaves out "), "condition"),
    (re.compile(r"is supported too little"), "support"),
)


@dataclass(frozen=True)
class Place:
    """A passage of one version of one document."""

    passage: str
    document: str
    version: str = ""


@dataclass(frozen=True)
class Proof:
    """The characters of a passage that carry a sentence, and the mark of what stands there."""

    place: Place
    start: int
    end: int
    mark: str


@dataclass(frozen=True)
class Said:
    """A sentence of the answer."""

    mark: str
    proofs: tuple[Proof, ...]
    score: float = 1.0
    condition: bool = False


@dataclass(frozen=True)
class LeftOut:
    """A sentence of the draft that was not shown, and which kind of fault it had."""

    mark: str
    why: Why
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Behind:
    """What the check found, sentence by sentence."""

    said: tuple[Said, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    disputed: tuple[tuple[Proof, Proof], ...] = ()  # what two documents were shown to disagree about
    near: tuple[Proof, ...] = ()  # of a refusal: what was shown because it may help
    shown_to_writer: tuple[Place, ...] = ()
    as_of: date | None = None
    confidence: float = 0.0
    threshold: float = 0.0
    complete: bool = True
    circle: Circle = "alone"  # who read it
    milliseconds: tuple[tuple[str, float], ...] = ()

    @property
    def quotes(self) -> frozenset[str]:
        """The marks of everything that the answer quotes as proof: what two answers are compared by."""
        return frozenset(proof.mark for said in self.said for proof in said.proofs) | {
            proof.mark for pair in self.disputed for proof in pair
        }

    @property
    def places(self) -> frozenset[Place]:
        """Every passage that was cited, or shown to the writer."""
        proofs = (*self.near, *(proof for said in self.said for proof in said.proofs), *(proof for pair in self.disputed for proof in pair))
        return frozenset((*self.shown_to_writer, *(proof.place for proof in proofs)))

    def without(self, document: str, passages: Collection[str]) -> Behind:
        """With nothing left of a document that was erased: a mark could tell whoever has the key that a sentence stood there."""

        def stays(place: Place) -> bool:
            return place.document != document and place.passage not in passages

        said = tuple(one for one in self.said if all(stays(proof.place) for proof in one.proofs))
        shown = tuple(filter(stays, self.shown_to_writer))
        touched = len(said) < len(self.said) or len(shown) < len(self.shown_to_writer)
        left_out = () if touched else self.left_out  # which document a dropped sentence was about, nobody can say for sure
        disputed = tuple(pair for pair in self.disputed if all(stays(proof.place) for proof in pair))
        near = tuple(proof for proof in self.near if stays(proof.place))
        return replace(self, said=said, left_out=left_out, disputed=disputed, near=near, shown_to_writer=shown)


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The ledger's row for an answer, without its question and without whose it is."""

    id: str
    outcome: Outcome | None  # None: the answer was never finished
    opened_at: datetime
    closed_at: datetime | None = None
    labels: frozenset[str] = frozenset()
    edition: int | None = None
    passages: tuple[str, ...] = ()  # cited ones, in the order of their numbers
    prompt_hash: str = ""
    writer: str = ""
    tried: tuple[Tried, ...] = ()
    remembered: bool = False
    spent: Spent | None = None
    behind: Behind = field(default_factory=Behind)
    told_at: datetime | None = None


def behind(answer: Answer, mark: Mark, circle: Circle = "alone") -> Behind:
    """What is kept of an answer, from the answer."""
    evidence = answer.evidence
    sources = {source.number: source.hit for source in evidence.sources}
    return Behind(
        said=tuple(_said(sentence, mark) for sentence in answer.sentences),
        left_out=tuple(_left_out(one, sources, mark) for one in evidence.dropped),
        disputed=tuple((_proof(one.first, mark), _proof(one.second, mark)) for one in answer.conflicts),
        near=tuple(_proof(one, mark) for one in answer.may_help),
        shown_to_writer=tuple(_place(source.hit) for source in evidence.sources),
        as_of=evidence.as_of,
        confidence=round(evidence.confidence, 4),
        threshold=round(evidence.threshold, 4),
        complete=answer.complete,
        circle=circle,
        milliseconds=tuple((name, round(spent, 1)) for name, spent in evidence.milliseconds),
    )


def rested_on(answer: Answer) -> tuple[str, ...]:
    """The passages whose change would make it another answer, each once."""
    disputed = (citation for one in answer.conflicts for citation in (one.first, one.second))
    return tuple(dict.fromkeys(citation.hit.passage.id for citation in (*answer.citations, *disputed)))


def why(reason: str) -> Why:
    """The kind of a reason, without the words that it quotes."""
    return next((kind for pattern, kind in _WHYS if pattern.match(reason)), "other")


def keeps_words(answer: Answer) -> bool:
    """Whether it may be kept at all what was asked, and by whom: not where it touches what is nobody else's."""
    return answer.contact is None and answer.outcome is not Outcome.CONTACT_FIRST


def question_of(text: str, turns: Collection[Turn], answer: Answer) -> str:
    """The question as it can be asked again by itself: of a follow-up what it was understood as, where that is all of it."""
    whole = answer.evidence.standalone and not answer.unanswered and not answer.hold
    return answer.evidence.standalone if turns and whole else text


def packed(kept: Behind) -> str:
    """As the ledger's column has it."""
    return json.dumps(asdict(kept) | {"as_of": kept.as_of.isoformat() if kept.as_of else None}, separators=(",", ":"))


def unpacked(column: str) -> Behind:
    """Back again; a row of an earlier release has nothing in it."""
    found: dict[str, Any] = json.loads(column)
    if not found:
        return Behind()
    return Behind(
        said=tuple(
            Said(one["mark"], tuple(map(_proof_from, one["proofs"])), float(one["score"]), bool(one["condition"])) for one in found["said"]
        ),
        left_out=tuple(LeftOut(one["mark"], one["why"], tuple(one["passages"])) for one in found["left_out"]),
        disputed=tuple((_proof_from(first), _proof_from(second)) for first, second in found.get("disputed", ())),
        near=tuple(map(_proof_from, found.get("near", ()))),
        shown_to_writer=tuple(Place(**one) for one in found["shown_to_writer"]),
        as_of=date.fromisoformat(found["as_of"]) if found["as_of"] else None,
        confidence=float(found["confidence"]),
        threshold=float(found["threshold"]),
        complete=bool(found["complete"]),
        circle=found.get("circle", "alone"),
        milliseconds=tuple((str(name), float(spent)) for name, spent in found["milliseconds"]),
    )


def _proof_from(kept: dict[str, Any]) -> Proof:
    return Proof(Place(**kept["place"]), int(kept["start"]), int(kept["end"]), str(kept["mark"]))


def _said(sentence: Sentence, mark: Mark) -> Said:
    proofs = tuple(_proof(citation, mark) for citation in sentence.citations)
    return Said(mark(sentence.text), proofs, round(sentence.score, 4), sentence.condition)


def _proof(citation: Citation, mark: Mark) -> Proof:
    return Proof(_place(citation.hit), citation.start, citation.end, mark(citation.quote))


def _place(hit: Hit) -> Place:
    return Place(hit.passage.id, hit.document.id, hit.passage.version)


def _left_out(dropped: Dropped, sources: dict[int, Hit], mark: Mark) -> LeftOut:
    named = tuple(sources[number].passage.id for number in dropped.sources if number in sources)
    return LeftOut(mark(dropped.text), why(dropped.reason), named)
