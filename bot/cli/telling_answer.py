"""What the command line is told about an answer: JSON lines, as it comes and then whole."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.answers import Answer, Closed, Outcome, Progress, Released, Sentence, Withdrawn
from bot.channels.pointing import address_of, place_of, seen_by_text
from bot.channels.replies import contact_text, footer_text, note_texts, refusal_text, why_alone_text
from bot.errors import DirectoryUnavailable, Misconfigured
from bot.flows.access import alone, audience_of
from bot.values import Person, Place, Question

if TYPE_CHECKING:
    from bot.adapters.file_directory import FileDirectory
    from bot.answers import Citation
    from bot.bootstrap import Ibid
    from bot.owner_socket import Line

SOMEBODY = Person(id="terminal", name="you", names=frozenset({"terminal"}))
_NOT_SLACK = {Outcome.NOT_READY: "Nothing is indexed yet. `ibid index` reads the documents."}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question from a terminal: as whom, and as if in which channel. Empty: any full member, alone."""

    text: str
    person: str = ""
    channel: str = ""


async def tell_answer(ibid: Ibid, people: FileDirectory, asked: Asked) -> AsyncGenerator[Line, None]:
    """Stages, sentences as they are released, and the answer whole."""
    question = await _question(ibid, people, asked)
    if question.audience.why_alone and question.asker.membership != "full":
        yield {"answer": {"outcome": "guest", "message": ibid.wording.say("guest", company=ibid.company)}}
        return
    async with aclosing(ibid.answering.answer(question)) as events:
        async for event in events:
            match event:
                case Progress(stage, contact):
                    yield {"stage": ibid.wording.say(stage)}
                    if contact and question.audience.circle == "alone":
                        yield {"contact": ibid.wording.say("contact_above", contact=contact.words)}
                case Released(sentence):
                    yield {"sentence": _sentence(ibid, sentence)}
                case Withdrawn():
                    yield {"withdrawn": ibid.wording.say("withdrawn")}
                case Closed(answer):
                    yield {"answer": answer_json(ibid, question, answer)}


def answer_json(ibid: Ibid, question: Question, answer: Answer) -> Line:
    """Everything about an answer that the asker may see."""
    evidence, wording = answer.evidence, ibid.wording
    said = bool(answer.sentences or answer.conflicts)
    may_help = answer.may_help if answer.outcome is Outcome.NOT_FOUND else ()
    return {
        "receipt": answer.receipt,
        "outcome": answer.outcome.value,
        "question": evidence.standalone or answer.looked_for or question.text,
        "contact": "" if answer.outcome is Outcome.CONTACT_FIRST else contact_text(answer, wording),
        "message": "" if said else _message(ibid, question, answer),
        "sentences": [_sentence(ibid, sentence) for sentence in answer.sentences],
        "conflicts": [
            {"message": wording.say("conflict"), "sides": [_quoted(ibid, side) for side in (one.first, one.second)]}
            for one in answer.conflicts
        ],
        "sources": [_source(ibid, answer, citation) for citation in answer.citations],
        "may_help": {"message": wording.say("may_help"), "quotes": [_quoted(ibid, one) for one in may_help]} if may_help else {},
        "cases": [{"fact": case.fact, "name": case.name} for case in answer.cases],
        "notes": _notes(ibid, question, answer),
        "applies_to": answer.applies_to,
        "complete": answer.complete,
        "confidence": round(evidence.confidence, 4),
        "as_of": evidence.as_of.isoformat() if evidence.as_of else None,
        "edition": evidence.edition,
        "writer": evidence.writer,
        "tried": [{"writer": one.writer, "reason": one.reason} for one in evidence.tried],
        "remembered": evidence.remembered,
        "prompt_hash": evidence.prompt_hash,
        "milliseconds": {name: round(spent, 1) for name, spent in evidence.milliseconds},
    }


def _message(ibid: Ibid, question: Question, answer: Answer) -> str:
    """The words for an answer without sentences, as a terminal has them."""
    message = _NOT_SLACK.get(answer.outcome) or refusal_text(answer, question, ibid.wording, ibid.company)
    if answer.outcome is Outcome.FAILED:
        message += " `ibid doctor` looks for what is wrong."
    return message


def _notes(ibid: Ibid, question: Question, answer: Answer) -> list[str]:
    """What has to be known besides."""
    notes = [why_alone_text(question.audience, ibid.wording, ibid.company)]
    if answer.sentences or answer.conflicts:
        notes += [] if answer.complete else [ibid.wording.say("cut_off")]
        notes += note_texts(answer, ibid.wording)
        notes += [footer_text(answer, ibid.wording, ibid.clock.today())]
    return [note for note in notes if note]


async def _question(ibid: Ibid, people: FileDirectory, asked: Asked) -> Question:
    try:
        asker = await people.person(asked.person) if asked.person else SOMEBODY
        channel = people.find_channel(asked.channel) if asked.channel else None
    except DirectoryUnavailable as problem:
        raise Misconfigured(str(problem)) from problem
    audience = audience_of(channel.facts, asker) if channel else alone(asker)
    kind = (channel.facts.kind if channel else None) or "terminal"
    place = Place(team=people.team, channel=channel.id if channel else "terminal", thread=None, kind=kind)
    return Question(text=asked.text, asker=asker, audience=audience, place=place, asked_at=ibid.clock.now())


def _sentence(ibid: Ibid, sentence: Sentence) -> Line:
    opening = ibid.wording.say("condition") if sentence.condition else ""
    numbers = [citation.number for citation in sentence.citations]
    return {"text": sentence.text, "sources": numbers, "score": round(sentence.score, 4), "opening": opening}


def _source(ibid: Ibid, answer: Answer, citation: Citation) -> Line:
    document, passage = citation.hit.document, citation.hit.passage
    cited = [one for sentence in answer.sentences for one in sentence.citations if one.number == citation.number]
    return {
        "number": citation.number,
        "document": document.id,
        "title": document.title,
        "place": place_of(citation.hit),
        "owner": document.owner,
        "seen_by": seen_by_text(document.rule, ibid.wording, ibid.company),
        "clause": passage.clause,
        "path": list(passage.path),
        "page": passage.page,
        "effective": document.effective.isoformat() if document.effective else None,
        "url": document.url,
        "opens": address_of(citation.hit),
        "passage": passage.id,
        "quotes": list(dict.fromkeys(one.quote for one in cited)),
    }


def _quoted(ibid: Ibid, citation: Citation) -> Line:
    """A quote that is no part of the answer, with whom to ask about it."""
    document = citation.hit.document
    return {
        "quote": citation.quote,
        "place": place_of(citation.hit),
        "owner": ibid.wording.say("source_owner", owner=document.owner) if document.owner else "",
        "effective": document.effective.isoformat() if document.effective else None,
        "opens": address_of(citation.hit),
    }
