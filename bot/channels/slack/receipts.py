"""Behind this answer: who wrote it, what proves each sentence, and what was left out, for whoever asked and nobody else."""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING, Any

from bot.channels.replies import in_words
from bot.channels.slack.blocks import Block, context, section
from bot.channels.slack.errands import RECEIPT
from bot.channels.slack.escaping import mrkdwn
from bot.channels.slack.modal import button, modal
from bot.channels.slack.screen import Screen
from bot.errors import NotReady
from bot.flows.access import alone, scope_for
from bot.retention import RECEIPTS_KEPT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand
    from bot.channels.slack.modal import View
    from bot.receipts import Proof, Receipt, Said
    from bot.wording import Wording
    from knowledge.values import Hit

log = logging.getLogger(__name__)
BEHIND = "behind"
DONE, REFUSED = "done", "refused"
STRONG = 0.8  # of a score that is 1 where the source says it word for word
MOST_SAID = 40  # sentences: a modal takes a hundred blocks
QUOTES = "quotes"  # the writer that is no model


def behind_button(receipt: str, wording: Wording) -> dict[str, Any]:
    """Opens what is behind the answer of this receipt."""
    return button(RECEIPT + BEHIND, wording.say("behind_button"), receipt)


async def show_behind(desk: Desk, errand: Errand, receipt: str) -> None:
    """To its asker, as far as this person may read the sources at this moment. Everybody else gets one sentence."""
    say, screen = desk.ibid.wording.say, Screen(desk.voice)
    if not await screen.open(errand, _view([section(say("searching"))], desk.ibid.wording)):
        await desk.done(errand, REFUSED)
        return
    person = await desk.ibid.directory.person(errand.user)
    kept = await desk.ibid.past.receipt(receipt, person)
    if kept is None or kept.outcome is None:
        await screen.show(_view([section(say("behind_not_yours", days=RECEIPTS_KEPT.days))], desk.ibid.wording))
        await desk.done(errand, REFUSED)
        return
    try:
        scope = scope_for(alone(person), await desk.ibid.library.rules())
        passages = {place.passage for place in kept.behind.places}
        readable = {passage: hit for passage in passages if (hit := await desk.ibid.library.passage(passage, scope))}
    except NotReady:
        readable = {}
    await screen.show(_view(list(behind_blocks(kept, readable, desk.ibid.wording)), desk.ibid.wording))
    await desk.done(errand, DONE)


def behind_blocks(kept: Receipt, readable: Mapping[str, Hit], wording: Wording) -> Iterator[Block]:
    """Who wrote it and when, each sentence's proof, what was left out. `readable`: the sources that this person may see now."""
    say, behind = wording.say, kept.behind
    yield section("\n".join(_head(kept, wording)))
    for number, said in enumerate(behind.said[:MOST_SAID], start=1):
        yield section(_sentence(number, said, readable, wording))
    for pair in behind.disputed:
        yield section("\n".join([say("behind_disputed"), *(_source(proof, readable, wording) for proof in pair)]))
    if behind.near:
        yield section("\n".join([say("behind_near"), *dict.fromkeys(_source(proof, readable, wording) for proof in behind.near)]))
    if not behind.complete:
        yield context(say("cut_off"))
    if behind.left_out:
        counted = Counter(one.why for one in behind.left_out)
        lines = [say("behind_left_out", count=len(behind.left_out))]
        lines += [say("behind_left_out_line", count=count, why=say(f"left_out_{why}")) for why, count in counted.most_common()]
        yield section("\n".join(lines))
    yield context(say("behind_end", receipt=kept.id, until=in_words((kept.opened_at + RECEIPTS_KEPT).date())))


def _head(kept: Receipt, wording: Wording) -> Iterator[str]:
    say = wording.say
    yield say("behind_when", at=f"{in_words(kept.opened_at.date())}, {kept.opened_at:%H:%M} UTC")
    if not (kept.behind.said or kept.behind.disputed):
        yield say("behind_no_answer")
        return
    yield say("behind_quotes") if kept.writer == QUOTES else say("behind_writer", writer=mrkdwn(kept.writer or "?"))
    if kept.tried:
        yield say("behind_tried", writers=mrkdwn(", ".join(one.writer for one in kept.tried)))
    if kept.behind.as_of:
        yield say("behind_as_of", date=in_words(kept.behind.as_of))


def _sentence(number: int, said: Said, readable: Mapping[str, Hit], wording: Wording) -> str:
    key = "behind_condition" if said.condition else "behind_sentence"
    strength = "exact" if said.score >= 1 else "strong" if said.score >= STRONG else "enough"
    head = wording.say(key, number=number, strength=wording.say(f"proof_{strength}"))
    return "\n".join([head, *dict.fromkeys(_source(proof, readable, wording) for proof in said.proofs)])


def _source(proof: Proof, readable: Mapping[str, Hit], wording: Wording) -> str:
    hit = readable.get(proof.place.passage)
    if hit is None:
        return wording.say("behind_source_gone")
    document, clause = hit.document, hit.passage.clause
    place = mrkdwn(f"{document.title}, {clause}" if clause else document.title)
    if document.effective is None:
        return wording.say("behind_source", place=place)
    return wording.say("behind_source_version", place=place, date=in_words(document.effective))


def _view(blocks: list[Block], wording: Wording) -> View:
    return modal(wording.say("behind_title"), blocks, close=wording.say("undo_close"))
