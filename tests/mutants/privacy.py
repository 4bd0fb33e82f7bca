"""What is kept of people, for how long, and who gets it, one rule less each time."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_CONVERSATION = "tests/contract/test_conversation.py"
_RECEIPTS = "tests/contract/test_receipts.py"

MUTANTS = (
    Mutant(
        rule="a question is sealed",
        file="bot/adapters/ledger.py",
        old="self._secrecy.seal(kept)",
        new="kept",
        tests=(f"{_CONVERSATION}::test_no_text_and_no_user_stands_readable_in_the_files",),
    ),
    Mutant(
        rule="a delivery is sealed",
        file="bot/adapters/inbox.py",
        old='"sealed": self._secrecy.seal(json.dumps(kept)),',
        new='"sealed": json.dumps(kept),',
        tests=(_CONVERSATION,),
    ),
    Mutant(
        rule="a closed delivery keeps no payload",
        file="bot/adapters/inbox.py",
        old='outcome=outcome, sealed="", closed_at',
        new="outcome=outcome, closed_at",
        tests=(f"{_CONVERSATION}::test_a_closed_delivery_keeps_no_payload",),
    ),
    Mutant(
        rule="a person is a keyed pseudonym",
        file="bot/adapters/secrecy.py",
        old='return hmac.digest(self._pseudonyms, identity.encode("utf-8", "surrogatepass"), "sha256").hex()',
        new="return identity",
        tests=(f"{_CONVERSATION}::test_no_text_and_no_user_stands_readable_in_the_files",),
    ),
    Mutant(
        rule="what Redis holds is sealed",
        file="bot/adapters/secrecy.py",
        old="return nonce + self._placed.encrypt(nonce, content, place.encode())",
        new="return content",
        tests=("tests/contract/test_cache.py",),
    ),
    Mutant(
        rule="a receipt is its asker's",
        file="bot/adapters/ledger.py",
        old="        if person is not None:\n            wanted &=",
        new="        if person is not None and not person.id:\n            wanted &=",
        tests=(f"{_RECEIPTS}::test_only_the_asker_gets_the_receipt_and_the_question_back",),
    ),
    Mutant(
        rule="a question is told no longer than it is kept",
        file="bot/adapters/ledger.py",
        old=" or row.opened_at < self._clock.now() - QUESTIONS_KEPT",
        new="",
        tests=(f"{_RECEIPTS}::test_a_question_that_was_kept_long_enough_is_not_told_before_the_sweep_either",),
    ),
    Mutant(
        rule="of what is nobody else's no words are kept",
        file="bot/receipts.py",
        old="return answer.contact is None and answer.outcome is not Outcome.CONTACT_FIRST",
        new="return True",
        tests=(f"{_RECEIPTS}::test_of_a_question_about_what_is_nobody_elses_neither_words_nor_asker_nor_documents_are_kept",),
    ),
    Mutant(
        rule="where nothing is recorded nothing is kept",
        file="bot/house_rules.py",
        old="return channel not in self.record_none",
        new="return True",
        tests=("tests/unit/test_house_rules.py",),
    ),
    Mutant(
        rule="one admin alone gets nothing of somebody else",
        file="bot/flows/disclosing.py",
        old='    if admin == wish.asked_by:\n        return "same_admin"\n',
        new="",
        tests=(f"{_RECEIPTS}::test_one_admin_alone_never_gets_it",),
    ),
    Mutant(
        rule="nobody agrees to what is asked about themselves",
        file="bot/flows/disclosing.py",
        old='    if admin == wish.user:\n        return "their_own"\n',
        new="",
        tests=(_RECEIPTS, "tests/channels/test_records.py"),
    ),
    Mutant(
        rule="a wish that nobody agreed to within a week is over",
        file="bot/flows/disclosing.py",
        old='    if now - wish.asked_at > WISHES_OPEN:\n        return "over"\n',
        new="",
        tests=(f"{_RECEIPTS}::test_a_wish_that_nobody_agreed_to_within_a_week_is_over",),
    ),
    Mutant(
        rule="what is erased while it is answered can still be taken back",
        file="bot/adapters/own_records.py",
        old=", under_way=True",
        new="",
        tests=(f"{_RECEIPTS}::test_what_is_erased_while_it_is_answered_is_nobodys_and_its_reply_can_still_be_taken_back",),
    ),
    Mutant(
        rule="what is erased while it is answered is nobody's",
        file="bot/adapters/ledger.py",
        old=" and bool(whose)",
        new="",
        tests=(f"{_RECEIPTS}::test_what_is_erased_while_it_is_answered_is_nobodys_and_its_reply_can_still_be_taken_back",),
    ),
    Mutant(
        rule="an admin whose account is gone is none",
        file="bot/channels/slack/data_of.py",
        old="if person.id in named and person.admin}",
        new="if person.id in named}",
        tests=("tests/channels/test_records.py",),
    ),
)
