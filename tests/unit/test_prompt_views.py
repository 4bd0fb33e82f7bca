"""Whatever stands in a prompt, an answer or a name: the modals stay within Slack's limits, and nothing in them is markup or a link."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk.models.views import View

from bot.adapters.memory import FixedClock
from bot.channels.slack.blocks import Reply
from bot.channels.slack.escaping import mrkdwn
from bot.channels.slack.prompts.checks import Checked, checked_view, plan_text, trying_view
from bot.channels.slack.prompts.proposals import KEPT, MOST, Proposal, Proposals
from bot.channels.slack.prompts.views import Listed, edit_view, history_view, listed, words_view
from bot.models import Spent
from bot.prompts import INPUTS, LONGEST, Prompt, PromptVersion, Remark
from bot.settings import HOME
from bot.trials import Compared, TrialPlan, TrialReport
from bot.wording import load_wording
from playground.limits import check_message_blocks, check_view
from tests.factories import NOW

WORDING = load_wording(HOME / "wording")
HOSTILE = "<!channel> <@U02TOM> *bold* _it_ `code` http://evil.example/x " * 60
LONG = "word " * (LONGEST // 5)


def a_version(
    number: int = 1, text: str = "Be kind.", *, author: str = "Greta", reason: str = "why", name: str = "answer"
) -> PromptVersion:
    return PromptVersion(name=name, number=number, text=text, author=author, reason=reason, at=datetime(2026, 11, 16, 9, tzinfo=UTC))


def a_proposal(text: str = "Be kind.", reason: str = "") -> Proposal:
    return Proposal(owner="U08GRETA", name="answer", over=1, text=text, reason=reason)


def a_report(count: int = 10, said: str = HOSTILE) -> TrialReport:
    questions = tuple(
        Compared(
            question=said,
            before="right" if number % 2 else "wrong",
            after="wrong" if number % 2 else "right",
            said_before=said,
            said_after="",
        )
        for number in range(count)
    )
    return TrialReport(questions=questions, seconds=38.2, spent=Spent(24_000, 1000, 2000), model="ibid-voice")


def a_checked(**changed: object) -> Checked:
    given: dict[str, Any] = {"number": "d1", "proposal": a_proposal(), "newest": a_version(), "remarks": (), **changed}
    return Checked(**given)


def fits(view: dict[str, Any]) -> str:
    """By the pretend workspace and by Slack's own SDK; what can be read in it."""
    check_view(view)
    View(**view).validate_json()
    assert len(str(view)) < 250_000
    return str(view)


@pytest.mark.parametrize("text", ["Be kind.", LONG, "😀" * LONGEST, HOSTILE * 3])
def test_every_modal_takes_the_longest_texts(text: str) -> None:
    version = a_version(123_456, text, author=HOSTILE, reason=HOSTILE[:300])
    remarks = tuple(Remark("warning", HOSTILE[:400]) for _ in range(9))
    fits(edit_view(Prompt("answer", HOSTILE, text), version, WORDING))
    fits(history_view([a_version(number, str(number), reason=HOSTILE[:300]) for number in range(99, 0, -1)], WORDING, HOSTILE[:2000]))
    fits(
        checked_view(
            a_checked(proposal=a_proposal(text, "x" * 300), newest=a_version(text=text), remarks=remarks, trial=a_report()), WORDING
        )
    )
    fits(checked_view(a_checked(newest=version, trial=mrkdwn(HOSTILE)), WORDING))
    fits(trying_view(a_proposal(text), 3, 20, WORDING))
    fits(words_view("A title that is much longer than Slack takes", HOSTILE[:2500], "Back to the text"))
    check_message_blocks(
        listed([Listed(prompt=Prompt(name, HOSTILE, ""), newest=version, trouble=HOSTILE) for name in INPUTS], WORDING).blocks
    )


def test_what_others_wrote_pings_nobody_links_nowhere_and_formats_nothing() -> None:
    report = a_report(said="<!channel> <@U02TOM> *bold* http://evil.example")
    shown = fits(checked_view(a_checked(trial=report, newest=a_version()), WORDING))
    shown += fits(history_view([a_version(author="<!here> *x*", reason="<@U1> http://evil.example")], WORDING))
    shown += str(listed([Listed(prompt=Prompt("answer", "<!channel>", ""), newest=a_version(), trouble="<@U9>")], WORDING).blocks)
    for alive in ("<!", "<@", "*bold*", "*x*", "http://evil"):
        assert alive not in shown


def test_what_got_worse_comes_first_and_what_is_the_same_word_for_word_is_not_shown() -> None:
    same = Compared(question="the same", before="right", after="right", said_before="a", said_after="a")
    other = Compared(question="reworded", before="right", after="right", said_before="a", said_after="b")
    better = Compared(question="helped", before="refused", after="right", said_before="", said_after="b")
    worse = Compared(question="hurt", before="right", after="forbidden", said_before="a", said_after="b")
    report = TrialReport(questions=(same, other, better, worse), seconds=0.2, spent=Spent(), model="m")
    shown = fits(checked_view(a_checked(trial=report), WORDING))
    assert shown.index("hurt") < shown.index("helped") < shown.index("reworded")
    assert "the same" not in shown
    assert "1 better, 1 worse, 2 as before. Of those, 1 read differently." in shown
    assert "does worse than the live one" not in shown


def test_a_text_with_errors_or_over_an_older_version_has_no_button_to_publish() -> None:
    for checked in (a_checked(remarks=(Remark("error", "It is empty."),)), a_checked(newest=a_version(2))):
        view = checked_view(checked, WORDING)
        assert "submit" not in view
        assert "prompt_try" not in fits(view)
    warned = checked_view(a_checked(remarks=(Remark("warning", "It is short."),)), WORDING)
    assert warned["submit"]["text"] == "Publish"
    assert "It can be published all the same" in fits(warned)


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (
            TrialPlan(questions=10, seconds=39.6, money=0.0213, model="ibid-voice"),
            "asks ibid-voice 10 golden questions, with the live text and with yours: about 40 s; about 0.02 at that",
        ),
        (TrialPlan(questions=10, seconds=0.01, money=0.0, model="m"), "about 1 s; less than 0.01 at that model's price"),
        (TrialPlan(questions=10, seconds=40, money=1234.5, model="m"), "about 1,234.50"),
        (TrialPlan(questions=10, seconds=40, money=None, model="m"), "what it costs is not known (IBID_MODEL_PRICE)"),
        (TrialPlan(questions=10, seconds=40, money=None, model="quotes"), "No model is set up"),
    ],
)
def test_what_a_trial_takes_is_one_sentence(plan: TrialPlan, words: str) -> None:
    assert words in plan_text(plan, WORDING)
    assert ("prompt_try" in fits(checked_view(a_checked(trial=plan), WORDING))) is (plan.model != "quotes")


def test_the_live_version_and_its_equals_cannot_be_rolled_back_to() -> None:
    versions = [a_version(3, "same"), a_version(2, "other"), a_version(1, "same")]
    view = history_view(versions, WORDING)
    assert [block["accessory"]["value"] for block in view["blocks"] if block.get("accessory")] == ["2"]


def test_a_proposal_is_kept_for_an_hour_and_for_its_author() -> None:
    clock = FixedClock(NOW)
    proposals = Proposals(clock)
    number = proposals.keep(a_proposal())
    assert proposals.find(number, "U08GRETA") == a_proposal()
    assert proposals.find(number, "U11JONAS") is None
    proposals.explain(number, "U11JONAS", "mine")
    proposals.explain(number, "U08GRETA", "because")
    kept = proposals.find(number, "U08GRETA")
    assert kept
    assert kept.reason == "because"
    clock.at += KEPT + timedelta(seconds=1)
    assert proposals.find(number, "U08GRETA") is None
    assert proposals.find("", "U08GRETA") is None


def test_only_the_newest_proposals_are_kept() -> None:
    proposals = Proposals(FixedClock(NOW))
    numbers = [proposals.keep(a_proposal(str(number))) for number in range(MOST + 1)]
    assert proposals.find(numbers[0], "U08GRETA") is None
    assert proposals.find(numbers[-1], "U08GRETA")
    assert len(set(numbers)) == MOST + 1


def test_a_list_says_what_is_wrong_with_a_file() -> None:
    reply = listed([Listed(prompt=Prompt("answer", "Writes.", ""), newest=a_version(author="file"), trouble="It is broken.")], WORDING)
    assert isinstance(reply, Reply)
    assert ":warning: It is broken." in str(reply.blocks)
    assert "Version 1 from its file, 16 November 2026" in str(reply.blocks)
