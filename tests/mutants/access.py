"""Who can open a reply and what all of them may read, one rule less each time."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_ACCESS = "bot/flows/access.py"
_PURE = ("tests/unit/test_access.py",)
_READERS = "tests/channels/test_readers.py"
_WALLS = "tests/unit/test_second_walls.py"
_CIRCLE = "tests/channels/test_circle.py"
_OFFERS = "tests/channels/test_offers.py"
_REVOKING = "tests/channels/test_revoking.py"
_MATRIX = "tests/channels/test_access_matrix.py"

MUTANTS = (
    Mutant(
        rule="a guest or somebody from outside satisfies nothing but a grant by name",
        file=_ACCESS,
        old='    if person.membership != "full":\n        return False\n',
        new="",
        tests=_PURE,
    ),
    Mutant(
        rule="who has left and what is an app satisfies nothing",
        file=_ACCESS,
        old='    if person.membership in ("app", "deactivated"):\n        return False\n',
        new="",
        tests=_PURE,
    ),
    Mutant(
        rule="every reader has to satisfy a rule",
        file=_ACCESS,
        old="if all(satisfies(reader, rule) for reader in audience.readers)",
        new="if any(satisfies(reader, rule) for reader in audience.readers)",
        tests=_PURE,
    ),
    Mutant(
        rule="the whole company reads what everyone may read and nothing else",
        file=_ACCESS,
        old="for rule in held if rule == _EVERYONE)",
        new="for rule in held)",
        tests=_PURE,
    ),
    Mutant(
        rule="a public channel is the whole company's, whoever has joined it",
        file=_ACCESS,
        old='if channel.kind == "public" or ',
        new="if ",
        tests=_PURE,
    ),
    Mutant(
        rule="over five hundred members are the whole company",
        file=_ACCESS,
        old="len(readers) > LARGEST_CHECKED or ",
        new="",
        tests=_PURE,
    ),
    Mutant(
        rule="a reader whose groups are unknown is in none",
        file=_ACCESS,
        old=" or not all(reader.groups_known for reader in readers)",
        new="",
        tests=_PURE,
    ),
    Mutant(
        rule="a channel that nobody could tell anything about is answered to the asker alone",
        file=_ACCESS,
        old="    if channel.kind is None or channel.members is None:\n",
        new="    if channel.kind is None:\n",
        tests=_PURE,
    ),
    Mutant(
        rule="a guest among the members leaves the asker alone",
        file=_ACCESS,
        old='any(person.membership in ("guest", "outsider") for person in present)',
        new="False",
        tests=_PURE,
    ),
    Mutant(
        rule="a channel that is shared with another company leaves the asker alone",
        file=_ACCESS,
        old="if channel.shared or any(",
        new="if any(",
        tests=_PURE,
    ),
    Mutant(
        rule="an app that stores what it reads counts as a person with no groups",
        file=_ACCESS,
        old='    if member.membership == "app" and member.stores:\n',
        new='    if member.membership == "nobody" and member.stores:\n',
        tests=_PURE,
    ),
    Mutant(
        rule="a newcomer who lacks a label outgrows the replies that rest on it",
        file=_ACCESS,
        old="    return not rested_on <= scope_for(circle_of(channel), map(AccessRule.from_label, rested_on)).labels\n",
        new="    return False\n",
        tests=(f"{_CIRCLE}::test_who_joins_and_may_not_read_an_earlier_answer_finds_it_taken_back",),
    ),
    Mutant(
        rule="an answer that was made for fewer readers is not shown to more",
        file=_ACCESS,
        old="return not scope_for(before, rules).labels <= scope_for(now, rules).labels",
        new="return False",
        tests=_PURE,
    ),
    Mutant(
        rule="who joins while an answer is made is counted before it is shown",
        file="bot/channels/slack/readership.py",
        old="return now == before or not narrowed(before, now, await self._ibid.library.rules())",
        new="return True",
        tests=(f"{_READERS}::test_who_joins_while_the_answer_is_made_is_shown_nothing_that_they_may_not_read",),
    ),
    Mutant(
        rule="a source opens only for who may read it now",
        file="bot/channels/slack/actions.py",
        old="        scope = scope_for(alone(person), await desk.ibid.library.rules())\n",
        new="        rules = await desk.ibid.library.rules()\n"
        "        scope = replace(scope_for(alone(person), rules), labels=frozenset(rule.label for rule in rules))\n",
        tests=(f"{_MATRIX}::test_a_source_opens_for_who_may_read_it_whoever_pressed_it_first",),
    ),
    Mutant(
        rule="a report names a document only to who satisfies all of its rules",
        file="bot/flows/sight.py",
        old="all(scope.allows(document.rule.label) for document in every)",
        new="any(True for document in every)",
        tests=("tests/channels/test_access_matrix.py::test_the_report_of_a_run_names_to_its_reader_only_what_that_reader_may_read",),
    ),
    Mutant(
        rule="a country of the profile is used where nobody else reads the reply",
        file="bot/flows/looking.py",
        old='question.place.kind != "direct" or question.audience.circle != "alone" or not country',
        new="not country",
        tests=("tests/unit/test_looking.py::test_anywhere_else_it_is_neither_used_nor_said",),
    ),
    Mutant(
        rule="a model is given only what it may see",
        file="bot/flows/writing.py",
        old="allowed = [writer for writer in self.writers if writer.sees(request.labels)]",
        new="allowed = list(self.writers)",
        tests=("tests/unit/test_writing.py::test_a_model_is_never_given_what_it_may_not_see",),
    ),
    Mutant(
        rule="what is asked in private counts as private to a model",
        file="bot/flows/context.py",
        old='asked = frozenset() if audience.circle == "whole_company" and not audience.closed else frozenset({ASKER})',
        new="asked = frozenset[str]()",
        tests=("tests/unit/test_context.py", "tests/unit/test_writing.py"),
    ),
    Mutant(
        rule="a button that answers alone is authorised for who presses it",
        file="bot/channels/slack/offered.py",
        old="if mine is not None or act != PRIVATE or not _is_here(person, facts):",
        new="if mine is not None or act != PRIVATE:",
        tests=(_OFFERS, _CIRCLE),
    ),
    Mutant(
        rule="somebody else's question is answered only where its reply stands",
        file="bot/channels/slack/offered.py",
        old="if any(reply.receipt == receipt for reply in standing) else None",
        new="if standing is not None else None",
        tests=(f"{_OFFERS}::test_a_receipt_of_somebody_else_answers_nothing_unless_its_reply_stands_in_that_channel",),
    ),
    Mutant(
        rule="what is shared is answered anew for all who read there",
        file="bot/channels/slack/offered.py",
        old="        await self._answer(errand)\n        if self._exchange and",
        new="        await self._answer(replace(errand, alone=True))\n        if self._exchange and",
        tests=(f"{_OFFERS}::test_what_was_asked_alone_in_a_channel_is_shared_as_an_answer_for_all_who_read_it",),
    ),
    Mutant(
        rule="nothing is shared where people from outside read",
        file="bot/channels/slack/offered.py",
        old="        if audience.why_alone:\n",
        new="        if False:\n",
        tests=(f"{_OFFERS}::test_nothing_is_shared_where_people_from_outside_read",),
    ),
    Mutant(
        rule="an offer is for what the others may not read",
        file="bot/flows/offering.py",
        old="    if shared.allows(best.passage.label) and shared.allows(best.document.rule.label):\n        return False\n",
        new="",
        tests=("tests/unit/test_offering.py",),
    ),
    Mutant(
        rule="a grant ends with its day",
        file="bot/house_rules.py",
        old="return today <= self.until and self.by in admins",
        new="return self.by in admins",
        tests=("tests/unit/test_house_rules.py",),
    ),
    Mutant(
        rule="a grant ends with its author's being an admin",
        file="bot/house_rules.py",
        old="return today <= self.until and self.by in admins",
        new="return today <= self.until",
        tests=("tests/unit/test_house_rules.py",),
    ),
    Mutant(
        rule="a grant is for its channel",
        file="bot/house_rules.py",
        old="if grant.channel == channel and grant.holds(today, admins))",
        new="if grant.holds(today, admins))",
        tests=("tests/unit/test_house_rules.py",),
    ),
    Mutant(
        rule="house rules that cannot be read widen nothing",
        file="bot/house_rules.py",
        old="return replace(self, grants=())",
        new="return self",
        tests=("tests/unit/test_house_rules.py",),
    ),
    Mutant(
        rule="who is answered alone has no grant",
        file=_ACCESS,
        old='return frozenset() if audience.circle == "alone" else audience.granted &',
        new="return audience.granted &",
        tests=(_WALLS,),
    ),
    Mutant(
        rule="a turn that rests on what today's readers may not read is not gone on from",
        file="bot/flows/earlier.py",
        old="        if not set(turn.passages) <= set(readable):\n            break\n",
        new="",
        tests=("tests/unit/test_earlier.py",),
    ),
    Mutant(
        rule="a grant ends with its author's account",
        file="bot/adapters/slack_directory.py",
        old="names |= person.names if person.admin else set()",
        new="names |= person.names",
        tests=("tests/channels/test_revoking.py::test_a_grant_ends_with_its_author_s_account_although_the_file_still_names_an_admin",),
    ),
    Mutant(
        rule="who has left a channel shares nothing with it",
        file="bot/channels/slack/offered.py",
        old="has_left = act == SHARE and facts.members is not None and not _is_here(person, facts)",
        new="has_left = False",
        tests=(f"{_OFFERS}::test_who_has_left_a_channel_shares_nothing_with_it",),
    ),
    Mutant(
        rule="a reply is noted before its question counts as answered",
        file="bot/channels/slack/exchange.py",
        old="        await afterwards.stands(question, answer)",
        new="        pass",
        tests=(f"{_CIRCLE}::test_a_reply_is_noted_before_its_question_counts_as_answered",),
    ),
)
