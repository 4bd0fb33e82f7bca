"""What the command line is told about an answer, a run of the index or a prompt: JSON lines, the same from this process or the owner's."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bot.answers import Answer, Closed, Outcome, Progress, Released, Sentence, Withdrawn
from bot.channels.replies import footer_text, note_texts, refusal_text, why_alone_text
from bot.cli.telling_index import tell_erase, tell_index, tell_undo
from bot.cli.telling_prompts import tell_prompts
from bot.errors import DirectoryUnavailable, IbidError, Misconfigured
from bot.flows.access import alone, audience_of
from bot.values import Person, Place, Question

if TYPE_CHECKING:
    from bot.adapters.file_directory import FileDirectory
    from bot.answers import Citation
    from bot.bootstrap import House, Ibid
    from bot.owner_socket import Line
    from bot.ports import CacheKeeper

SOMEBODY = Person(id="terminal", name="you", names=frozenset({"terminal"}))
_NOT_SLACK = {Outcome.NOT_READY: "Nothing is indexed yet. `ibid index` reads the documents."}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question from a terminal: as whom, and as if in which channel. Empty: any full member, alone."""

    text: str
    person: str = ""
    channel: str = ""


async def serve(house: House, request: Line) -> AsyncGenerator[Line, None]:
    """Do what a request says: the `do` of the owner's socket."""
    if request.get("do") == "ask":
        await house.library.ready()  # what keeps the documents closed is the operator's to read, not "something went wrong"
        lines = tell_answer(house.ibid, house.people, Asked(**_texts(request, "text", "person", "channel")))
    elif request.get("do") == "index":
        lines = tell_index(house, request)
    elif request.get("do") == "undo":
        lines = tell_undo(house, request)
    elif request.get("do") == "erase":
        lines = tell_erase(house, request)
    elif request.get("do") == "prompts":
        lines = tell_prompts(house, request)
    elif request.get("do") == "cache":
        lines = tell_cache(house.ibid.cache, clear=bool(request.get("clear")))
    else:
        raise IbidError(f"The running process does not know how to {request.get('do')!r}; is it another version?")
    async with aclosing(lines):
        async for line in lines:
            yield line


async def tell_answer(ibid: Ibid, people: FileDirectory, asked: Asked) -> AsyncGenerator[Line, None]:
    """Stages, sentences as they are released, and the answer whole."""
    question = await _question(ibid, people, asked)
    if question.audience.why_alone and question.asker.membership != "full":
        yield {"answer": {"outcome": "guest", "message": ibid.wording.say("guest", company=ibid.company)}}
        return
    async with aclosing(ibid.answering.answer(question)) as events:
        async for event in events:
            match event:
                case Progress(stage):
                    yield {"stage": ibid.wording.say(stage)}
                case Released(sentence):
                    yield {"sentence": _sentence(sentence)}
                case Withdrawn(sentence):
                    yield {"withdrawn": _sentence(sentence)}
                case Closed(answer):
                    yield {"answer": answer_json(ibid, question, answer)}


async def tell_cache(cache: CacheKeeper, *, clear: bool) -> AsyncGenerator[Line, None]:
    """What it holds, or how much it has forgotten."""
    if clear:
        yield {"cleared": await cache.clear(), "where": (await cache.stats()).where}
    else:
        yield {"cache": asdict(await cache.stats())}


def answer_json(ibid: Ibid, question: Question, answer: Answer) -> Line:
    """Everything about an answer that the asker may see."""
    evidence = answer.evidence
    notes = [why_alone_text(question.audience, ibid.wording, ibid.company)]
    if answer.sentences:
        notes += [] if answer.complete else [ibid.wording.say("cut_off")]
        notes += note_texts(answer, ibid.wording)
        notes += [footer_text(answer, ibid.wording, ibid.clock.today())]
    message = _NOT_SLACK.get(answer.outcome) or refusal_text(answer, question, ibid.wording, ibid.company)
    if answer.outcome is Outcome.FAILED:
        message += " `ibid doctor` looks for what is wrong."
    return {
        "receipt": answer.receipt,
        "outcome": answer.outcome.value,
        "question": evidence.standalone or answer.looked_for or question.text,
        "message": "" if answer.sentences else message,
        "sentences": [_sentence(sentence) for sentence in answer.sentences],
        "sources": [_source(answer, citation) for citation in answer.citations],
        "notes": [note for note in notes if note],
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


def _sentence(sentence: Sentence) -> Line:
    return {"text": sentence.text, "sources": [citation.number for citation in sentence.citations]}


def _source(answer: Answer, citation: Citation) -> Line:
    document, passage = citation.hit.document, citation.hit.passage
    cited = [one for sentence in answer.sentences for one in sentence.citations if one.number == citation.number]
    return {
        "number": citation.number,
        "document": document.id,
        "title": document.title,
        "owner": document.owner,
        "clause": passage.clause,
        "path": list(passage.path),
        "page": passage.page,
        "effective": document.effective.isoformat() if document.effective else None,
        "url": document.url,
        "passage": passage.id,
        "quotes": list(dict.fromkeys(one.quote for one in cited)),
    }


def _texts(request: Line, *names: str) -> dict[str, str]:
    return {name: str(request.get(name) or "") for name in names}
