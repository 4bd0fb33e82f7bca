"""What an answer says in words, the same in every channel: refusals by outcome, notes, the footer, why somebody is answered alone."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from bot.answers import Answer, Case, Outcome, System
from bot.channels.speech import Escape, Link, in_one_line, no_link
from bot.flows.again import wish_of
from bot.flows.understand import LONGEST
from bot.values import Audience, Question
from bot.wording import Wording
from knowledge.holds import Hold
from knowledge.places import with_article
from knowledge.validity import Life


def refusal_text(answer: Answer, question: Question, wording: Wording, company: str, escape: Escape = str, link: Link = no_link) -> str:
    """The words for an answer without sentences. `escape` makes what people and documents wrote harmless in the channel."""
    match answer.outcome:
        case Outcome.NOT_FOUND:
            return _not_found(answer, question, wording, company, escape)
        case Outcome.NOTHING_READABLE:
            return _nothing_readable(question, wording, escape(company))
        case Outcome.NO_VERSION:
            who, since = readers(question.audience, wording, escape(company)), in_words(answer.since) if answer.since else ""
            return wording.say("no_version", readers=who, since=since, title=escape(answer.nearest_title))
        case Outcome.CANNOT_RETELL:
            return wording.say(_cannot_retell(answer, question))
        case Outcome.OWN_RECORD:
            return _own_record(answer.system, wording, escape, link)
        case Outcome.ASKS_BACK:
            return _asks_back(answer.cases, question.audience, wording, escape)
        case Outcome.CONTACT_FIRST | Outcome.HELD:
            return _not_now(answer, wording, escape)
        case Outcome.SMALL_TALK | Outcome.NO_QUESTION | Outcome.NOT_POLICY:
            return wording.say(answer.outcome.value, company=escape(company), example=wording.say("example_question"))
        case Outcome.TOO_LONG:
            return wording.say("too_long", longest=f"{LONGEST:,}")
        case Outcome.NOT_ENGLISH | Outcome.NOT_READY:
            return wording.say(answer.outcome.value)
        case _:
            return wording.say("failed", receipt=answer.receipt)


def note_texts(answer: Answer, wording: Wording, escape: Escape = str) -> tuple[str, ...]:
    """What has to be known besides the lines: what was not found or is held back, versions that do not hold today, whose country."""
    notes = [wording.say("part_not_found", part=escape(in_one_line(part))) for part in answer.unanswered]
    notes += [_held(answer.hold, wording, escape)] if answer.hold else []
    notes += [_life(life, wording, escape) for life in answer.lives]
    if answer.country:
        notes.append(wording.say("from_profile", country=escape(with_article(answer.country))))
    return tuple(notes)


def _held(hold: Hold, wording: Wording, escape: Escape) -> str:
    return wording.say("held", until=in_words(hold.until), sentence=escape(hold.sentence))


def contact_text(answer: Answer, wording: Wording) -> str:
    """Whom to speak to before reading on; empty where the matter asks for nobody. The words are the company's own."""
    return wording.say("contact_above", contact=answer.contact.words) if answer.contact else ""


def footer_text(answer: Answer, wording: Wording, today: date, escape: Escape = str) -> str:
    """For whom and for which day the answer is, that Ibid is automated, and that the document decides."""
    key = "answer_footer_quotes" if answer.evidence.writer == "quotes" else "answer_footer"
    as_of = in_words(answer.evidence.as_of or today)
    if answer.applies_to:
        about = wording.say("footer_applies_to", applies_to=escape(in_one_line(answer.applies_to)), as_of=as_of)
    else:
        about = wording.say("footer_as_of", as_of=as_of)
    return wording.say(key, about=about)


def why_alone_text(audience: Audience, wording: Wording, company: str) -> str:
    """Why only the asker sees the reply; empty where that goes without saying."""
    return wording.say(f"alone_{audience.why_alone}", company=company) if audience.why_alone else ""


def readers(audience: Audience, wording: Wording, company: str) -> str:
    """The people who can open the reply, in words."""
    return wording.say(f"readers_{audience.circle}", company=company)


def in_words(day: date) -> str:
    """1 January 2026."""
    return f"{day.day} {day:%B %Y}"


def _nothing_readable(question: Question, wording: Wording, company: str) -> str:
    if question.asker.membership in ("guest", "outsider"):
        return wording.say("guest", company=company)
    return wording.say("nothing_readable", readers=readers(question.audience, wording, company))


def _cannot_retell(answer: Answer, question: Question) -> str:
    if not answer.evidence.found:
        return "nothing_to_retell"
    return "cannot_translate" if wish_of(question.text) == "translated" else "cannot_retell"


def _not_now(answer: Answer, wording: Wording, escape: Escape) -> str:
    """Whom to speak to first, or why nothing is said for the time being."""
    if answer.contact:
        return wording.say("contact_first", contact=answer.contact.words)
    if answer.hold:
        return _held(answer.hold, wording, escape)
    return wording.say("failed", receipt=answer.receipt)


def _not_found(answer: Answer, question: Question, wording: Wording, company: str, escape: Escape) -> str:
    who = readers(question.audience, wording, escape(company))
    lines = [wording.say("not_found", readers=who, looked_for=escape(in_one_line(answer.looked_for)))]
    if answer.nearest_title and answer.nearest_owner and not answer.may_help:
        lines.append(wording.say("not_found_nearest", title=escape(answer.nearest_title), owner=escape(answer.nearest_owner)))
    if question.audience.circle != "alone":
        lines.append(wording.say("try_alone", readers=who))
    return "\n".join(lines)


def _own_record(system: System | None, wording: Wording, escape: Escape, link: Link) -> str:
    """The rules are here, the record is there."""
    if system is None:
        return wording.say("own_record", system=wording.say("own_record_system"))
    name = escape(system.name)
    address = system.link if urlsplit(system.link).scheme.lower() == "https" else ""
    shown = (link(address, name) or f"{name} ({address})") if address else name
    lines = [wording.say("own_record", system=shown)]
    if system.form:
        lines.append(wording.say("own_record_form", form=escape(system.form)))
    return "\n".join(lines)


def _asks_back(cases: tuple[Case, ...], audience: Audience, wording: Wording, escape: Escape) -> str:
    """Alone: which one? Where others read: the cases that the documents tell apart, and no word about the asker."""
    return wording.say("asks_back", fact=_told_by(cases, wording)) if audience.circle == "alone" else cases_text(cases, wording, escape)


def cases_text(cases: tuple[Case, ...], wording: Wording, escape: Escape = str) -> str:
    """The cases by name, where none of them can be chosen with a button."""
    named = ", ".join(escape(in_one_line(case.name)) for case in cases)
    return wording.say("asks_back_where_others_read", fact=_told_by(cases, wording), cases=named)


def _told_by(cases: tuple[Case, ...], wording: Wording) -> str:
    return " / ".join(wording.say(f"fact_{fact}") for fact in dict.fromkeys(case.fact for case in cases))


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
