"""What people see of an answer, and what one of them is offered, one rule less each time."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_OFFERED = "bot/channels/slack/offered.py"
_OFFERS = "tests/channels/test_offers.py"
_REPLIES = ("tests/unit/test_replies.py",)
_OFFERING = ("tests/unit/test_offering.py",)

MUTANTS = (
    Mutant(
        rule="somebody else's question is answered again only where its reply stands",
        file=_OFFERED,
        old=" if any(reply.receipt == receipt for reply in standing) else None",
        new="",
        tests=(f"{_OFFERS}::test_a_receipt_of_somebody_else_answers_nothing_unless_its_reply_stands_in_that_channel",),
    ),
    Mutant(
        rule="who cannot read the channel any more presses nothing in it",
        file=_OFFERED,
        old="    return any(member.id == person.id for member in facts.members or ())",
        new="    return True",
        tests=(f"{_OFFERS}::test_anybody_who_can_read_a_channel_may_have_a_reply_that_stands_there_answered_for_themselves",),
    ),
    Mutant(
        rule="a case is chosen by whoever asked",
        file=_OFFERED,
        old="or act != PRIVATE ",
        new="",
        tests=(f"{_OFFERS}::test_a_case_of_somebody_elses_question_is_not_answered",),
    ),
    Mutant(
        rule="a case is answered alone",
        file=_OFFERED,
        old='text=f"{asked} ({pressed.name})", alone=facts.kind != "direct"',
        new='text=f"{asked} ({pressed.name})"',
        tests=(f"{_OFFERS}::test_in_a_channel_the_cases_are_named_to_all_and_chosen_and_answered_alone",),
    ),
    Mutant(
        rule="who shares is told when the channel may read less",
        file=_OFFERED,
        old="return not pressed.labels or not pressed.labels <= scope.labels",
        new="return False",
        tests=(f"{_OFFERS}::test_a_shared_answer_says_no_more_than_the_channel_may_read_and_the_sharer_is_told",),
    ),
    Mutant(
        rule="what is asked alone feeds no thread",
        file="bot/channels/slack/afterwards.py",
        old=" and not asked_alone:",
        new=":",
        tests=(f"{_OFFERS}::test_whoever_may_read_more_is_offered_an_answer_alone_below_the_refusal_and_gets_it_at_the_click",),
    ),
    Mutant(
        rule="an offer is made once in a thread",
        file="bot/channels/slack/afterwards.py",
        old=" and await self._first():",
        new=":",
        tests=(f"{_OFFERS}::test_an_offer_is_made_once_in_a_thread_and_over_a_restart_too",),
    ),
    Mutant(
        rule="a sensitive matter is answered alone",
        file="bot/channels/slack/exchange.py",
        old="self._readership.errand = replace(self._errand, alone=True)",
        new="pass",
        tests=(f"{_OFFERS}::test_a_sensitive_matter_asked_where_others_read_is_answered_to_the_asker_alone_with_the_contact_first",),
    ),
    Mutant(
        rule="whom to speak to is said before anything streams",
        file="bot/channels/slack/stream.py",
        old="        self._held = True\n",
        new="        return\n",
        tests=(f"{_OFFERS}::test_nothing_is_streamed_before_it_is_said_whom_to_speak_to",),
    ),
    Mutant(
        rule="what is taken back is replaced by a sentence that says so",
        file="bot/channels/slack/laid_out.py",
        old="        self._lines[self._lines.index(sentence)] = None\n",
        new="        self._lines.remove(sentence)\n",
        tests=_REPLIES,
    ),
    Mutant(
        rule="both sides of a contradiction are shown",
        file="bot/channels/slack/sources.py",
        old='(("a", conflict.first), ("b", conflict.second))',
        new='(("a", conflict.first),)',
        tests=_REPLIES,
    ),
    Mutant(
        rule="only https leads to a company's system",
        file="bot/channels/replies.py",
        old='.scheme.lower() == "https"',
        new='.scheme.lower() != "ftp"',
        tests=_REPLIES,
    ),
    Mutant(
        rule="what is the asker's own is not offered to be shared",
        file="bot/channels/slack/offers.py",
        old=" and answer.contact is None and not answer.country",
        new="",
        tests=_REPLIES,
    ),
    Mutant(
        rule="beside an answer only what is clearly surer is offered",
        file="bot/flows/offering.py",
        old="own.confidence >= than + CLEARLY",
        new="own.confidence >= than",
        tests=_OFFERING,
    ),
    Mutant(
        rule="nothing is offered that would not answer",
        file="bot/flows/offering.py",
        old="best is None or own.confidence < THRESHOLDS.answer_from",
        new="best is None",
        tests=_OFFERING,
    ),
    Mutant(
        rule="a reply rests on what it merely names, too",
        file="bot/flows/resting.py",
        old="    documents += [hit.document for hit in (*hits, *nearest)]\n",
        new='    documents += [hit.document for hit in hits]\n    nearest = [hit for hit in nearest if hit.passage.label == ""]\n',
        tests=_OFFERING,
    ),
)
