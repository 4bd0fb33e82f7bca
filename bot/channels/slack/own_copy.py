"""What is kept of one person, in words: counted, and whole as that person gets it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.channels.replies import in_words
from bot.channels.slack.blocks import Reply, section
from bot.channels.slack.escaping import mrkdwn
from bot.retention import DISCLOSURES_KEPT, QUESTIONS_KEPT, RECEIPTS_KEPT, TURNS_KEPT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from bot.own_records import OwnCopy, PastAnswer
    from bot.wording import Wording

SECTION = 2800  # characters
SECTIONS = 4  # in one message: about as much as Slack takes
LONGEST = 500  # characters of one question


def counted_text(copy: OwnCopy, wording: Wording) -> str:
    """How much there is of each kind, and when the last of it will be gone."""
    kinds = (
        ("questions", [one.receipt.opened_at for one in copy.answers if one.question is not None], QUESTIONS_KEPT),
        ("answers", [one.receipt.opened_at for one in copy.answers], RECEIPTS_KEPT),
        ("feedback", [one.at for one in copy.judged], RECEIPTS_KEPT),
        ("remembered", [one.at for one in copy.remembered], TURNS_KEPT),
        ("disclosures", [one.asked_at for one in copy.disclosures], DISCLOSURES_KEPT),
    )
    lines = [_counted(name, times, kept, wording) for name, times, kept in kinds if times]
    lines += [wording.say("my_data_listening", count=copy.listening)] if copy.listening else []
    lines += [wording.say("my_data_told")] if copy.told_at else []
    lines += [wording.say("my_data_note")] if copy.note else []
    return "\n".join([wording.say("my_data" if lines else "my_data_nothing"), *lines])


def copy_messages(copy: OwnCopy, titles: Mapping[str, str], names: Mapping[str, str], wording: Wording) -> list[Reply]:
    """All of it. `titles`: of the documents that whoever gets this may read now; `names`: of the admins that are named in it."""
    texts = list(_sections([*_lines(copy, titles, names, wording)]))
    messages = [texts[start : start + SECTIONS] for start in range(0, len(texts), SECTIONS)]
    return [Reply(text=first, tail=tuple(map(section, rest))) for first, *rest in messages]


def _counted(name: str, times: Collection[datetime], kept: timedelta, wording: Wording) -> str:
    return wording.say(f"my_data_{name}", count=f"{len(times):,}", until=in_words((max(times) + kept).date()))


def _lines(copy: OwnCopy, titles: Mapping[str, str], names: Mapping[str, str], wording: Wording) -> Iterator[str]:
    say = wording.say
    yield counted_text(copy, wording)
    for one in copy.answers:
        yield _answer(one, titles, wording)
    for judged in copy.judged:
        yield say("copy_feedback", at=_moment(judged.at), receipt=judged.receipt, verdict=judged.verdict)
    for turn in copy.remembered:
        yield say("copy_remembered", at=_moment(turn.at), question=_quoted(turn.question))
    for wish in copy.disclosures:
        asked, agreed = names.get(wish.asked_by, wish.asked_by), names.get(wish.agreed_by, wish.agreed_by)
        key = "copy_disclosure_done" if wish.done_at else "copy_disclosure"
        what = say(f"wish_{wish.wish}")
        yield say(key, at=_moment(wish.asked_at), who=mrkdwn(asked), other=mrkdwn(agreed or "–"), wish=what, reason=_quoted(wish.reason))


def _answer(one: PastAnswer, titles: Mapping[str, str], wording: Wording) -> str:
    kept = one.receipt
    question = _quoted(one.question) if one.question is not None else wording.say("copy_question_gone")
    documents = dict.fromkeys(proof.place.document for said in kept.behind.said for proof in said.proofs)
    shown = [mrkdwn(titles[document]) for document in documents if document in titles]
    outcome = kept.outcome.value.replace("_", " ") if kept.outcome else "–"
    return wording.say(
        "copy_answer", at=_moment(kept.opened_at), question=question, outcome=outcome, sources=", ".join(shown) or "–", receipt=kept.id
    )


def _sections(lines: list[str]) -> Iterator[str]:
    """As many lines together as fit."""
    text = ""
    for line in lines:
        if text and len(text) + len(line) >= SECTION:
            yield text
            text = ""
        text = f"{text}\n{line}" if text else line[:SECTION]
    if text:
        yield text


def _moment(at: datetime) -> str:
    return f"{in_words(at.date())}, {at:%H:%M} UTC"


def _quoted(text: str) -> str:
    return mrkdwn(" ".join(text.split())[:LONGEST])
