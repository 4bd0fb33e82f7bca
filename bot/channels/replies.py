"""What an answer says in words, the same in every channel: refusals by outcome, the footer, why somebody is answered alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.answers import Answer, Outcome
from bot.flows.again import wish_of
from bot.flows.understand import LONGEST
from bot.values import Audience, Question
from bot.wording import Wording
from knowledge.places import with_article
from knowledge.validity import Life

Escape = Callable[[str], str]
LONGEST_SAID_BACK = 300  # characters


def refusal_text(answer: Answer, question: Question, wording: Wording, company: str, escape: Escape = str) -> str:
    """The words for an answer without sentences. `escape` makes what people and documents wrote harmless in the channel."""
    match answer.outcome:
        case Outcome.NOT_FOUND:
            return _not_found(answer, question, wording, company, escape)
        case Outcome.NOTHING_READABLE:
            if question.asker.membership in ("guest", "outsider"):
                return wording.say("guest", company=escape(company))
            return wording.say("nothing_readable", readers=readers(question.audience, wording, escape(company)))
        case Outcome.NO_VERSION:
            who, since = readers(question.audience, wording, escape(company)), in_words(answer.since) if answer.since else ""
            return wording.say("no_version", readers=who, since=since, title=escape(answer.nearest_title))
        case Outcome.CANNOT_RETELL:
            if not answer.evidence.found:
                return wording.say("nothing_to_retell")
            return wording.say("cannot_translate" if wish_of(question.text) == "translated" else "cannot_retell")
        case Outcome.OWN_RECORD:
            return wording.say("own_record", system=wording.say("own_record_system"))
        case Outcome.SMALL_TALK | Outcome.NO_QUESTION:
            return wording.say(answer.outcome.value, company=escape(company), example=wording.say("example_question"))
        case Outcome.TOO_LONG:
            return wording.say("too_long", longest=f"{LONGEST:,}")
        case Outcome.NOT_ENGLISH | Outcome.NOT_READY:
            return wording.say(answer.outcome.value)
        case _:
            return wording.say("failed", receipt=answer.receipt)


def note_texts(answer: Answer, wording: Wording, escape: Escape = str) -> tuple[str, ...]:
    """What has to be known about an answer besides its lines: what was not found, versions that do not hold today, whose country."""
    notes = [wording.say("part_not_found", part=escape(_short(part))) for part in answer.unanswered]
    notes += [_life(life, wording, escape) for life in answer.lives]
    if answer.country:
        notes.append(wording.say("from_profile", country=escape(with_article(answer.country))))
    return tuple(notes)


def _life(life: Life, wording: Wording, escape: Escape) -> str:
    title, other, effective = escape(life.document.title), life.other, life.document.effective
    if life.coming:
        date = in_words(effective) if effective else ""
        if other is None:
            return wording.say("version_coming", title=title, date=date)
        return wording.say("version_coming_until", title=title, date=date, other=escape(other.title))
    if other is None or other.effective is None:
        return wording.say("version_replaced", title=title)
    return wording.say("version_replaced_by", title=title, date=in_words(other.effective), other=escape(other.title))


def footer_text(answer: Answer, wording: Wording, today: date) -> str:
    """That Ibid is automated, and the day for which it answered."""
    key = "answer_footer_quotes" if answer.evidence.writer == "quotes" else "answer_footer"
    return wording.say(key, as_of=in_words(answer.evidence.as_of or today))


def why_alone_text(audience: Audience, wording: Wording, company: str) -> str:
    """Why only the asker sees the reply; empty where that goes without saying."""
    return wording.say(f"alone_{audience.why_alone}", company=company) if audience.why_alone else ""


def readers(audience: Audience, wording: Wording, company: str) -> str:
    """The people who can open the reply, in words."""
    return wording.say(f"readers_{audience.circle}", company=company)


def _short(said: str) -> str:
    """What somebody wrote, on one line: a whole page is not said back."""
    line = " ".join(said.split())
    return line if len(line) <= LONGEST_SAID_BACK else f"{line[:LONGEST_SAID_BACK].rstrip()}…"


def in_words(day: date) -> str:
    """1 January 2026."""
    return f"{day.day} {day:%B %Y}"


def _not_found(answer: Answer, question: Question, wording: Wording, company: str, escape: Escape) -> str:
    who = readers(question.audience, wording, escape(company))
    lines = [wording.say("not_found", readers=who, looked_for=escape(_short(answer.looked_for)))]
    if answer.nearest_title and answer.nearest_owner:
        lines.append(wording.say("not_found_nearest", title=escape(answer.nearest_title), owner=escape(answer.nearest_owner)))
    if question.audience.circle != "alone":
        lines.append(wording.say("try_alone", readers=who))
    return "\n".join(lines)
